/* start_serving off: the port is bound, but connections are refused until transport_server_start_serving, which may be
 * called again without effect and not after close (K10, K11). */
#include "server.h"
#include "sockets.h"

int main(void) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_loop_t *loop;
  transport_server_t *server, *never;
  recorder_t accepted = {0};
  uint16_t port;
  transport_status_t late;
  int peer;
  watchdog(20);
  loop = loop_new();
  options.start_serving = TRANSPORT_OFF;
  server = server_start(loop, &options, NULL, &accepted);
  port = transport_server_port(server);
  CHECK(port != 0);
  CHECK(!transport_server_is_serving(server));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED);

  CHECK_OK(transport_server_start_serving(server));
  CHECK(transport_server_is_serving(server));
  CHECK_UINT(transport_server_port(server), port);
  peer = peer_connect(port);
  run_until(loop, &accepted.made);
  CHECK_OK(transport_server_start_serving(server));
  CHECK(transport_server_is_serving(server));

  CHECK_OK(transport_server_close(server)); /* its ticket lives on with the connection */
  CHECK(!transport_server_is_serving(server));
  late = transport_server_start_serving(server);
  CHECK(late == TRANSPORT_ECLOSED || late == TRANSPORT_ESTATE);
  CHECK(!transport_server_is_serving(server));
  CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED);
  peer_close(peer);
  run_until(loop, &accepted.lost);

  never = server_start(loop, &options, NULL, NULL); /* one that never served */
  CHECK_OK(transport_server_close(never));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(transport_server_start_serving(never), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
