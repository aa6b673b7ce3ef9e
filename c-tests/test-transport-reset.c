/* transport_reset is abort, and the peer sees a reset: what is queued is dropped, connection_lost comes without an error, not
 * inside the call, and once; also while a close is sending: A10, B8, B9. */
#include "stream.h"

static void check(size_t len, bool close_first) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0;
  char byte;
  int peer = stream_accept_small(loop, &r);
  if (len) CHECK_OK(stream_write(r.transport, &written, len));
  if (close_first) CHECK_OK(transport_close(r.transport));
  CHECK_OK(transport_reset(r.transport));
  CHECK(transport_is_closing(r.transport));
  CHECK_UINT(transport_get_write_buffer_size(r.transport), 0);
  CHECK(!r.lost);
  CHECK_OK(transport_reset(r.transport));
  CHECK_STATUS(transport_write(r.transport, "x", 1), TRANSPORT_ECLOSED);
  run_until(loop, &r.lost);
  CHECK_STATUS(transport_reset(r.transport), TRANSPORT_EHANDLE);
  CHECK_TEXT(r.log, len ? "made pause lost" : "made lost");
  wait_hangup(peer);
  while (peer_recv(peer, &byte, 1) == 1) continue;
  CHECK_INT(peer_recv(peer, &byte, 1) > 0, 0);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

/* The peer's own view, with nothing unread on either side that could make the kernel reset by itself. */
static void peer_sees_it(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  char byte;
  int peer = recorder_accept(loop, &r);
  CHECK_OK(transport_reset(r.transport));
  run_until(loop, &r.lost);
  CHECK_INT(peer_recv(peer, &byte, 1), -1);
  CHECK_INT(errno, ECONNRESET);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  peer_sees_it();
  check(0, false);
  check(200000, false);
  check(200000, true);
  return 0;
}
