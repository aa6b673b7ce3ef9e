/* A timer never runs before its deadline (T1), by the loop's clock and by the machine's, also when it is armed late
 * in a callback that took long: the delay counts from the call, not from the beginning of the turn. */
#include "recorder.h"

enum { COUNT = 200 };
typedef struct wait_t {
  uint64_t armed, delay; /* CLOCK_MONOTONIC before the call; nanoseconds */
  uint64_t when;         /* the loop's clock before the call, and the delay */
} wait_t;
static wait_t waits[COUNT], late;
static transport_loop_t *loop;
static int ran;

static void expire(void *arg) {
  const wait_t *wait = arg;
  CHECK(now_ns() - wait->armed >= wait->delay);
  CHECK(transport_loop_time(loop) >= wait->when);
  ran++;
}

static void arm(wait_t *wait, uint64_t delay) {
  wait->delay = delay;
  wait->when = transport_loop_time(loop) + delay;
  wait->armed = now_ns();
  CHECK_OK(transport_loop_call_later(loop, delay, expire, wait, NULL));
}

static void take_long(void *arg) {
  uint64_t start = now_ns();
  (void)arg;
  while (now_ns() - start < TRANSPORT_MS(30)) continue;
  arm(&late, TRANSPORT_MS(20));
}

int main(void) {
  watchdog(20);
  loop = loop_new();
  CHECK_OK(transport_loop_call_soon(loop, take_long, NULL, NULL));
  for (uint64_t i = 0; i < COUNT; i++) arm(&waits[i], i * 333333 + i % 7); /* up to 66 ms, no whole milliseconds */
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(ran, COUNT + 1);

  for (uint64_t i = 0; i < 20; i++) { /* one at a time: the loop sleeps until each */
    arm(&waits[i], 100000 + i * 123457);
    CHECK_OK(transport_loop_run_until_idle(loop));
  }
  CHECK_INT(ran, COUNT + 21);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
