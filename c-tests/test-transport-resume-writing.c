/* resume_writing comes from the loop, never inside a call, once the queue has drained to the low mark or below: with a low mark of
 * 0 when it is empty, and for no mark while the queue is above it; what it writes is sent after all that was written before: A16,
 * E6, E9. */
#include "stream.h"

static struct {
  size_t written, low;
  bool inside;
  int more;
} test;

static void on_resume(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK(!test.inside);
  CHECK(transport_get_write_buffer_size(t) <= test.low);
  if (test.more-- > 0) CHECK_OK(stream_write(t, &test.written, 200000));
}

static void check(size_t low) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_resume = on_resume};
  size_t received = 0;
  int peer = stream_accept_small(loop, &r);
  memset(&test, 0, sizeof test);
  test.low = low;
  test.more = 2;
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 65536, low));
  test.inside = true;
  CHECK_OK(stream_write(r.transport, &test.written, 200000));
  test.inside = false;
  CHECK(r.paused);
  while (received < 600000) {
    CHECK(peer_take(peer, &received, 20000));
    CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(1)));
    CHECK(!r.paused || transport_get_write_buffer_size(r.transport) > low);
  }
  CHECK_UINT(received, test.written);
  CHECK_OK(transport_close(r.transport));
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume pause resume pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(30);
  check(0);
  check(1);
  check(16384);
  check(65536);
  return 0;
}
