/* The descriptor stays open, and known to get_extra_info, until connection_lost has returned; then it is closed: A13. */
#include "stream.h"

static int fd = -1;

static void on_lost(recorder_t *r, transport_t *t) {
  int type = 0;
  socklen_t len = sizeof type;
  (void)r;
  CHECK_INT(stream_fd(t), fd);
  CHECK_INT(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len), 0);
  CHECK_INT(type, SOCK_STREAM);
}

static void check(bool by_peer, transport_status_t (*end)(transport_t *t)) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_lost = on_lost};
  int peer = recorder_accept(loop, &r);
  fd = stream_fd(r.transport);
  if (by_peer) peer_reset(peer);
  else CHECK_OK(end(r.transport));
  run_until(loop, &r.lost);
  CHECK_INT(fcntl(fd, F_GETFD), -1);
  CHECK_INT(errno, EBADF);
  if (!by_peer) peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false, transport_close);
  check(false, transport_abort);
  check(true, NULL);
  return 0;
}
