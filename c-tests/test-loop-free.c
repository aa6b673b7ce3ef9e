/* transport_loop_free (S7, S8, api.md): functions accepted before it run, in order; transports get
 * connection_lost(ECANCELED) and owned bytes are released first; callbacks of what is under way come with ECANCELED;
 * timers are dropped; the peers see the end. NULL is OK, a second free EHANDLE. */
#include "recorder.h"

enum { OWNED = 16 << 20 };
static recorder_t first, second;
static char log_text[64], *bytes;
static int connected, closed, released;

static void note(void *arg) { strcat(log_text, arg); }

static void never(void *arg) {
  (void)arg;
  CHECK(!"a timer ran in transport_loop_free");
}

static void connect_canceled(void *arg, transport_t *transport, const transport_error_t *error) {
  CHECK(transport == NULL && error != NULL);
  CHECK_STATUS(error->status, TRANSPORT_ECANCELED);
  CHECK_PTR(arg, &connected);
  connected++;
}

/* The server's last connection is lost in this free, so its wait may come to its end as well as be cancelled. */
static void wait_ended(void *arg, const transport_error_t *error) {
  (void)arg;
  if (error) CHECK_STATUS(error->status, TRANSPORT_ECANCELED);
  closed++;
}

static void release(void *arg) {
  CHECK_PTR(arg, bytes);
  CHECK(!first.lost);
  released++;
}

static void *user_for(void *arg) {
  (void)arg;
  return first.made ? &second : &first;
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  transport_request_t *request = NULL;
  transport_timer_t *timer = NULL;
  transport_connect_options_t options = {.size = sizeof options, .host = "127.0.0.1"};
  transport_protocol_t protocol = {.size = sizeof protocol};
  int peers[2], listener;
  char byte;
  watchdog(10);
  CHECK_OK(transport_loop_free(NULL));
  bytes = check_alloc(OWNED);
  memset(bytes, 'b', OWNED);
  loop = loop_new();
  server = recorder_server(loop, user_for, NULL);
  peers[0] = peer_connect(transport_server_port(server));
  run_until(loop, &first.made);
  peers[1] = peer_connect(transport_server_port(server));
  run_until(loop, &second.made);
  listener = peer_listen(&options.port);

  CHECK_OK(transport_write_owned(first.transport, bytes, OWNED, release, bytes)); /* more than the kernel takes */
  CHECK(transport_get_write_buffer_size(first.transport) > 0);
  CHECK_OK(transport_create_connection(loop, &options, &protocol, NULL, connect_canceled, &connected, &request));
  CHECK_OK(transport_server_wait_closed(server, wait_ended, NULL));
  CHECK_OK(transport_loop_call_later(loop, 0, never, NULL, &timer));
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_SEC(3600), never, NULL, NULL));
  CHECK_OK(transport_loop_call_soon(loop, note, "1", NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(loop, note, "2"));
  CHECK_OK(transport_loop_call_soon(loop, note, "3", NULL));
  CHECK_OK(transport_loop_free(loop));

  CHECK_TEXT(log_text, "123");
  CHECK_TEXT(first.log, "made pause TRANSPORT_ECANCELED lost");
  CHECK_TEXT(second.log, "made TRANSPORT_ECANCELED lost");
  CHECK_INT(connected, 1);
  CHECK_INT(closed, 1);
  CHECK_INT(released, 1);
  CHECK_STATUS(transport_loop_free(loop), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_loop_call_soon_threadsafe(loop, note, "4"), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_server_close(server), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_close(first.transport), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_request_cancel(request), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_timer_cancel(timer), TRANSPORT_EHANDLE);
  CHECK_INT(peer_recv(peers[1], &byte, 1), 0);
  for (int i = 0; i < 2; i++) peer_close(peers[i]);
  peer_close(listener);
  free(bytes);
  return 0;
}
