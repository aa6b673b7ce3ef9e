/* chat_server [PORT]: every line that one client sends goes to all others. Who does not read is dropped: write_buffer_cap
 * makes a hard limit of the bytes that may wait for one client, so that nobody holds up the others or fills the memory. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <transport.h>

struct client {
  struct client *next;
  transport_t *transport;
  size_t len;
  char line[512];
};

static struct client *clients;

static void tell_others(const struct client *from, const char *line, size_t len) {
  for (struct client *c = clients; c; c = c->next) {
    if (c == from || transport_is_closing(c->transport)) continue;
    if (transport_write(c->transport, line, len) == TRANSPORT_ELIMIT) transport_abort(c->transport);
  }
}

static void *new_client(void *arg) {
  (void)arg;
  return calloc(1, sizeof(struct client)); /* NULL refuses the connection */
}

static void connection_made(void *user, transport_t *transport) {
  struct client *c = user;
  c->transport = transport;
  c->next = clients;
  clients = c;
}

static void data_received(void *user, transport_t *transport, const uint8_t *data, size_t len) {
  struct client *c = user;
  for (size_t i = 0; i < len; i++) {
    if (c->len == sizeof c->line) { /* no line is that long */
      transport_abort(transport);
      return;
    }
    c->line[c->len++] = (char)data[i];
    if (data[i] != '\n') continue;
    tell_others(c, c->line, c->len);
    c->len = 0;
  }
}

static void connection_lost(void *user, transport_t *transport, const transport_error_t *error) {
  (void)transport, (void)error;
  for (struct client **c = &clients; *c; c = &(*c)->next) {
    if (*c != user) continue;
    *c = (*c)->next;
    break;
  }
  free(user);
}

static void interrupted(void *arg, int signum) {
  (void)signum;
  transport_server_close(arg);
  transport_server_abort_clients(arg);
}

int main(int argc, char **argv) {
  transport_loop_t *loop = NULL;
  transport_server_t *server = NULL;
  transport_protocol_t protocol = {.size = sizeof protocol, .connection_made = connection_made,
                                   .data_received = data_received, .connection_lost = connection_lost};
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .write_buffer_cap = 64 * 1024,
                                        .port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 7777)};
  if (transport_loop_new(NULL, &loop) || transport_create_server(loop, &options, &protocol, new_client, NULL, &server) ||
      transport_loop_add_signal_handler(loop, SIGINT, interrupted, server)) {
    fprintf(stderr, "%s\n", transport_last_error()->message);
    return EXIT_FAILURE;
  }
  printf("listening on 127.0.0.1:%u\n", (unsigned)transport_server_port(server));
  fflush(stdout);
  transport_loop_run_until_idle(loop);
  return transport_loop_free(loop) == TRANSPORT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
