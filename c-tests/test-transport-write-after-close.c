/* After close, also while it still sends, after abort and after reset every kind of write gives TRANSPORT_ECLOSED and queues
 * nothing; neither release nor the exception handler is called: D8, D9. */
#include "stream.h"

static int calls;

static void release(void *arg) {
  (void)arg;
  calls++;
}

static void on_exception(void *arg, transport_loop_t *loop, transport_t *t, const transport_error_t *error) {
  (void)arg;
  (void)loop;
  (void)t;
  (void)error;
  calls++;
}

static void refused(transport_t *t) {
  size_t size = transport_get_write_buffer_size(t);
  transport_slice_t slices[2] = {{"x", 1}, {"y", 1}};
  for (int i = 0; i < 10; i++) {
    CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ECLOSED);
    CHECK_STATUS(transport_writelines(t, slices, 2), TRANSPORT_ECLOSED);
    CHECK_STATUS(transport_write_owned(t, "x", 1, release, NULL), TRANSPORT_ECLOSED);
  }
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_ECLOSED);
  CHECK_UINT(transport_get_write_buffer_size(t), size);
}

static void check(transport_status_t (*end)(transport_t *t), size_t len, bool whole) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(transport_loop_set_exception_handler(loop, on_exception, NULL));
  if (len) CHECK_OK(stream_write(r.transport, &written, len));
  CHECK_OK(end(r.transport));
  refused(r.transport);
  if (end == transport_reset) peer_close(peer);
  else peer_drain_to_end(loop, peer, &received);
  run_until(loop, &r.lost);
  if (whole) CHECK_UINT(received, written);
  CHECK_INT(r.lost_status, TRANSPORT_OK);
  if (end != transport_reset) peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(transport_close, 0, true);
  check(transport_close, 200000, true);
  check(transport_abort, 0, true);
  check(transport_abort, 200000, false);
  check(transport_reset, 200000, false);
  CHECK_INT(calls, 0);
  return 0;
}
