/* Timers run in the order of their deadlines, equal ones first in, first out (T2), and exactly once. Deadlines in
 * the past count by their value too. */
#include "recorder.h"

enum { COUNT = 5000, DEADLINES = 50 };
typedef struct entry_t {
  uint64_t when;
  size_t number;
  int runs;
} entry_t;
static entry_t entries[COUNT];
static const entry_t *last;
static size_t ran;

static void run(void *arg) {
  entry_t *entry = arg;
  CHECK(!last || entry->when > last->when || (entry->when == last->when && entry->number > last->number));
  CHECK_INT(entry->runs++, 0);
  last = entry;
  ran++;
}

int main(void) {
  transport_loop_t *loop;
  uint64_t now;
  watchdog(20);
  loop = loop_new();
  now = transport_loop_time(loop);
  for (size_t i = 0; i < COUNT; i++) { /* half of the deadlines have passed when the loop runs */
    entry_t *entry = &entries[i];
    entry->number = i;
    entry->when = now - TRANSPORT_MS(25) + i * 37 % DEADLINES * TRANSPORT_MS(1);
    CHECK_OK(transport_loop_call_at(loop, entry->when, run, entry, NULL));
  }
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_UINT(ran, COUNT);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
