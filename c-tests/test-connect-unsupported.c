/* Options that this version does not carry out answer TRANSPORT_ENOTSUP at once, never silently something else: a program
 * that asks for TLS must not get a connection without it. */
#include "client.h"

static transport_loop_t *loop;

static void never(void *arg, transport_t *transport, const transport_error_t *error) {
  (void)arg;
  (void)transport;
  (void)error;
  CHECK(!"done was called for a call that failed");
}

static transport_status_t attempt(const transport_connect_options_t *options, const transport_protocol_t *protocol) {
  transport_request_t *request = NULL;
  transport_status_t status = transport_create_connection(loop, options, protocol, NULL, never, NULL, &request);
  CHECK_PTR(request, NULL);
  return status;
}

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options;
  uint16_t port;
  int listener;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  options = client_options("127.0.0.1", port); /* no configuration can be made yet, so this ticket is not one */
  options.tls = (const transport_tls_config_t *)(uintptr_t)1;
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);
  options = client_options("127.0.0.1", port); /* TLS options without TLS: J1 makes them an error in every version */
  options.server_hostname = "example.com";
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);
  options = client_options("127.0.0.1", port);
  options.tls_handshake_timeout = TRANSPORT_SEC(1);
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);

  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(!peer_readable(listener, 0)); /* nobody ever connected */
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
