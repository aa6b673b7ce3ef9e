/* writelines is a sequence of writes: empty elements, also the last, and an empty list are skipped, more elements than one system
 * call takes are sent, pause_writing is called inside it, and close completes: D10, D11, E4, E8. */
#include "stream.h"

enum { COUNT = 5000 };

static void many(transport_t *t, size_t *written) {
  static uint8_t data[COUNT][7];
  static transport_slice_t slices[COUNT];
  for (int i = 0; i < COUNT; i++) {
    size_t len = (size_t)i % 8;
    if (i == COUNT - 1) len = 0;
    pattern_fill(data[i], *written, len);
    slices[i].data = len || i % 16 ? data[i] : NULL;
    slices[i].len = len;
    *written += len;
  }
  CHECK_OK(transport_writelines(t, slices, COUNT));
  memset(data, 0xee, sizeof data);
}

static void many_inside(void *arg) {
  recorder_t *r = arg;
  many(r->transport, r->context);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  transport_slice_t empty_last[2] = {{"", 1}, {"", 0}};
  size_t written = 0, received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  r.context = &written;
  many(r.transport, &written);
  CHECK_OK(transport_loop_call_soon(loop, many_inside, &r, NULL));
  peer_drain(loop, peer, &received, written + 1); /* until the callback has written */
  peer_drain(loop, peer, &received, written);
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 0, 0));
  stream_fill(r.transport, &written);
  CHECK_TEXT(r.log, "made pause");
  peer_drain(loop, peer, &received, written);
  run_turns(loop, 2);
  CHECK_TEXT(r.log, "made pause resume");
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 40000, 0));
  stream_fill(r.transport, &written);
  CHECK_TEXT(r.log, "made pause resume");
  while (!r.paused) many(r.transport, &written);
  many(r.transport, &written);
  CHECK_TEXT(r.log, "made pause resume pause");
  empty_last[0].data = &(uint8_t){pattern_at(written)};
  CHECK_OK(transport_writelines(r.transport, empty_last, 2));
  written++;
  CHECK_OK(transport_close(r.transport));
  CHECK_STATUS(transport_writelines(r.transport, empty_last, 2), TRANSPORT_ECLOSED);
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
