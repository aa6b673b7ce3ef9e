/* A port that is taken: TRANSPORT_EIO with EADDRINUSE and a message that names the address (K7); what had been bound for
 * the same server is closed again (K8), and the server that has the port goes on. */
#include "server.h"
#include "sockets.h"

static void taken(transport_loop_t *loop, const char *host, uint16_t port, const char *address) {
  transport_server_options_t options = server_options(host, port);
  transport_server_t *server = NULL;
  int before = descriptor_count();
  char digits[8];
  snprintf(digits, sizeof digits, "%u", (unsigned)port);
  CHECK_STATUS(server_try(loop, &options, NULL, NULL, &server), TRANSPORT_EIO);
  CHECK_PTR(server, NULL);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_EIO);
  CHECK_INT(transport_last_error()->os_code, EADDRINUSE);
  CHECK_CONTAINS(transport_last_error()->message, address);
  CHECK_CONTAINS(transport_last_error()->message, digits);
  CHECK_INT(descriptor_count(), before);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t accepted = {0};
  transport_server_t *server, *again;
  transport_server_options_t options;
  uint16_t port, foreign_port;
  int peer, foreign;
  watchdog(20);
  loop = loop_new();
  server = recorder_server(loop, NULL, &accepted);
  port = transport_server_port(server);
  taken(loop, "127.0.0.1", port, "127.0.0.1");
  taken(loop, "127.0.0.2,127.0.0.1", port, "127.0.0.1");
  CHECK_INT(connect_errno("127.0.0.2", port), ECONNREFUSED);
  foreign = peer_listen(&foreign_port);
  taken(loop, "127.0.0.1", foreign_port, "127.0.0.1");

  peer = peer_connect(port);
  run_until(loop, &accepted.made);
  peer_close(peer);
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));

  options = server_options("127.0.0.1", port); /* closed: the port is free again at once (K5) */
  again = server_start(loop, &options, NULL, &accepted);
  CHECK_UINT(transport_server_port(again), port);
  CHECK_OK(transport_server_close(again));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  peer_close(foreign);
  return 0;
}
