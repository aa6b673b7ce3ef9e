/* Gathering keeps flow control as if each write had tried at once: writes of far more than the high mark in one callback do not
 * pause when the kernel takes them, nor does one byte with a high mark of 0; with bytes queued a write only appends and pauses
 * inside the call: D22, E4, E7, E8. */
#include "stream.h"

static void kernel_takes_all(recorder_t *r, transport_t *t) {
  size_t *written = r->context;
  for (int i = 0; i < 5; i++) CHECK_OK(stream_write(t, written, 30000));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  CHECK_OK(transport_set_write_buffer_limits(t, 0, 0));
  CHECK_OK(stream_write(t, written, 1));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  CHECK(!r->paused);
}

static void kernel_is_full(recorder_t *r, transport_t *t) {
  size_t *written = r->context, size = transport_get_write_buffer_size(t);
  CHECK(size > 0);
  CHECK_OK(transport_set_write_buffer_limits(t, size + 10, 0));
  CHECK_OK(stream_write(t, written, 4));
  CHECK_OK(stream_write(t, written, 6));
  CHECK_UINT(transport_get_write_buffer_size(t), size + 10);
  CHECK(!r->paused);
  CHECK_OK(stream_write(t, written, 1));
  CHECK(r->paused);
  CHECK_UINT(transport_get_write_buffer_size(t), size + 11);
}

typedef struct run_t {
  recorder_t r;
  bool ran;
} run_t;

static void taken(void *arg) {
  run_t *run = arg;
  kernel_takes_all(&run->r, run->r.transport);
  run->ran = true;
}

static void full(void *arg) {
  run_t *run = arg;
  kernel_is_full(&run->r, run->r.transport);
  run->ran = true;
}

static void check(transport_callback_t story, const char *expected) {
  transport_loop_t *loop = loop_new();
  run_t run = {.ran = false};
  size_t written = 0, received = 0;
  int peer = story == full ? stream_accept_small(loop, &run.r) : recorder_accept(loop, &run.r), size = 1024 * 1024;
  run.r.context = &written;
  if (story == full) stream_fill(run.r.transport, &written);
  else CHECK_INT(setsockopt(stream_fd(run.r.transport), SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
  CHECK_OK(transport_loop_call_soon(loop, story, &run, NULL));
  run_until(loop, &run.ran);
  CHECK_OK(transport_close(run.r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &run.r.lost);
  CHECK_TEXT(run.r.log, expected);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(taken, "made lost");
  check(full, "made pause resume lost");
  return 0;
}
