/* After write_eof every write is TRANSPORT_ESTATE, before and after a close; write_eof again, or after close or abort, is OK and
 * changes nothing; close after write_eof sends everything queued, then connection_lost comes: D3, D13, D14, D15. */
#include "stream.h"

static int releases;
static void release(void *arg) {
  (void)arg;
  releases++;
}

static void refused(transport_t *t) {
  transport_slice_t slice = {"x", 1};
  CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_writelines(t, &slice, 1), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_write_owned(t, "x", 1, release, NULL), TRANSPORT_ESTATE);
  CHECK_STATUS(transport_write(t, NULL, 1), TRANSPORT_EINVAL);
}

static void eof_then_close(void) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  size_t written = 0, received = 0;
  int peer = stream_accept_small(loop, &r);
  CHECK_OK(stream_write(r.transport, &written, 300000));
  CHECK_OK(transport_write_eof(r.transport));
  CHECK_OK(transport_write_eof(r.transport));
  refused(r.transport);
  CHECK_OK(transport_close(r.transport));
  CHECK_OK(transport_write_eof(r.transport));
  refused(r.transport);
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made pause resume lost");
  CHECK_STATUS(transport_write_eof(r.transport), TRANSPORT_EHANDLE);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

static void end_then_eof(transport_status_t (*end)(transport_t *t)) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r);
  CHECK_OK(end(r.transport));
  CHECK_OK(transport_write_eof(r.transport));
  CHECK_STATUS(transport_write(r.transport, "x", 1), TRANSPORT_ECLOSED);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  eof_then_close();
  end_then_eof(transport_close);
  end_then_eof(transport_abort);
  CHECK_INT(releases, 0);
  return 0;
}
