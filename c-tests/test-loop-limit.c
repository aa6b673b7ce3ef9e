/* A process can have a few hundred loops at once; the one too many is ELIMIT, leaves the output alone and disturbs
 * none of the others, and a place that is given back can be used again. */
#include "recorder.h"

enum { TRIES = 400 };

static void count_one(void *arg) { ++*(int *)arg; }

int main(void) {
  transport_loop_t *loops[TRIES], *out = (transport_loop_t *)(void *)loops;
  struct rlimit limit;
  int count = 0, ran = 0;
  watchdog(30);
  CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < 10 * TRIES) SKIP("too few descriptors are allowed here");
  while (count < TRIES && transport_loop_new(NULL, &loops[count]) == TRANSPORT_OK) count++;
  CHECK(count >= 200);
  if (count < TRIES) {
    CHECK_STATUS(transport_last_error()->status, TRANSPORT_ELIMIT);
    for (int i = 0; i < 3; i++) CHECK_STATUS(transport_loop_new(NULL, &out), TRANSPORT_ELIMIT);
    CHECK_PTR(out, loops);
  }
  CHECK_OK(transport_loop_free(loops[100]));
  loops[100] = loop_new();
  for (int i = 0; i < count; i++) CHECK_OK(transport_loop_call_soon(loops[i], count_one, &ran, NULL));
  for (int i = 0; i < count; i++) CHECK_OK(transport_loop_run_until_idle(loops[i]));
  CHECK_INT(ran, count);
  for (int i = 0; i < count; i++) CHECK_OK(transport_loop_free(loops[i]));
  CHECK_OK(transport_loop_free(loop_new()));
  return 0;
}
