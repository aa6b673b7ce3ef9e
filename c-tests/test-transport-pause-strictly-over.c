/* pause_writing is called inside the write that makes the queue strictly larger than the high mark, not at the mark itself, and
 * only once until resumed, however much is written; writing while paused is allowed: D2, D18, E4, E5, E8, E11, E16. */
#include "stream.h"

static void by_write(transport_t *t, size_t *written, size_t len) { CHECK_OK(stream_write(t, written, len)); }

static void by_writelines(transport_t *t, size_t *written, size_t len) {
  uint8_t *data = check_alloc(len);
  transport_slice_t slices[2] = {{data, len / 2}, {data + len / 2, len - len / 2}};
  pattern_fill(data, *written, len);
  CHECK_OK(transport_writelines(t, slices, 2));
  *written += len;
  free(data);
}

static void release(void *arg) { free(arg); }

static void by_write_owned(transport_t *t, size_t *written, size_t len) {
  uint8_t *data = check_alloc(len);
  pattern_fill(data, *written, len);
  CHECK_OK(transport_write_owned(t, data, len, release, data));
  *written += len;
}

static void on_pause(recorder_t *r, transport_t *t) {
  CHECK(*(bool *)r->context);
  CHECK(!transport_is_closing(t));
}

static void check(void (*write)(transport_t *t, size_t *written, size_t len)) {
  transport_loop_t *loop = loop_new();
  bool writing = false;
  recorder_t r = {.on_pause = on_pause, .context = &writing};
  size_t written = 0, received = 0, size;
  int peer = stream_accept_small(loop, &r);
  stream_fill(r.transport, &written);
  size = transport_get_write_buffer_size(r.transport);
  CHECK_OK(transport_set_write_buffer_limits(r.transport, size + 1000, 0));
  write(r.transport, &written, 400);
  write(r.transport, &written, 600);
  CHECK_UINT(transport_get_write_buffer_size(r.transport), size + 1000);
  CHECK_TEXT(r.log, "made");
  writing = true;
  write(r.transport, &written, 1);
  writing = false;
  CHECK_TEXT(r.log, "made pause");
  for (int i = 0; i < 10; i++) write(r.transport, &written, 50000);
  CHECK_UINT(transport_get_write_buffer_size(r.transport), size + 501001);
  CHECK_TEXT(r.log, "made pause");
  peer_drain(loop, peer, &received, written);
  while (r.paused) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_OK(transport_close(r.transport));
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(by_write);
  check(by_writelines);
  check(by_write_owned);
  return 0;
}
