/* The addresses of a name are tried in the resolver's order until one connects (J3): one that refuses is passed over, the
 * first that accepts is used, those behind it are left alone, and a family limits the choice. */
#include "client.h"
#include "resolver.h"
#include "sockets.h"

static int listen_at(const char *address, uint16_t port) {
  struct sockaddr_in a = peer_address(port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  CHECK_INT(inet_pton(AF_INET, address, &a.sin_addr), 1);
  if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0) SKIP("this system has no second loopback address");
  CHECK_INT(listen(fd, 8), 0);
  return fd;
}

/* Connects to the scripted name and checks which address it got. */
static void reaches(transport_loop_t *loop, uint16_t port, int family, const char *address) {
  client_t client = {0};
  transport_connect_options_t options = client_options("some.test", port);
  transport_value_t peername = {0};
  struct sockaddr_in expected = peer_address(port);
  options.family = family;
  CHECK_OK(client_try(loop, &client, &options));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK_OK(transport_get_extra_info(client.transport, "peername", &peername));
  CHECK_INT(peername.kind, TRANSPORT_VALUE_ADDRESS);
  CHECK_UINT(peername.len, sizeof expected);
  CHECK_INT(inet_pton(AF_INET, address, &expected.sin_addr), 1);
  CHECK_INT(((const struct sockaddr_in *)peername.data)->sin_port, expected.sin_port);
  CHECK_UINT(((const struct sockaddr_in *)peername.data)->sin_addr.s_addr, expected.sin_addr.s_addr);
  CHECK_OK(transport_abort(client.transport));
  run_until(loop, &client.recorder.lost);
  CHECK_TEXT(client.recorder.log, "made done lost");
}

int main(void) {
  transport_loop_t *loop;
  uint16_t port;
  int first, second;
  watchdog(20);
  loop = loop_new();
  first = listen_at("127.0.0.2", 0);
  port = socket_port(first);
  second = listen_at("127.0.0.3", port);

  resolver.addresses[0] = "127.0.0.1"; /* refuses */
  resolver.addresses[1] = "127.0.0.2";
  resolver.addresses[2] = "127.0.0.3";
  reaches(loop, port, 0, "127.0.0.2");
  resolver.addresses[1] = "127.0.0.3";
  resolver.addresses[2] = "127.0.0.2";
  reaches(loop, port, 0, "127.0.0.3");
  resolver.addresses[0] = "::1";
  reaches(loop, port, AF_INET, "127.0.0.3");
  reaches(loop, port, 0, "127.0.0.3");

  peer_close(peer_accept(first));
  for (int i = 0; i < 3; i++) peer_close(peer_accept(second));
  CHECK(!peer_readable(first, 0) && !peer_readable(second, 0));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  peer_close(first);
  peer_close(second);
  return 0;
}
