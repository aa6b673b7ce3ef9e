/* peername, sockname and socket of accepted and connecting TCP streams: both ends name each other, an accepted one's peer is the
 * address accept gave, and an unknown or absent name gives TRANSPORT_OK and TRANSPORT_VALUE_NONE: H1, H2, H3, H4. */
#include "stream.h"

static struct sockaddr_in address_of(const transport_t *t, const char *name) {
  transport_value_t value;
  struct sockaddr_in address;
  memset(&value, 0xee, sizeof value);
  CHECK_OK(transport_get_extra_info(t, name, &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_ADDRESS);
  CHECK_UINT(value.len, sizeof address);
  memcpy(&address, value.data, sizeof address);
  CHECK_INT(address.sin_family, AF_INET);
  CHECK_UINT(ntohl(address.sin_addr.s_addr), INADDR_LOOPBACK);
  return address;
}

static void check_unknown(const transport_t *t) {
  static const char *const names[] = {"", "no such name", "peername2", "PEERNAME", "peer", "cipher", "pipe", "subprocess"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    transport_value_t value;
    memset(&value, 0xee, sizeof value);
    CHECK_OK(transport_get_extra_info(t, names[i], &value));
    CHECK_INT(value.kind, TRANSPORT_VALUE_NONE);
    CHECK_PTR(value.data, NULL);
    CHECK_UINT(value.len, 0);
    CHECK_INT(value.number, 0);
    CHECK_PTR(value.protocol, NULL);
  }
}

static void check_arguments(const transport_t *t) {
  transport_value_t value = {.kind = 77};
  CHECK_STATUS(transport_get_extra_info(t, NULL, &value), TRANSPORT_EINVAL);
  CHECK_INT(value.kind, 77);
  CHECK_STATUS(transport_get_extra_info(t, "peername", NULL), TRANSPORT_EINVAL);
}

/* The socket is the real one: its own names are those told. */
static void check_socket(const transport_t *t, uint16_t sock_port, uint16_t peer_port) {
  struct sockaddr_in a;
  socklen_t len = sizeof a;
  CHECK_INT(getsockname(stream_fd(t), (struct sockaddr *)&a, &len), 0);
  CHECK_UINT(a.sin_port, sock_port);
  len = sizeof a;
  CHECK_INT(getpeername(stream_fd(t), (struct sockaddr *)&a, &len), 0);
  CHECK_UINT(a.sin_port, peer_port);
}

int main(void) {
  transport_loop_t *loop;
  transport_protocol_t protocol = recorder_protocol();
  transport_server_t *server;
  transport_connect_options_t options;
  recorder_t accepted = {.log = ""}, client = {.log = ""};
  struct sockaddr_in there, here;
  watchdog(20);
  loop = loop_new();
  server = recorder_server(loop, NULL, &accepted);
  options = stream_connect_options(transport_server_port(server));
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &client, NULL, NULL, NULL));
  run_until(loop, &accepted.made);
  run_until(loop, &client.made);
  here = address_of(client.transport, "sockname");
  there = address_of(client.transport, "peername");
  CHECK_UINT(ntohs(there.sin_port), transport_server_port(server));
  CHECK_UINT(address_of(accepted.transport, "peername").sin_port, here.sin_port);
  CHECK_UINT(address_of(accepted.transport, "sockname").sin_port, there.sin_port);
  check_socket(client.transport, here.sin_port, there.sin_port);
  check_socket(accepted.transport, there.sin_port, here.sin_port);
  check_unknown(client.transport);
  check_unknown(accepted.transport);
  check_arguments(client.transport);
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
