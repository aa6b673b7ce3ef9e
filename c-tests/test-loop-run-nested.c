/* Inside a callback every run function of any loop, and freeing or adopting the loop that runs, is ESTATE and does
 * nothing (S6, S7, conventions 3 and 4). Freeing another loop there works, with all its callbacks. The loop goes on
 * afterwards. */
#include "recorder.h"

static transport_loop_t *loop, *other;
static recorder_t connection, foreign;
static int calls, posted;

static void count_one(void *arg) { ++*(int *)arg; }

static void nest(void) {
  transport_loop_t *loops[2] = {loop, other};
  for (int i = 0; i < 2; i++) {
    CHECK_STATUS(transport_loop_run_once(loops[i], 0), TRANSPORT_ESTATE);
    CHECK_STATUS(transport_loop_run_until_idle(loops[i]), TRANSPORT_ESTATE);
    CHECK_STATUS(transport_loop_run_forever(loops[i]), TRANSPORT_ESTATE);
  }
  CHECK_STATUS(transport_loop_free(loop), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ESTATE);
  CHECK_INT(posted, 0);
  calls++;
}

static void nest_in_function(void *arg) {
  (void)arg;
  nest();
}
static void nest_in_callback(recorder_t *r, transport_t *t) {
  (void)r, (void)t;
  nest();
}

static void free_other(void *arg) {
  (void)arg;
  CHECK_OK(transport_loop_free(other));
  CHECK_STATUS(transport_loop_free(other), TRANSPORT_EHANDLE);
  CHECK(foreign.lost);
  CHECK_INT(posted, 1);
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ESTATE); /* still inside */
  calls++;
}

int main(void) {
  int peer, foreign_peer;
  char byte;
  watchdog(10);
  loop = loop_new();
  other = loop_new();
  foreign_peer = recorder_accept(other, &foreign);
  connection.on_made = connection.on_data = connection.on_eof = connection.on_lost = nest_in_callback;
  peer = recorder_accept(loop, &connection);
  CHECK_OK(transport_loop_call_soon(other, count_one, &posted, NULL)); /* nobody may run it in nest */
  CHECK_OK(transport_loop_call_soon(loop, nest_in_function, NULL, NULL));
  CHECK_OK(transport_loop_call_later(loop, 0, nest_in_function, NULL, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, nest_in_function, NULL));
  peer_send(peer, "x", 1);
  peer_close(peer);
  run_until(loop, &connection.lost);
  CHECK_TEXT(connection.log, "made data:1 eof lost");
  CHECK_INT(calls, 7);

  CHECK_OK(transport_loop_call_soon(loop, free_other, NULL, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(calls, 8);
  CHECK_TEXT(foreign.log, "made TRANSPORT_ECANCELED lost");
  CHECK_INT(peer_recv(foreign_peer, &byte, 1), 0);
  peer_close(foreign_peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
