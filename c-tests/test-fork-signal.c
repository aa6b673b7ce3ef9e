/* A signal that a forked child gets is not the parent's: whatever disposition the child has, the parent's loop is told
 * nothing (S13, V1). The child can ask for the same signal on a loop of its own, and the parent is told its own. */
#include "process.h"
#include "recorder.h"

static void count_one(void *arg, int signum) {
  CHECK_INT(signum, SIGUSR1);
  ++*(int *)arg;
}

static void of_the_host(int signum) { (void)signum; } /* the default would end the child */

static void child(void) {
  transport_loop_t *own;
  int told = 0;
  watchdog(20);
  CHECK_INT(raise(SIGUSR1), 0); /* told to nobody here */
  own = loop_new();
  CHECK_OK(transport_loop_add_signal_handler(own, SIGUSR1, count_one, &told));
  CHECK_INT(raise(SIGUSR1), 0);
  while (!told) CHECK_OK(transport_loop_run_once(own, TRANSPORT_SEC(1)));
  CHECK_OK(transport_loop_run_once(own, 0));
  CHECK_INT(told, 1);
  CHECK_OK(transport_loop_free(own));
}

int main(void) {
  transport_loop_t *loop;
  int told = 0;
  pid_t pid;
  watchdog(30);
  CHECK(signal(SIGUSR1, of_the_host) != SIG_ERR);
  loop = loop_new();
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, count_one, &told));
  pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    child();
    _exit(0);
  }
  wait_for_child(pid);
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(1)));
  CHECK_INT(told, 0);
  CHECK_INT(raise(SIGUSR1), 0);
  while (!told) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(told, 1);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
