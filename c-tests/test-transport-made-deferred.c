/* connection_made is not called inside the call that creates the transport, and it comes before the creator's done
 * callback, which comes before the first data_received, even when data is already in the kernel: A2, A3, A4. */
#include "stream.h"

static struct {
  int listener, peer;
  bool creating, done;
} test;

static void on_made(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK(!test.creating);
  CHECK(!test.done);
  CHECK(transport_is_reading(t));
  test.peer = peer_accept(test.listener);
  peer_send(test.peer, "early", 5);
  wait_pending(stream_fd(t), 5);
}

static void done(void *arg, transport_t *t, const transport_error_t *error) {
  recorder_t *r = arg;
  CHECK(!test.creating);
  CHECK(error == NULL);
  CHECK_PTR(t, r->transport);
  CHECK(!test.done);
  test.done = true;
  recorder_word(r, "done", 0);
}

int main(void) {
  transport_loop_t *loop;
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options;
  recorder_t r = {.on_made = on_made};
  uint16_t port;
  watchdog(20);
  loop = loop_new();
  test.listener = peer_listen(&port);
  options = stream_connect_options(port);
  test.creating = true;
  CHECK_OK(transport_create_connection(loop, &options, &protocol, &r, done, &r, NULL));
  test.creating = false;
  CHECK_TEXT(r.log, "");
  while (r.received == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  peer_close(test.peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made done data:5 eof lost");
  peer_close(test.listener);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
