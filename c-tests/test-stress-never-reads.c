/* A peer that never reads costs no memory while the application honours pause_writing: with a writer that writes whenever it is
 * not paused, and with an echo whose peer sends without end, the queue stays within the high mark and one piece, and the resident
 * size grows by less than 1 MiB: E4, E5, C5. */
#include "stream.h"

enum { PIECE = 16384, READ = 262144, MARK = 65536, TICKS = 20000 };

static uint8_t piece[PIECE], flood[65536];

static size_t resident(void) {
  unsigned long size = 0, pages = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f) SKIP("no /proc/self/statm");
  CHECK_INT(fscanf(f, "%lu %lu", &size, &pages), 2);
  fclose(f);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

typedef struct test_t {
  recorder_t r;
  transport_loop_t *loop;
  int peer, ticks;
  bool echo, finished;
  size_t sent;
} test_t;

static void tick(void *arg) {
  test_t *test = arg;
  transport_t *t = test->r.transport;
  if (!test->echo && !test->r.paused) CHECK_OK(transport_write(t, piece, sizeof piece));
  if (test->echo) {
    ssize_t n = send(test->peer, flood, sizeof flood, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) test->sent += (size_t)n;
  }
  CHECK(transport_get_write_buffer_size(t) <= MARK + (test->echo ? READ : PIECE));
  test->finished = ++test->ticks == TICKS;
  if (!test->finished) CHECK_OK(transport_loop_call_soon(test->loop, tick, test, NULL));
}

static void echo(recorder_t *r, transport_t *t) { CHECK_OK(transport_write(t, r->data, r->data_len)); }

static void on_pause(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_pause_reading(t));
}

static void ring(void *arg) { *(bool *)arg = true; }

static void check(bool echoing) {
  test_t test = {.r = {.quiet_data = true, .on_data = echo, .on_pause = on_pause}, .echo = echoing};
  size_t before, after;
  bool rung = false;
  int turns = 0;
  test.loop = loop_new();
  test.peer = recorder_accept(test.loop, &test.r);
  CHECK_OK(transport_write(test.r.transport, piece, sizeof piece));
  before = resident();
  CHECK_OK(transport_loop_call_soon(test.loop, tick, &test, NULL));
  run_until(test.loop, &test.finished);
  CHECK_OK(transport_loop_call_later(test.loop, TRANSPORT_MS(300), ring, &rung, NULL));
  for (; !rung; turns++) CHECK_OK(transport_loop_run_once(test.loop, TRANSPORT_SEC(10)));
  after = resident();
  CHECK(turns < 100);
  CHECK_TEXT(test.r.log, "made pause");
  CHECK(!transport_is_closing(test.r.transport));
  CHECK(transport_get_write_buffer_size(test.r.transport) > MARK);
  if (echoing) CHECK(test.sent > test.r.received);
  /* A sanitizer or valgrind keeps books of its own, so there only the queue is checked. */
  if (!getenv("CHECK_SLOW") && after > before + 1024 * 1024) {
    fprintf(stderr, "resident bytes: %zu before, %zu after\n", before, after);
    CHECK(after <= before + 1024 * 1024);
  }
  CHECK_OK(transport_abort(test.r.transport));
  run_until(test.loop, &test.r.lost);
  CHECK_TEXT(test.r.log, "made pause lost");
  peer_close(test.peer);
  CHECK_OK(transport_loop_free(test.loop));
}

int main(void) {
  watchdog(60);
  memset(piece, 'p', sizeof piece);
  memset(flood, 'f', sizeof flood);
  check(false);
  check(true);
  return 0;
}
