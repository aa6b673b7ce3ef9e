/* The echo client of asyncio's documentation: connects, sends a message, prints what comes back, and ends when the
 * connection is lost. The exit status tells whether the whole message came back.
 *
 *   echo_client [host [port [message]]]          127.0.0.1, 8888 and "Hello World!" when left out
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <transport.h>

struct client {
  const char *message;
  size_t received; /* bytes of the message that came back */
  bool differs, ok;
};

static void connection_made(void *user, transport_t *transport) {
  struct client *client = user;
  transport_write(transport, client->message, strlen(client->message));
  transport_write_eof(transport); /* nothing more to say: the server ends the connection after its echo */
  printf("Data sent: '%s'\n", client->message);
}

static void data_received(void *user, transport_t *transport, const uint8_t *data, size_t len) {
  struct client *client = user;
  size_t left = strlen(client->message) - client->received;
  printf("Data received: '%.*s'\n", (int)len, (const char *)data);
  client->differs = len > left || memcmp(client->message + client->received, data, len) != 0;
  if (client->differs)
    transport_abort(transport);
  else
    client->received += len;
}

static void connection_lost(void *user, transport_t *transport, const transport_error_t *error) {
  struct client *client = user;
  (void)transport;
  printf("Connection lost: %s\n", error ? error->message : "the server closed it");
  client->ok = !error && !client->differs && client->received == strlen(client->message);
}

/* Told once how the attempt ended. On success connection_made has already run. */
static void connected(void *arg, transport_t *transport, const transport_error_t *error) {
  (void)arg, (void)transport;
  if (error) fprintf(stderr, "%s\n", error->message);
}

int main(int argc, char **argv) {
  struct client client = {.message = argc > 3 ? argv[3] : "Hello World!"};
  transport_protocol_t protocol = {.size = sizeof protocol, .connection_made = connection_made,
                                   .data_received = data_received, .connection_lost = connection_lost};
  transport_connect_options_t options = {.size = sizeof options, .host = argc > 1 ? argv[1] : "127.0.0.1",
                                         .port = argc > 2 ? (uint16_t)strtoul(argv[2], NULL, 10) : 8888};
  transport_loop_t *loop = NULL;

  if (transport_loop_new(NULL, &loop) ||
      transport_create_connection(loop, &options, &protocol, &client, connected, NULL, NULL) ||
      transport_loop_run_until_idle(loop)) {
    fprintf(stderr, "%s\n", transport_last_error()->message);
    return EXIT_FAILURE;
  }
  transport_loop_free(loop);
  return client.ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
