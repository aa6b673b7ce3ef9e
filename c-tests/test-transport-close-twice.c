/* close and abort may be repeated and mixed: each is OK, is_closing is true from the first on and stays true, and exactly one
 * connection_lost comes, without an error: B1, B2, B9. */
#include "stream.h"

typedef transport_status_t (*end_t)(transport_t *t);

static void twice(recorder_t *r, transport_t *t) {
  end_t *ends = r->context;
  CHECK(!transport_is_closing(t));
  for (int i = 0; i < 3; i++) {
    CHECK_OK(ends[i](t));
    CHECK(transport_is_closing(t));
  }
}

static void check(end_t first, end_t second, bool in_callback) {
  transport_loop_t *loop = loop_new();
  end_t ends[3] = {first, second, first};
  recorder_t r = {.context = ends, .on_data = twice};
  int peer = recorder_accept(loop, &r);
  if (in_callback) peer_send(peer, "hello", 5);
  else twice(&r, r.transport);
  run_until(loop, &r.lost);
  run_turns(loop, 5);
  CHECK_TEXT(r.log, in_callback ? "made data:5 lost" : "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  for (int in_callback = 0; in_callback < 2; in_callback++) {
    check(transport_close, transport_close, in_callback);
    check(transport_close, transport_abort, in_callback);
    check(transport_abort, transport_close, in_callback);
    check(transport_abort, transport_abort, in_callback);
  }
  return 0;
}
