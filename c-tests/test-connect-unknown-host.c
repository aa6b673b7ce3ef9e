/* A host that the resolver does not know: done gets TRANSPORT_ERESOLVE with the resolver's own code and a message that
 * names the host (X1, A6). Told by a scripted resolver; test-connect-odd-hosts.c asks the system's. */
#include "client.h"
#include "resolver.h"
#include "sockets.h"

static void unknown(transport_loop_t *loop, int code) {
  client_t client = {0};
  resolver.failure = code;
  client_start(loop, &client, "does-not-exist.invalid", 80);
  run_until(loop, &client.done);
  CHECK_TEXT(client.recorder.log, "failed");
  CHECK_STATUS(client.status, TRANSPORT_ERESOLVE);
  CHECK_INT(client.os_code, code);
  CHECK_CONTAINS(client.message, "does-not-exist.invalid");
  CHECK_TEXT(resolver.host, "does-not-exist.invalid");
}

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "does-not-exist.invalid"};
  transport_loop_t *loop;
  transport_server_t *server = NULL;
  watchdog(20);
  loop = loop_new();
  unknown(loop, EAI_NONAME);
  unknown(loop, EAI_AGAIN);
  unknown(loop, EAI_FAIL);

  /* a server resolves inside the call */
  CHECK_STATUS(transport_create_server(loop, &options, &protocol, NULL, NULL, &server), TRANSPORT_ERESOLVE);
  CHECK_PTR(server, NULL);
  CHECK_INT(transport_last_error()->os_code, EAI_FAIL);
  CHECK_CONTAINS(transport_last_error()->message, "does-not-exist.invalid");

  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
