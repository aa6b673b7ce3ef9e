/* A loop whose thread has ended is orphaned, not lost: it stays ETHREAD for everybody, also for a new thread in the
 * place of the old one, until a thread adopts it; then it works and can be freed (convention 3). Posting to it works
 * all along. */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static int peer, posted;

static void count_one(void *arg) { ++*(int *)arg; }

static void *make(void *arg) {
  loop = loop_new();
  peer = recorder_accept(loop, &connection);
  CHECK_OK(transport_loop_call_soon(loop, count_one, &posted, NULL));
  return arg;
}

/* Likely at the address of the thread before, with its pthread_t and its thread-locals. */
static void *not_the_owner(void *arg) {
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_write(connection.transport, "x", 1), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_free(loop), TRANSPORT_ETHREAD);
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, count_one, &posted));
  return arg;
}

int main(void) {
  watchdog(20);
  thread_join(thread_start(make, NULL));
  for (int i = 0; i < 20; i++) thread_join(thread_start(not_the_owner, NULL));
  not_the_owner(NULL);
  CHECK_INT(posted, 0);
  CHECK_OK(transport_loop_adopt(loop));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_INT(posted, 22);
  peer_send(peer, "x", 1);
  peer_close(peer);
  run_until(loop, &connection.lost);
  CHECK_TEXT(connection.log, "made data:1 eof lost");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
