/* The order inside one turn (S2, T6): functions queued before it, then input, then timers that are due, by deadline
 * (T3). What any of them queues or arms, delay 0 included, waits for the next turn (S1). */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static char log_text[64];

static void note(void *arg) { strcat(log_text, arg); }

static void note_and_arm(void *arg) {
  note(arg);
  CHECK_OK(transport_loop_call_later(loop, 0, note, "T", NULL));
  CHECK_OK(transport_loop_call_soon(loop, note, "S", NULL));
}

static void data(recorder_t *r, transport_t *t) {
  (void)r, (void)t;
  note_and_arm("d");
}

int main(void) {
  uint64_t now;
  int peer;
  watchdog(10);
  loop = loop_new();
  peer = recorder_accept(loop, &connection);
  CHECK_OK(transport_loop_run_once(loop, 0));
  connection.on_data = data;

  now = transport_loop_time(loop);
  CHECK_OK(transport_loop_call_at(loop, now, note_and_arm, "b", NULL));
  CHECK_OK(transport_loop_call_later(loop, 0, note, "c", NULL));
  CHECK_OK(transport_loop_call_at(loop, now - 1000, note, "a", NULL));
  CHECK_OK(transport_loop_call_soon(loop, note_and_arm, "1", NULL));
  CHECK_OK(transport_loop_call_soon(loop, note, "2", NULL));
  peer_send(peer, "x", 1);
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(log_text, "12dabc");
  log_text[0] = 0;
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(log_text, "SSSTTT");
  log_text[0] = 0;
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(log_text, "");

  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
