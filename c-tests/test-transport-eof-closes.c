/* When eof_received answers false, or there is none, the transport closes itself: what is queued is sent first, then comes
 * connection_lost without an error: C10. */
#include "stream.h"

static void check(bool without_callback) {
  transport_loop_t *loop = loop_new();
  transport_protocol_t protocol = recorder_protocol();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer = stream_accept_small(loop, &r);
  if (without_callback) protocol.eof_received = NULL;
  CHECK_OK(transport_set_protocol(r.transport, &protocol, &r));
  CHECK_OK(stream_write(r.transport, &written, 300000));
  CHECK_INT(shutdown(peer, SHUT_WR), 0);
  while (!transport_is_closing(r.transport)) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK(!r.lost);
  CHECK_STATUS(transport_write(r.transport, "x", 1), TRANSPORT_ECLOSED);
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, without_callback ? "made pause resume lost" : "made pause eof resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  return 0;
}
