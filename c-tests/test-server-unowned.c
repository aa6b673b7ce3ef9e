/* A server that was made without an out-parameter keeps serving until the loop is freed (K22), which closes its sockets,
 * ends its connections with TRANSPORT_ECANCELED, and cuts off those that wait in the queue. */
#include "server.h"
#include "sockets.h"

int main(void) {
  uint16_t port = peer_free_port();
  transport_server_options_t options = server_options("127.0.0.1", port);
  transport_loop_t *loop;
  static crowd_t crowd;
  int peers[3], before;
  char byte;
  watchdog(20);
  before = descriptor_count();
  loop = loop_new();
  CHECK_OK(server_try(loop, &options, crowd_factory, &crowd, NULL));
  for (int i = 0; i < 2; i++) {
    peers[i] = peer_connect(port);
    run_until_live(loop, &crowd, (size_t)i + 1);
  }
  peers[2] = peer_connect(port);
  CHECK_OK(transport_loop_free(loop));
  CHECK_UINT(crowd.count, 2);
  for (int i = 0; i < 2; i++) CHECK_TEXT(crowd.recorders[i].log, "made TRANSPORT_ECANCELED lost");
  for (int i = 0; i < 3; i++) {
    CHECK(peer_recv(peers[i], &byte, 1) <= 0);
    peer_close(peers[i]);
  }
  CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED);
  CHECK_INT(descriptor_count(), before);
  return 0;
}
