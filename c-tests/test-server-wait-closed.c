/* wait_closed is done when the server is closed and its last connection_lost has run, in whichever order, for every
 * waiter, and never inside the call (K13, K14); transport_loop_free ends one that still waits. */
#include "server.h"

static void not_yet(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK(!((completion_t *)r->context)->called);
}

static void start(transport_loop_t *loop, recorder_t *accepted, transport_server_t **server, int *peer) {
  *server = recorder_server(loop, NULL, accepted);
  *peer = peer_connect(transport_server_port(*server));
  run_until(loop, &accepted->made);
}

/* Some turns in which nothing may complete. */
static void idle_turns(transport_loop_t *loop) {
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, 0));
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  recorder_t closed_first = {0}, lost_first = {0}, last = {0};
  completion_t early = {0}, late = {0}, open = {0}, after = {0}, freed = {0};
  transport_status_t status;
  int peer;
  watchdog(20);
  loop = loop_new();

  start(loop, &closed_first, &server, &peer); /* closed first, then the connection goes */
  closed_first.context = &early;
  closed_first.on_lost = not_yet;
  CHECK_OK(server_wait(server, &early));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(server_wait(server, &late));
  idle_turns(loop);
  CHECK(!early.called && !late.called);
  peer_close(peer);
  run_until(loop, &late.called);
  run_until(loop, &early.called);
  CHECK(closed_first.lost);
  CHECK_STATUS(early.status, TRANSPORT_OK);
  CHECK_STATUS(late.status, TRANSPORT_OK);
  CHECK_STATUS(server_wait(server, &after), TRANSPORT_EHANDLE);

  start(loop, &lost_first, &server, &peer); /* the connection goes first, then the server is closed */
  CHECK_OK(server_wait(server, &open));
  peer_close(peer);
  run_until(loop, &lost_first.lost);
  idle_turns(loop);
  CHECK(!open.called);
  open.calling = true;
  CHECK_OK(transport_server_close(server));
  open.calling = false;
  status = server_wait(server, &after); /* already so: done soon, or the ticket has ended */
  CHECK(status == TRANSPORT_OK || status == TRANSPORT_EHANDLE);
  run_until(loop, &open.called);
  CHECK_STATUS(open.status, TRANSPORT_OK);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(after.calls, status == TRANSPORT_OK);

  start(loop, &last, &server, &peer);
  CHECK_OK(server_wait(server, &freed));
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(freed.calls, 1);
  CHECK_TEXT(last.log, "made TRANSPORT_ECANCELED lost");
  CHECK_INT(early.calls, 1);
  CHECK_INT(late.calls, 1);
  peer_close(peer);
  return 0;
}
