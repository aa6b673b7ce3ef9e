/* Options that this version does not carry out answer TRANSPORT_ENOTSUP at once: a server that was asked for TLS or for a
 * limit must not serve without it. */
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

#define UNSUPPORTED(field, value)                                                                                     \
  do {                                                                                                                \
    transport_server_options_t o = server_options("127.0.0.1", 0);                                                    \
    o.field = value;                                                                                                  \
    CHECK_STATUS(attempt(&o, &protocol), TRANSPORT_ENOTSUP);                                                          \
    CHECK(transport_last_error()->message[0] != 0);                                                                   \
  } while (0)

static void *get_buffer(void *user, transport_t *transport, size_t size_hint, size_t *len) {
  (void)transport;
  *len = size_hint;
  return user;
}

static void buffer_updated(void *user, transport_t *transport, size_t len) {
  (void)user;
  (void)transport;
  (void)len;
}

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options;
  int bound;
  watchdog(20);
  loop = loop_new();
  UNSUPPORTED(max_connections, 10);
  UNSUPPORTED(close_timeout, TRANSPORT_SEC(5));
  UNSUPPORTED(idle_timeout, TRANSPORT_SEC(5));

  options = server_options(NULL, 0);
  options.path = "/tmp/transport-test-socket";
  CHECK_STATUS(attempt(&options, &protocol), TRANSPORT_ENOTSUP);
  bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(bound >= 0);
  options = server_options(NULL, 0);
  options.socket = bound;
  CHECK_STATUS(attempt(&options, &protocol), TRANSPORT_ENOTSUP);
  CHECK(fcntl(bound, F_GETFD) >= 0); /* it stays the caller's */
  peer_close(bound);

  options = server_options("127.0.0.1", 0); /* no configuration can be made yet, so this ticket is not one */
  options.tls = (const transport_tls_config_t *)(uintptr_t)1;
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);
  options = server_options("127.0.0.1", 0); /* K1: a TLS option without TLS is an error in every version */
  options.tls_handshake_timeout = TRANSPORT_SEC(1);
  CHECK(attempt(&options, &protocol) != TRANSPORT_OK);

  protocol.get_buffer = get_buffer;
  protocol.buffer_updated = buffer_updated;
  options = server_options("127.0.0.1", 0);
  CHECK_STATUS(attempt(&options, &protocol), TRANSPORT_ENOTSUP);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
