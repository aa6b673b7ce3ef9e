/* With a high mark of 0 a write that the kernel takes whole does not pause, and one of which a single byte must be queued does;
 * resume comes when the queue is empty: E6, E7. */
#include "stream.h"

static void on_resume(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.on_resume = on_resume};
  size_t written = 0, received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 0, 0));
  while (!r.paused) {
    CHECK_UINT(transport_get_write_buffer_size(r.transport), 0);
    CHECK_OK(stream_write(r.transport, &written, 1000));
    CHECK_INT(r.paused, transport_get_write_buffer_size(r.transport) > 0);
  }
  CHECK(written > 1000);
  CHECK_TEXT(r.log, "made pause");
  peer_drain(loop, peer, &received, written);
  while (r.paused) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_TEXT(r.log, "made pause resume");
  CHECK_OK(stream_write(r.transport, &written, 1000));
  CHECK_TEXT(r.log, "made pause resume");
  CHECK_OK(transport_close(r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
