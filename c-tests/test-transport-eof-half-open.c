/* When eof_received answers true, the transport stays open for writing: not closing, not reading, and pausing and resuming
 * brings neither a second end nor data; the protocol closes it itself: C11, C12, C13, C14. */
#include "stream.h"

static void on_eof(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK(!transport_is_closing(t));
}

static void write_later(void *arg) { CHECK_OK(transport_write(arg, "from a callback", 15)); }

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.keep_open = true, .on_eof = on_eof};
  size_t written = 0, received = 0;
  char text[16] = "";
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  peer_send(peer, "hello", 5);
  CHECK_INT(shutdown(peer, SHUT_WR), 0);
  run_until(loop, &r.eof);
  run_turns(loop, 20);
  CHECK(!transport_is_closing(r.transport));
  CHECK(!transport_is_reading(r.transport));
  CHECK_OK(transport_pause_reading(r.transport));
  run_turns(loop, 2);
  CHECK_OK(transport_resume_reading(r.transport));
  CHECK(!transport_is_reading(r.transport));
  run_turns(loop, 20);
  CHECK_TEXT(r.log, "made data:5 eof");
  CHECK_OK(transport_loop_call_soon(loop, write_later, r.transport, NULL));
  while (peer_pending(peer) < 15) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(10)));
  CHECK_UINT(peer_recv_all(peer, text, 15), 15);
  CHECK_TEXT(text, "from a callback");
  CHECK_OK(stream_write(r.transport, &written, 300000));
  CHECK(transport_get_write_buffer_size(r.transport) > 0);
  peer_drain(loop, peer, &received, written);
  CHECK(!r.lost);
  CHECK_OK(transport_close(r.transport));
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made data:5 eof pause resume lost");
  CHECK_INT(r.lost_status, TRANSPORT_OK);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
