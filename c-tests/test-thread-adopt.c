/* transport_loop_adopt hands an idle loop, with a live connection and an armed timer, to another thread, which goes
 * on there (convention 3). Until then its calls are ETHREAD; afterwards those of the former owner are. */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static transport_timer_t *timer;
static pthread_t runner; /* where callbacks must run */
static int ticks, peer;

static void tick(void *arg) {
  (void)arg;
  CHECK(pthread_equal(pthread_self(), runner));
  ticks++;
}

static void echo(recorder_t *r, transport_t *t) {
  CHECK(pthread_equal(pthread_self(), runner));
  CHECK_OK(transport_write(t, r->data, r->data_len));
}

/* The loop belongs to some other thread. */
static void not_mine(void) {
  CHECK_STATUS(transport_write(connection.transport, "x", 1), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_call_soon(loop, NULL, NULL, NULL), TRANSPORT_ETHREAD); /* before EINVAL */
  CHECK_STATUS(transport_timer_cancel(timer), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_free(loop), TRANSPORT_ETHREAD);
  CHECK(transport_is_closing(connection.transport));
  CHECK(!transport_is_reading(connection.transport));
  CHECK_PTR(transport_get_loop(connection.transport), NULL);
  CHECK_UINT(transport_loop_time(loop), 0);
}

/* The loop belongs to this thread and works. */
static void go_on(void) {
  size_t received = connection.received;
  int before = ticks;
  char answer[4];
  runner = pthread_self();
  CHECK(!transport_is_closing(connection.transport));
  CHECK(transport_is_reading(connection.transport));
  CHECK_PTR(transport_get_loop(connection.transport), loop);
  peer_send(peer, "ping", 4);
  while (connection.received < received + 4) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_UINT(peer_recv_all(peer, answer, 4), 4);
  CHECK(memcmp(answer, "ping", 4) == 0);
  CHECK_OK(transport_loop_call_later(loop, 0, tick, NULL, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, tick, NULL));
  while (ticks < before + 2) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
}

static void *take_over(void *arg) {
  not_mine();
  CHECK_OK(transport_loop_adopt(loop));
  CHECK_OK(transport_loop_adopt(loop)); /* mine already */
  go_on();
  return arg;
}

int main(void) {
  watchdog(20);
  connection.on_data = echo;
  connection.quiet_data = true;
  loop = loop_new();
  CHECK_STATUS(transport_loop_adopt(NULL), TRANSPORT_EHANDLE);
  peer = recorder_accept(loop, &connection);
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_SEC(3600), tick, NULL, &timer));
  CHECK_STATUS(transport_loop_adopt((transport_loop_t *)(void *)timer), TRANSPORT_EHANDLE);
  go_on();
  for (int i = 0; i < 3; i++) {
    thread_join(thread_start(take_over, NULL));
    not_mine(); /* also now that the owner has ended */
    CHECK_OK(transport_loop_adopt(loop));
    go_on();
  }
  CHECK_OK(transport_timer_cancel(timer));
  CHECK_OK(transport_close(connection.transport));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(connection.log, "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_EHANDLE);
  return 0;
}
