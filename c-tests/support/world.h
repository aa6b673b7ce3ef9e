/* One live handle of each kind on one loop: a server, a connection that it accepted, an armed timer and a connection
 * attempt under way. */
#ifndef WORLD_H
#define WORLD_H
#include "exports.h"
#include "recorder.h"

typedef struct world_t {
  transport_loop_t *loop;
  transport_server_t *server;
  transport_t *transport;
  transport_timer_t *timer;
  transport_request_t *request;
  recorder_t recorder;
  int peer, listener;
  uint16_t port;            /* of the listener */
  int timer_runs, request_done, request_status;
} world_t;

#define WORLD_HANDLES 5
static inline const void *world_handle(const world_t *w, int i) {
  const void *handles[WORLD_HANDLES] = {w->loop, w->transport, w->server, w->timer, w->request};
  return handles[i];
}
static inline export_kind_t world_kind(int i) { return (export_kind_t)(LOOP + i); } /* in the order of export_kind_t */

static inline bool world_has(const world_t *w, const void *handle) {
  for (int i = 0; i < WORLD_HANDLES; i++) {
    if (world_handle(w, i) == handle) return true;
  }
  return false;
}

static inline void world_timer(void *arg) { ((world_t *)arg)->timer_runs++; }
static inline void world_done(void *arg, transport_t *transport, const transport_error_t *error) {
  world_t *w = arg;
  w->request_done++;
  w->request_status = error ? (int)error->status : TRANSPORT_OK;
  CHECK((transport == NULL) == (error != NULL));
  if (transport) CHECK_OK(transport_close(transport));
}

static inline void world_new_on(world_t *w, transport_loop_t *loop) {
  transport_connect_options_t options = {.size = sizeof options, .host = "127.0.0.1"};
  transport_protocol_t protocol = {.size = sizeof protocol};
  memset(w, 0, sizeof *w);
  w->loop = loop;
  w->server = recorder_server(w->loop, NULL, &w->recorder);
  w->peer = peer_connect(transport_server_port(w->server));
  run_until(w->loop, &w->recorder.made);
  w->transport = w->recorder.transport;
  w->listener = peer_listen(&w->port);
  options.port = w->port;
  CHECK_OK(transport_loop_call_later(w->loop, TRANSPORT_SEC(3600), world_timer, w, &w->timer));
  CHECK_OK(transport_create_connection(w->loop, &options, &protocol, NULL, world_done, w, &w->request));
}

static inline void world_new(world_t *w) { world_new_on(w, loop_new()); }

/* All goes on as if nothing had happened: the connection carries bytes, timer and request can be cancelled. */
static inline void world_check(world_t *w) {
  char byte = 0;
  CHECK(!transport_is_closing(w->transport));
  CHECK(transport_server_is_serving(w->server));
  CHECK_PTR(transport_get_loop(w->transport), w->loop);
  CHECK_PTR(transport_get_protocol(w->transport), &w->recorder);
  CHECK_OK(transport_write(w->transport, "x", 1));
  CHECK_UINT(peer_recv_all(w->peer, &byte, 1), 1);
  CHECK_INT(byte, 'x');
  CHECK_OK(transport_timer_cancel(w->timer));
  if (!w->request_done) { /* once the loop has run it may be complete */
    CHECK_OK(transport_request_cancel(w->request));
    while (!w->request_done) CHECK_OK(transport_loop_run_once(w->loop, TRANSPORT_SEC(1)));
    CHECK_STATUS(w->request_status, TRANSPORT_ECANCELED);
  }
  CHECK_INT(w->timer_runs, 0);
  CHECK(!w->recorder.lost);
}

static inline void world_close_peers(world_t *w) {
  peer_close(w->peer);
  peer_close(w->listener);
}

/* After world_check: ends what is left, so that every handle but the loop's is stale. */
static inline void world_end(world_t *w) {
  CHECK_OK(transport_server_close(w->server));
  CHECK_OK(transport_close(w->transport));
  CHECK_OK(transport_loop_run_until_idle(w->loop));
  CHECK(w->recorder.lost);
  world_close_peers(w);
}

static inline void world_free(world_t *w) {
  CHECK_OK(transport_loop_free(w->loop));
  CHECK(w->recorder.lost);
  world_close_peers(w);
}

#endif
