/* connection_lost takes its place among the functions given to call_soon, first come first served: what was queued before
 * the close runs before it, what was queued after runs after it: A11. Holds for close and abort, inside callbacks and out. */
#include "stream.h"

typedef transport_status_t (*end_t)(transport_t *t);

typedef struct test_t {
  recorder_t r;
  transport_loop_t *loop;
  end_t end;
  bool finished;
} test_t;

static void x(void *arg) { recorder_word(&((test_t *)arg)->r, "x", 0); }

static void y(void *arg) {
  test_t *test = arg;
  recorder_word(&test->r, "y", 0);
  test->finished = true;
}

static void story(void *arg) {
  test_t *test = arg;
  CHECK_OK(transport_loop_call_soon(test->loop, x, test, NULL));
  CHECK_OK(test->end(test->r.transport));
  CHECK_OK(transport_loop_call_soon(test->loop, y, test, NULL));
}

static void check(end_t end, bool from_callback) {
  test_t test = {.end = end};
  int peer;
  test.loop = loop_new();
  peer = recorder_accept(test.loop, &test.r);
  if (from_callback) CHECK_OK(transport_loop_call_soon(test.loop, story, &test, NULL));
  else story(&test);
  run_until(test.loop, &test.finished);
  CHECK_TEXT(test.r.log, "made x lost y");
  peer_close(peer);
  CHECK_OK(transport_loop_free(test.loop));
}

int main(void) {
  watchdog(20);
  check(transport_close, false);
  check(transport_close, true);
  check(transport_abort, false);
  check(transport_abort, true);
  return 0;
}
