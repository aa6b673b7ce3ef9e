/* A loop can be run again and again, by any of the run functions, and carries its connections and timers from one
 * run to the next (S12). */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static int ticks;
static bool stopping;

static void stop_on_data(recorder_t *r, transport_t *t) {
  CHECK_OK(transport_write(t, r->data, r->data_len));
  if (stopping) CHECK_OK(transport_loop_stop(loop));
}

static void tick(void *arg) {
  ticks++;
  if (ticks % 10) CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(1) / 10, tick, arg, NULL));
  else CHECK_OK(transport_loop_stop(loop));
}

int main(void) {
  char byte;
  int peer;
  watchdog(20);
  loop = loop_new();
  connection.on_data = stop_on_data;
  connection.quiet_data = true;
  peer = recorder_accept(loop, &connection);
  for (int i = 0; i < 100; i++) {
    stopping = i % 3 != 2;
    peer_send(peer, "x", 1);
    if (i % 3 == 0) CHECK_OK(transport_loop_run_forever(loop));
    else if (i % 3 == 1) CHECK_OK(transport_loop_run_until_idle(loop)); /* the connection keeps it until stop */
    else while (connection.received == (size_t)i) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
    CHECK_UINT(peer_recv_all(peer, &byte, 1), 1);
    CHECK_UINT(connection.received, i + 1);
  }
  for (int i = 1; i <= 10; i++) {
    CHECK_OK(transport_loop_call_soon(loop, tick, NULL, NULL));
    CHECK_OK(transport_loop_run_forever(loop));
    CHECK_INT(ticks, 10 * i);
  }
  CHECK_OK(transport_close(connection.transport));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(connection.log, "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
