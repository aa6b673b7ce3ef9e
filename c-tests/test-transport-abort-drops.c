/* abort drops what is queued at once, also while a close is sending it: the size is 0 directly after, connection_lost comes
 * without an error, once, and the peer gets only what the kernel had: B2, B8, B9. */
#include "stream.h"

static void check(bool close_first) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0, in_kernel;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 200000));
  in_kernel = written - transport_get_write_buffer_size(r.transport);
  CHECK(in_kernel < written);
  if (close_first) CHECK_OK(transport_close(r.transport));
  CHECK_OK(transport_abort(r.transport));
  CHECK(transport_is_closing(r.transport));
  CHECK_UINT(transport_get_write_buffer_size(r.transport), 0);
  CHECK_TEXT(r.log, "made pause");
  run_turns(loop, 2);
  CHECK_TEXT(r.log, "made pause lost");
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, in_kernel);
  CHECK_TEXT(r.log, "made pause lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  return 0;
}
