/* A loop that somebody is inside of cannot be adopted: ESTATE while it runs or sleeps on its own thread, and inside
 * its callbacks (convention 3). The attempt does not disturb it; once it is idle the same call works. */
#include "recorder.h"

static transport_loop_t *loop;
static bool running;
static int posted;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void say_running(void *arg) {
  (void)arg;
  pthread_mutex_lock(&lock);
  running = true;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
}

static void *own_and_run(void *arg) {
  loop = loop_new();
  CHECK_OK(transport_loop_call_soon(loop, say_running, NULL, NULL));
  CHECK_OK(transport_loop_run_forever(loop));
  return arg;
}

static void *adopt_fails(void *arg) {
  CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ESTATE);
  return arg;
}

static void inside(void *arg) {
  thread_join(thread_start(adopt_fails, NULL)); /* this callback waits: the loop is surely inside it */
  CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ESTATE);
  ++*(int *)arg;
}

int main(void) {
  transport_loop_t *mine;
  thread_t owner;
  watchdog(20);
  owner = thread_start(own_and_run, NULL);
  pthread_mutex_lock(&lock);
  while (!running) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < 1000; i++) { /* it goes to sleep somewhere in here */
    CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ESTATE);
    CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
  }
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, inside, &posted));
  CHECK_OK(transport_loop_stop(loop));
  thread_join(owner);
  CHECK_OK(transport_loop_adopt(loop));
  CHECK_OK(transport_loop_call_soon(loop, inside, &posted, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(posted, 2);
  mine = loop_new();
  CHECK_OK(transport_loop_adopt(mine));
  CHECK_OK(transport_loop_free(mine));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
