/* A name is looked up on another thread while the loop goes on (J2, X1): timers fire and numeric connections are made
 * meanwhile; numeric hosts are never looked up. */
#include "client.h"
#include "resolver.h"

static void count_tick(void *arg) { ++*(int *)arg; }

int main(void) {
  transport_loop_t *loop;
  client_t slow = {0}, numeric = {0};
  int ticks = 0, listener, peer;
  uint16_t port;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);

  peer = client_accept(loop, &numeric, listener, port);
  CHECK_INT(resolver_started(), 0);
  CHECK_OK(transport_abort(numeric.transport));
  run_until(loop, &numeric.recorder.lost);
  peer_close(peer);
  numeric = (client_t){0};

  resolver.addresses[0] = "127.0.0.1";
  resolver_hold(true);
  client_start(loop, &slow, "slow.test", port);
  for (int i = 1; i <= 5; i++) {
    CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(5 * i), count_tick, &ticks, NULL));
  }
  while (ticks < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  peer = client_accept(loop, &numeric, listener, port);
  CHECK_TEXT(numeric.recorder.log, "made done");
  CHECK_TEXT(slow.recorder.log, "");
  CHECK(!peer_readable(listener, 0));

  resolver_hold(false); /* wakes the loop although nothing else does */
  run_until(loop, &slow.done);
  CHECK_TEXT(slow.recorder.log, "made done");
  CHECK_INT(resolver_started(), 1);
  CHECK(!pthread_equal(resolver.thread, pthread_self()));
  CHECK_TEXT(resolver.host, "slow.test");

  peer_close(peer);
  peer_close(peer_accept(listener));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(slow.recorder.lost && numeric.recorder.lost);
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
