/* A socket that the program has connected or accepted itself becomes a transport (J11, K21): TCP and Unix, with its bytes in
 * order, non-blocking and close-on-exec. What is no connected stream socket is refused and stays the program's; so is one
 * that a transport of the loop has already (J14). A cancelled request closes it. */
#include "client.h"
#include "sockets.h"

static client_t *current;

static transport_status_t adopt(transport_loop_t *loop, client_t *c, int fd, bool accepted) {
  transport_protocol_t protocol = recorder_protocol();
  transport_accepted_options_t options = {.size = sizeof options, .socket = fd};
  transport_connect_options_t connect_options = client_options(NULL, 0);
  connect_options.socket = fd;
  current = c;
  if (!accepted) return client_try(loop, c, &connect_options);
  return transport_connect_accepted_socket(loop, &options, &protocol, &c->recorder, client_connected, c, &c->request);
}

static void works(transport_loop_t *loop, int fd, int peer, bool accepted) {
  client_t c = {0};
  peer_send(peer, "early", 5);
  CHECK_OK(adopt(loop, &c, fd, accepted));
  CHECK(!c.recorder.made);
  run_until(loop, &c.done);
  CHECK_STATUS(c.status, TRANSPORT_OK);
  CHECK_INT(transport_fd(c.transport), fd);
  CHECK(socket_is_polite(fd));
  CHECK_STATUS(adopt(loop, &(client_t){0}, fd, accepted), TRANSPORT_EINVAL); /* J14 */
  while (c.recorder.received < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  peer_close(peer);
  run_until(loop, &c.recorder.lost);
  CHECK_TEXT(c.recorder.log, "made done data:5 eof lost");
}

static void refuses(transport_loop_t *loop, int fd) {
  for (int accepted = 0; accepted < 2; accepted++) {
    client_t c = {0};
    CHECK_STATUS(adopt(loop, &c, fd, accepted), TRANSPORT_EINVAL);
    CHECK_PTR(c.request, NULL);
  }
}

int main(void) {
  transport_loop_t *loop;
  client_t cancelled = {0};
  uint16_t port;
  int listener, pair[2], before, other;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  before = descriptor_count();
  for (int accepted = 0; accepted < 2; accepted++) {
    int peer = peer_connect(port);
    works(loop, peer_accept(listener), peer, accepted);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    works(loop, pair[0], pair[1], accepted);
  }
  CHECK_INT(descriptor_count(), before);

  refuses(loop, listener); /* not connected */
  refuses(loop, 19999);    /* not open */
  refuses(loop, -1);
  CHECK_INT(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
  refuses(loop, pair[0]);
  peer_close(pair[0]); /* still the program's */
  peer_close(pair[1]);
  CHECK_INT(pipe(pair), 0);
  refuses(loop, pair[0]);
  peer_close(pair[0]);
  peer_close(pair[1]);
  refuses(loop, 0);

  CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  other = pair[1];
  CHECK_OK(adopt(loop, &cancelled, pair[0], true));
  CHECK_OK(client_cancel(&cancelled));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(cancelled.recorder.log, "failed");
  CHECK_STATUS(cancelled.status, TRANSPORT_ECANCELED);
  CHECK_INT(peer_recv(other, &port, 1), 0); /* closed */
  peer_close(other);
  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
