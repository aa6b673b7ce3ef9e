/* A transport whose reading is paused is closed and aborted like any other; pause_reading and resume_reading afterwards are OK
 * and change nothing, is_reading is false: B11, C7, C8. */
#include "stream.h"

static void check(transport_status_t (*end)(transport_t *t)) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r);
  CHECK(transport_is_reading(r.transport));
  CHECK_OK(transport_pause_reading(r.transport));
  CHECK(!transport_is_reading(r.transport));
  peer_send(peer, "hello", 5);
  wait_pending(stream_fd(r.transport), 5);
  CHECK_OK(end(r.transport));
  CHECK(!transport_is_reading(r.transport));
  CHECK_OK(transport_resume_reading(r.transport));
  CHECK(!transport_is_reading(r.transport));
  CHECK_OK(transport_pause_reading(r.transport));
  CHECK_OK(transport_resume_reading(r.transport));
  CHECK(!transport_is_reading(r.transport));
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(transport_close);
  check(transport_abort);
  check(transport_reset);
  return 0;
}
