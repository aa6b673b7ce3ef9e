/* A server that was asked for TLS must not serve without it: while this version cannot, the call fails (K1). */
#include "server.h"
#include "sockets.h"

static transport_loop_t *loop;

static transport_status_t attempt(const transport_server_options_t *options, const transport_protocol_t *protocol) {
  transport_server_t *server = NULL;
  transport_status_t status = transport_create_server(loop, options, protocol, NULL, NULL, &server);
  CHECK_PTR(server, NULL);
  CHECK_INT(listeners(0, NULL, 0), 0);
  return status;
}

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options;
  watchdog(20);
  loop = loop_new();
  options = server_options("127.0.0.1", 0); /* no configuration can be made yet, so this ticket is not one */
  options.tls = (const transport_tls_config_t *)(uintptr_t)1;
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);
  options = server_options("127.0.0.1", 0); /* K1: a TLS option without TLS is an error in every version */
  options.tls_handshake_timeout = TRANSPORT_SEC(1);
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);

  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
