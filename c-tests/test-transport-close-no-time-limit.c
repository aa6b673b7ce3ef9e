/* A plain close waits for a peer that does not read as long as it takes, without an error and without spinning: after half a
 * second it still waits, and the peer that reads then gets every byte: B5. */
#include "stream.h"

static void ring(void *arg) { *(bool *)arg = true; }

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  bool rung = false;
  int peer, turns = 0;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 200000));
  CHECK_OK(transport_close(r.transport));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(500), ring, &rung, NULL));
  for (; !rung; turns++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(10)));
  CHECK(!r.lost);
  CHECK(turns < 100);
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
