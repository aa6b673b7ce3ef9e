/* The loop inside somebody else's: a program that has its own poll(2) loop waits for our descriptor beside its own, and runs
 * a turn when there is work. Here an echo server and its client live in it, and a pipe of the program's. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <transport.h>
#include <unistd.h>

static bool over;

static void echo(void *user, transport_t *t, const uint8_t *data, size_t len) {
  (void)user;
  transport_write(t, data, len);
}

static void greet(void *user, transport_t *t) {
  (void)user;
  transport_write(t, "hello from a guest", 18);
}

static void answered(void *user, transport_t *t, const uint8_t *data, size_t len) {
  (void)user;
  printf("the echo: %.*s\n", (int)len, (const char *)data);
  transport_close(t);
}

static void lost(void *user, transport_t *t, const transport_error_t *error) {
  (void)t, (void)error;
  if (write(*(int *)user, "x", 1) != 1) abort(); /* wakes the host's side */
}

int main(void) {
  transport_loop_t *loop = NULL;
  transport_server_t *server = NULL;
  transport_protocol_t echoing = {.size = sizeof echoing, .data_received = echo};
  transport_protocol_t asking = {.size = sizeof asking, .connection_made = greet, .data_received = answered,
                                 .connection_lost = lost};
  transport_server_options_t where = {.size = sizeof where, .host = "127.0.0.1"};
  transport_connect_options_t whom = {.size = sizeof whom, .host = "127.0.0.1"};
  int hosts[2];
  if (pipe(hosts) || transport_loop_new(NULL, &loop)) return EXIT_FAILURE;
  if (transport_create_server(loop, &where, &echoing, NULL, NULL, &server)) return EXIT_FAILURE;
  whom.port = transport_server_port(server);
  if (transport_create_connection(loop, &whom, &asking, &hosts[1], NULL, NULL, NULL)) return EXIT_FAILURE;

  while (!over) { /* the host's loop */
    struct pollfd fds[] = {{.fd = hosts[0], .events = POLLIN},
                           {.fd = (int)transport_loop_backend_fd(loop), .events = POLLIN}};
    uint64_t timeout = transport_loop_backend_timeout(loop); /* nanoseconds; poll takes milliseconds */
    int wait = timeout >= TRANSPORT_SEC(3600) ? 3600000 : (int)((timeout + 999999) / 1000000);
    if (poll(fds, 2, wait) < 0) return EXIT_FAILURE;
    if (fds[0].revents) over = true;
    transport_loop_run_once(loop, 0);
  }
  puts("the host has heard of the end");
  return transport_loop_free(loop) == TRANSPORT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
