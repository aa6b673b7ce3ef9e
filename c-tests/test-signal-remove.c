/* remove_signal_handler answers whether there was one and restores the previous sigaction, field by field (V4); so
 * does loop_free (V7). What arrived before is then told to nobody, and the host's own handler works again. */
#include "process.h"
#include "recorder.h"

static volatile sig_atomic_t host_told;
static int told;

static void host_handler(int signum, siginfo_t *info, void *context) {
  (void)info, (void)context;
  host_told += signum == SIGUSR1;
}

static void count_one(void *arg, int signum) {
  (void)signum;
  ++*(int *)arg;
}

static void never(void *arg, int signum) {
  (void)arg, (void)signum;
  CHECK(!"a removed handler was told");
}

static void expect_disposition(int signum, const struct sigaction *expected) {
  struct sigaction now = disposition(signum);
  CHECK(sigaction_equal(&now, expected));
}

int main(void) {
  struct sigaction host, terminal;
  transport_loop_t *loop;
  watchdog(10);
  memset(&host, 0, sizeof host);
  host.sa_sigaction = host_handler;
  host.sa_flags = SA_SIGINFO | SA_NODEFER;
  CHECK_INT(sigaddset(&host.sa_mask, SIGUSR2) | sigaddset(&host.sa_mask, SIGHUP), 0);
  CHECK_INT(sigaction(SIGUSR1, &host, NULL), 0);
  host = disposition(SIGUSR1);
  CHECK(signal(SIGHUP, SIG_IGN) != SIG_ERR);
  terminal = disposition(SIGHUP);

  loop = loop_new();
  CHECK(!transport_loop_remove_signal_handler(loop, SIGUSR1));
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, never, NULL));
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, never, NULL)); /* the previous one is still the host's */
  CHECK_INT(raise(SIGUSR1), 0);
  CHECK_INT(host_told, 0);
  CHECK(transport_loop_remove_signal_handler(loop, SIGUSR1));
  expect_disposition(SIGUSR1, &host);
  CHECK(!transport_loop_remove_signal_handler(loop, SIGUSR1));
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(raise(SIGUSR1), 0);
  CHECK_INT(host_told, 1);

  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, count_one, &told)); /* again, to the loop's end */
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGHUP, count_one, &told));
  CHECK_INT(raise(SIGHUP), 0);
  while (told < 1) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(raise(SIGUSR1), 0);
  while (told < 2) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK(!transport_loop_remove_signal_handler(loop, SIGUSR2));
  CHECK(!transport_loop_remove_signal_handler(loop, -1));
  CHECK_OK(transport_loop_free(loop));
  expect_disposition(SIGUSR1, &host);
  expect_disposition(SIGHUP, &terminal);
  CHECK_INT(raise(SIGUSR1), 0);
  CHECK_INT(host_told, 2);
  CHECK_INT(told, 2);
  return 0;
}
