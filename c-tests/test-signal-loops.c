/* Every loop that asked for a signal is told of it (V6, our rule), on its own thread; one that removed its handler
 * or was freed is not; the previous disposition returns with the last of them (V4). */
#include "process.h"
#include "recorder.h"
#include <stdatomic.h>

enum { LOOPS = 3 };
typedef struct asker_t {
  transport_loop_t *loop;
  atomic_int told;
  pthread_t owner;
  atomic_bool ready;
} asker_t;
static asker_t askers[LOOPS + 1]; /* the last one runs in a thread */

static void tell(void *arg, int signum) {
  asker_t *l = arg;
  CHECK_INT(signum, SIGUSR1);
  CHECK(pthread_equal(pthread_self(), l->owner));
  atomic_fetch_add(&l->told, 1);
}

static void ask_on(asker_t *l) {
  l->owner = pthread_self();
  l->loop = loop_new();
  CHECK_OK(transport_loop_add_signal_handler(l->loop, SIGUSR1, tell, l));
}

static void *elsewhere(void *arg) {
  asker_t *l = arg;
  ask_on(l);
  atomic_store(&l->ready, true);
  CHECK_OK(transport_loop_run_forever(l->loop));
  CHECK_OK(transport_loop_free(l->loop));
  return NULL;
}

/* Raises the signal once and runs every loop until those that listen know; bit i: loop i listens. */
static void raise_and_run(unsigned listening) {
  int before[LOOPS + 1];
  for (int i = 0; i <= LOOPS; i++) before[i] = atomic_load(&askers[i].told);
  CHECK_INT(raise(SIGUSR1), 0);
  for (int i = 0; i <= LOOPS; i++) {
    while ((listening >> i & 1) && atomic_load(&askers[i].told) == before[i]) {
      if (i < LOOPS) CHECK_OK(transport_loop_run_once(askers[i].loop, TRANSPORT_SEC(1)));
      else sched_yield();
    }
  }
  for (int i = 0; i < LOOPS; i++) {
    for (int turn = 0; askers[i].loop && turn < 3; turn++) CHECK_OK(transport_loop_run_once(askers[i].loop, 0));
    CHECK_INT(atomic_load(&askers[i].told), before[i] + (listening >> i & 1));
  }
}

int main(void) {
  struct sigaction before, now;
  thread_t thread;
  watchdog(20);
  CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
  before = disposition(SIGUSR1);
  for (int i = 0; i < LOOPS; i++) ask_on(&askers[i]);
  thread = thread_start(elsewhere, &askers[LOOPS]);
  while (!atomic_load(&askers[LOOPS].ready)) sched_yield();
  raise_and_run(15);
  raise_and_run(15);
  CHECK(transport_loop_remove_signal_handler(askers[0].loop, SIGUSR1)); /* the first to ask is the first to go */
  raise_and_run(14);
  CHECK_OK(transport_loop_free(askers[2].loop));
  askers[2].loop = NULL;
  raise_and_run(10);
  CHECK_OK(transport_loop_add_signal_handler(askers[0].loop, SIGUSR1, tell, &askers[0]));
  raise_and_run(11);
  CHECK_OK(transport_loop_stop(askers[LOOPS].loop));
  thread_join(thread);
  CHECK_OK(transport_loop_free(askers[1].loop));
  askers[1].loop = NULL;
  raise_and_run(1);
  CHECK(transport_loop_remove_signal_handler(askers[0].loop, SIGUSR1));
  now = disposition(SIGUSR1);
  CHECK(sigaction_equal(&now, &before));
  CHECK_INT(raise(SIGUSR1), 0); /* ignored again */
  CHECK_OK(transport_loop_free(askers[0].loop));
  return 0;
}
