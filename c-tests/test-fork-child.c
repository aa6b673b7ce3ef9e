/* In a forked child every inherited handle is ETHREAD, Any-thread calls included, and new loops work (S13,
 * convention 3). The parent's loop, connection, timer and queued functions are undisturbed by what the child does. */
#include "process.h"
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static transport_server_t *server;
static transport_timer_t *timer;
static int ticks, posted;

static void count_one(void *arg) { ++*(int *)arg; }

static void echo(recorder_t *r, transport_t *t) { CHECK_OK(transport_write(t, r->data, r->data_len)); }

/* One connection from its beginning to its end, on a new loop. */
static void serve_once(void) {
  transport_loop_t *own = loop_new();
  recorder_t r;
  char byte = 0;
  int peer, ran = 0;
  memset(&r, 0, sizeof r);
  r.on_data = echo;
  peer = recorder_accept(own, &r);
  peer_send(peer, "y", 1);
  while (!r.received) CHECK_OK(transport_loop_run_once(own, TRANSPORT_SEC(1)));
  CHECK_UINT(peer_recv_all(peer, &byte, 1), 1);
  CHECK_INT(byte, 'y');
  CHECK_OK(transport_loop_call_later(own, TRANSPORT_MS(1), count_one, &ran, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(own, count_one, &ran));
  peer_close(peer);
  CHECK_OK(transport_loop_run_until_idle(own));
  CHECK_INT(ran, 2);
  CHECK(r.lost);
  CHECK_OK(transport_loop_free(own));
}

static void child(void) {
  watchdog(20);
  for (int i = 0; i < 2; i++) {
    CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_loop_run_forever(loop), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_loop_stop(loop), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_loop_call_soon_threadsafe(loop, count_one, &posted), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_write(connection.transport, "z", 1), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_abort(connection.transport), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_server_close(server), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_timer_cancel(timer), TRANSPORT_ETHREAD);
    CHECK_STATUS(transport_loop_free(loop), TRANSPORT_ETHREAD);
    CHECK(transport_is_closing(connection.transport));
    CHECK_UINT(transport_server_port(server), 0);
    CHECK_STATUS(transport_last_error()->status, TRANSPORT_ETHREAD);
    serve_once();
  }
}

int main(void) {
  pid_t pid;
  char byte = 0;
  int peer;
  watchdog(60);
  loop = loop_new();
  connection.on_data = echo;
  server = recorder_server(loop, NULL, &connection);
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &connection.made);
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_SEC(3600), count_one, &ticks, &timer));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(1), count_one, &ticks, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, count_one, &posted));
  peer_send(peer, "x", 1); /* waits in the kernel while the child runs */
  fflush(NULL);
  pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    child();
    _exit(0);
  }
  wait_for_child(pid);

  CHECK_INT(posted, 0);
  CHECK_UINT(connection.received, 0);
  while (!connection.received || !ticks) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(posted, 1);
  CHECK_INT(ticks, 1);
  CHECK_UINT(peer_recv_all(peer, &byte, 1), 1);
  CHECK_INT(byte, 'x');
  serve_once();
  CHECK_OK(transport_timer_cancel(timer));
  CHECK(transport_server_is_serving(server));
  CHECK_OK(transport_loop_free(loop));
  peer_close(peer);
  return 0;
}
