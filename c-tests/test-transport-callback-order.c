/* A connection's callbacks come in the order made, data, eof, lost, and connection_lost gets no error when the peer ends
 * the stream or this side closes or aborts: A1, A8. The recorder checks the grammar of A1 at every callback. */
#include "stream.h"

static void close_it(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_close(t));
}

static void abort_it(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_abort(t));
}

/* One connection that gets five bytes and, unless it ended before, the end of the stream. */
static void life(recorder_hook_t on_data, recorder_hook_t on_eof, bool keep_open, const char *expected) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_data = on_data, .on_eof = on_eof, .keep_open = keep_open};
  int peer = recorder_accept(loop, &r);
  peer_send(peer, "hello", 5);
  while (r.received == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(shutdown(peer, SHUT_WR), 0);
  run_until(loop, &r.lost);
  run_turns(loop, 5);
  CHECK_TEXT(r.log, expected);
  CHECK_INT(r.lost_status, TRANSPORT_OK);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  life(NULL, NULL, false, "made data:5 eof lost");
  life(NULL, close_it, true, "made data:5 eof lost");
  life(NULL, abort_it, true, "made data:5 eof lost");
  life(close_it, NULL, false, "made data:5 lost");
  life(abort_it, NULL, false, "made data:5 lost");
  return 0;
}
