/* An accepted connection is read from only after its connection_made has returned, although the peer's bytes and the end
 * of its stream were in the kernel long before: A1, A3. */
#include "stream.h"

static bool in_made;

static void on_made(recorder_t *r, transport_t *t) {
  in_made = true;
  wait_pending(stream_fd(t), 5);
  CHECK_UINT(r->received, 0);
  in_made = false;
}

static void on_data(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK(!in_made);
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  recorder_t r = {.on_made = on_made, .on_data = on_data};
  int peer;
  watchdog(20);
  loop = loop_new();
  server = recorder_server(loop, NULL, &r);
  peer = peer_connect(transport_server_port(server));
  peer_send(peer, "hello", 5);
  CHECK_INT(shutdown(peer, SHUT_WR), 0);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made data:5 eof lost");
  peer_close(peer);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
