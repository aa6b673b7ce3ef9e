/* What is written to a second transport inside the pause_writing that a write to the first has caused is gathered until the
 * outermost callback returns: D22, E8. */
#include "stream.h"

static struct {
  recorder_t a, b;
  int peer_b;
  bool ran;
} test;

static void on_pause(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK_OK(transport_write(test.b.transport, "one", 3));
  CHECK_INT(peer_pending(test.peer_b), 0);
}

static void outermost(void *arg) {
  (void)arg;
  CHECK_OK(transport_write(test.a.transport, "x", 1));
  CHECK_TEXT(test.a.log, "made pause");
  CHECK_INT(peer_pending(test.peer_b), 0);
  CHECK_OK(transport_write(test.b.transport, "two", 3));
  CHECK_INT(peer_pending(test.peer_b), 0);
  test.ran = true;
}

int main(void) {
  transport_loop_t *loop;
  size_t written = 0, size;
  char data[7] = "";
  int peer_a;
  watchdog(20);
  test.a.on_pause = on_pause;
  loop = loop_new();
  peer_a = stream_accept_small(loop, &test.a);
  test.peer_b = recorder_accept(loop, &test.b);
  stream_fill(test.a.transport, &written);
  size = transport_get_write_buffer_size(test.a.transport);
  CHECK_OK(transport_set_write_buffer_limits(test.a.transport, size, 0));
  CHECK_OK(transport_loop_call_soon(loop, outermost, NULL, NULL));
  run_until(loop, &test.ran);
  CHECK_UINT(peer_recv_all(test.peer_b, data, 6), 6);
  CHECK_TEXT(data, "onetwo");
  CHECK_INT(peer_data_segments(test.peer_b), 1);
  CHECK_OK(transport_abort(test.a.transport));
  CHECK_OK(transport_close(test.b.transport));
  run_until(loop, &test.a.lost);
  run_until(loop, &test.b.lost);
  peer_close(peer_a);
  peer_close(test.peer_b);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
