/* With a write_buffer_cap a write is refused with TRANSPORT_ELIMIT exactly when the queued bytes and its own exceed the cap, before
 * anything is sent; so one larger than the cap always is, and one of its size with nothing queued never. The connection goes on:
 * api "Settled questions". */
#include "stream.h"

enum { CAP = 50000 };

static int released;
static void release(void *arg) {
  (void)arg;
  released++;
}

static void refused(transport_t *t, size_t len) {
  static uint8_t data[CAP + 1];
  transport_slice_t slices[2] = {{data, len - 1}, {data, 1}};
  size_t size = transport_get_write_buffer_size(t);
  CHECK_STATUS(transport_write(t, data, len), TRANSPORT_ELIMIT);
  CHECK_STATUS(transport_writelines(t, slices, 2), TRANSPORT_ELIMIT);
  CHECK_STATUS(transport_write_owned(t, data, len, release, NULL), TRANSPORT_ELIMIT);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_ELIMIT);
  CHECK_UINT(transport_get_write_buffer_size(t), size);
  CHECK(!transport_is_closing(t));
}

static void in_callback(void *arg) {
  recorder_t *r = arg;
  size_t *written = r->context;
  refused(r->transport, CAP + 1);
  /* As if each write had tried at once: the kernel takes the first, so the second, of the cap's size, is within it. */
  CHECK_OK(stream_write(r->transport, written, 1));
  CHECK_OK(stream_write(r->transport, written, CAP));
  CHECK(!transport_is_closing(r->transport));
}

static void story(transport_loop_t *loop, recorder_t *r, int peer) {
  size_t written = 0, received = 0, size;
  r->context = &written;
  CHECK_OK(transport_loop_call_soon(loop, in_callback, r, NULL));
  peer_drain(loop, peer, &received, CAP + 1);
  refused(r->transport, CAP + 1);
  CHECK_INT(peer_pending(peer), 0);
  CHECK_OK(stream_write(r->transport, &written, CAP));
  peer_drain(loop, peer, &received, written);
  stream_fill(r->transport, &written);
  size = transport_get_write_buffer_size(r->transport);
  refused(r->transport, CAP - size + 1);
  CHECK_OK(stream_write(r->transport, &written, CAP - size));
  CHECK_UINT(transport_get_write_buffer_size(r->transport), CAP);
  refused(r->transport, 1);
  CHECK_OK(transport_write(r->transport, NULL, 0));
  peer_drain(loop, peer, &received, written);
  CHECK_OK(stream_write(r->transport, &written, CAP));
  CHECK_OK(transport_close(r->transport));
  CHECK_STATUS(transport_write(r->transport, "x", 1), TRANSPORT_ECLOSED);
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r->lost);
  CHECK_INT(r->lost_status, TRANSPORT_OK);
}

int main(void) {
  transport_loop_t *loop;
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .write_buffer_cap = CAP};
  transport_server_t *server = NULL;
  transport_connect_options_t client;
  recorder_t accepted = {.log = ""}, connected = {.log = ""};
  uint16_t port;
  int peer, listener;
  watchdog(30);
  loop = loop_new();
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, &accepted, &server));
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &accepted.made);
  story(loop, &accepted, peer);
  peer_close(peer);
  CHECK_OK(transport_server_close(server));
  listener = peer_listen(&port);
  client = stream_connect_options(port);
  client.write_buffer_cap = CAP;
  CHECK_OK(transport_create_connection(loop, &client, &protocol, &connected, NULL, NULL, NULL));
  run_until(loop, &connected.made);
  peer = peer_accept(listener);
  story(loop, &connected, peer);
  peer_close(peer);
  peer_close(listener);
  CHECK_INT(released, 0);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
