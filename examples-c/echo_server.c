/* An echo server: whatever a peer sends goes back to it. A peer that reads slowly is not read from, so the bytes that
 * wait for it stay few. Ctrl-C closes the server and lets every connection send what it still has; a second Ctrl-C
 * drops the connections.
 *
 *   echo_server [port]          8888 when left out, 0 for any free one
 */
#define _POSIX_C_SOURCE 200809L
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <transport.h>

struct echo { /* one for the program: the server has no factory, so this is the user pointer of every connection */
  transport_loop_t *loop;
  transport_server_t *server;
  unsigned long long connections, bytes, pauses;
};

static void connection_made(void *user, transport_t *transport) {
  struct echo *echo = user;
  transport_value_t peer;
  char host[64], port[8];
  echo->connections++;
  if (transport_get_extra_info(transport, "peername", &peer) || peer.kind != TRANSPORT_VALUE_ADDRESS) return;
  if (getnameinfo(peer.data, (socklen_t)peer.len, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) == 0)
    printf("connection from %s:%s\n", host, port);
}

static void data_received(void *user, transport_t *transport, const uint8_t *data, size_t len) {
  struct echo *echo = user;
  echo->bytes += len;
  transport_write(transport, data, len);
}

/* Bytes pile up because the peer does not read: take no more from it until they are gone. */
static void pause_writing(void *user, transport_t *transport) {
  struct echo *echo = user;
  echo->pauses++;
  transport_pause_reading(transport);
}

static void resume_writing(void *user, transport_t *transport) {
  (void)user;
  transport_resume_reading(transport);
}

static void connection_lost(void *user, transport_t *transport, const transport_error_t *error) {
  (void)user, (void)transport;
  if (error) printf("connection lost: %s\n", error->message);
}

static void interrupted(void *arg, int signum) {
  struct echo *echo = arg;
  (void)signum;
  if (transport_server_is_serving(echo->server)) {
    transport_server_close(echo->server);         /* no new connections */
    transport_server_close_clients(echo->server); /* the old ones end when their bytes are sent */
  } else {
    transport_server_abort_clients(echo->server); /* asked twice: drop what is left */
  }
}

static int failed(const char *what) {
  fprintf(stderr, "%s: %s\n", what, transport_last_error()->message);
  return EXIT_FAILURE;
}

int main(int argc, char **argv) {
  struct echo echo = {.loop = NULL};
  transport_protocol_t protocol = {.size = sizeof protocol, .connection_made = connection_made,
                                   .data_received = data_received, .pause_writing = pause_writing,
                                   .resume_writing = resume_writing, .connection_lost = connection_lost};
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .port = 8888};
  if (argc > 1) options.port = (uint16_t)strtoul(argv[1], NULL, 10);

  if (transport_loop_new(NULL, &echo.loop)) return failed("loop");
  if (transport_create_server(echo.loop, &options, &protocol, NULL, &echo, &echo.server)) return failed("server");
  if (transport_loop_add_signal_handler(echo.loop, SIGINT, interrupted, &echo) ||
      transport_loop_add_signal_handler(echo.loop, SIGTERM, interrupted, &echo))
    return failed("signals");
  printf("listening on 127.0.0.1:%u\n", (unsigned)transport_server_port(echo.server));
  fflush(stdout);

  /* Returns when nothing is left to wait for: the server is closed and the last connection is lost. */
  if (transport_loop_run_until_idle(echo.loop)) return failed("run");
  if (transport_loop_free(echo.loop)) return failed("free");
  printf("%llu connections, %llu bytes echoed, %llu pauses\n", echo.connections, echo.bytes, echo.pauses);
  return EXIT_SUCCESS;
}
