/* close stops delivery at once: not a byte more of what is in the kernel, not the end of the peer's stream, and not the read
 * event of another transport that was found ready in the same turn and is closed before its callback: B3. */
#include "stream.h"

typedef struct test_t {
  recorder_t a, b;
  int calls;
} test_t;

static void close_both(recorder_t *r, transport_t *t) {
  test_t *test = r->context;
  (void)t;
  test->calls++;
  CHECK_OK(transport_close(test->a.transport));
  CHECK_OK(transport_close(test->b.transport));
}

int main(void) {
  static uint8_t data[200000];
  transport_loop_t *loop;
  test_t test = {.a = {.on_data = close_both, .quiet_data = true}, .b = {.on_data = close_both, .quiet_data = true}};
  int a, b;
  watchdog(20);
  test.a.context = test.b.context = &test;
  loop = loop_new();
  a = recorder_accept(loop, &test.a);
  b = recorder_accept(loop, &test.b);
  peer_send(a, data, sizeof data);
  peer_send(b, data, sizeof data);
  CHECK_INT(shutdown(a, SHUT_WR), 0);
  CHECK_INT(shutdown(b, SHUT_WR), 0);
  wait_pending(stream_fd(test.a.transport), 1);
  wait_pending(stream_fd(test.b.transport), 1);
  run_until(loop, &test.a.lost);
  run_until(loop, &test.b.lost);
  run_turns(loop, 5);
  CHECK_INT(test.calls, 1);
  CHECK(test.a.received + test.b.received < sizeof data);
  CHECK_TEXT(test.a.log, "made lost");
  CHECK_TEXT(test.b.log, "made lost");
  peer_close(a);
  peer_close(b);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
