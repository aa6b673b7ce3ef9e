/* run_once runs one turn: timeout 0 polls, any other waits until something happens or the time is over, which is OK
 * too (api.md, settled questions). It does not wait past the next timer, nor when something is queued (S2). */
#include "recorder.h"

static transport_loop_t *loop;
static int ran;

static void count_one(void *arg) { ++*(int *)arg; }
static void *post(void *arg) {
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, count_one, arg));
  return NULL;
}

int main(void) {
  recorder_t connection;
  uint64_t start;
  thread_t thread;
  int peer;
  memset(&connection, 0, sizeof connection);
  watchdog(20);
  loop = loop_new();
  CHECK_OK(transport_loop_run_once(loop, 0));
  start = now_ns();
  while (now_ns() - start < TRANSPORT_MS(30)) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(10)));

  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_SEC(3600), count_one, &ran, NULL));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(20), count_one, &ran, NULL));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_OK(transport_loop_run_once(loop, 1));
  while (ran < 1) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  CHECK_OK(transport_loop_call_soon(loop, count_one, &ran, NULL));
  CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  CHECK_INT(ran, 2);

  thread = thread_start(post, &ran); /* the loop may sleep already, or not yet */
  while (ran < 3) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  thread_join(thread);

  peer = recorder_accept(loop, &connection);
  peer_send(peer, "x", 1);
  while (!connection.received) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  peer_close(peer);
  while (!connection.lost) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
  CHECK_INT(ran, 3);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
