/* transport_loop_stop lets the turn finish: all that was ready in it runs, what is queued later stays for the next
 * run (S4). Before a run it makes that run one turn long (S5), however often it was called, and is then used up; a
 * loop runs again after each stop (S12). */
#include "recorder.h"

static transport_loop_t *loop;
static char log_text[64];

static void note(void *arg) { strcat(log_text, arg); }

static void stop_then_queue(void *arg) {
  note(arg);
  CHECK_OK(transport_loop_stop(loop));
  CHECK_OK(transport_loop_call_soon(loop, note, "later", NULL));
}

static void queue_next(void *arg) {
  note(arg);
  CHECK_OK(transport_loop_call_soon(loop, note, "next", NULL));
}

static void stop(void *arg) {
  note(arg);
  CHECK_OK(transport_loop_stop(loop));
}

int main(void) {
  watchdog(10);
  loop = loop_new();
  CHECK_OK(transport_loop_call_soon(loop, note, "a", NULL));
  CHECK_OK(transport_loop_call_soon(loop, stop_then_queue, "b", NULL));
  CHECK_OK(transport_loop_call_soon(loop, note, "c", NULL));
  CHECK_OK(transport_loop_call_at(loop, 0, note, "t", NULL));
  CHECK_OK(transport_loop_run_forever(loop));
  CHECK_TEXT(log_text, "abct");
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(log_text, "abctlater");

  log_text[0] = 0;
  CHECK_OK(transport_loop_stop(loop));
  CHECK_OK(transport_loop_stop(loop));
  CHECK_OK(transport_loop_call_soon(loop, queue_next, "d", NULL));
  CHECK_OK(transport_loop_run_forever(loop));
  CHECK_TEXT(log_text, "d");

  /* The second stop above is not kept: this run goes on until the timer. */
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(10), stop, "e", NULL));
  CHECK_OK(transport_loop_run_forever(loop));
  CHECK_TEXT(log_text, "dnexte");

  /* A stopped run_until_idle leaves what is not done to the next one. */
  log_text[0] = 0;
  CHECK_OK(transport_loop_call_soon(loop, stop_then_queue, "f", NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(log_text, "f");
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(log_text, "flater");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
