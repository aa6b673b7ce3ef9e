/* transport_loop_run_in_executor: work runs once each on other threads, few of them, done on the loop's thread behind it (X3);
 * they block all signals, and are gone when the loop is freed. run_until_idle waits for work. */
#include "recorder.h"
#include "process.h"
#include <signal.h>
#include <stdatomic.h>

enum { MANY = 10000 };

static pthread_t owner;
static atomic_int ran[MANY];
static int done_count, numbers[MANY], most;

static void work(void *arg) {
  sigset_t blocked;
  CHECK(!pthread_equal(pthread_self(), owner));
  CHECK_INT(pthread_sigmask(SIG_BLOCK, NULL, &blocked), 0);
  CHECK_INT(sigismember(&blocked, SIGTERM), 1);
  atomic_fetch_add(&ran[*(int *)arg], 1);
}

static void done(void *arg, const transport_error_t *error) {
  CHECK_PTR(error, NULL);
  CHECK(pthread_equal(pthread_self(), owner));
  CHECK_INT(atomic_load(&ran[*(int *)arg]), 1);
  if (thread_count() > most) most = thread_count();
  done_count++;
}

int main(void) {
  transport_loop_t *loop;
  int threads, rest[1] = {0};
  watchdog(60);
  owner = pthread_self();
  loop = loop_new();
  threads = thread_count();
  CHECK_STATUS(transport_loop_run_in_executor(loop, NULL, done, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_INT(thread_count(), threads); /* none before one is needed */
  for (int i = 0; i < MANY; i++) {
    numbers[i] = i;
    CHECK_OK(transport_loop_run_in_executor(loop, work, i % 100 ? NULL : done, &numbers[i], NULL));
  }
  CHECK_INT(done_count, 0);
  CHECK_OK(transport_loop_run_until_idle(loop));
  for (int i = 0; i < MANY; i++) CHECK_INT(atomic_load(&ran[i]), 1);
  CHECK_INT(done_count, MANY / 100);
  CHECK(most <= threads + 4);
  CHECK_OK(transport_loop_run_in_executor(loop, work, NULL, rest, NULL));
  CHECK_OK(transport_loop_free(loop));
  wait_for_threads(threads);
  return 0;
}
