/* A server on a socket of the program's, bound or listening already: the library's when the call answers TRANSPORT_OK, the
 * program's when it does not (K1). */
#include "client.h"
#include "sockets.h"

static transport_status_t serve(transport_loop_t *loop, int fd, recorder_t *r, transport_server_t **out) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .socket = fd};
  return transport_create_server(loop, &options, &protocol, NULL, r, out);
}

static void serves(transport_loop_t *loop, int fd, uint16_t port) {
  transport_server_t *server = NULL;
  recorder_t accepted = {0};
  int peer;
  CHECK_OK(serve(loop, fd, &accepted, &server));
  CHECK_UINT(transport_server_port(server), port);
  peer = peer_connect(port);
  peer_send(peer, "abc", 3);
  peer_close(peer);
  run_until(loop, &accepted.lost);
  CHECK_TEXT(accepted.log, "made data:3 eof lost");
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED); /* it closed the socket */
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server = NULL;
  struct sockaddr_in address = peer_address(0);
  uint16_t port;
  int listening, bound, peer, accepted, datagram;
  watchdog(20);
  loop = loop_new();
  listening = peer_listen(&port);
  serves(loop, listening, port);
  bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK_INT(bind(bound, (struct sockaddr *)&address, sizeof address), 0);
  serves(loop, bound, socket_port(bound));

  listening = peer_listen(&port);
  peer = peer_connect(port);
  accepted = peer_accept(listening);
  datagram = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CHECK_STATUS(serve(loop, accepted, NULL, &server), TRANSPORT_EINVAL); /* a connected one */
  CHECK_STATUS(serve(loop, datagram, NULL, &server), TRANSPORT_EINVAL);
  CHECK_STATUS(serve(loop, 19999, NULL, &server), TRANSPORT_EINVAL);
  CHECK_STATUS(serve(loop, -1, NULL, &server), TRANSPORT_EINVAL);
  CHECK_PTR(server, NULL);
  peer_close(accepted);
  peer_close(datagram);
  peer_close(peer);
  peer_close(listening);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
