/* A server that is closed while it pauses for want of descriptors stays closed: the pending retry neither accepts nor
 * listens again, and does not keep the loop busy (K17); the same when the loop is freed in the pause. */
#include "server.h"
#include "starve.h"

enum { PEERS = 2 };

static void report(void *arg, transport_loop_t *loop, transport_t *transport, const transport_error_t *error) {
  (void)loop;
  (void)transport;
  CHECK_INT(error->os_code, EMFILE);
  *(bool *)arg = true;
}

static void set_flag(void *arg) { *(bool *)arg = true; }

/* A server in its pause, with two connections in the queue. */
static transport_server_t *paused_server(transport_loop_t *loop, crowd_t *crowd, int *peers) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_server_t *server = server_start(loop, &options, crowd_factory, crowd);
  starve_t starved;
  bool reported = false;
  CHECK_OK(transport_loop_set_exception_handler(loop, report, &reported));
  sockets_prepare(peers, PEERS);
  CHECK_OK(transport_loop_run_once(loop, 0));
  starve(&starved, 0);
  sockets_connect(peers, PEERS, transport_server_port(server));
  run_until(loop, &reported);
  starve_end(&starved);
  CHECK_UINT(crowd->count, 0);
  CHECK_OK(transport_loop_set_exception_handler(loop, NULL, NULL));
  return server;
}

static void check_cut_off(const int *peers) {
  char byte;
  for (int i = 0; i < PEERS; i++) {
    CHECK(peer_recv(peers[i], &byte, 1) <= 0);
    peer_close(peers[i]);
  }
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  static crowd_t crowd;
  int peers[PEERS];
  uint16_t port;
  bool over = false;
  watchdog(30);
  if (under_valgrind()) SKIP("valgrind accepts connections and then refuses their descriptors");
  loop = loop_new();
  server = paused_server(loop, &crowd, peers);
  port = transport_server_port(server);
  CHECK_OK(transport_server_close(server));
  CHECK(!transport_server_is_serving(server));
  check_cut_off(peers);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(1200), set_flag, &over, NULL)); /* past the retry */
  while (!over) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  CHECK_INT(listeners(0, NULL, 0), 0);
  CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED);
  CHECK_UINT(crowd.count, 0);
  CHECK_STATUS(transport_server_close(server), TRANSPORT_EHANDLE);

  paused_server(loop, &crowd, peers);
  CHECK_OK(transport_loop_free(loop));
  check_cut_off(peers);
  CHECK_UINT(crowd.count, 0);
  return 0;
}
