/* Timers: a tick that starts itself again, an alarm at a point in time, and a timer that is cancelled before it runs.
 * The program ends when no timer is left. */
#include <stdio.h>
#include <stdlib.h>
#include <transport.h>

struct clock {
  transport_loop_t *loop;
  uint64_t start;
  int ticks;
  transport_timer_t *never;
};

static unsigned long long elapsed_ms(const struct clock *clock) {
  return (transport_loop_time(clock->loop) - clock->start) / TRANSPORT_MS(1);
}

static void tick(void *arg) {
  struct clock *clock = arg;
  printf("%4llu ms: tick %d\n", elapsed_ms(clock), ++clock->ticks);
  if (clock->ticks < 5) transport_loop_call_later(clock->loop, TRANSPORT_MS(50), tick, clock, NULL);
}

static void alarm_rings(void *arg) {
  struct clock *clock = arg;
  printf("%4llu ms: the alarm, so the other timer is cancelled\n", elapsed_ms(clock));
  transport_timer_cancel(clock->never);
  transport_timer_cancel(clock->never); /* harmless: handles are checked, never dereferenced */
}

static void too_late(void *arg) {
  struct clock *clock = arg;
  printf("%4llu ms: this is not printed\n", elapsed_ms(clock));
  clock->ticks = -1;
}

int main(void) {
  struct clock clock = {.ticks = 0};
  if (transport_loop_new(NULL, &clock.loop)) return EXIT_FAILURE;
  clock.start = transport_loop_time(clock.loop); /* nanoseconds; only differences mean something */

  transport_loop_call_later(clock.loop, TRANSPORT_MS(50), tick, &clock, NULL);
  transport_loop_call_later(clock.loop, TRANSPORT_SEC(10), too_late, &clock, &clock.never);
  transport_loop_call_at(clock.loop, clock.start + TRANSPORT_MS(120), alarm_rings, &clock, NULL);

  transport_loop_run_until_idle(clock.loop);
  printf("%4llu ms: no timer is left\n", elapsed_ms(&clock));
  transport_loop_free(clock.loop);
  return clock.ticks == 5 ? EXIT_SUCCESS : EXIT_FAILURE;
}
