/* Arguments that break the contract of transport_create_server are its status, with the output untouched and nothing left
 * listening (K1). */
#include "server.h"
#include "sockets.h"

static transport_loop_t *loop;
static transport_server_t *const untouched = (transport_server_t *)(uintptr_t)0x5a5a;

static transport_status_t attempt(const transport_server_options_t *options, const transport_protocol_t *protocol) {
  transport_server_t *server = untouched;
  transport_status_t status = transport_create_server(loop, options, protocol, NULL, NULL, &server);
  CHECK_PTR(server, untouched);
  CHECK_STATUS(transport_last_error()->status, status);
  CHECK(transport_last_error()->message[0] != 0);
  return status;
}

#define REFUSED(field, value)                                                                                         \
  do {                                                                                                                \
    transport_server_options_t o = server_options("127.0.0.1", 0);                                                    \
    o.field = value;                                                                                                  \
    CHECK_STATUS(attempt(&o, &protocol), TRANSPORT_EINVAL);                                                           \
  } while (0)

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = server_options("127.0.0.1", 0);
  union { transport_server_options_t options; char bytes[4096]; } grown;
  transport_server_t *server = NULL;
  watchdog(20);
  loop = loop_new();
  CHECK_STATUS(attempt(&options, NULL), TRANSPORT_EINVAL);
  REFUSED(size, 0);
  REFUSED(size, sizeof(transport_server_options_t) - 1);
  REFUSED(size, 1u << 20);
  REFUSED(family, 99);
  REFUSED(backlog, -1);
  REFUSED(nodelay, 2);
  REFUSED(keepalive, -2);
  REFUSED(start_serving, 3);
  REFUSED(reuse_address, 4);
  REFUSED(reuse_port, -7);
  protocol.size = 0;
  CHECK_STATUS(attempt(&options, &protocol), TRANSPORT_EINVAL);
  protocol = recorder_protocol();
  memset(&grown, 0, sizeof grown);
  grown.options = options;
  grown.options.size = sizeof grown;
  grown.bytes[sizeof grown - 1] = 1;
  CHECK_STATUS(attempt(&grown.options, &protocol), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_create_server(NULL, &options, &protocol, NULL, NULL, NULL), TRANSPORT_EHANDLE);

  CHECK_STATUS(transport_server_close(NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_server_start_serving(untouched), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_server_close((transport_server_t *)loop), TRANSPORT_EHANDLE);
  CHECK(!transport_server_is_serving(NULL));
  CHECK_UINT(transport_server_port(NULL), 0);
  CHECK_INT(listeners(0, NULL, 0), 0);
  CHECK_OK(transport_loop_run_until_idle(loop));

  grown.bytes[sizeof grown - 1] = 0; /* a struct of a later release with a zero tail */
  CHECK_OK(transport_create_server(loop, &grown.options, &protocol, NULL, NULL, &server));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
