/* Two threads post a million functions each while the loop runs: all of them run, each thread's in the order of its
 * calls, all on the loop's thread (S9). */
#include "recorder.h"

enum { THREADS = 2 };
typedef struct post_t {
  int thread;
} post_t;
static transport_loop_t *loop;
static pthread_t owner;
static size_t count, ran[THREADS];
static post_t *posts[THREADS];

static void run(void *arg) {
  post_t *post = arg;
  CHECK(pthread_equal(pthread_self(), owner));
  CHECK_PTR(post, posts[post->thread] + ran[post->thread]);
  ran[post->thread]++;
  if (ran[0] + ran[1] == THREADS * count) CHECK_OK(transport_loop_stop(loop));
}

static void *poster(void *arg) {
  post_t *mine = arg;
  for (size_t i = 0; i < count; i++) CHECK_OK(transport_loop_call_soon_threadsafe(loop, run, &mine[i]));
  return NULL;
}

int main(void) {
  thread_t threads[THREADS];
  watchdog(120);
  count = getenv("CHECK_SLOW") ? 50000 : 1000000;
  owner = pthread_self();
  loop = loop_new();
  for (int t = 0; t < THREADS; t++) {
    posts[t] = check_alloc(count * sizeof(post_t));
    for (size_t i = 0; i < count; i++) posts[t][i].thread = t;
  }
  for (int t = 0; t < THREADS; t++) threads[t] = thread_start(poster, posts[t]);
  CHECK_OK(transport_loop_run_forever(loop));
  for (int t = 0; t < THREADS; t++) thread_join(threads[t]);
  CHECK_OK(transport_loop_run_until_idle(loop));
  for (int t = 0; t < THREADS; t++) CHECK_UINT(ran[t], count);
  CHECK_OK(transport_loop_free(loop));
  for (int t = 0; t < THREADS; t++) free(posts[t]);
  return 0;
}
