/* From another thread than the loop's, every transport call with a status gives TRANSPORT_ETHREAD before anything else is looked
 * at and does nothing; the others answer as for a dead handle: D20, api convention 3. */
#include "stream.h"

static int releases;
static void release(void *arg) {
  (void)arg;
  releases++;
}

static void *from_elsewhere(void *arg) {
  transport_t *t = arg;
  transport_protocol_t protocol = recorder_protocol();
  transport_slice_t slice = {"x", 1};
  transport_value_t value = {.kind = 77};
  size_t high = 77, low = 78;
  CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_write(t, NULL, 1), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_writelines(t, &slice, 1), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_write_owned(t, "x", 1, release, NULL), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_write_eof(t), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_close(t), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_abort(t), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_reset(t), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_pause_reading(t), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_resume_reading(t), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_set_write_buffer_limits(t, 5, 10), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_get_write_buffer_limits(t, &high, &low), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_set_protocol(t, &protocol, NULL), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_get_extra_info(t, "socket", &value), TRANSPORT_ETHREAD);
  CHECK(transport_is_closing(t));
  CHECK(!transport_is_reading(t));
  CHECK(!transport_can_write_eof(t));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  CHECK_PTR(transport_get_protocol(t), NULL);
  CHECK_PTR(transport_get_loop(t), NULL);
  CHECK_UINT(high, 77);
  CHECK_UINT(low, 78);
  CHECK_INT(value.kind, 77);
  return NULL;
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = recorder_accept(loop, &r);
  thread_join(thread_start(from_elsewhere, r.transport));
  run_turns(loop, 5);
  CHECK_INT(peer_pending(peer), 0);
  CHECK(!transport_is_closing(r.transport));
  CHECK(transport_is_reading(r.transport));
  CHECK_TEXT(r.log, "made");
  peer_close(peer);
  run_until(loop, &r.lost);
  CHECK_INT(releases, 0);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
