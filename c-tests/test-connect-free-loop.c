/* transport_loop_free ends attempts under way at every stage: done gets TRANSPORT_ECANCELED, a connection that was made
 * gets its connection_lost, and every descriptor is closed (S8 as api.md has it, J6). */
#include "client.h"
#include "sockets.h"

/* Frees the loop after that many turns of an attempt; true when done had been called by then. */
static bool free_after(uint16_t port, int turns, uint64_t timeout) {
  transport_loop_t *loop = loop_new();
  client_t client = {0};
  bool over;
  client_start(loop, &client, "127.0.0.1", port);
  for (int i = 0; i < turns && !client.done; i++) CHECK_OK(transport_loop_run_once(loop, timeout));
  over = client.done;
  CHECK_OK(transport_loop_free(loop));
  CHECK(client.done);
  CHECK_STATUS(client.status, over ? TRANSPORT_OK : TRANSPORT_ECANCELED);
  CHECK_INT(client.recorder.lost, client.recorder.made);
  if (client.recorder.lost) CHECK_STATUS(client.recorder.lost_status, TRANSPORT_ECANCELED);
  CHECK_STATUS(transport_request_cancel(client.request), TRANSPORT_EHANDLE);
  return over;
}

int main(void) {
  uint16_t port, full_port;
  int listener, full, fillers[3], before, turns = 0;
  watchdog(30);
  listener = peer_listen(&port);
  full = peer_listen_full(&full_port, fillers, 3);
  free_after(port, 0, 0);
  before = descriptor_count();
  while (!free_after(port, turns, TRANSPORT_MS(100))) turns++;
  CHECK(turns > 0);
  CHECK(!free_after(full_port, 2, TRANSPORT_MS(20)));
  CHECK_INT(descriptor_count(), before);
  peer_close(listener);
  peer_close(full);
  for (int i = 0; i < 3; i++) peer_close(fillers[i]);
  return 0;
}
