/* A reader removed in its own callback, or by another before its turn came, does not run (U6); one descriptor closed and
 * its number used again is watched anew, also when the program forgot to remove it. */
#include "recorder.h"
#include <sys/eventfd.h>

static transport_loop_t *loop;
static int a, b, runs;

static void remove_both(void *arg) {
  (void)arg;
  runs++;
  CHECK(transport_loop_remove_reader(loop, a));
  CHECK(transport_loop_remove_reader(loop, b));
  CHECK(!transport_loop_remove_reader(loop, a));
}

static void count(void *arg) {
  ++*(int *)arg;
}

static void remove_writer(void *arg) {
  ++*(int *)arg;
  CHECK(transport_loop_remove_writer(loop, a));
}

int main(void) {
  int reads = 0, writes = 0;
  watchdog(20);
  loop = loop_new();
  a = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  b = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  CHECK(a >= 0 && b >= 0);
  CHECK_OK(transport_loop_add_reader(loop, a, remove_both, NULL));
  CHECK_OK(transport_loop_add_reader(loop, b, remove_both, NULL));
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(runs, 1);

  CHECK_OK(transport_loop_add_reader(loop, a, remove_writer, &reads)); /* the reader's turn comes first */
  CHECK_OK(transport_loop_add_writer(loop, a, count, &writes));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(reads, 1);
  CHECK_INT(writes, 0);

  peer_close(a); /* forgotten: the number comes back */
  CHECK_INT(eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK), a);
  reads = 0;
  CHECK_OK(transport_loop_add_reader(loop, a, count, &reads));
  for (int i = 0; i < 2; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(reads, 2);
  peer_close(a);
  CHECK(transport_loop_remove_reader(loop, a));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(reads, 2);
  CHECK_OK(transport_loop_free(loop));
  peer_close(b);
  return 0;
}
