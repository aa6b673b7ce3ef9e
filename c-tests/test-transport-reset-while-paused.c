/* While reading is paused, a reset by the peer is held back, without spinning, until resume, which then gives connection_lost
 * that error; but a write that meets it ends the transport although reading is paused: C9, C15, D6. */
#include "stream.h"

static void ring(void *arg) { *(bool *)arg = true; }

static void check(bool by_write) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r), turns = 0;
  bool rung = false;
  CHECK_OK(transport_pause_reading(r.transport));
  run_turns(loop, 2);
  peer_reset(peer);
  wait_hangup(stream_fd(r.transport));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(200), ring, &rung, NULL));
  for (; !rung; turns++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(10)));
  CHECK(turns < 50);
  CHECK_TEXT(r.log, "made");
  CHECK(!transport_is_closing(r.transport));
  if (by_write) CHECK_OK(transport_write(r.transport, "hello", 5));
  else CHECK_OK(transport_resume_reading(r.transport));
  CHECK_TEXT(r.log, "made");
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made TRANSPORT_EIO lost");
  CHECK(r.lost_os_code == ECONNRESET || (by_write && r.lost_os_code == EPIPE));
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  return 0;
}
