/* Numbers that are no signal, SIGKILL and SIGSTOP, and a NULL function are EINVAL (V3, api.md); nothing is
 * installed. */
#include "process.h"
#include "recorder.h"

static void never(void *arg, int signum) {
  (void)arg, (void)signum;
  CHECK(!"a handler for no signal was told");
}

int main(void) {
  const int wrong[] = {0, -1, -SIGUSR1, INT32_MIN, INT32_MAX, 65, 128, 1000000, SIGKILL, SIGSTOP};
  struct sigaction before[SIGNAL_COUNT];
  transport_loop_t *loop;
  watchdog(10);
  dispositions(before);
  loop = loop_new();
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    CHECK_STATUS(transport_loop_add_signal_handler(loop, wrong[i], never, NULL), TRANSPORT_EINVAL);
    CHECK(!transport_loop_remove_signal_handler(loop, wrong[i]));
  }
  CHECK_STATUS(transport_loop_add_signal_handler(loop, SIGUSR1, NULL, NULL), TRANSPORT_EINVAL);
  CHECK(!transport_loop_remove_signal_handler(loop, SIGUSR1));
  check_dispositions(before);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
