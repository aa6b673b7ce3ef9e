/* call_soon runs functions first in, first out, exactly once, never inside the call; what they queue waits for the
 * next turn (S1), also in run_forever, where input is polled in between. */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static char log_text[64];
static int turns;

static void note(void *arg) { strcat(log_text, arg); }

static void note_and_queue(void *arg) {
  note(arg);
  CHECK_OK(transport_loop_call_soon(loop, note, "x", NULL));
  CHECK_OK(transport_loop_call_soon(loop, note, "y", NULL));
}

/* Queues itself again and again: other work must get its turn all the same. */
static void spin(void *arg) {
  turns++;
  if (!connection.received) CHECK_OK(transport_loop_call_soon(loop, spin, arg, NULL));
  else CHECK_OK(transport_loop_stop(loop));
}

int main(void) {
  int peer;
  watchdog(10);
  loop = loop_new();
  CHECK_OK(transport_loop_call_soon(loop, note, "1", NULL));
  CHECK_OK(transport_loop_call_soon(loop, note_and_queue, "2", NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, note, "3"));
  CHECK_OK(transport_loop_call_soon(loop, note_and_queue, "4", NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, note, "5"));
  CHECK_TEXT(log_text, "");
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(log_text, "12345");
  CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER)); /* does not wait: something is queued */
  CHECK_TEXT(log_text, "12345xyxy");
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(log_text, "12345xyxy");

  peer = recorder_accept(loop, &connection);
  peer_send(peer, "z", 1);
  CHECK_OK(transport_loop_call_soon(loop, spin, NULL, NULL));
  CHECK_OK(transport_loop_run_forever(loop));
  CHECK_UINT(connection.received, 1);
  CHECK(turns > 1);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
