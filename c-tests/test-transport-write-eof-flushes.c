/* write_eof lets the queued bytes go first, then the peer sees the end of the stream; reading goes on, so that the peer's answer
 * is still received. With nothing queued the peer sees the end before the loop runs: D12, D17. */
#include "stream.h"

static void queued(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK(transport_can_write_eof(r.transport));
  CHECK_OK(stream_write(r.transport, &written, 300000));
  CHECK_OK(transport_write_eof(r.transport));
  CHECK(!transport_is_closing(r.transport));
  CHECK(transport_get_write_buffer_size(r.transport) > 0);
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  CHECK(transport_is_reading(r.transport));
  peer_send(peer, "reply", 5);
  while (r.received < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_TEXT(r.log, "made pause resume data:5");
  CHECK(!transport_is_closing(r.transport));
  peer_close(peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume data:5 eof lost");
  CHECK_OK(transport_loop_free(loop));
}

static void nothing_queued(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  char data[6] = "";
  int peer = recorder_accept(loop, &r);
  CHECK_OK(transport_write(r.transport, "hello", 5));
  CHECK_OK(transport_write_eof(r.transport));
  CHECK_UINT(peer_recv_all(peer, data, 5), 5);
  CHECK_INT(peer_recv(peer, data, 1), 0);
  peer_close(peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made eof lost");
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  queued();
  nothing_queued();
  return 0;
}
