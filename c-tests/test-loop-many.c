/* Many loops live side by side on one thread and do not disturb each other; thousands can come and go. No descriptor
 * is left behind, and no handle of an earlier loop comes back to life (convention 2). */
#include "recorder.h"
#include "sockets.h"

enum { TOGETHER = 50, IN_TURN = 3000 };

static void count_one(void *arg) { ++*(int *)arg; }

int main(void) {
  transport_loop_t *loops[TOGETHER], *first = NULL;
  transport_timer_t *old = NULL;
  int counts[TOGETHER] = {0}, before, rounds = getenv("CHECK_SLOW") ? IN_TURN / 10 : IN_TURN;
  watchdog(60);
  before = descriptor_count();
  for (int i = 0; i < TOGETHER; i++) {
    loops[i] = loop_new();
    for (int j = 0; j < i; j++) CHECK(loops[j] != loops[i]);
    for (int j = 0; j <= i; j++) CHECK_OK(transport_loop_call_soon(loops[i], count_one, &counts[i], NULL));
    CHECK_OK(transport_loop_call_later(loops[i], TRANSPORT_MS(1), count_one, &counts[i], NULL));
  }
  /* Freeing runs the functions, not the timer. */
  for (int i = TOGETHER - 1; i >= 0; i -= 2) CHECK_OK(transport_loop_free(loops[i]));
  for (int i = 0; i < TOGETHER; i += 2) CHECK_OK(transport_loop_run_until_idle(loops[i]));
  for (int i = 0; i < TOGETHER; i++) CHECK_INT(counts[i], i % 2 ? i + 1 : i + 2);
  for (int i = 0; i < TOGETHER; i += 2) CHECK_OK(transport_loop_free(loops[i]));

  for (int i = 0; i < rounds; i++) {
    transport_loop_t *loop = loop_new();
    transport_timer_t *timer = NULL;
    int ran = 0;
    if (!first) first = loop;
    else CHECK(first != loop);
    CHECK_OK(transport_loop_call_soon(loop, count_one, &ran, &timer));
    CHECK(timer != old);
    CHECK_STATUS(transport_timer_cancel(old), TRANSPORT_EHANDLE);
    CHECK_STATUS(transport_loop_call_soon(loops[i % TOGETHER], count_one, &ran, NULL), TRANSPORT_EHANDLE);
    CHECK_STATUS(transport_loop_free(first == loop ? loops[0] : first), TRANSPORT_EHANDLE);
    CHECK_OK(transport_loop_run_once(loop, 0));
    CHECK_INT(ran, 1);
    CHECK_OK(transport_loop_free(loop));
    old = timer;
  }
  CHECK_INT(descriptor_count(), before);
  return 0;
}
