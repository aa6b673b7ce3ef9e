/* A reset by the peer drops what is queued and gives connection_lost TRANSPORT_EIO with ECONNRESET, without eof_received; the
 * loop's exception handler is not told: A8, C15, F10. */
#include "stream.h"

static int exceptions;

static void on_exception(void *arg, transport_loop_t *loop, transport_t *t, const transport_error_t *error) {
  (void)arg;
  (void)loop;
  (void)t;
  (void)error;
  exceptions++;
}

static void on_lost(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
}

static void check(bool queued) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_lost = on_lost};
  size_t written = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(transport_loop_set_exception_handler(loop, on_exception, NULL));
  run_turns(loop, 2);
  if (queued) CHECK_OK(stream_write(r.transport, &written, 200000));
  peer_reset(peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, queued ? "made pause TRANSPORT_EIO lost" : "made TRANSPORT_EIO lost");
  CHECK(r.lost_os_code == ECONNRESET || (queued && r.lost_os_code == EPIPE));
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  CHECK_INT(exceptions, 0);
  return 0;
}
