/* write_eof on a connection that the peer has reset is OK, though the system refuses to shut it down; connection_lost brings the
 * news: D16. */
#include "stream.h"

static void check(bool paused) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r);
  run_turns(loop, 1);
  if (paused) CHECK_OK(transport_pause_reading(r.transport));
  peer_reset(peer);
  wait_hangup(stream_fd(r.transport));
  CHECK_OK(transport_write_eof(r.transport));
  CHECK(!r.lost);
  if (paused) {
    run_turns(loop, 5);
    CHECK_OK(transport_resume_reading(r.transport));
  }
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made TRANSPORT_EIO lost");
  CHECK_INT(r.lost_os_code, ECONNRESET);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  return 0;
}
