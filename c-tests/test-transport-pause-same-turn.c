/* pause_reading holds for a read event that was already found in this turn: of two transports that are ready together, the one
 * whose callback runs first pauses both, and the other stays silent until it is resumed: C5. */
#include "stream.h"

static recorder_t a, b;

static void pause_both(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK_OK(transport_pause_reading(a.transport));
  CHECK_OK(transport_pause_reading(b.transport));
}

int main(void) {
  transport_loop_t *loop;
  int peer_a, peer_b;
  watchdog(20);
  a.on_data = b.on_data = pause_both;
  loop = loop_new();
  peer_a = recorder_accept(loop, &a);
  peer_b = recorder_accept(loop, &b);
  peer_send(peer_a, "hello", 5);
  peer_send(peer_b, "hello", 5);
  wait_pending(stream_fd(a.transport), 5);
  wait_pending(stream_fd(b.transport), 5);
  run_turns(loop, 20);
  CHECK_UINT(a.received + b.received, 5);
  CHECK_OK(transport_resume_reading(a.transport));
  CHECK_OK(transport_resume_reading(b.transport));
  while (a.received + b.received < 10) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_TEXT(a.log, "made data:5");
  CHECK_TEXT(b.log, "made data:5");
  CHECK_OK(transport_close(a.transport));
  CHECK_OK(transport_close(b.transport));
  run_until(loop, &a.lost);
  run_until(loop, &b.lost);
  peer_close(peer_a);
  peer_close(peer_b);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
