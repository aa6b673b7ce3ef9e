/* What one callback writes to a transport, by any kind of write, leaves in one system call when the callback returns, and not
 * before: D22. Seen from outside: with TCP_NODELAY each small send makes one data segment on loopback, and the peer's TCP_INFO
 * counts them; writes outside callbacks, which are sent one by one, show that the count can tell. */
#include "stream.h"

static struct {
  transport_loop_t *loop;
  transport_t *t;
  int peer;
  size_t written;
} wire = {.peer = -1};

static void write_five(transport_t *t) {
  uint8_t data[20];
  transport_slice_t slices[2] = {{data, 7}, {data + 7, 13}};
  CHECK_OK(stream_write(t, &wire.written, 10));
  CHECK_OK(stream_write(t, &wire.written, 100));
  pattern_fill(data, wire.written, sizeof data);
  CHECK_OK(transport_writelines(t, slices, 2));
  wire.written += sizeof data;
  CHECK_OK(stream_write(t, &wire.written, 1000));
  CHECK_OK(transport_write_owned(t, &(uint8_t){0}, 0, NULL, NULL));
  CHECK_OK(stream_write(t, &wire.written, 1));
  if (wire.peer >= 0) CHECK_INT(peer_pending(wire.peer), 0);
}

static void in_function(void *arg) { write_five(arg); }
static void in_callback(recorder_t *r, transport_t *t) {
  (void)r;
  write_five(t);
}
static void in_others_lost(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  write_five(wire.t);
}

/* Runs the loop until a callback has written, then counts what arrives. */
static void expect_segments(uint32_t least, uint32_t most) {
  static size_t received;
  static uint32_t before;
  while (wire.written == received) CHECK_OK(transport_loop_run_once(wire.loop, TRANSPORT_SEC(1)));
  wait_pending(wire.peer, (int)(wire.written - received));
  CHECK(peer_data_segments(wire.peer) - before >= least);
  CHECK(peer_data_segments(wire.peer) - before <= most);
  before = peer_data_segments(wire.peer);
  CHECK(peer_take(wire.peer, &received, SIZE_MAX));
  CHECK_UINT(received, wire.written);
}

int main(void) {
  recorder_t r = {.on_made = in_callback, .on_data = in_callback, .on_eof = in_callback, .keep_open = true};
  recorder_t other = {.on_lost = in_others_lost};
  int other_peer;
  watchdog(20);
  wire.loop = loop_new();
  wire.peer = recorder_accept(wire.loop, &r);
  wire.t = r.transport;
  expect_segments(1, 1); /* connection_made */
  for (int i = 0; i < 5; i++) CHECK_OK(stream_write(wire.t, &wire.written, 10));
  expect_segments(2, 5);
  CHECK_OK(transport_loop_call_soon(wire.loop, in_function, wire.t, NULL));
  expect_segments(1, 1);
  CHECK_OK(transport_loop_call_later(wire.loop, TRANSPORT_MS(1), in_function, wire.t, NULL));
  expect_segments(1, 1);
  CHECK_OK(transport_loop_call_soon_threadsafe(wire.loop, in_function, wire.t));
  expect_segments(1, 1);
  other_peer = recorder_accept(wire.loop, &other);
  CHECK_OK(transport_close(other.transport));
  expect_segments(1, 1);
  peer_close(other_peer);
  peer_send(wire.peer, "hello", 5);
  expect_segments(1, 1);
  CHECK_INT(shutdown(wire.peer, SHUT_WR), 0);
  expect_segments(1, 1);
  CHECK_TEXT(r.log, "made data:5 eof");
  CHECK_OK(transport_close(wire.t));
  run_until(wire.loop, &r.lost);
  peer_close(wire.peer);
  CHECK_OK(transport_loop_free(wire.loop));
  return 0;
}
