/* close sends first what is queued, then calls connection_lost without an error; with nothing queued it calls it in the next
 * turn. Closing again meanwhile changes nothing: B1, B4. */
#include "stream.h"

static void empty(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r);
  CHECK_OK(transport_close(r.transport));
  CHECK_TEXT(r.log, "made");
  run_turns(loop, 2);
  CHECK_TEXT(r.log, "made lost");
  CHECK_INT(peer_recv(peer, &(char){0}, 1), 0);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

static void queued(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 300000));
  CHECK(transport_get_write_buffer_size(r.transport) > 0);
  CHECK_OK(transport_close(r.transport));
  CHECK(transport_get_write_buffer_size(r.transport) > 0);
  run_turns(loop, 20);
  CHECK(!r.lost);
  CHECK_OK(transport_close(r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, 300000);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  empty();
  queued();
  return 0;
}
