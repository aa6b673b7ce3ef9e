/* With `debug` the log handler is told, from the loop, of callbacks that took longer than 100 ms, by name and address (S14),
 * of calls that failed and why, and of what is still there when the loop is freed (A19). Without it, of none of these. */
#include "client.h"
#include "sockets.h"
#include <time.h>

static transport_loop_t *loop;
static char text[4000];
static bool calling;

static void hear(void *arg, int level, const char *message) {
  CHECK(!calling);
  CHECK_PTR(arg, &text);
  CHECK_INT(level, TRANSPORT_LOG_WARNING);
  strcat(strcat(text, message), "\n");
  CHECK_STATUS(transport_timer_cancel(NULL), TRANSPORT_EHANDLE); /* not told again: no end of it */
}

static void dawdle(recorder_t *r, transport_t *t) {
  struct timespec time = {.tv_nsec = 110 * 1000 * 1000}; /* the subject is the time */
  (void)r, (void)t;
  CHECK_INT(nanosleep(&time, NULL), 0);
}

static void dawdle_call(void *arg) { dawdle(NULL, arg); }

static void story(int debug) {
  transport_loop_options_t options = {.size = sizeof options, .debug = debug};
  recorder_t accepted = {.on_data = dawdle}, left = {0};
  transport_server_t *server;
  int peer, other;
  char name[40];
  text[0] = 0;
  CHECK_OK(transport_loop_new(&options, &loop));
  CHECK_OK(transport_loop_set_log_handler(loop, TRANSPORT_LOG_WARNING, hear, &text));
  server = recorder_server(loop, NULL, &accepted);
  peer = peer_connect(transport_server_port(server));
  snprintf(name, sizeof name, "127.0.0.1:%u", transport_server_port(server));
  peer_send(peer, "x", 1);
  while (!accepted.received) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_OK(transport_loop_call_soon(loop, dawdle_call, NULL, NULL));
  CHECK_OK(transport_close(accepted.transport));
  calling = true;
  CHECK_STATUS(transport_write(accepted.transport, "y", 1), TRANSPORT_ECLOSED);
  calling = false;
  run_until(loop, &accepted.lost);
  CHECK_STATUS(transport_close(accepted.transport), TRANSPORT_EHANDLE);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  other = recorder_accept(loop, &left);
  CHECK_OK(transport_loop_free(loop));
  CHECK(left.lost);
  if (debug == TRANSPORT_ON) {
    CHECK_CONTAINS(text, "slow callback: data_received of ");
    CHECK_CONTAINS(text, name);
    CHECK_CONTAINS(text, "slow callback: a function called by the loop took ");
    CHECK_CONTAINS(text, "transport_write: ");
    CHECK_CONTAINS(text, "transport_close: ");
    CHECK_CONTAINS(text, "still there at transport_loop_free: transport ");
  } else {
    CHECK_TEXT(text, "");
  }
  peer_close(peer);
  peer_close(other);
}

int main(void) {
  watchdog(20);
  story(TRANSPORT_ON);
  story(0);
  story(TRANSPORT_OFF);
  return 0;
}
