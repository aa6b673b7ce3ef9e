/* A million timers on a thousand deadlines, every third cancelled: each other one runs exactly once, in order, equal
 * deadlines first in, first out (T2), the cancelled ones never (S3). */
#include "recorder.h"

enum { DEADLINES = 1000 };
static uint32_t *runs, *order; /* order: by deadline, then by number */
static uint64_t base, *when;
static size_t ran, next[DEADLINES + 1]; /* next: where the deadline's next timer goes in order */
static transport_loop_t *loop;

static void run(void *arg) {
  size_t number = (size_t)((uint32_t *)arg - runs);
  CHECK_UINT(number, order[ran]);
  CHECK(transport_loop_time(loop) >= when[number]);
  CHECK_UINT(runs[number]++, 0);
  ran++;
}

int main(void) {
  size_t count = getenv("CHECK_SLOW") ? 20000 : 1000000;
  transport_timer_t **timers = check_alloc(count * sizeof *timers);
  watchdog(60);
  runs = check_alloc(count * sizeof *runs);
  order = check_alloc(count * sizeof *order);
  when = check_alloc(count * sizeof *when);
  memset(runs, 0, count * sizeof *runs);
  loop = loop_new();
  base = transport_loop_time(loop);
  for (size_t i = 0; i < count; i++) {
    when[i] = base + i * 7919 % DEADLINES * TRANSPORT_MS(1) / 4;
    timers[i] = NULL;
    CHECK_OK(transport_loop_call_at(loop, when[i], run, &runs[i], &timers[i]));
    CHECK(timers[i] != NULL);
  }
  for (size_t i = 0; i < count; i += 3) CHECK_OK(transport_timer_cancel(timers[i]));
  for (size_t i = 0; i < count; i++) next[i * 7919 % DEADLINES + 1] += i % 3 != 0;
  for (size_t deadline = 0; deadline < DEADLINES; deadline++) next[deadline + 1] += next[deadline];
  for (size_t i = 0; i < count; i++) {
    if (i % 3) order[next[i * 7919 % DEADLINES]++] = (uint32_t)i;
  }
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_UINT(ran, count - (count + 2) / 3);
  for (size_t i = 0; i < count; i++) CHECK_UINT(runs[i], i % 3 ? 1 : 0);
  for (size_t i = 0; i < count; i++) CHECK_STATUS(transport_timer_cancel(timers[i]), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_free(loop));
  free(timers);
  free(runs);
  free(order);
  free(when);
  return 0;
}
