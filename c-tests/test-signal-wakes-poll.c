/* A signal wakes a loop that sleeps in its poll, for the whole process or for another thread than the loop's (V1);
 * every one of a row of single signals is told, and system calls of the host go on undisturbed (SA_RESTART, V7). */
#include "recorder.h"
#include <semaphore.h>

enum { ROUNDS = 500 };
static transport_loop_t *loop;
static sem_t told;
static int ends[2];

static void tell(void *arg, int signum) {
  (void)arg;
  CHECK_INT(signum, SIGUSR2);
  CHECK_INT(sem_post(&told), 0);
}

static void *signaller(void *arg) {
  for (int i = 0; i < ROUNDS; i++) {
    CHECK_INT(i % 2 ? kill(getpid(), SIGUSR2) : raise(SIGUSR2), 0);
    while (sem_wait(&told) != 0) CHECK_INT(errno, EINTR);
  }
  CHECK_INT(write(ends[1], "x", 1), 1);
  return arg;
}

static void *blocked_in_read(void *arg) {
  char byte;
  CHECK_INT(read(ends[0], &byte, 1), 1); /* EINTR without SA_RESTART, when a signal is delivered here */
  CHECK_OK(transport_loop_stop(loop));
  return arg;
}

int main(void) {
  struct sigaction now;
  thread_t threads[2];
  watchdog(30);
  CHECK_INT(sem_init(&told, 0, 0), 0);
  CHECK_INT(pipe(ends), 0);
  loop = loop_new();
  CHECK_OK(transport_loop_add_signal_handler(loop, SIGUSR2, tell, NULL));
  CHECK_INT(sigaction(SIGUSR2, NULL, &now), 0);
  if (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN) CHECK(now.sa_flags & SA_RESTART);
  threads[0] = thread_start(blocked_in_read, NULL);
  threads[1] = thread_start(signaller, NULL);
  CHECK_OK(transport_loop_run_forever(loop));
  for (int i = 0; i < 2; i++) thread_join(threads[i]);
  CHECK_OK(transport_loop_free(loop));
  for (int i = 0; i < 2; i++) peer_close(ends[i]);
  CHECK_INT(sem_destroy(&told), 0);
  return 0;
}
