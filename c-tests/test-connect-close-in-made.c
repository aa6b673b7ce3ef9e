/* close() or abort() inside connection_made: no data is delivered though it waits in the kernel, done still reports
 * success with a closing transport, and connection_lost without an error follows (A15); the same for an accepted one. */
#include "client.h"
#include "sockets.h"

static int listener;

static void end(recorder_t *r, transport_t *t, bool with_abort) {
  int peer = *(int *)r->context;
  if (peer < 0) *(int *)r->context = peer = peer_accept(listener);
  peer_send(peer, "unread", 6);
  CHECK(peer_readable(transport_fd(t), 10000));
  CHECK_OK(with_abort ? transport_abort(t) : transport_close(t));
  CHECK(!r->lost); /* A10 */
  CHECK(transport_is_closing(t));
}

static void close_now(recorder_t *r, transport_t *t) { end(r, t, false); }
static void abort_now(recorder_t *r, transport_t *t) { end(r, t, true); }

static void done_with_closing(client_t *c) { CHECK(transport_is_closing(c->transport)); }

static void as_client(transport_loop_t *loop, uint16_t port, recorder_hook_t hook) {
  client_t client = {0};
  int peer = -1;
  client.recorder.context = &peer;
  client.recorder.on_made = hook;
  client.on_done = done_with_closing;
  client_start(loop, &client, "127.0.0.1", port);
  run_until(loop, &client.recorder.lost);
  CHECK_TEXT(client.recorder.log, "made done lost");
  CHECK_STATUS(client.status, TRANSPORT_OK);
  peer_close(peer);
}

static void as_server(transport_loop_t *loop, recorder_hook_t hook) {
  recorder_t accepted = {0};
  transport_server_t *server = recorder_server(loop, NULL, &accepted);
  int peer = peer_connect(transport_server_port(server));
  accepted.context = &peer;
  accepted.on_made = hook;
  run_until(loop, &accepted.lost);
  CHECK_TEXT(accepted.log, "made lost");
  CHECK_OK(transport_server_close(server));
  peer_close(peer);
}

int main(void) {
  transport_loop_t *loop;
  uint16_t port;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  as_client(loop, port, close_now);
  as_client(loop, port, abort_now);
  as_server(loop, close_now);
  as_server(loop, abort_now);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
