/* A connection that is refused, or cancelled before it is there, gets neither connection_made nor connection_lost; its
 * done callback is told once: A6. */
#include "stream.h"

static struct {
  int calls, status, os_code;
} told;

static void done(void *arg, transport_t *t, const transport_error_t *error) {
  (void)arg;
  CHECK(t == NULL);
  CHECK(error != NULL);
  CHECK(error->message != NULL);
  told.calls++;
  told.status = error->status;
  told.os_code = error->os_code;
}

static void attempt(uint16_t port, bool cancel) {
  transport_loop_t *loop = loop_new();
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options = stream_connect_options(port);
  transport_request_t *request = NULL;
  recorder_t r = {.log = ""};
  memset(&told, 0, sizeof told);
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &r, done, NULL, &request));
  CHECK(request != NULL);
  if (cancel) CHECK_OK(transport_request_cancel(request));
  CHECK_INT(told.calls, 0);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(told.calls, 1);
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(told.calls, 1);
  CHECK_TEXT(r.log, "");
}

int main(void) {
  uint16_t port;
  int listener;
  watchdog(20);
  attempt(peer_free_port(), false);
  CHECK_STATUS(told.status, TRANSPORT_EIO);
  CHECK_INT(told.os_code, ECONNREFUSED);
  listener = peer_listen(&port);
  attempt(port, true);
  CHECK_STATUS(told.status, TRANSPORT_ECANCELED);
  peer_close(listener);
  return 0;
}
