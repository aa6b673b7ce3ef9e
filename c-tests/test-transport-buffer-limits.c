/* The marks are 64 KiB and 16 KiB; one given alone derives the other, neither gives the defaults, low above high is
 * TRANSPORT_EINVAL, with a high mark of 0 too, and then nothing changes: E1, E2, E3. */
#include "stream.h"

static void check(transport_t *t, size_t high, size_t low) {
  size_t actual_high = 1, actual_low = 2;
  CHECK_OK(transport_get_write_buffer_limits(t, &actual_high, &actual_low));
  CHECK_UINT(actual_high, high);
  CHECK_UINT(actual_low, low);
}

static void set(transport_t *t, size_t high, size_t low, size_t expected_high, size_t expected_low) {
  CHECK_OK(transport_set_write_buffer_limits(t, high, low));
  check(t, expected_high, expected_low);
}

static void refuse(transport_t *t, size_t high, size_t low) {
  size_t old_high = 0, old_low = 0;
  CHECK_OK(transport_get_write_buffer_limits(t, &old_high, &old_low));
  CHECK_STATUS(transport_set_write_buffer_limits(t, high, low), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_EINVAL);
  check(t, old_high, old_low);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = recorder_accept(loop, &r);
  check(r.transport, 65536, 16384);
  set(r.transport, 100, 20, 100, 20);
  set(r.transport, 103, TRANSPORT_DEFAULT, 103, 25);
  set(r.transport, 3, TRANSPORT_DEFAULT, 3, 0);
  set(r.transport, TRANSPORT_DEFAULT, 7, 28, 7);
  set(r.transport, TRANSPORT_DEFAULT, 0, 0, 0);
  set(r.transport, 0, TRANSPORT_DEFAULT, 0, 0);
  set(r.transport, 0, 0, 0, 0);
  set(r.transport, 50, 50, 50, 50);
  refuse(r.transport, 50, 51);
  refuse(r.transport, 0, 1);
  set(r.transport, TRANSPORT_DEFAULT, TRANSPORT_DEFAULT, 65536, 16384);
  CHECK_OK(transport_close(r.transport));
  set(r.transport, 10, 5, 10, 5);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
