/* While a loop is being freed every new piece of work is ECLOSED, running it ESTATE and freeing it again ESTATE (S7,
 * api.md); its transports still answer. What these calls would have started never runs. */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;
static int refusals;

static void never(void *arg) {
  (void)arg;
  CHECK(!"refused work ran");
}
static void never_told(void *arg, int signum) {
  (void)arg, (void)signum;
  CHECK(!"refused work ran");
}

static void refuse(void) {
  transport_connect_options_t options = {.size = sizeof options, .host = "127.0.0.1", .port = 1};
  transport_server_options_t server_options = {.size = sizeof server_options, .host = "127.0.0.1"};
  transport_protocol_t protocol = {.size = sizeof protocol};
  transport_timer_t *timer = NULL;
  transport_request_t *request = NULL;
  transport_server_t *server = NULL;
  CHECK_STATUS(transport_loop_call_soon(loop, never, NULL, &timer), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_loop_call_later(loop, 0, never, NULL, &timer), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_loop_call_at(loop, 0, never, NULL, &timer), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_loop_call_soon_threadsafe(loop, never, NULL), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_loop_add_signal_handler(loop, SIGUSR1, never_told, NULL), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_create_connection(loop, &options, &protocol, NULL, NULL, NULL, &request), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_create_server(loop, &server_options, &protocol, NULL, NULL, &server), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_loop_call_soon(loop, NULL, NULL, &timer), TRANSPORT_EINVAL); /* comes before ECLOSED */
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_loop_run_until_idle(loop), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_loop_run_forever(loop), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_loop_free(loop), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ESTATE);
  CHECK(!timer && !request && !server);
  refusals++;
}

static void posted(void *arg) {
  (void)arg;
  refuse();
}

static void lost(recorder_t *r, transport_t *t) {
  CHECK_STATUS(r->lost_status, TRANSPORT_ECANCELED);
  CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ECLOSED);
  CHECK_PTR(transport_get_loop(t), loop);
  refuse();
}

int main(void) {
  struct sigaction before, after;
  int peer;
  watchdog(10);
  CHECK_INT(sigaction(SIGUSR1, NULL, &before), 0);
  loop = loop_new();
  connection.on_lost = lost;
  peer = recorder_accept(loop, &connection);
  CHECK_OK(transport_loop_call_soon(loop, posted, NULL, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, posted, NULL));
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(refusals, 3);
  CHECK_TEXT(connection.log, "made TRANSPORT_ECANCELED lost");
  CHECK_INT(sigaction(SIGUSR1, NULL, &after), 0);
  CHECK(before.sa_handler == after.sa_handler);
  peer_close(peer);
  return 0;
}
