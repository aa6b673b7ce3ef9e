/* Talks to itself over TCP: what was sent comes back, then both ends are gone and the loop is idle. */
#include <stdio.h>
#include <string.h>
#include <transport.h>

static transport_server_t *server;
static char answer[16];

static void echo(void *user, transport_t *transport, const uint8_t *data, size_t len) {
  (void)user;
  transport_write(transport, data, len);
}

static void say_hello(void *user, transport_t *transport) {
  (void)user;
  transport_write(transport, "hello", 5);
}

static void collect(void *user, transport_t *transport, const uint8_t *data, size_t len) {
  (void)user;
  strncat(answer, (const char *)data, len < sizeof answer - 6 ? len : 0);
  if (strlen(answer) < 5) return;
  transport_close(transport);
  transport_server_close(server);
}

int main(void) {
  transport_loop_t *loop = NULL;
  transport_protocol_t served = {.size = sizeof served, .data_received = echo};
  transport_protocol_t client = {.size = sizeof client, .connection_made = say_hello, .data_received = collect};
  transport_server_options_t at = {.size = sizeof at, .host = "127.0.0.1"};
  transport_connect_options_t to = {.size = sizeof to, .host = "127.0.0.1"};

  if (transport_loop_new(NULL, &loop)) return 1;
  if (transport_create_server(loop, &at, &served, NULL, NULL, &server)) return 2;
  to.port = transport_server_port(server);
  if (transport_create_connection(loop, &to, &client, NULL, NULL, NULL, NULL)) return 3;
  if (transport_loop_run_until_idle(loop)) return 4;
  if (transport_loop_free(loop)) return 5;
  printf("libtransport %06x answered %s\n", (unsigned)transport_version(), answer);
  return strcmp(answer, "hello") != 0;
}
