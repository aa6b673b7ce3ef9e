/* run_until_idle ends when no transport, server, request, timer or posted function is left; a signal handler does
 * not keep it (api.md, settled questions). Each of them alone does keep it until it ends. */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static transport_server_t *server;
static int ran, failed;

static void count_one(void *arg) { ++*(int *)arg; }
static void never(void *arg, int signum) {
  (void)arg, (void)signum;
  CHECK(!"nobody raised it");
}
static void close_server(void *arg) {
  (void)arg;
  CHECK_OK(transport_server_close(server));
}
static void connect_failed(void *arg, transport_t *transport, const transport_error_t *error) {
  CHECK(transport == NULL && error != NULL);
  count_one(arg);
}
static void *send_and_close(void *arg) {
  int peer = *(int *)arg;
  peer_send(peer, "x", 1);
  peer_close(peer);
  return NULL;
}

int main(void) {
  transport_connect_options_t options = {.size = sizeof options, .host = "127.0.0.1", .port = peer_free_port()};
  transport_protocol_t protocol = {.size = sizeof protocol};
  transport_timer_t *timer;
  thread_t thread;
  int peer;
  watchdog(20);
  loop = loop_new();
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, never, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));

  CHECK_OK(transport_loop_call_soon(loop, count_one, &ran, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, count_one, &ran));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(20), count_one, &ran, NULL));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_SEC(3600), count_one, &ran, &timer));
  CHECK_OK(transport_timer_cancel(timer)); /* keeps nothing */
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(ran, 3);

  CHECK_OK(transport_create_connection(loop, &options, &protocol, NULL, connect_failed, &failed, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(failed, 1);

  peer = recorder_accept(loop, &connection); /* closes its server: the connection alone is left */
  thread = thread_start(send_and_close, &peer);
  CHECK_OK(transport_loop_run_until_idle(loop));
  thread_join(thread);
  CHECK_TEXT(connection.log, "made data:1 eof lost");

  memset(&connection, 0, sizeof connection);
  server = recorder_server(loop, NULL, &connection);
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(20), close_server, NULL, NULL));
  peer = peer_connect(transport_server_port(server));
  thread = thread_start(send_and_close, &peer);
  CHECK_OK(transport_loop_run_until_idle(loop));
  thread_join(thread);
  CHECK(!transport_server_is_serving(server));
  CHECK_TEXT(connection.log, "made data:1 eof lost");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
