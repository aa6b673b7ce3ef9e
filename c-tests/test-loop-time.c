/* transport_loop_time is monotonic, in nanoseconds, and goes on inside a callback (S11): it never steps back, and
 * two readings around a wait differ by no less than what passed between them on the machine's clock. */
#include "recorder.h"

static transport_loop_t *loop;
static int turns;

static void read_clock(void *arg) {
  uint64_t *last = arg;
  uint64_t loop_before = transport_loop_time(loop), before = now_ns(), passed;
  CHECK(loop_before >= *last);
  while ((passed = now_ns() - before) < TRANSPORT_MS(2)) continue;
  *last = transport_loop_time(loop);
  CHECK(*last >= loop_before + passed);
  if (++turns < 10) CHECK_OK(transport_loop_call_later(loop, 100000, read_clock, last, NULL));
}

int main(void) {
  uint64_t last, now;
  watchdog(10);
  loop = loop_new();
  last = transport_loop_time(loop);
  CHECK(last > 0);
  for (int i = 0; i < 100000; i++, last = now) {
    now = transport_loop_time(loop);
    CHECK(now >= last);
  }
  CHECK_OK(transport_loop_call_soon(loop, read_clock, &last, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(turns, 10);
  CHECK(transport_loop_time(loop) >= last);
  CHECK_OK(transport_loop_free(loop));
  CHECK_UINT(transport_loop_time(loop), 0);
  return 0;
}
