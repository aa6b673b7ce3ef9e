/* A polite guest (convention 10): a full run with connections, timers, a name look-up and signals leaves dispositions, the
 * signal mask, descriptors and threads as they were, and prints nothing. No thread comes before the look-up needs one, and
 * what the library opens is close-on-exec. */
#include "process.h"
#include "recorder.h"
#include "sockets.h"

static transport_loop_t *loop;
static recorder_t client, served;
static int told, ticks;

static void count_one(void *arg) { ++*(int *)arg; }
static void tell(void *arg, int signum) {
  (void)signum;
  count_one(arg);
}
static void connected(void *arg, transport_t *transport, const transport_error_t *error) {
  CHECK(error == NULL);
  CHECK_OK(transport_write(transport, "hello", 5));
  *(bool *)arg = true;
}
static void finish(recorder_t *r, transport_t *t) {
  if (r->received == 5) CHECK_OK(transport_close(t));
}

/* One connection from the library to itself. */
static void connect_to(const char *host) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t server_options = {.size = sizeof server_options, .host = host};
  transport_connect_options_t options = {.size = sizeof options, .host = host};
  transport_server_t *server;
  bool done = false;
  memset(&client, 0, sizeof client);
  memset(&served, 0, sizeof served);
  served.on_data = finish;
  server_options.family = AF_INET; /* one socket, one port */
  CHECK_OK(transport_create_server(loop, &server_options, &protocol, NULL, &served, &server));
  options.port = transport_server_port(server);
  options.family = AF_INET;
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &client, connected, &done, NULL));
  run_until(loop, &client.lost);
  CHECK(done && served.lost);
  CHECK_UINT(served.received, 5);
  CHECK_OK(transport_server_close(server));
}

static void new_descriptors_are_cloexec(const int *before, int count) {
  int now[256], total = descriptors(now, 256), fresh = 0;
  for (int i = 0; i < total; i++) {
    bool old = false;
    for (int j = 0; j < count; j++) old = old || before[j] == now[i];
    if (!old) CHECK(fcntl(now[i], F_GETFD) & FD_CLOEXEC);
    fresh += !old;
  }
  CHECK(fresh > 0);
}

static void story(void) {
  struct sigaction actions[SIGNAL_COUNT];
  int before[256], after[256], count, threads;
  sigset_t mask, mask_after;
  recorder_t open;
  int peer;
  memset(&open, 0, sizeof open);
  watchdog(30);
  dispositions(actions);
  threads = thread_count();
  count = descriptors(before, 256);
  CHECK_INT(pthread_sigmask(SIG_BLOCK, NULL, &mask), 0);

  for (int round = 0; round < 3; round++) {
    loop = loop_new();
    CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(1), count_one, &ticks, NULL));
    connect_to("127.0.0.1");
    CHECK_INT(thread_count(), threads); /* nothing needed one so far */
    check_dispositions(actions);
    connect_to("localhost");
    CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, tell, &told));
    CHECK_INT(raise(SIGUSR1), 0);
    while (told <= round || ticks <= round) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    memset(&open, 0, sizeof open);
    peer = recorder_accept(loop, &open);
    new_descriptors_are_cloexec(before, count);
    CHECK_OK(transport_loop_free(loop));
    CHECK(open.lost);
    peer_close(peer);

    wait_for_threads(threads);
    check_dispositions(actions);
    CHECK_INT(descriptors(after, 256), count);
    for (int i = 0; i < count; i++) CHECK_INT(after[i], before[i]);
    CHECK_INT(pthread_sigmask(SIG_BLOCK, NULL, &mask_after), 0);
    CHECK(signal_mask_equal(&mask, &mask_after));
  }
  CHECK_INT(ticks, 3);
}

int main(void) {
  watchdog(60);
  run_silently(story);
  return 0;
}
