/* A server's host is numeric or a list with commas: duplicates are bound once (K3), with port 0 every socket gets a free
 * port of its own (K4), and an address that this machine does not have is passed over while another one binds (K7). */
#include "server.h"
#include "sockets.h"

static transport_loop_t *loop;

/* Starts a server, checks how many sockets listen, that each answers, and that closing it closes them all. */
static void listens(const char *host, uint16_t port, int sockets) {
  transport_server_options_t options = server_options(host, port);
  static crowd_t crowd;
  transport_server_t *server;
  int found[8], peers[8];
  bool first_seen = false;
  memset(&crowd, 0, sizeof crowd);
  server = server_start(loop, &options, crowd_factory, &crowd);
  CHECK(transport_server_is_serving(server));
  CHECK_INT(listeners(0, found, 8), sockets);
  for (int i = 0; i < sockets; i++) {
    struct sockaddr_storage a;
    socklen_t len = sizeof a;
    CHECK(socket_is_polite(found[i]));
    CHECK_INT(getsockname(found[i], (struct sockaddr *)&a, &len), 0);
    CHECK(socket_port(found[i]) != 0);
    if (port) CHECK_UINT(socket_port(found[i]), port);
    first_seen = first_seen || socket_port(found[i]) == transport_server_port(server);
    for (int j = 0; !port && j < i; j++) CHECK(socket_port(found[i]) != socket_port(found[j]));
    peers[i] = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_INT(connect(peers[i], (struct sockaddr *)&a, len), 0);
  }
  CHECK(first_seen);
  run_until_live(loop, &crowd, (size_t)sockets);
  for (int i = 0; i < sockets; i++) peer_close(peers[i]);
  run_until_live(loop, &crowd, 0);
  CHECK_OK(transport_server_close(server));
  CHECK_INT(listeners(0, found, 8), 0);
}

static void refused(const char *host, int status, int os_code) {
  transport_server_options_t options = server_options(host, 0);
  transport_server_t *server = NULL;
  CHECK_STATUS(server_try(loop, &options, NULL, NULL, &server), status);
  CHECK_PTR(server, NULL);
  CHECK_INT(transport_last_error()->os_code, os_code);
  CHECK_CONTAINS(transport_last_error()->message, host);
  CHECK_INT(listeners(0, NULL, 0), 0);
}

int main(void) {
  watchdog(20);
  loop = loop_new();
  listens("127.0.0.1", 0, 1);
  listens("127.0.0.1,127.0.0.2", 0, 2);
  listens("127.0.0.1,127.0.0.2,127.0.0.1", 0, 2);
  listens("127.0.0.1,127.0.0.1", peer_free_port(), 1);
  listens("127.0.0.2,127.0.0.1", peer_free_port(), 2);
  listens("192.0.2.77,127.0.0.1", 0, 1); /* a documentation address (RFC 5737): nobody has it */
  refused("192.0.2.77", TRANSPORT_EIO, EADDRNOTAVAIL);
  if (have_ipv6()) {
    listens("::1", 0, 1);
    listens("::1,127.0.0.1", 0, 2);
    listens("::1,::1,127.0.0.1", peer_free_port(), 2);
    listens("0:0:0:0:0:0:0:1,::1", 0, 1);
  }
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
