/* The exception handler hears what no callback could be told, and nothing else: a connection that ends with an error
 * tells its protocol, not the handler (F10, C15), nor do refused connects, refused factories and statuses of calls.
 * It can be replaced and taken away. */
#include "recorder.h"

static recorder_t connection;
static bool failed;

static void never(void *arg, transport_loop_t *loop, transport_t *transport, const transport_error_t *error) {
  (void)arg, (void)loop, (void)transport;
  fprintf(stderr, "the exception handler was told: %s\n", error ? error->message : "(null)");
  CHECK(!"nothing was to be told");
}

static void connect_failed(void *arg, transport_t *transport, const transport_error_t *error) {
  CHECK(transport == NULL && error != NULL);
  *(bool *)arg = true;
}

int main(void) {
  transport_connect_options_t options = {.size = sizeof options, .host = "127.0.0.1", .port = peer_free_port()};
  transport_protocol_t protocol = {.size = sizeof protocol};
  transport_loop_t *loop;
  int peer;
  watchdog(10);
  CHECK_STATUS(transport_loop_set_exception_handler(NULL, never, NULL), TRANSPORT_EHANDLE);
  loop = loop_new();
  CHECK_OK(transport_loop_set_exception_handler(loop, never, &connection));
  CHECK_OK(transport_loop_set_exception_handler(loop, never, &failed));
  peer = recorder_accept(loop, &connection);
  peer_reset(peer);
  run_until(loop, &connection.lost);
  CHECK_TEXT(connection.log, "made TRANSPORT_EIO lost");
  CHECK_INT(connection.lost_os_code, ECONNRESET);

  CHECK_OK(transport_create_connection(loop, &options, &protocol, NULL, connect_failed, &failed, NULL));
  run_until(loop, &failed);
  CHECK_STATUS(transport_loop_call_soon(loop, NULL, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_close(connection.transport), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_set_exception_handler(loop, NULL, NULL));
  CHECK_OK(transport_loop_set_exception_handler(loop, NULL, &failed));
  CHECK_OK(transport_loop_set_exception_handler(loop, never, NULL));
  CHECK_OK(transport_loop_free(loop));
  CHECK_STATUS(transport_loop_set_exception_handler(loop, never, NULL), TRANSPORT_EHANDLE);
  return 0;
}
