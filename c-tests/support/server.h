/* Servers as the tests need them: zeroed options, and a factory that makes one recorder per connection. */
#ifndef SERVER_H
#define SERVER_H
#include "recorder.h"

static inline transport_server_options_t server_options(const char *host, uint16_t port) {
  transport_server_options_t options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.host = host;
  options.port = port;
  return options;
}

/* What transport_create_server answers. The protocol's table is a local of this function: the library has to copy it. */
static inline transport_status_t server_try(transport_loop_t *loop, const transport_server_options_t *options,
                                            transport_factory_t factory, void *arg, transport_server_t **out) {
  transport_protocol_t protocol = recorder_protocol();
  transport_status_t status = transport_create_server(loop, options, &protocol, factory, arg, out);
  memset(&protocol, 0xff, sizeof protocol);
  return status;
}

static inline transport_server_t *server_start(transport_loop_t *loop, const transport_server_options_t *options,
                                               transport_factory_t factory, void *arg) {
  transport_server_t *server = NULL;
  CHECK_OK(server_try(loop, options, factory, arg, &server));
  CHECK(server != NULL);
  return server;
}

enum { CROWD = 64 };

/* The connections of a server in the order of their factory calls; crowd_factory's arg. */
typedef struct crowd_t {
  recorder_t recorders[CROWD];
  size_t count;
  recorder_t blank; /* what each recorder starts as: hooks and switches */
} crowd_t;

static inline void *crowd_factory(void *arg) {
  crowd_t *crowd = arg;
  CHECK(crowd->count < CROWD);
  crowd->recorders[crowd->count] = crowd->blank;
  return &crowd->recorders[crowd->count++];
}

/* Runs turns until that many connections were made and not lost. */
static inline void run_until_live(transport_loop_t *loop, const crowd_t *crowd, size_t live) {
  for (;;) {
    size_t now = 0;
    for (size_t i = 0; i < crowd->count; i++) now += crowd->recorders[i].made && !crowd->recorders[i].lost;
    if (now == live) return;
    CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  }
}

/* Runs turns until a peer's socket has something to read. */
static inline void run_until_readable(transport_loop_t *loop, int fd) {
  while (!peer_readable(fd, 0)) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(10)));
}

/* Notes the calls of a completion callback. */
typedef struct completion_t {
  int calls, status;
  bool called;
  bool calling; /* inside a call of the library: the callback may not run */
} completion_t;

static inline void completion_done(void *arg, const transport_error_t *error) {
  completion_t *c = arg;
  CHECK(!c->calling);
  CHECK(!c->called);
  c->called = true;
  c->calls++;
  c->status = error ? error->status : TRANSPORT_OK;
}

static inline transport_status_t server_wait(transport_server_t *server, completion_t *c) {
  transport_status_t status;
  c->calling = true;
  status = transport_server_wait_closed(server, completion_done, c);
  c->calling = false;
  return status;
}

#endif
