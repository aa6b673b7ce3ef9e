/* Outside callbacks a write with nothing queued tries to send at once: the peer has the bytes before the loop runs, and the
 * size counts only what the kernel did not take. It never blocks, and the rest goes out later: D1, D18, D22. */
#include "stream.h"

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer;
  watchdog(30);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 100));
  CHECK_UINT(transport_get_write_buffer_size(r.transport), 0);
  wait_pending(peer, 100);
  CHECK(peer_take(peer, &received, SIZE_MAX));
  CHECK_UINT(received, 100);
  CHECK_OK(stream_write(r.transport, &written, 30000000));
  CHECK(transport_get_write_buffer_size(r.transport) > 29000000);
  CHECK(transport_get_write_buffer_size(r.transport) < 30000000);
  CHECK(!transport_is_closing(r.transport));
  peer_drain(loop, peer, &received, 5000000);
  CHECK_OK(transport_close(r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
