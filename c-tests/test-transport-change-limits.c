/* Lowering the high mark below what is queued calls pause_writing inside the call, once; raising the marks above it does not
 * resume: that needs the next drain. At the mark itself nothing happens: E4, E8, E10. */
#include "stream.h"

static bool inside;

static void on_pause(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK(inside);
}

static void on_resume(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK(!inside);
}

static void set(transport_t *t, size_t high, size_t low) {
  inside = true;
  CHECK_OK(transport_set_write_buffer_limits(t, high, low));
  inside = false;
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.on_pause = on_pause, .on_resume = on_resume};
  size_t written = 0, received = 0, size;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  set(r.transport, 1000000, 500000);
  CHECK_OK(stream_write(r.transport, &written, 200000));
  size = transport_get_write_buffer_size(r.transport);
  CHECK(size > 100000);
  set(r.transport, size, 0);
  CHECK_TEXT(r.log, "made");
  set(r.transport, size - 1, 0);
  CHECK_TEXT(r.log, "made pause");
  set(r.transport, 10, 0);
  CHECK_TEXT(r.log, "made pause");
  set(r.transport, 1000000, 900000);
  run_turns(loop, 20);
  CHECK(transport_get_write_buffer_size(r.transport) > 100000);
  CHECK_TEXT(r.log, "made pause");
  while (r.paused) {
    CHECK(peer_take(peer, &received, 5000));
    CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(1)));
  }
  CHECK(transport_get_write_buffer_size(r.transport) > 0);
  CHECK_TEXT(r.log, "made pause resume");
  CHECK_OK(transport_close(r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
