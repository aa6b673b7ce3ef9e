/* A refused connection: done gets TRANSPORT_EIO with ECONNREFUSED and a message that names the address (J9); neither
 * connection_made nor connection_lost is called (A6); a NULL done is allowed, and no descriptor is left. */
#include "client.h"
#include "sockets.h"

static void refused(transport_loop_t *loop, const char *host, uint16_t port) {
  client_t client = {0};
  char digits[8];
  snprintf(digits, sizeof digits, "%u", (unsigned)port);
  client_start(loop, &client, host, port);
  run_until(loop, &client.done);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(client.recorder.log, "failed");
  CHECK_STATUS(client.status, TRANSPORT_EIO);
  CHECK_INT(client.os_code, ECONNREFUSED);
  CHECK_CONTAINS(client.message, host);
  CHECK_CONTAINS(client.message, digits);
  CHECK_PTR(strchr(client.message, '\n'), NULL);
  CHECK_STATUS(transport_request_cancel(client.request), TRANSPORT_EHANDLE);
}

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options;
  transport_loop_t *loop;
  recorder_t recorder = {0};
  uint16_t port = peer_free_port();
  int before;
  watchdog(20);
  loop = loop_new();
  refused(loop, "127.0.0.1", port);
  before = descriptor_count();
  refused(loop, "127.0.0.1", port);
  if (have_ipv6()) refused(loop, "::1", port);
  options = client_options("127.0.0.1", port);
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &recorder, NULL, NULL, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(recorder.log, "");
  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
