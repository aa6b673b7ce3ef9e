/* idle_timeout ends a connection without a byte in either direction, never early and not while there is traffic;
 * close_timeout ends a close that the peer does not let finish. Both tell TRANSPORT_ETIMEDOUT (B5). A connection that ends in
 * time leaves no timer behind. */
#include "stream.h"

static transport_server_t *server_with(transport_loop_t *loop, recorder_t *r, uint64_t idle, uint64_t close) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .idle_timeout = idle,
                                        .close_timeout = close};
  transport_server_t *server = NULL;
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, r, &server));
  return server;
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  recorder_t idle = {0}, quick = {0}, slow = {0};
  size_t written = 0;
  uint64_t last, start;
  int peer;
  watchdog(30);
  loop = loop_new();

  server = server_with(loop, &idle, TRANSPORT_MS(60), 0);
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &idle.made);
  for (int i = 0; i < 4; i++) { /* bytes of either direction start the time again */
    size_t goal = idle.received + 1;
    last = transport_loop_time(loop);
    if (i % 2) {
      CHECK_OK(transport_write(idle.transport, "y", 1));
    } else {
      peer_send(peer, "x", 1);
      while (!idle.lost && idle.received < goal) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    }
    if (idle.lost) break; /* a machine that stood still */
    while (!idle.lost && transport_loop_time(loop) < last + TRANSPORT_MS(20)) {
      CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(5)));
    }
  }
  run_until(loop, &idle.lost);
  CHECK(transport_loop_time(loop) >= last + TRANSPORT_MS(60));
  CHECK_STATUS(idle.lost_status, TRANSPORT_ETIMEDOUT);
  CHECK_OK(transport_server_close(server));
  peer_close(peer);

  server = server_with(loop, &quick, TRANSPORT_SEC(3600), TRANSPORT_SEC(3600));
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &quick.made);
  CHECK_OK(transport_close(quick.transport));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop)); /* not in an hour */
  CHECK_TEXT(quick.log, "made lost");
  peer_close(peer);

  server = server_with(loop, &slow, 0, TRANSPORT_MS(50));
  peer = peer_connect(transport_server_port(server)); /* never reads */
  run_until(loop, &slow.made);
  stream_fill(slow.transport, &written);
  start = transport_loop_time(loop);
  CHECK_OK(transport_close(slow.transport));
  run_until(loop, &slow.lost);
  CHECK(transport_loop_time(loop) >= start + TRANSPORT_MS(50));
  CHECK_STATUS(slow.lost_status, TRANSPORT_ETIMEDOUT);
  CHECK(strstr(slow.lost_message, "close_timeout") != NULL);
  CHECK_OK(transport_server_close(server));
  peer_close(peer);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
