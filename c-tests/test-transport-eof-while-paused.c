/* While reading is paused, the end of the peer's stream is held back, without spinning; after resume the remaining data comes
 * first, then the end, then connection_lost: C9, C16. The same for a peer that closed altogether. */
#include "stream.h"

static void ring(void *arg) { *(bool *)arg = true; }

static void check(bool close_it) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r), turns = 0;
  bool rung = false;
  CHECK_OK(transport_pause_reading(r.transport));
  run_turns(loop, 2);
  peer_send(peer, "hello", 5);
  if (close_it) peer_close(peer);
  else CHECK_INT(shutdown(peer, SHUT_WR), 0);
  wait_pending(stream_fd(r.transport), 5);
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(200), ring, &rung, NULL));
  for (; !rung; turns++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(10)));
  CHECK(turns < 50);
  CHECK_TEXT(r.log, "made");
  CHECK_OK(transport_resume_reading(r.transport));
  CHECK_TEXT(r.log, "made");
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made data:5 eof lost");
  if (!close_it) peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  return 0;
}
