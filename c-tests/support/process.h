/* What a process shows to the outside: signal dispositions, threads, what it prints; and its children. */
#ifndef PROCESS_H
#define PROCESS_H
#include "sockets.h"
#include <sched.h>
#include <sys/wait.h>

#define SIGNAL_COUNT 65 /* numbers 1 to 64 */

/* A thread that was joined may be seen for a moment more. */
static inline void wait_for_threads(int count) {
  while (thread_count() > count) sched_yield();
  CHECK_INT(thread_count(), count);
}

static inline bool signal_mask_equal(const sigset_t *a, const sigset_t *b) {
  for (int i = 1; i < SIGNAL_COUNT; i++) {
    if (sigismember(a, i) != sigismember(b, i)) return false;
  }
  return true;
}

/* The same handler, flags and mask. SA_RESTORER is the C library's own flag, set by any sigaction call. */
static inline bool sigaction_equal(const struct sigaction *a, const struct sigaction *b) {
  const int restorer = 0x04000000;
  return a->sa_handler == b->sa_handler && (a->sa_flags & ~restorer) == (b->sa_flags & ~restorer) &&
         signal_mask_equal(&a->sa_mask, &b->sa_mask);
}

static inline struct sigaction disposition(int signum) {
  struct sigaction now;
  memset(&now, 0, sizeof now);
  if (sigaction(signum, NULL, &now) != 0) now.sa_handler = SIG_IGN; /* the C library's own, 32 and 33 */
  return now;
}

static inline void dispositions(struct sigaction all[SIGNAL_COUNT]) {
  for (int i = 1; i < SIGNAL_COUNT; i++) all[i] = disposition(i);
}

static inline void check_dispositions(const struct sigaction expected[SIGNAL_COUNT]) {
  for (int i = 1; i < SIGNAL_COUNT; i++) {
    struct sigaction now = disposition(i);
    if (sigaction_equal(&now, &expected[i])) continue;
    fprintf(stderr, "the disposition of signal %d has changed\n", i);
    CHECK(sigaction_equal(&now, &expected[i]));
  }
}

/* Waits for a child and expects that it ended with status 0. */
static inline void wait_for_child(pid_t child) {
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) fprintf(stderr, "the child was killed by signal %d\n", WTERMSIG(status));
  CHECK(WIFEXITED(status));
  CHECK_INT(WEXITSTATUS(status), 0);
}

/* Runs story in a child whose stdout and stderr are watched; it must end well and print nothing. Call it first in main:
 * the child is a process like any other, with its own watchdog. */
static inline void run_silently(void (*story)(void)) {
  int ends[2];
  char output[4096];
  size_t used;
  pid_t child;
  CHECK_INT(pipe(ends), 0);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    CHECK(dup2(ends[1], 1) == 1 && dup2(ends[1], 2) == 2);
    close(ends[0]);
    close(ends[1]);
    story();
    exit(0);
  }
  close(ends[1]);
  for (used = 0; used < sizeof output - 1;) {
    ssize_t n = read(ends[0], output + used, sizeof output - 1 - used);
    if (n <= 0) break;
    used += (size_t)n;
  }
  output[used] = 0;
  close(ends[0]);
  if (used) fprintf(stderr, "the child printed: %s\n", output);
  wait_for_child(child);
  CHECK_TEXT(output, "");
}

#endif
