/* Work on another thread: the thread counts primes and posts each result to the loop with call_soon_threadsafe, one of
 * the few functions that any thread may call. The results are printed on the loop's thread, in the order of posting. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <transport.h>

enum { PARTS = 5, PART = 20000 };

struct work {
  transport_loop_t *loop;
  int received; /* touched by the loop's thread only: no lock is needed */
};

struct result { /* made by the worker, freed by the loop's thread */
  struct work *work;
  int first, primes;
};

static bool is_prime(int n) {
  for (int d = 2; d * d <= n; d++)
    if (n % d == 0) return false;
  return n > 1;
}

/* Runs on the loop's thread. */
static void print_result(void *arg) {
  struct result *result = arg;
  struct work *work = result->work;
  printf("%6d to %6d: %d primes\n", result->first, result->first + PART - 1, result->primes);
  free(result);
  if (++work->received == PARTS) transport_loop_stop(work->loop);
}

static void *count_primes(void *arg) {
  struct work *work = arg;
  for (int part = 0; part < PARTS; part++) {
    struct result *result = malloc(sizeof *result);
    if (!result) abort();
    *result = (struct result){.work = work, .first = part * PART};
    for (int n = result->first; n < result->first + PART; n++) result->primes += is_prime(n);
    /* TRANSPORT_OK means that print_result will run, even when the loop is freed first; anything else, that it never
     * will. */
    if (transport_loop_call_soon_threadsafe(work->loop, print_result, result) != TRANSPORT_OK) free(result);
  }
  return NULL;
}

int main(void) {
  struct work work = {.loop = NULL};
  pthread_t worker;
  if (transport_loop_new(NULL, &work.loop)) return EXIT_FAILURE;
  if (pthread_create(&worker, NULL, count_primes, &work) != 0) return EXIT_FAILURE;

  transport_loop_run_forever(work.loop); /* not run_until_idle: the loop cannot know that results are coming */
  pthread_join(worker, NULL);
  transport_loop_free(work.loop);
  return work.received == PARTS ? EXIT_SUCCESS : EXIT_FAILURE;
}
