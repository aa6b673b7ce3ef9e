/* Connections that queue up before the loop runs are all accepted, though no further event tells of them (K9), and those
 * that were reset in the queue, or left after one message, harm nobody (K16). */
#include "server.h"
#include "sockets.h"

enum { PEERS = 300 };

static recorder_t recorders[PEERS];
static size_t factory_calls;

static void *next_recorder(void *arg) {
  (void)arg;
  CHECK(factory_calls < PEERS);
  return &recorders[factory_calls++];
}

int main(void) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_loop_t *loop;
  transport_server_t *server;
  static int peers[PEERS];
  size_t received = 0;
  watchdog(30);
  loop = loop_new();
  options.backlog = 2 * PEERS;
  server = server_start(loop, &options, next_recorder, NULL);
  for (int i = 0; i < PEERS; i++) {
    peers[i] = peer_connect(transport_server_port(server));
    if (i % 3 == 0) peer_send(peers[i], "x", 1);
    if (i % 3 == 0) peer_close(peers[i]);
    if (i % 3 == 1) peer_reset(peers[i]);
  }
  while (factory_calls < PEERS) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  for (int i = 0; i < PEERS; i++) {
    if (i % 3 == 2) peer_close(peers[i]);
  }
  for (int i = 0; i < PEERS; i++) {
    run_until(loop, &recorders[i].lost);
    received += recorders[i].received;
  }
  CHECK_UINT(received, PEERS / 3);
  CHECK(transport_server_is_serving(server));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
