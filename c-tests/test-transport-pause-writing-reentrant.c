/* pause_writing runs inside the call that causes it and may call anything: writing more, closing, aborting, resetting, changing
 * the limits or the protocol. The outer call still returns TRANSPORT_OK: A16, E8, api convention 4. */
#include "stream.h"

static recorder_t other;

static void write_more(transport_t *t) { CHECK_OK(transport_write(t, "more", 4)); }
static void write_eof(transport_t *t) { CHECK_OK(transport_write_eof(t)); }
static void close_it(transport_t *t) { CHECK_OK(transport_close(t)); }
static void abort_it(transport_t *t) { CHECK_OK(transport_abort(t)); }
static void reset_it(transport_t *t) { CHECK_OK(transport_reset(t)); }
static void raise_limits(transport_t *t) { CHECK_OK(transport_set_write_buffer_limits(t, 10000000, 0)); }

static void swap(transport_t *t) {
  transport_protocol_t protocol = recorder_protocol();
  other.made = other.paused = true;
  other.transport = t;
  CHECK_OK(transport_set_protocol(t, &protocol, &other));
}

typedef void (*act_t)(transport_t *t);
static act_t act;

static void on_pause(recorder_t *r, transport_t *t) {
  (void)r;
  act(t);
}

static void check(act_t action, bool by_limits) {
  static uint8_t data[200000];
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_pause = on_pause};
  int peer = stream_accept_small(loop, &r);
  act = action;
  memset(&other, 0, sizeof other);
  if (by_limits) CHECK_OK(transport_set_write_buffer_limits(r.transport, 1000000, 0));
  CHECK_OK(transport_write(r.transport, data, sizeof data));
  if (by_limits) CHECK_OK(transport_set_write_buffer_limits(r.transport, 1000, 0));
  CHECK_TEXT(r.log, "made pause");
  CHECK(r.depth == 0);
  CHECK_OK(transport_close(r.transport));
  peer_close(peer);
  run_until(loop, action == swap ? &other.lost : &r.lost);
  CHECK_INT(r.lost, action != swap);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  static const act_t actions[] = {write_more, write_eof, close_it, abort_it, reset_it, raise_limits, swap};
  watchdog(20);
  for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
    check(actions[i], false);
    check(actions[i], true);
  }
  return 0;
}
