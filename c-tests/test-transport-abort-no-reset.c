/* abort is an ordinary close of the descriptor: it sets no linger time, so a peer whose bytes were all read sees the end of the
 * stream, not a reset: B10. */
#include "stream.h"

static void on_lost(recorder_t *r, transport_t *t) {
  struct linger linger = {.l_onoff = -1, .l_linger = -1};
  socklen_t len = sizeof linger;
  (void)r;
  CHECK_INT(getsockopt(stream_fd(t), SOL_SOCKET, SO_LINGER, &linger, &len), 0);
  CHECK_INT(linger.l_onoff, 0);
}

static void on_data(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_write(t, "reply", 5));
  CHECK_OK(transport_abort(t));
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.on_data = on_data, .on_lost = on_lost};
  char reply[6] = "";
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = recorder_accept(loop, &r);
  peer_send(peer, "hello", 5);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made data:5 lost");
  CHECK_UINT(peer_recv_all(peer, reply, 5), 5);
  CHECK_TEXT(reply, "reply");
  CHECK_INT(peer_recv(peer, reply, 1), 0);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
