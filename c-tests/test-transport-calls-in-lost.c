/* Every call on a transport may be made inside connection_lost and finds it closed: nothing is queued, nothing more is called,
 * limits, protocol and names are kept: A16, B12, D14. */
#include "stream.h"

static int releases;
static void release(void *arg) {
  (void)arg;
  releases++;
}

static void on_lost(recorder_t *r, transport_t *t) {
  transport_protocol_t protocol = recorder_protocol();
  transport_slice_t slice = {"hello", 5};
  transport_value_t value;
  size_t high = 0, low = 0;
  CHECK(transport_is_closing(t));
  CHECK(!transport_is_reading(t));
  CHECK_OK(transport_close(t));
  CHECK_OK(transport_abort(t));
  CHECK_OK(transport_reset(t));
  CHECK_STATUS(transport_write(t, "hello", 5), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_write(t, NULL, 0), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_writelines(t, &slice, 1), TRANSPORT_ECLOSED);
  CHECK_STATUS(transport_write_owned(t, "hello", 5, release, NULL), TRANSPORT_ECLOSED);
  CHECK_OK(transport_write_eof(t));
  CHECK_OK(transport_pause_reading(t));
  CHECK_OK(transport_resume_reading(t));
  CHECK(!transport_is_reading(t));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  CHECK_OK(transport_get_write_buffer_limits(t, &high, &low));
  CHECK_UINT(high, 1000);
  CHECK_UINT(low, 10);
  CHECK_OK(transport_set_write_buffer_limits(t, 0, 0));
  CHECK_PTR(transport_get_protocol(t), r);
  CHECK_PTR(transport_get_loop(t), r->context);
  CHECK_OK(transport_get_extra_info(t, "peername", &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_ADDRESS);
  CHECK_OK(transport_set_protocol(t, &protocol, r));
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.on_lost = on_lost};
  int peer;
  watchdog(20);
  loop = loop_new();
  r.context = loop;
  peer = recorder_accept(loop, &r);
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 1000, 10));
  CHECK_OK(transport_close(r.transport));
  run_until(loop, &r.lost);
  run_turns(loop, 5);
  CHECK_TEXT(r.log, "made lost");
  CHECK_INT(releases, 0);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
