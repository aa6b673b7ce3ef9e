/* A client that writes down what it is told: a recorder whose log also holds "done" (connected) or "failed". */
#ifndef CLIENT_H
#define CLIENT_H
#include "recorder.h"

typedef struct client_t client_t;
struct client_t {
  recorder_t recorder;
  transport_request_t *request;
  bool calling;             /* inside a call of the library: no callback of this client may run (A2, A10) */
  bool done;
  transport_t *transport;   /* what done was given */
  int status, os_code;
  char message[4096];
  void (*on_done)(client_t *client);
  void *context;            /* the test's own */
};

static inline void client_connected(void *arg, transport_t *transport, const transport_error_t *error) {
  client_t *c = arg;
  CHECK(!c->calling);
  CHECK(!c->done);
  CHECK((transport == NULL) == (error != NULL));
  if (transport) CHECK(c->recorder.made && !c->recorder.lost);
  if (transport) CHECK_PTR(transport, c->recorder.transport);
  c->done = true;
  c->transport = transport;
  if (error) {
    CHECK(error->status < 0);
    CHECK(error->message != NULL && error->message[0] != 0);
    c->status = error->status;
    c->os_code = error->os_code;
    snprintf(c->message, sizeof c->message, "%s", error->message);
  }
  recorder_word(&c->recorder, error ? "failed" : "done", 0);
  if (c->on_done) c->on_done(c);
}

static inline transport_connect_options_t client_options(const char *host, uint16_t port) {
  transport_connect_options_t options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.host = host;
  options.port = port;
  return options;
}

/* What transport_create_connection answers. The protocol's table is a local of this function: the library has to copy it. */
static inline transport_status_t client_try(transport_loop_t *loop, client_t *c, const transport_connect_options_t *options) {
  transport_protocol_t protocol = recorder_protocol();
  transport_status_t status;
  c->calling = true;
  status = transport_create_connection(loop, options, &protocol, &c->recorder, client_connected, c, &c->request);
  c->calling = false;
  CHECK(!c->done && !c->recorder.made);
  memset(&protocol, 0xff, sizeof protocol);
  return status;
}

static inline void client_start(transport_loop_t *loop, client_t *c, const char *host, uint16_t port) {
  transport_connect_options_t options = client_options(host, port);
  CHECK_OK(client_try(loop, c, &options));
  CHECK(c->request != NULL);
}

static inline transport_status_t client_cancel(client_t *c) {
  bool before = c->calling;
  transport_status_t status;
  c->calling = true;
  status = transport_request_cancel(c->request);
  c->calling = before;
  return status;
}

/* A connection from the library to a listening socket of the test, up to done. Returns the accepted end. */
static inline int client_accept(transport_loop_t *loop, client_t *c, int listener, uint16_t port) {
  client_start(loop, c, "127.0.0.1", port);
  run_until(loop, &c->done);
  CHECK_STATUS(c->status, TRANSPORT_OK);
  return peer_accept(listener);
}

/* A fails-with-a-status or refused-at-once helper for arguments of which the papers leave open who notices first:
 * runs the attempt to its end and returns its status. connection_made must not have been called. */
static inline int client_outcome(transport_loop_t *loop, client_t *c, const transport_connect_options_t *options) {
  transport_status_t status = client_try(loop, c, options);
  if (status != TRANSPORT_OK) {
    CHECK_PTR(c->request, NULL);
    CHECK_OK(transport_loop_run_until_idle(loop));
    CHECK(!c->done);
    return status;
  }
  run_until(loop, &c->done);
  CHECK(!c->recorder.made);
  return c->status;
}

#endif
