/* Owned bytes that are never sent are released too: after abort, reset, a reset by the peer or loop_free, exactly once, not inside
 * the call, and before connection_lost; those of a refused call are never released: B8, api convention 7. */
#include "stream.h"

enum { COUNT = 5 };

static struct {
  int released, refused;
  bool inside;
} test;

static void release(void *arg) {
  CHECK(!test.inside);
  test.released++;
  free(arg);
}

static void never(void *arg) {
  (void)arg;
  test.refused++;
}

static void on_lost(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK_INT(test.released, COUNT);
}

static void write_all(transport_t *t) {
  for (int i = 0; i < COUNT; i++) {
    uint8_t *data = check_alloc(100000);
    memset(data, i, 100000);
    CHECK_OK(transport_write_owned(t, data, 100000, release, data));
  }
}

static void by_abort(transport_t *t) { CHECK_OK(transport_abort(t)); }
static void by_reset(transport_t *t) { CHECK_OK(transport_reset(t)); }
static void by_peer(transport_t *t) { (void)t; }
static void by_loop(transport_t *t) { (void)t; }

static void check(void (*end)(transport_t *t)) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_lost = on_lost};
  int peer = stream_accept_small(loop, &r);
  memset(&test, 0, sizeof test);
  test.inside = true;
  write_all(r.transport);
  end(r.transport);
  if (transport_is_closing(r.transport)) {
    CHECK_STATUS(transport_write_owned(r.transport, "x", 1, never, NULL), TRANSPORT_ECLOSED);
  }
  test.inside = false;
  CHECK(test.released < COUNT);
  if (end == by_peer) peer_reset(peer);
  if (end != by_loop) {
    run_until(loop, &r.lost);
    CHECK_STATUS(transport_write_owned(r.transport, "x", 1, never, NULL), TRANSPORT_EHANDLE);
  }
  CHECK_OK(transport_loop_free(loop));
  CHECK(r.lost);
  CHECK_INT(test.released, COUNT);
  CHECK_INT(test.refused, 0);
  if (end != by_peer) peer_close(peer);
}

int main(void) {
  watchdog(20);
  check(by_abort);
  check(by_reset);
  check(by_peer);
  check(by_loop);
  return 0;
}
