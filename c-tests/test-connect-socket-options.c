/* The sockets of both ends: TCP_NODELAY on by default and off when asked (A17), SO_KEEPALIVE off by default and on when
 * asked, and every descriptor that the library opens close-on-exec, the sockets non-blocking (A18). */
#include "client.h"
#include "sockets.h"

static void expect(const transport_t *transport, int nodelay, int keepalive) {
  int fd = transport_fd(transport);
  CHECK(socket_is_polite(fd));
  CHECK_INT(socket_option(fd, IPPROTO_TCP, TCP_NODELAY) != 0, nodelay);
  CHECK_INT(socket_option(fd, SOL_SOCKET, SO_KEEPALIVE) != 0, keepalive);
}

static void pair(transport_loop_t *loop, int nodelay_switch, int keepalive_switch, int nodelay, int keepalive) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t server_options = {.size = sizeof server_options, .host = "127.0.0.1"};
  transport_connect_options_t options;
  transport_server_t *server = NULL;
  recorder_t accepted = {0};
  client_t client = {0};
  int fds[64], count;
  server_options.nodelay = nodelay_switch;
  server_options.keepalive = keepalive_switch;
  CHECK_OK(transport_create_server(loop, &server_options, &protocol, NULL, &accepted, &server));
  options = client_options("127.0.0.1", transport_server_port(server));
  options.nodelay = nodelay_switch;
  options.keepalive = keepalive_switch;
  CHECK_OK(client_try(loop, &client, &options));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  run_until(loop, &accepted.made);
  expect(client.transport, nodelay, keepalive);
  expect(accepted.transport, nodelay, keepalive);
  count = descriptors(fds, 64);
  for (int i = 0; i < count && i < 64; i++) {
    CHECK(fds[i] <= 2 || (fcntl(fds[i], F_GETFD) & FD_CLOEXEC));
  }
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
}

/* The runner may have left descriptors open for us; they are not the library's. */
static void mark_inherited(void) {
  int fds[64];
  int count = descriptors(fds, 64);
  for (int i = 0; i < count && i < 64; i++) {
    if (fds[i] > 2) (void)fcntl(fds[i], F_SETFD, FD_CLOEXEC);
  }
}

int main(void) {
  transport_loop_t *loop;
  watchdog(20);
  mark_inherited();
  loop = loop_new();
  pair(loop, 0, 0, 1, 0);
  pair(loop, TRANSPORT_ON, TRANSPORT_ON, 1, 1);
  pair(loop, TRANSPORT_OFF, TRANSPORT_OFF, 0, 0);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
