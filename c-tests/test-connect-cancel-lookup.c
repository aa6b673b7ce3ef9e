/* Look-ups are cancelled at once, however many wait and though none of them ends (X2): done gets TRANSPORT_ECANCELED, the
 * loop is idle, and answers that come later, also after the loop was freed, disturb nobody. */
#include "client.h"
#include "resolver.h"
#include "sockets.h"
#include <sched.h>

enum { MANY = 40 };

static void *release_soon(void *arg) {
  struct timespec pause = {.tv_nsec = 100000000};
  (void)arg;
  nanosleep(&pause, NULL);
  resolver_hold(false);
  return NULL;
}

int main(void) {
  static client_t clients[MANY], last, pending;
  transport_loop_t *loop;
  thread_t helper;
  uint16_t port;
  int listener;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  resolver.addresses[0] = "127.0.0.1";

  resolver_hold(true);
  for (int i = 0; i < MANY; i++) client_start(loop, &clients[i], "slow.test", port);
  CHECK_OK(transport_loop_run_once(loop, 0));
  for (int i = 0; i < MANY; i++) {
    CHECK_OK(client_cancel(&clients[i]));
    CHECK(!clients[i].done);
  }
  CHECK_OK(transport_loop_run_until_idle(loop));
  for (int i = 0; i < MANY; i++) {
    CHECK_TEXT(clients[i].recorder.log, "failed");
    CHECK_STATUS(clients[i].status, TRANSPORT_ECANCELED);
    CHECK_STATUS(client_cancel(&clients[i]), TRANSPORT_EHANDLE);
  }

  resolver_hold(false);
  client_start(loop, &last, "quick.test", port); /* the pool is not worn out by what was cancelled */
  run_until(loop, &last.done);
  CHECK_STATUS(last.status, TRANSPORT_OK);
  CHECK_OK(transport_abort(last.transport));
  run_until(loop, &last.recorder.lost);
  peer_close(peer_accept(listener));

  resolver_wait_finished();
  resolver_hold(true);
  client_start(loop, &pending, "slow.test", port);
  CHECK_OK(transport_loop_run_once(loop, 0));
  helper = thread_start(release_soon, NULL);
  CHECK_OK(transport_loop_free(loop));
  CHECK_TEXT(pending.recorder.log, "failed");
  CHECK_STATUS(pending.status, TRANSPORT_ECANCELED);
  thread_join(helper);
  while (thread_count() > 1) sched_yield(); /* the look-up threads end with the loop, at the latest when released */
  CHECK(!peer_readable(listener, 0)); /* no cancelled attempt went on to connect */
  peer_close(listener);
  return 0;
}
