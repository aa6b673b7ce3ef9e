/* A stale handle never comes back to life, however many objects take the old one's place (convention 2): timers,
 * connections and servers come and go by the thousand, and the first handles, the last ones and all of a sample stay
 * EHANDLE. */
#include "recorder.h"

enum { SAMPLE = 64 };
static transport_loop_t *loop;
static void count_one(void *arg) { ++*(int *)arg; }

static void timers_come_and_go(int rounds) {
  transport_timer_t *old[SAMPLE] = {NULL}, *timer, *last = NULL;
  int ran = 0;
  for (int i = 0; i < rounds; i++) {
    CHECK_OK(transport_loop_call_soon(loop, count_one, &ran, &timer));
    CHECK(timer != last);
    CHECK_STATUS(transport_timer_cancel(last), TRANSPORT_EHANDLE);
    CHECK_STATUS(transport_timer_cancel(old[i % SAMPLE]), TRANSPORT_EHANDLE);
    if (i % 3) {
      CHECK_OK(transport_loop_run_once(loop, 0));
    } else {
      CHECK_OK(transport_timer_cancel(timer));
      CHECK_OK(transport_loop_run_once(loop, 0));
    }
    if (i < SAMPLE || i % 7 == 0) old[i % SAMPLE] = timer;
    last = timer;
  }
  CHECK_INT(ran, rounds - (rounds + 2) / 3);
}

static void connections_come_and_go(int rounds) {
  transport_t *old[SAMPLE] = {NULL};
  recorder_t r;
  for (int i = 0; i < rounds; i++) {
    transport_server_t *server;
    int peer;
    memset(&r, 0, sizeof r);
    server = recorder_server(loop, NULL, &r);
    peer = peer_connect(transport_server_port(server));
    run_until(loop, &r.made);
    for (int j = 0; j < SAMPLE; j++) {
      CHECK(transport_is_closing(old[j]));
      CHECK_STATUS(transport_abort(old[j]), TRANSPORT_EHANDLE);
      CHECK_PTR(transport_get_protocol(old[j]), NULL);
    }
    CHECK_STATUS(transport_server_close((transport_server_t *)(void *)r.transport), TRANSPORT_EHANDLE);
    CHECK(!transport_is_closing(r.transport));
    old[i % SAMPLE] = r.transport;
    CHECK_OK(transport_server_close(server));
    peer_close(peer);
    CHECK_OK(transport_loop_run_until_idle(loop));
    CHECK_TEXT(r.log, "made eof lost");
    CHECK_STATUS(transport_server_close(server), TRANSPORT_EHANDLE);
    CHECK_UINT(transport_server_port(server), 0);
  }
}

int main(void) {
  bool slow = getenv("CHECK_SLOW") != NULL;
  watchdog(60);
  loop = loop_new();
  timers_come_and_go(slow ? 5000 : 100000);
  connections_come_and_go(slow ? 70 : 500);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
