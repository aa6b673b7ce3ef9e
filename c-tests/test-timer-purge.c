/* Cancelled timers are purged (T4): rounds of 100,000 timers, armed for an hour hence and cancelled, leave the
 * process no larger, and those that stay armed among them still run. */
#include "recorder.h"
#include "sockets.h"

enum { ROUND = 100000, WARM_UP = 3, ROUNDS = 40 };
static int stayed;

static void never(void *arg) {
  (void)arg;
  CHECK(!"a cancelled timer ran");
}
static void count_one(void *arg) { ++*(int *)arg; }

int main(void) {
  transport_loop_t *loop;
  transport_timer_t **timers = check_alloc(ROUND * sizeof(transport_timer_t *));
  size_t before = 0, after;
  int round = getenv("CHECK_SLOW") ? 4 : ROUNDS; /* where memory cannot be measured there is little to see */
  int armed = round;
  watchdog(120);
  loop = loop_new();
  memset(timers, 0, ROUND * sizeof *timers);
  for (; round > 0; round--) {
    if (round == ROUNDS - WARM_UP) before = resident_bytes();
    for (size_t i = 0; i < ROUND; i++) {
      CHECK_OK(transport_loop_call_later(loop, TRANSPORT_SEC(3600) + i % 97, never, NULL, &timers[i]));
    }
    CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(1), count_one, &stayed, NULL));
    for (size_t i = 0; i < ROUND; i++) CHECK_OK(transport_timer_cancel(timers[i * 3 % ROUND]));
    CHECK_OK(transport_loop_run_once(loop, 0));
  }
  after = resident_bytes();
  if (before && after > before + (1u << 20)) fprintf(stderr, "from %zu to %zu bytes\n", before, after);
  if (before) CHECK(after <= before + (1u << 20));
  CHECK_OK(transport_loop_run_until_idle(loop)); /* nothing waits for the hour */
  CHECK_INT(stayed, armed);
  CHECK_OK(transport_loop_free(loop));
  free(timers);
  return 0;
}
