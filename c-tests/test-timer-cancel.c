/* transport_timer_cancel: OK before the function ran, also twice in the same turn, and then it does not run (S3,
 * T4), not even when an earlier function of the same turn cancels it (T7). After it ran, the ticket is stale. All
 * the same for call_soon. */
#include "recorder.h"

static transport_timer_t *victims[4];
static int ran;

static void count_run(void *arg) {
  (void)arg;
  ran++;
}

static void never(void *arg) {
  (void)arg;
  CHECK(!"a cancelled function ran");
}

static void cancel_all(void *arg) {
  (void)arg;
  for (int i = 0; i < 4; i++) {
    CHECK_OK(transport_timer_cancel(victims[i]));
    CHECK_OK(transport_timer_cancel(victims[i]));
  }
  ran++;
}

int main(void) {
  transport_loop_t *loop;
  transport_timer_t *soon = NULL, *later = NULL, *at = NULL;
  uint64_t past;
  watchdog(10);
  loop = loop_new();

  CHECK_OK(transport_loop_call_soon(loop, never, NULL, &soon));
  CHECK_OK(transport_loop_call_later(loop, 0, never, NULL, &later));
  CHECK_OK(transport_loop_call_at(loop, 0, never, NULL, &at));
  CHECK(soon && later && at && soon != later && later != at);
  for (int i = 0; i < 2; i++) {
    CHECK_OK(transport_timer_cancel(soon));
    CHECK_OK(transport_timer_cancel(later));
    CHECK_OK(transport_timer_cancel(at));
  }
  CHECK_OK(transport_loop_run_until_idle(loop));

  CHECK_OK(transport_loop_call_soon(loop, count_run, NULL, &soon));
  CHECK_OK(transport_loop_call_later(loop, 0, count_run, NULL, &later));
  CHECK_OK(transport_loop_call_at(loop, 0, count_run, NULL, &at));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(ran, 3);
  CHECK_STATUS(transport_timer_cancel(soon), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_timer_cancel(later), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_timer_cancel(at), TRANSPORT_EHANDLE);

  /* All due in one turn: the first cancels those behind it, of its own kind and of the other. */
  past = transport_loop_time(loop);
  CHECK_OK(transport_loop_call_soon(loop, cancel_all, NULL, NULL));
  CHECK_OK(transport_loop_call_soon(loop, never, NULL, &victims[0]));
  CHECK_OK(transport_loop_call_later(loop, 0, never, NULL, &victims[1]));
  CHECK_OK(transport_loop_call_at(loop, 1, never, NULL, &victims[2]));
  CHECK_OK(transport_loop_call_at(loop, past, never, NULL, &victims[3]));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(ran, 4);
  CHECK_OK(transport_loop_call_at(loop, past, cancel_all, NULL, NULL)); /* and the same from a timer */
  for (int i = 0; i < 4; i++) CHECK_OK(transport_loop_call_at(loop, past + (uint64_t)i, never, NULL, &victims[i]));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(ran, 5);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
