/* A client of a numeric address: nothing is called inside transport_create_connection (A2), connection_made comes first
 * and done after it (A3), the end of the stream ends the client without an error (A8), and its tickets are stale then. */
#include "client.h"
#include "server.h"
#include "sockets.h"

static void serve(transport_loop_t *loop, int listener, uint16_t port) {
  client_t client = {0};
  int peer = client_accept(loop, &client, listener, port);
  char text[5];
  CHECK_TEXT(client.recorder.log, "made done");
  CHECK_STATUS(transport_request_cancel(client.request), TRANSPORT_EHANDLE);
  CHECK_PTR(transport_get_protocol(client.transport), &client.recorder);
  CHECK_PTR(transport_get_loop(client.transport), loop);
  CHECK(!transport_is_closing(client.transport));
  CHECK_OK(transport_write(client.transport, "hello", 5));
  CHECK_UINT(peer_recv_all(peer, text, 5), 5);
  CHECK(memcmp(text, "hello", 5) == 0);
  peer_send(peer, "bye", 3);
  peer_close(peer);
  run_until(loop, &client.recorder.lost);
  CHECK_TEXT(client.recorder.log, "made done data:3 eof lost");
  CHECK(memcmp(client.recorder.first, "bye", 3) == 0);
  CHECK_STATUS(transport_close(client.transport), TRANSPORT_EHANDLE);
}

static void serve_v6(transport_loop_t *loop) {
  transport_server_options_t options = server_options("::1", 0);
  recorder_t accepted = {0};
  client_t client = {0};
  transport_server_t *server = server_start(loop, &options, NULL, &accepted);
  client_start(loop, &client, "::1", transport_server_port(server));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_TEXT(client.recorder.log, "made done lost");
  CHECK_OK(transport_server_close(server));
}

/* Without done and without a request the connection is made all the same. */
static void nobody_asks(transport_loop_t *loop, int listener, uint16_t port) {
  transport_connect_options_t options = client_options("127.0.0.1", port);
  transport_protocol_t protocol = recorder_protocol();
  recorder_t recorder = {0};
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &recorder, NULL, NULL, NULL));
  run_until(loop, &recorder.made);
  peer_close(peer_accept(listener));
  run_until(loop, &recorder.lost);
  CHECK_TEXT(recorder.log, "made eof lost");
}

int main(void) {
  transport_loop_t *loop;
  uint16_t port;
  int listener;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  serve(loop, listener, port);
  serve(loop, listener, port); /* the loop goes on as before */
  if (have_ipv6()) serve_v6(loop);
  nobody_asks(loop, listener, port);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
