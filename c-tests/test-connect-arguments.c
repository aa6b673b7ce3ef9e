/* Arguments that break the contract of transport_create_connection are its status at once: the output stays untouched,
 * done is never called, and nothing is left behind that would keep the loop busy (J1). */
#include "client.h"

static transport_loop_t *loop;
static transport_request_t *const untouched = (transport_request_t *)(uintptr_t)0x5a5a;

static void never(void *arg, transport_t *transport, const transport_error_t *error) {
  (void)arg;
  (void)transport;
  (void)error;
  CHECK(!"done was called for a call that failed");
}

static transport_status_t attempt(const transport_connect_options_t *options, const transport_protocol_t *protocol) {
  transport_request_t *request = untouched;
  transport_status_t status = transport_create_connection(loop, options, protocol, NULL, never, NULL, &request);
  CHECK_PTR(request, untouched);
  CHECK_STATUS(transport_last_error()->status, status);
  CHECK(transport_last_error()->message[0] != 0);
  return status;
}

#define REFUSED(field, value)                                                                                         \
  do {                                                                                                                \
    transport_connect_options_t o = client_options("127.0.0.1", 9);                                                   \
    o.field = value;                                                                                                  \
    CHECK_STATUS(attempt(&o, &protocol), TRANSPORT_EINVAL);                                                           \
  } while (0)

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options = client_options("127.0.0.1", 9);
  union { transport_connect_options_t options; char bytes[4096]; } grown;
  watchdog(20);
  loop = loop_new();
  CHECK_STATUS(attempt(NULL, &protocol), TRANSPORT_EINVAL);
  CHECK_STATUS(attempt(&options, NULL), TRANSPORT_EINVAL);
  REFUSED(host, NULL); /* neither host nor path nor socket */
  REFUSED(size, 0);
  REFUSED(size, sizeof(transport_connect_options_t) - 1);
  REFUSED(size, 1u << 20);
  REFUSED(family, 99);
  REFUSED(family, -1);
  REFUSED(nodelay, 2);
  REFUSED(keepalive, -2);
  protocol.size = 0;
  CHECK_STATUS(attempt(&options, &protocol), TRANSPORT_EINVAL);
  protocol.size = sizeof protocol + 4097;
  CHECK_STATUS(attempt(&options, &protocol), TRANSPORT_EINVAL);
  protocol = recorder_protocol();

  memset(&grown, 0, sizeof grown); /* a struct of a later release: accepted while its tail is zero */
  grown.options = client_options("127.0.0.1", 9);
  grown.options.size = sizeof(transport_connect_options_t) + 16;
  grown.bytes[sizeof(transport_connect_options_t) + 5] = 1;
  CHECK_STATUS(attempt(&grown.options, &protocol), TRANSPORT_EINVAL);

  CHECK_STATUS(transport_create_connection(NULL, &options, &protocol, NULL, never, NULL, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_request_cancel(NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_request_cancel((transport_request_t *)loop), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_run_until_idle(loop));

  grown.bytes[sizeof(transport_connect_options_t) + 5] = 0;
  grown.options.port = peer_free_port();
  CHECK_OK(transport_create_connection(loop, &grown.options, &protocol, NULL, NULL, NULL, NULL));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
