/* Threads go on posting while the loop is freed and a new one takes its place: each post that was answered OK runs
 * exactly once, before loop_free returns; the others are ECLOSED or EHANDLE and never run (S9, api.md: OK means it
 * will run). */
#include "recorder.h"
#include <sched.h>
#include <semaphore.h>

enum { THREADS = 2, ROOM = 1 << 18 };
typedef struct poster_t {
  transport_loop_t *loop;
  unsigned char *runs; /* per post */
  size_t accepted;
} poster_t;
static size_t ran, refused_after_free;
static sem_t freed;

static void run(void *arg) {
  ++*(unsigned char *)arg;
  ran++;
}

static void *post_until_refused(void *arg) {
  poster_t *p = arg;
  transport_status_t status = TRANSPORT_OK;
  for (p->accepted = 0; p->accepted < ROOM; p->accepted++) {
    status = transport_loop_call_soon_threadsafe(p->loop, run, &p->runs[p->accepted]);
    if (status != TRANSPORT_OK) break;
    if (p->accepted % 16 == 0) sched_yield();
  }
  if (status != TRANSPORT_OK && status != TRANSPORT_ECLOSED) CHECK_STATUS(status, TRANSPORT_EHANDLE);
  if (status == TRANSPORT_ECLOSED) CHECK_STATUS(transport_last_error()->status, TRANSPORT_ECLOSED);
  while (sem_wait(&freed) != 0) CHECK_INT(errno, EINTR);
  CHECK_STATUS(transport_loop_call_soon_threadsafe(p->loop, run, NULL), TRANSPORT_EHANDLE);
  return NULL;
}

int main(void) {
  poster_t posters[THREADS];
  thread_t threads[THREADS];
  int rounds = getenv("CHECK_SLOW") ? 10 : 150;
  watchdog(120);
  CHECK_INT(sem_init(&freed, 0, 0), 0);
  for (int t = 0; t < THREADS; t++) posters[t].runs = check_alloc(ROOM);
  for (int round = 0; round < rounds; round++) {
    transport_loop_t *loop = loop_new(), *next;
    size_t accepted = 0;
    ran = 0;
    for (int t = 0; t < THREADS; t++) {
      posters[t].loop = loop;
      memset(posters[t].runs, 0, ROOM);
      threads[t] = thread_start(post_until_refused, &posters[t]);
    }
    while (ran < (size_t)round * 7 % 500 + 1) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    CHECK_OK(transport_loop_free(loop));
    accepted = ran; /* nothing may run after this */
    next = loop_new();
    for (int t = 0; t < THREADS; t++) sem_post(&freed);
    for (int t = 0; t < THREADS; t++) thread_join(threads[t]);
    CHECK_OK(transport_loop_free(next));
    CHECK_UINT(ran, accepted);
    for (int t = 0; t < THREADS; t++) {
      accepted -= posters[t].accepted;
      refused_after_free += posters[t].accepted < ROOM;
      for (size_t i = 0; i < ROOM; i++) CHECK_UINT(posters[t].runs[i], i < posters[t].accepted ? 1 : 0);
    }
    CHECK_UINT(accepted, 0);
  }
  CHECK(refused_after_free > 0); /* else the race was never run */
  for (int t = 0; t < THREADS; t++) free(posters[t].runs);
  CHECK_INT(sem_destroy(&freed), 0);
  return 0;
}
