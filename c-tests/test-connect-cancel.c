/* A connection attempt can be cancelled at every stage (J13): done gets TRANSPORT_ECANCELED, never inside the call; before
 * connection_made the protocol hears nothing (A6), after it connection_lost follows; sockets are closed (J6). */
#include "client.h"
#include "sockets.h"

static void check_cancelled(const client_t *c) {
  CHECK(c->done);
  CHECK_STATUS(c->status, TRANSPORT_ECANCELED);
  CHECK_INT(c->recorder.lost, c->recorder.made);
  if (c->recorder.lost_status) CHECK_STATUS(c->recorder.lost_status, TRANSPORT_ECANCELED);
  CHECK_STATUS(transport_request_cancel(c->request), TRANSPORT_EHANDLE);
}

/* Cancels after that many turns; true when the attempt was over by then. */
static bool cancel_after(transport_loop_t *loop, uint16_t port, int turns) {
  client_t client = {0};
  bool over;
  client_start(loop, &client, "127.0.0.1", port);
  for (int i = 0; i < turns && !client.done; i++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(100)));
  over = client.done;
  CHECK_STATUS(client_cancel(&client), over ? TRANSPORT_EHANDLE : TRANSPORT_OK);
  if (over) CHECK_OK(transport_abort(client.transport));
  CHECK_OK(transport_loop_run_until_idle(loop));
  if (over) CHECK_TEXT(client.recorder.log, "made done lost");
  if (!over) check_cancelled(&client);
  return over;
}

static void cancel_in_made(recorder_t *r, transport_t *t) {
  client_t *client = r->context;
  (void)t;
  CHECK_OK(client_cancel(client));
}

static void cancel_in_done(client_t *c) { CHECK_STATUS(client_cancel(c), TRANSPORT_EHANDLE); }

int main(void) {
  transport_loop_t *loop;
  client_t made = {0}, done = {0}, pending = {0};
  uint16_t port, full_port;
  int listener, full, fillers[3], before, turns = 0;
  watchdog(30);
  loop = loop_new();
  listener = peer_listen(&port);
  full = peer_listen_full(&full_port, fillers, 3);
  cancel_after(loop, port, 0);
  before = descriptor_count();
  while (!cancel_after(loop, port, turns)) turns++;
  CHECK(turns > 0);

  client_start(loop, &pending, "127.0.0.1", full_port);
  CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(20)));
  CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(20)));
  CHECK(!pending.done);
  CHECK_OK(client_cancel(&pending));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(pending.recorder.log, "failed");
  check_cancelled(&pending);

  made.recorder.context = &made;
  made.recorder.on_made = cancel_in_made;
  client_start(loop, &made, "127.0.0.1", port);
  CHECK_OK(transport_loop_run_until_idle(loop));
  check_cancelled(&made);
  CHECK(made.recorder.made);

  done.on_done = cancel_in_done;
  client_start(loop, &done, "127.0.0.1", port);
  run_until(loop, &done.done);
  CHECK_STATUS(done.status, TRANSPORT_OK);
  CHECK_OK(transport_abort(done.transport));
  run_until(loop, &done.recorder.lost);

  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  peer_close(full);
  for (int i = 0; i < 3; i++) peer_close(fillers[i]);
  return 0;
}
