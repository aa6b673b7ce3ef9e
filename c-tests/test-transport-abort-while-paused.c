/* After abort no callback comes but connection_lost: no resume_writing, although writing was paused and the peer reads
 * on; and none at all after connection_lost: A9, E13. */
#include "stream.h"

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  stream_fill(r.transport, &written);
  CHECK_OK(stream_write(r.transport, &written, 100000));
  CHECK(r.paused);
  CHECK_OK(transport_abort(r.transport));
  CHECK_TEXT(r.log, "made pause");
  peer_drain_to_end(loop, peer, &received);
  run_until(loop, &r.lost);
  run_turns(loop, 20);
  CHECK_TEXT(r.log, "made pause lost");
  CHECK(received < written);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
