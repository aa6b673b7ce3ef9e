/* A server without a host, or with an empty one, listens on every interface of both families, each family with a socket
 * of its own that does not take the other's connections (K2, K6). */
#include "server.h"
#include "sockets.h"

static int connect_v6(uint16_t port) {
  struct sockaddr_in6 a;
  int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memset(&a, 0, sizeof a);
  a.sin6_family = AF_INET6;
  a.sin6_port = htons(port);
  a.sin6_addr = in6addr_loopback;
  CHECK(fd >= 0);
  CHECK_INT(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
  return fd;
}

static void serves_both(transport_loop_t *loop, const char *host, int family) {
  uint16_t port = peer_free_port();
  transport_server_options_t options = server_options(host, port);
  transport_server_t *server;
  static crowd_t crowd;
  int found[4], count, peers[2];
  memset(&crowd, 0, sizeof crowd);
  options.family = family;
  server = server_start(loop, &options, crowd_factory, &crowd);
  CHECK_UINT(transport_server_port(server), port);
  count = listeners(port, found, 4);
  CHECK_INT(count, family ? 1 : 2);
  for (int i = 0; i < count; i++) {
    if (socket_family(found[i]) == AF_INET6) CHECK_INT(socket_option(found[i], IPPROTO_IPV6, IPV6_V6ONLY), 1);
  }
  if (family == AF_INET6) {
    CHECK_INT(connect_errno("127.0.0.1", port), ECONNREFUSED);
  } else if (family == AF_INET) {
    CHECK_INT(connect_errno("::1", port), ECONNREFUSED);
  } else {
    CHECK(socket_family(found[0]) != socket_family(found[1]));
    peers[0] = peer_connect(port);
    peers[1] = connect_v6(port);
    run_until_live(loop, &crowd, 2);
    for (int i = 0; i < 2; i++) peer_close(peers[i]);
    run_until_live(loop, &crowd, 0);
  }
  CHECK_OK(transport_server_close(server));
  CHECK_INT(listeners(port, found, 4), 0);
}

int main(void) {
  transport_loop_t *loop;
  watchdog(20);
  if (!have_ipv6()) SKIP("this system has no IPv6");
  loop = loop_new();
  serves_both(loop, NULL, 0);
  serves_both(loop, "", 0);
  serves_both(loop, NULL, AF_INET);
  serves_both(loop, NULL, AF_INET6);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
