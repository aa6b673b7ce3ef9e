/* While a closed transport still sends what is queued, flow control goes on: lowering the high mark pauses inside the call,
 * resume_writing comes when the queue has drained, and connection_lost comes after it, last: B6, A12, E9, E10. */
#include "stream.h"

static void on_resume(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK(transport_is_closing(t));
  CHECK(transport_get_write_buffer_size(t) <= 1000);
  CHECK_STATUS(transport_write(t, "more", 4), TRANSPORT_ECLOSED);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.on_resume = on_resume};
  size_t written = 0, received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 1000000, 1000));
  CHECK_OK(stream_write(r.transport, &written, 300000));
  CHECK(transport_get_write_buffer_size(r.transport) > 100000);
  CHECK_OK(transport_close(r.transport));
  CHECK_TEXT(r.log, "made");
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 50000, 1000));
  CHECK_TEXT(r.log, "made pause");
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
