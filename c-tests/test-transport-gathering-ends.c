/* Gathered bytes are sent inside the callback as soon as they exceed the smaller of the high mark and 64 KiB, counting the new
 * piece, and before get_write_buffer_size, set_write_buffer_limits, write_eof, close and abort take effect: D22. The peer looks
 * from inside the callback. */
#include "stream.h"

static int peer;

/* Bytes are on their way: they come although the loop does not run. */
static void sent(int count) {
  wait_pending(peer, count);
  CHECK_INT(peer_pending(peer), count);
}
static void not_sent(void) { CHECK_INT(peer_pending(peer), 0); }

static void write_bytes(transport_t *t, size_t len) {
  size_t position = 0;
  CHECK_OK(stream_write(t, &position, len));
}

static void by_size_64k(transport_t *t) {
  write_bytes(t, 40000);
  write_bytes(t, 25536);
  not_sent();
  write_bytes(t, 1);
  wait_pending(peer, 40000);
}

static void by_size_high_above_64k(transport_t *t) {
  CHECK_OK(transport_set_write_buffer_limits(t, 1000000, 0));
  by_size_64k(t);
}

static void by_size_high(transport_t *t) {
  CHECK_OK(transport_set_write_buffer_limits(t, 1000, 10));
  write_bytes(t, 990);
  write_bytes(t, 10);
  not_sent();
  write_bytes(t, 1);
  sent(1001);
  write_bytes(t, 1000);
  sent(1001);
}

static void by_first_piece(transport_t *t) {
  CHECK_OK(transport_set_write_buffer_limits(t, 1000, 10));
  write_bytes(t, 1001);
  sent(1001);
}

static void by_get_size(transport_t *t) {
  write_bytes(t, 10);
  not_sent();
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  sent(10);
}

static void by_set_limits(transport_t *t) {
  write_bytes(t, 10);
  not_sent();
  CHECK_OK(transport_set_write_buffer_limits(t, 5, 0));
  sent(10);
}

static void by_write_eof(transport_t *t) {
  write_bytes(t, 10);
  not_sent();
  CHECK_OK(transport_write_eof(t));
  sent(10);
}

static void by_close(transport_t *t) {
  write_bytes(t, 10);
  not_sent();
  CHECK_OK(transport_close(t));
  sent(10);
}

static void by_abort(transport_t *t) {
  write_bytes(t, 10);
  not_sent();
  CHECK_OK(transport_abort(t));
  sent(10);
}

typedef void (*story_t)(transport_t *t);
typedef struct run_t {
  story_t story;
  transport_t *t;
  bool ran;
} run_t;

static void tell(void *arg) {
  run_t *run = arg;
  run->story(run->t);
  run->ran = true;
}

int main(void) {
  static const story_t stories[] = {by_size_64k,   by_size_high_above_64k, by_size_high, by_first_piece, by_get_size,
                                    by_set_limits, by_write_eof,           by_close,     by_abort};
  watchdog(20);
  for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
    transport_loop_t *loop = loop_new();
    recorder_t r = {.log = ""};
    run_t run = {.story = stories[i]};
    peer = recorder_accept(loop, &r);
    run.t = r.transport;
    CHECK_OK(transport_loop_call_soon(loop, tell, &run, NULL));
    run_until(loop, &run.ran);
    CHECK(!r.lost || stories[i] == by_close || stories[i] == by_abort);
    peer_close(peer);
    run_until(loop, &r.lost);
    CHECK_OK(transport_loop_free(loop));
  }
  return 0;
}
