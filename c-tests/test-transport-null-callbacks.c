/* A protocol without callbacks does what asyncio's base class does: data is dropped, flow control is not told, the end of the
 * peer's stream closes the transport: C10, api convention 4. */
#include "stream.h"

int main(void) {
  static uint8_t data[200000];
  transport_loop_t *loop;
  transport_server_t *server = NULL;
  transport_protocol_t protocol;
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1"};
  recorder_t client = {.log = "", .quiet_data = true};
  transport_protocol_t recording = recorder_protocol();
  transport_connect_options_t connect_options;
  watchdog(20);
  memset(&protocol, 0, sizeof protocol);
  protocol.size = sizeof protocol;
  loop = loop_new();
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, NULL, &server));
  connect_options = stream_connect_options(transport_server_port(server));
  CHECK_OK(transport_create_connection(loop, &connect_options, &recording, &client, NULL, NULL, NULL));
  run_until(loop, &client.made);
  CHECK_OK(transport_write(client.transport, data, sizeof data));
  CHECK_OK(transport_write_eof(client.transport));
  run_until(loop, &client.lost);
  CHECK(client.eof);
  CHECK_INT(client.lost_status, TRANSPORT_OK);
  CHECK_UINT(client.received, 0);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
