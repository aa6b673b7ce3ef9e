/* The sockets of accepted and connecting streams are non-blocking and close-on-exec: A18. */
#include "stream.h"

static void check(const transport_t *t) {
  int fd = stream_fd(t);
  CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

int main(void) {
  transport_loop_t *loop;
  transport_protocol_t protocol = recorder_protocol();
  transport_server_t *server;
  transport_connect_options_t options;
  recorder_t accepted = {.log = ""}, client = {.log = ""};
  watchdog(20);
  loop = loop_new();
  server = recorder_server(loop, NULL, &accepted);
  options = stream_connect_options(transport_server_port(server));
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &client, NULL, NULL, NULL));
  run_until(loop, &accepted.made);
  run_until(loop, &client.made);
  check(accepted.transport);
  check(client.transport);
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
