/* call_soon_threadsafe and stop wake a loop that sleeps in its poll; the function runs on the loop's thread, first
 * in, first out with call_soon (S9). Every one of many single wake-ups arrives. */
#include "recorder.h"
#include <semaphore.h>

enum { ROUNDS = 2000 };
static transport_loop_t *loop;
static pthread_t owner;
static sem_t arrived;
static char log_text[16];

static void note(void *arg) { strcat(log_text, arg); }

static void arrive(void *arg) {
  CHECK(pthread_equal(pthread_self(), owner));
  ++*(int *)arg;
  sem_post(&arrived);
}

static void *poster(void *arg) {
  for (int i = 0; i < ROUNDS; i++) { /* one at a time: the loop has gone back to its poll or is about to */
    CHECK_OK(transport_loop_call_soon_threadsafe(loop, arrive, arg));
    while (sem_wait(&arrived) != 0) CHECK_INT(errno, EINTR);
    CHECK_INT(*(int *)arg, i + 1);
  }
  CHECK_OK(transport_loop_stop(loop));
  return NULL;
}

int main(void) {
  thread_t thread;
  int count = 0;
  watchdog(30);
  CHECK_INT(sem_init(&arrived, 0, 0), 0);
  owner = pthread_self();
  loop = loop_new();
  CHECK_OK(transport_loop_call_soon(loop, note, "a", NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, note, "b"));
  CHECK_OK(transport_loop_call_soon(loop, note, "c", NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, note, "d"));
  thread = thread_start(poster, &count);
  CHECK_OK(transport_loop_run_forever(loop));
  thread_join(thread);
  CHECK_INT(count, ROUNDS);
  CHECK_TEXT(log_text, "abcd");
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(sem_destroy(&arrived), 0);
  return 0;
}
