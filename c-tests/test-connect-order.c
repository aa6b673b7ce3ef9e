/* The order of a new connection's first callbacks is connection_made, done, data_received, also when the data is already
 * in the kernel while connection_made runs (A3, A4); a server's connection gets its data after connection_made. */
#include "client.h"
#include "sockets.h"

typedef struct story_t {
  int listener, peer;
} story_t;

static void send_before_made_returns(recorder_t *r, transport_t *t) {
  story_t *story = r->context;
  story->peer = peer_accept(story->listener);
  peer_send(story->peer, "early", 5);
  CHECK(peer_readable(transport_fd(t), 10000));
}

static void send_in_done(client_t *c) {
  story_t *story = c->recorder.context;
  CHECK_UINT(c->recorder.received, 0);
  peer_send(story->peer, "later", 5);
  CHECK(peer_readable(transport_fd(c->transport), 10000));
}

int main(void) {
  transport_loop_t *loop;
  story_t story;
  client_t client = {0};
  recorder_t accepted = {0};
  transport_server_t *server;
  uint16_t port;
  int peer;
  watchdog(20);
  loop = loop_new();
  story.listener = peer_listen(&port);
  client.recorder.context = &story;
  client.recorder.on_made = send_before_made_returns;
  client.recorder.quiet_data = true;
  client.on_done = send_in_done;
  client_start(loop, &client, "127.0.0.1", port);
  while (client.recorder.received < 10) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_TEXT(client.recorder.log, "made done");
  CHECK(memcmp(client.recorder.first, "earlylater", 10) == 0);
  peer_close(story.peer);
  run_until(loop, &client.recorder.lost);

  server = recorder_server(loop, NULL, &accepted);
  peer = peer_connect(transport_server_port(server));
  peer_send(peer, "early", 5);
  peer_close(peer); /* before the loop has even accepted it */
  CHECK(!accepted.made);
  run_until(loop, &accepted.lost);
  CHECK_TEXT(accepted.log, "made data:5 eof lost");
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  peer_close(story.listener);
  return 0;
}
