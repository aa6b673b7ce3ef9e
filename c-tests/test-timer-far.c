/* Deadlines that no clock reaches are armed and do not run (T5); NULL functions are EINVAL and leave the output
 * alone; a far timer does not keep a nearer one from running, and its handle is stale after loop_free. */
#include "recorder.h"

static int ran;

static void never(void *arg) {
  (void)arg;
  CHECK(!"a timer for the end of time ran");
}
static void run(void *arg) {
  (void)arg;
  ran++;
}

int main(void) {
  const uint64_t far[] = {TRANSPORT_FOREVER, TRANSPORT_FOREVER - 1, UINT64_MAX / 2, TRANSPORT_SEC(86400) * 400};
  transport_timer_t *timers[8], *out = (transport_timer_t *)&ran;
  transport_loop_t *loop;
  watchdog(10);
  loop = loop_new();
  for (int i = 0; i < 4; i++) {
    CHECK_OK(transport_loop_call_later(loop, far[i], never, NULL, &timers[i]));
    CHECK_OK(transport_loop_call_at(loop, i < 3 ? far[i] : UINT64_MAX - 2, never, NULL, &timers[4 + i]));
  }
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(5), run, NULL, NULL));
  while (!ran) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(1)));
  for (int i = 0; i < 7; i++) CHECK_OK(transport_timer_cancel(timers[i]));

  CHECK_STATUS(transport_loop_call_soon(loop, NULL, NULL, &out), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_call_later(loop, 0, NULL, NULL, &out), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_call_at(loop, 0, NULL, NULL, &out), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_call_soon_threadsafe(loop, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_PTR(out, &ran);
  CHECK_INT(ran, 1);
  CHECK_OK(transport_loop_free(loop)); /* drops the eighth */
  CHECK_STATUS(transport_timer_cancel(timers[7]), TRANSPORT_EHANDLE);
  return 0;
}
