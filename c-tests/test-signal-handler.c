/* A signal handler runs on the loop's thread, from the loop, never in signal context (V1): not inside raise, not
 * inside a callback, and it may call the library. A signal that comes while the loop is not running is told on its
 * next run; several may be told as one (V5). A second handler replaces the first (V2). */
#include "recorder.h"

static transport_loop_t *loop;
static pthread_t owner;
static int told, other_told, posted;
static bool busy; /* in main or in a callback: no handler may run */

static void count_one(void *arg) {
  CHECK(!busy);
  ++*(int *)arg;
}

static void told_one(void *arg, int signum) {
  char *memory = check_alloc(100); /* no signal context */
  free(memory);
  CHECK(!busy);
  CHECK(pthread_equal(pthread_self(), owner));
  CHECK_INT(signum, SIGUSR1);
  CHECK_OK(transport_loop_call_soon(loop, count_one, &posted, NULL));
  ++*(int *)arg;
}

static void raise_inside(void *arg) {
  (void)arg;
  busy = true;
  CHECK_INT(raise(SIGUSR1), 0);
  busy = false;
}

static void *kill_from_thread(void *arg) {
  CHECK_INT(raise(SIGUSR1), 0); /* delivered on this thread, told on the loop's */
  return arg;
}

int main(void) {
  int before;
  watchdog(20);
  owner = pthread_self();
  loop = loop_new();
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, told_one, &told));
  busy = true;
  for (int i = 0; i < 3; i++) CHECK_INT(raise(SIGUSR1), 0);
  CHECK_OK(transport_loop_call_soon(loop, count_one, &posted, NULL));
  busy = false;
  CHECK_INT(told, 0);
  while (!told) CHECK_OK(transport_loop_run_once(loop, 0));
  for (int i = 0; i < 5; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK(told <= 3);
  CHECK_INT(posted, told + 1);

  before = told;
  CHECK_OK(transport_loop_call_soon(loop, raise_inside, NULL, NULL));
  while (told == before) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  before = told;
  thread_join(thread_start(kill_from_thread, NULL));
  while (told == before) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));

  before = told;
  CHECK_INT(raise(SIGUSR1), 0); /* told to whoever is the handler when the loop runs */
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR1, told_one, &other_told));
  CHECK_INT(raise(SIGUSR1), 0);
  while (!other_told) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  for (int i = 0; i < 5; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(told, before);
  CHECK(other_told <= 2);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
