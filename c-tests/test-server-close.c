/* close() shuts the listening sockets at once and may be repeated; connections go on (K12), later ones are refused (K20),
 * those that still waited in the queue are cut off; the ticket lives until the last connection_lost has returned (K14). */
#include "server.h"
#include "sockets.h"

static void still_there(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK_OK(transport_server_close(*(transport_server_t **)r->context));
}

int main(void) {
  transport_loop_t *loop;
  static crowd_t crowd;
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_server_t *server;
  uint16_t port;
  int peers[2], waiting;
  char byte;
  watchdog(20);
  loop = loop_new();
  server = server_start(loop, &options, crowd_factory, &crowd);
  port = transport_server_port(server);
  for (int i = 0; i < 2; i++) peers[i] = peer_connect(port);
  run_until_live(loop, &crowd, 2);
  waiting = peer_connect(port);

  CHECK(transport_server_is_serving(server));
  CHECK_OK(transport_server_close(server));
  CHECK(!transport_server_is_serving(server));
  CHECK_INT(listeners(port, NULL, 0), 0);
  CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED);
  CHECK_OK(transport_server_close(server));
  CHECK(peer_recv(waiting, &byte, 1) <= 0);

  for (int i = 0; i < 2; i++) {
    recorder_t *r = &crowd.recorders[i];
    peer_send(peers[i], "x", 1);
    while (r->received == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    CHECK_OK(transport_write(r->transport, "y", 1));
    CHECK_UINT(peer_recv_all(peers[i], &byte, 1), 1);
    peer_close(peers[i]);
    r->context = &server;
    r->on_lost = still_there;
    CHECK_OK(transport_server_close(server));
    run_until(loop, &r->lost);
    CHECK_TEXT(r->log, "made data:1 eof lost");
  }
  CHECK_UINT(crowd.count, 2);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(transport_server_close(server), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_server_close_clients(server), TRANSPORT_EHANDLE);
  CHECK_UINT(transport_server_port(server), 0);

  server = server_start(loop, &options, NULL, NULL); /* without connections the ticket ends with the server */
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(transport_server_close(server), TRANSPORT_EHANDLE);
  peer_close(waiting);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
