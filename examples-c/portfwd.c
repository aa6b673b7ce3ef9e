/* portfwd LISTEN_PORT HOST PORT: passes connections on to another place, both ways, with back-pressure both ways: while one
 * side cannot be written to, the other is not read, so that a slow peer costs a bounded number of bytes. Half-closes are
 * passed on. Port 0 takes a free one; Ctrl-C ends it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <transport.h>

struct forwarder {
  transport_loop_t *loop;
  transport_server_t *server;
  transport_protocol_t protocol;
  transport_connect_options_t target;
};

struct connection { /* the protocol of both transports */
  struct forwarder *forwarder;
  transport_t *in, *out; /* handles: calls on one that has ended are refused, and that is all */
  int parts, ends;       /* what still refers to this; ends of stream seen */
};
static transport_t *other(const struct connection *c, const transport_t *t) { return t == c->in ? c->out : c->in; }

static void *new_connection(void *arg) {
  struct connection *c = calloc(1, sizeof *c);
  if (c) c->forwarder = arg;
  return c; /* NULL refuses the connection */
}

static void release(struct connection *c) {
  if (--c->parts == 0) free(c);
}

static void connected(void *arg, transport_t *transport, const transport_error_t *error) {
  struct connection *c = arg;
  (void)transport;
  if (error) fprintf(stderr, "%s\n", error->message);
  if (error) transport_abort(c->in);
  release(c);
}

static void connection_made(void *user, transport_t *t) {
  struct connection *c = user;
  struct forwarder *f = c->forwarder;
  c->parts++;
  if (!c->in) {
    c->in = t;
    transport_pause_reading(t); /* until there is somewhere to pass it on to */
    c->parts++;                 /* for `connected` */
    if (transport_create_connection(f->loop, &f->target, &f->protocol, c, connected, c, NULL) == TRANSPORT_OK) return;
    transport_abort(t);
    release(c);
  } else {
    c->out = t;
    if (transport_resume_reading(c->in) != TRANSPORT_OK) transport_abort(t); /* the client has gone meanwhile */
  }
}

static void data_received(void *user, transport_t *t, const uint8_t *data, size_t len) {
  transport_write(other(user, t), data, len);
}

static bool eof_received(void *user, transport_t *t) {
  struct connection *c = user;
  transport_write_eof(other(c, t));
  return ++c->ends < 2; /* the other direction goes on; with both ended, connection_lost comes */
}

static void pause_writing(void *user, transport_t *t) { transport_pause_reading(other(user, t)); }
static void resume_writing(void *user, transport_t *t) { transport_resume_reading(other(user, t)); }

static void connection_lost(void *user, transport_t *t, const transport_error_t *error) {
  struct connection *c = user;
  error ? transport_abort(other(c, t)) : transport_close(other(c, t));
  release(c);
}

static void interrupted(void *arg, int signum) {
  (void)signum;
  transport_server_close(arg);
  transport_server_abort_clients(arg);
}

int main(int argc, char **argv) {
  struct forwarder f = {.protocol = {.size = sizeof f.protocol, .connection_made = connection_made, .data_received =
                        data_received, .eof_received = eof_received, .pause_writing = pause_writing,
                        .resume_writing = resume_writing, .connection_lost = connection_lost}};
  transport_server_options_t where = {.size = sizeof where, .host = "127.0.0.1"};
  if (argc != 4) return fprintf(stderr, "usage: portfwd LISTEN_PORT HOST PORT\n"), EXIT_FAILURE;
  where.port = (uint16_t)atoi(argv[1]);
  f.target = (transport_connect_options_t){.size = sizeof f.target, .host = argv[2], .port = (uint16_t)atoi(argv[3])};
  if (transport_loop_new(NULL, &f.loop) || transport_create_server(f.loop, &where, &f.protocol, new_connection, &f, &f.server) ||
      transport_loop_add_signal_handler(f.loop, SIGINT, interrupted, f.server))
    return fprintf(stderr, "%s\n", transport_last_error()->message), EXIT_FAILURE;
  printf("listening on 127.0.0.1:%u\n", (unsigned)transport_server_port(f.server));
  fflush(stdout);
  transport_loop_run_until_idle(f.loop);
  return transport_loop_free(f.loop) == TRANSPORT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
