/* "localhost" at both ends, looked up by the system: a server listens there, a client reaches it, and when nobody listens
 * any more the error lists every address that the name has (J3, J8, K2). */
#include "client.h"
#include "sockets.h"
#include <netdb.h>

static void lists_every_address(const char *message) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  char text[INET6_ADDRSTRLEN];
  CHECK_INT(getaddrinfo("localhost", NULL, &hints, &found), 0);
  for (const struct addrinfo *a = found; a; a = a->ai_next) {
    CHECK_INT(getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST), 0);
    CHECK_CONTAINS(message, text);
  }
  freeaddrinfo(found);
}

int main(void) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "localhost"};
  transport_loop_t *loop;
  transport_server_t *server = NULL;
  recorder_t accepted = {0};
  client_t client = {0}, late = {0};
  uint16_t port;
  watchdog(20);
  loop = loop_new();
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, &accepted, &server));
  port = transport_server_port(server);
  CHECK(port != 0);
  client_start(loop, &client, "localhost", port);
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  run_until(loop, &accepted.made);
  CHECK_OK(transport_write(client.transport, "hello", 5));
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_TEXT(accepted.log, "made data:5 eof lost");
  CHECK_OK(transport_server_close(server));

  client_start(loop, &late, "localhost", port);
  run_until(loop, &late.done);
  CHECK_STATUS(late.status, TRANSPORT_EIO);
  CHECK_INT(late.os_code, ECONNREFUSED);
  lists_every_address(late.message);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(client.recorder.log, "made done lost");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
