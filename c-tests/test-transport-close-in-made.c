/* close, abort or reset inside connection_made: connection_lost follows without an error, no data ever, though it is in the
 * kernel, and the creator's done callback still reports success, with a transport that is closing: A15. */
#include "stream.h"

typedef transport_status_t (*end_t)(transport_t *t);

static struct {
  int listener, peer, done_calls;
  end_t end;
} test;

static void on_made(recorder_t *r, transport_t *t) {
  (void)r;
  if (test.listener >= 0) test.peer = peer_accept(test.listener);
  peer_send(test.peer, "hello", 5);
  wait_pending(stream_fd(t), 5);
  CHECK_OK(test.end(t));
  CHECK(transport_is_closing(t));
}

static void done(void *arg, transport_t *t, const transport_error_t *error) {
  recorder_t *r = arg;
  CHECK(error == NULL);
  CHECK_PTR(t, r->transport);
  CHECK(transport_is_closing(t));
  recorder_word(r, "done", 0);
  test.done_calls++;
}

static void client(end_t end) {
  transport_loop_t *loop = loop_new();
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options;
  recorder_t r = {.on_made = on_made};
  uint16_t port;
  test.end = end;
  test.done_calls = 0;
  test.listener = peer_listen(&port);
  options = stream_connect_options(port);
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &r, done, &r, NULL));
  run_until(loop, &r.lost);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(r.log, "made done lost");
  CHECK_INT(test.done_calls, 1);
  peer_close(test.peer);
  peer_close(test.listener);
  CHECK_OK(transport_loop_free(loop));
}

static void server(end_t end) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_made = on_made};
  transport_server_t *listening = recorder_server(loop, NULL, &r);
  test.end = end;
  test.listener = -1;
  test.peer = peer_connect(transport_server_port(listening));
  run_until(loop, &r.lost);
  run_turns(loop, 5);
  CHECK_TEXT(r.log, "made lost");
  peer_close(test.peer);
  CHECK_OK(transport_server_close(listening));
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  static const end_t ends[] = {transport_close, transport_abort, transport_reset};
  watchdog(20);
  for (int i = 0; i < 3; i++) {
    client(ends[i]);
    server(ends[i]);
  }
  return 0;
}
