/* A child forked while another thread is inside the library finds no lock taken (convention 10): it makes a loop,
 * runs it and ends, however the fork and the other thread's calls fell together; the parent's posts all arrive. */
#include "process.h"
#include "recorder.h"
#include <stdatomic.h>

enum { PLACES = 260 }; /* more than the loops that a process can have */
static transport_loop_t *loop, *stale;
static atomic_bool enough;
static size_t accepted, ran;

static void count_one(void *arg) { ++*(size_t *)arg; }

static void *poster(void *arg) {
  while (!atomic_load(&enough)) {
    transport_loop_t *own = loop_new(); /* takes a place among the loops and gives it back */
    for (int i = 0; i < 10; i++, accepted++) CHECK_OK(transport_loop_call_soon_threadsafe(loop, count_one, arg));
    CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
    CHECK_OK(transport_loop_free(own));
    for (int i = 0; i < 1000; i++) {
      CHECK_STATUS(transport_loop_call_soon_threadsafe(stale, count_one, arg), TRANSPORT_EHANDLE);
    }
  }
  return NULL;
}

static void child(void) {
  size_t mine = 0;
  watchdog(10);
  CHECK_STATUS(transport_loop_call_soon_threadsafe(loop, count_one, &mine), TRANSPORT_ETHREAD);
  for (int i = 0; i < PLACES; i++) { /* also in the place where the parent's thread was at work */
    transport_loop_t *own = loop_new();
    CHECK_OK(transport_loop_call_soon_threadsafe(own, count_one, &mine));
    CHECK_OK(transport_loop_call_later(own, 0, count_one, &mine, NULL));
    CHECK_OK(transport_loop_run_until_idle(own));
    CHECK_OK(transport_loop_free(own));
  }
  CHECK_UINT(mine, 2 * PLACES);
}

int main(void) {
  thread_t thread;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  SKIP("the sanitizer's own allocator may be locked in a forked child");
#endif
  watchdog(60);
  stale = loop_new();
  CHECK_OK(transport_loop_free(stale));
  loop = loop_new();
  thread = thread_start(poster, &ran);
  for (int i = 0; i < 100; i++) {
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
      child();
      _exit(0);
    }
    CHECK_OK(transport_loop_run_once(loop, 0));
    wait_for_child(pid);
  }
  atomic_store(&enough, true);
  thread_join(thread);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(accepted > 0);
  CHECK_UINT(ran, accepted);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
