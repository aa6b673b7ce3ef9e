/* close_clients closes every live connection, flushing what it has queued, abort_clients drops it; both leave the listener
 * alone, may be called from the callback of one of the connections, and also work after close (K15). */
#include "server.h"

enum { BULK = 16 << 20, PEERS = 3 };

static transport_server_t *server;

static void close_all(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_server_close_clients(server));
  CHECK(transport_is_closing(t));
  CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ECLOSED);
}

static void abort_all(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_server_abort_clients(server));
  CHECK(transport_is_closing(t));
  CHECK_UINT(transport_get_write_buffer_size(t), 0); /* B8 */
}

/* Three connections, the first with bulk queued; the third one's message triggers the end of all. */
static void end_all(transport_loop_t *loop, recorder_hook_t hook, bool flushed) {
  static crowd_t crowd;
  static char bulk[BULK], buffer[1 << 16];
  transport_server_options_t options = server_options("127.0.0.1", 0);
  int peers[PEERS];
  size_t received = 0;
  memset(&crowd, 0, sizeof crowd);
  server = server_start(loop, &options, crowd_factory, &crowd);
  for (int i = 0; i < PEERS; i++) {
    peers[i] = peer_connect(transport_server_port(server));
    run_until_live(loop, &crowd, (size_t)i + 1);
  }
  CHECK_OK(transport_write(crowd.recorders[0].transport, bulk, BULK));
  CHECK(crowd.recorders[0].paused);
  crowd.recorders[2].on_data = hook;
  peer_send(peers[2], "end", 3);
  run_until(loop, &crowd.recorders[1].lost);
  run_until(loop, &crowd.recorders[2].lost);
  if (!flushed) run_until(loop, &crowd.recorders[0].lost);
  for (ssize_t n = 1; n > 0; received += n > 0 ? (size_t)n : 0) {
    run_until_readable(loop, peers[0]);
    n = peer_recv(peers[0], buffer, sizeof buffer);
  }
  run_until(loop, &crowd.recorders[0].lost);
  CHECK_INT(received == BULK, flushed);
  CHECK_TEXT(crowd.recorders[0].log, flushed ? "made pause resume lost" : "made pause lost");
  CHECK_TEXT(crowd.recorders[1].log, "made lost");
  CHECK_TEXT(crowd.recorders[2].log, "made data:3 lost");

  CHECK(transport_server_is_serving(server));
  for (int i = 0; i < PEERS; i++) peer_close(peers[i]);
  peers[0] = peer_connect(transport_server_port(server));
  run_until_live(loop, &crowd, 1);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(flushed ? transport_server_close_clients(server) : transport_server_abort_clients(server));
  CHECK(!crowd.recorders[PEERS].lost); /* A10 */
  run_until(loop, &crowd.recorders[PEERS].lost);
  CHECK_TEXT(crowd.recorders[PEERS].log, "made lost");
  peer_close(peers[0]);
}

int main(void) {
  transport_loop_t *loop;
  watchdog(30);
  loop = loop_new();
  end_all(loop, close_all, true);
  end_all(loop, abort_all, false);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
