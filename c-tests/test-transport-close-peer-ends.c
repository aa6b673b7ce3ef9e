/* While a closed transport still sends, the end of the peer's stream is not seen and ends nothing, whereas a reset is seen by
 * the next attempt to send, drops the rest and gives connection_lost that error: B7, B3. */
#include "stream.h"

static void half_close(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 200000));
  CHECK_OK(transport_close(r.transport));
  peer_send(peer, "late", 4);
  CHECK_INT(shutdown(peer, SHUT_WR), 0);
  run_turns(loop, 20);
  peer_drain(loop, peer, &received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

static void reset(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 200000));
  CHECK_OK(transport_close(r.transport));
  run_turns(loop, 5);
  CHECK(!r.lost);
  peer_reset(peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause TRANSPORT_EIO lost");
  CHECK(r.lost_os_code == ECONNRESET || r.lost_os_code == EPIPE);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  half_close();
  reset();
  return 0;
}
