/* TCP_NODELAY is on for every accepted and every connecting stream, unless its options say off: A17. */
#include "stream.h"

static int nodelay_of(const transport_t *t) {
  int value = -1;
  socklen_t len = sizeof value;
  CHECK_INT(getsockopt(stream_fd(t), IPPROTO_TCP, TCP_NODELAY, &value, &len), 0);
  return value != 0;
}

static void check(int option, int expected) {
  transport_loop_t *loop = loop_new();
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t server_options = {.size = sizeof server_options, .host = "127.0.0.1", .nodelay = option};
  transport_server_t *server = NULL;
  transport_connect_options_t options;
  recorder_t accepted = {.log = ""}, client = {.log = ""};
  CHECK_OK(transport_create_server(loop, &server_options, &protocol, NULL, &accepted, &server));
  options = stream_connect_options(transport_server_port(server));
  options.nodelay = option;
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &client, NULL, NULL, NULL));
  run_until(loop, &accepted.made);
  run_until(loop, &client.made);
  CHECK_INT(nodelay_of(accepted.transport), expected);
  CHECK_INT(nodelay_of(client.transport), expected);
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(0, 1);
  check(TRANSPORT_ON, 1);
  check(TRANSPORT_OFF, 0);
  return 0;
}
