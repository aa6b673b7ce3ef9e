/* A foreign loop that polls backend_fd for reading, at most for backend_timeout, and then calls run_once(0), sees all that
 * the loop would see by itself: connections and their data, however much, timers, posts from other threads, descriptors that
 * are watched. With nothing to do it is not woken. */
#include "client.h"

static transport_loop_t *loop;
static size_t echoed;
static bool timer_ran, posted, watched;

static void note(void *arg) { *(bool *)arg = true; }

static void *post(void *arg) {
  (void)arg;
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, note, &posted));
  return NULL;
}

static void count(recorder_t *r, transport_t *t) {
  (void)t;
  echoed += r->data_len;
}

/* One round of the foreign loop; false when nothing happened in that time. */
static bool foreign_round(int patience_ms) {
  struct pollfd p = {.fd = (int)transport_loop_backend_fd(loop), .events = POLLIN};
  uint64_t timeout = transport_loop_backend_timeout(loop);
  int wait = timeout == TRANSPORT_FOREVER ? patience_ms : (int)((timeout + 999999) / 1000000);
  int ready;
  CHECK(p.fd >= 0);
  ready = poll(&p, 1, wait);
  CHECK(ready >= 0);
  CHECK_OK(transport_loop_run_once(loop, 0));
  return ready > 0 || timeout != TRANSPORT_FOREVER;
}

int main(void) {
  recorder_t accepted = {.quiet_data = true, .on_data = count};
  client_t client = {0};
  transport_server_t *server;
  thread_t thread;
  size_t large = 4 << 20;
  char *bytes = check_alloc(large);
  uint64_t start;
  int fds[2];
  watchdog(30);
  CHECK_INT(transport_loop_backend_fd(NULL), -1);
  loop = loop_new();
  while (foreign_round(20)) {} /* comes to rest */

  server = recorder_server(loop, NULL, &accepted);
  client_start(loop, &client, "127.0.0.1", transport_server_port(server));
  while (!client.done || !accepted.made) CHECK(foreign_round(10000));
  memset(bytes, 'x', large);
  CHECK_OK(transport_write(client.transport, bytes, large));
  while (echoed < large) CHECK(foreign_round(10000)); /* more than one read each */

  start = transport_loop_time(loop);
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(30), note, &timer_ran, NULL));
  CHECK(transport_loop_backend_timeout(loop) <= TRANSPORT_MS(30));
  while (!timer_ran) CHECK(foreign_round(10000));
  CHECK(transport_loop_time(loop) >= start + TRANSPORT_MS(30));

  thread = thread_start(post, NULL);
  while (!posted) CHECK(foreign_round(10000));
  thread_join(thread);

  CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  CHECK_OK(transport_loop_add_reader(loop, fds[0], note, &watched));
  peer_send(fds[1], "x", 1);
  for (int i = 0; i < 3; i++) { /* level-triggered here too */
    watched = false;
    while (!watched) CHECK(foreign_round(10000));
  }
  CHECK(transport_loop_remove_reader(loop, fds[0]));

  CHECK_OK(transport_close(client.transport));
  CHECK_OK(transport_server_close(server));
  while (!accepted.lost || !client.recorder.lost) CHECK(foreign_round(10000));
  while (foreign_round(20)) {}
  CHECK_UINT(transport_loop_backend_timeout(loop), TRANSPORT_FOREVER);
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(transport_loop_backend_fd(loop), -1);
  peer_close(fds[0]);
  peer_close(fds[1]);
  free(bytes);
  return 0;
}
