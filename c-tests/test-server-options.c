/* What the listening sockets are set to: address reuse on by default and off when asked, port reuse only when asked (K5),
 * and the backlog, 1024 unless told otherwise (K9). */
#include "server.h"
#include "sockets.h"

static transport_loop_t *loop;

static int backlog_of(int listener) {
  struct tcp_info info;
  socklen_t len = sizeof info;
  memset(&info, 0, sizeof info);
  CHECK_INT(getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
  return (int)info.tcpi_sacked; /* Linux keeps it there for listening sockets */
}

static void listens_with(const transport_server_options_t *options, int reuse_address, int reuse_port, int backlog) {
  transport_server_t *server = server_start(loop, options, NULL, NULL);
  int found[2];
  CHECK_INT(listeners(transport_server_port(server), found, 2), 1);
  CHECK(socket_is_polite(found[0]));
  CHECK_INT(socket_option(found[0], SOL_SOCKET, SO_REUSEADDR) != 0, reuse_address);
  CHECK_INT(socket_option(found[0], SOL_SOCKET, SO_REUSEPORT) != 0, reuse_port);
  CHECK_INT(backlog_of(found[0]), backlog);
  CHECK_OK(transport_server_close(server));
}

static int system_backlog(int wanted) {
  FILE *file = fopen("/proc/sys/net/core/somaxconn", "r");
  int most = wanted;
  if (!file) return wanted;
  if (fscanf(file, "%d", &most) != 1) most = wanted;
  fclose(file);
  return most < wanted ? most : wanted;
}

int main(void) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_server_t *first, *second;
  watchdog(20);
  loop = loop_new();
  listens_with(&options, 1, 0, system_backlog(1024));
  options.backlog = 7;
  options.reuse_address = TRANSPORT_ON;
  options.reuse_port = TRANSPORT_OFF;
  listens_with(&options, 1, 0, 7);
  options.reuse_address = TRANSPORT_OFF;
  options.reuse_port = TRANSPORT_ON;
  listens_with(&options, 0, 1, 7);

  first = server_start(loop, &options, NULL, NULL); /* two servers share one port */
  options.port = transport_server_port(first);
  second = server_start(loop, &options, NULL, NULL);
  CHECK_UINT(transport_server_port(second), options.port);
  CHECK_OK(transport_server_close(first));
  CHECK_OK(transport_server_close(second));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
