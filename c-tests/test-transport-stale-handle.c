/* Once connection_lost has returned, the handle is dead for every call: those with a status answer TRANSPORT_EHANDLE and leave
 * their outputs alone, the others answer as for a dead handle; nothing is called any more: B12, D8, I3, api conventions 2, 5. */
#include "stream.h"

static int calls;
static void release(void *arg) {
  (void)arg;
  calls++;
}
static void done(void *arg, const transport_error_t *error) {
  (void)arg;
  (void)error;
  calls++;
}
static void sent(void *arg, uint64_t count, const transport_error_t *error) {
  (void)arg;
  (void)count;
  (void)error;
  calls++;
}

static void check_dead(transport_t *t) {
  transport_protocol_t protocol = recorder_protocol();
  transport_tls_options_t tls = {.size = sizeof tls};
  transport_slice_t slice = {"hello", 5};
  transport_value_t value = {.kind = 77};
  intptr_t fd = 77;
  size_t high = 77, low = 78;
  CHECK_STATUS(transport_close(t), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_abort(t), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_reset(t), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_detach(t, &fd), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_write(t, "hello", 5), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_write(t, NULL, 0), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_write(t, NULL, 5), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_writelines(t, &slice, 1), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_write_owned(t, "hello", 5, release, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_write_eof(t), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_get_write_buffer_limits(t, &high, &low), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_set_write_buffer_limits(t, 10, 5), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_pause_reading(t), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_resume_reading(t), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_set_protocol(t, &protocol, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_get_extra_info(t, "peername", &value), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_sendfile(t, 0, 0, 0, sent, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_start_tls(t, &tls, done, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_sendto(t, "hello", 5, NULL, 0), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_EHANDLE);
  CHECK(transport_is_closing(t));
  CHECK(!transport_is_reading(t));
  CHECK(!transport_can_write_eof(t));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  CHECK_PTR(transport_get_protocol(t), NULL);
  CHECK_PTR(transport_get_loop(t), NULL);
  CHECK_INT(transport_get_pid(t), -1);
  CHECK_INT(fd, 77);
  CHECK_INT(value.kind, 77);
  CHECK_UINT(high, 77);
  CHECK_UINT(low, 78);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t first = {.log = ""}, second = {.log = ""};
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = recorder_accept(loop, &first);
  peer_close(peer);
  run_until(loop, &first.lost);
  check_dead(first.transport);
  peer = recorder_accept(loop, &second);
  check_dead(first.transport);
  CHECK(!transport_is_closing(second.transport));
  CHECK_OK(transport_write(second.transport, "hello", 5));
  peer_close(peer);
  run_until(loop, &second.lost);
  CHECK_OK(transport_loop_free(loop));
  check_dead(first.transport);
  CHECK_TEXT(first.log, "made eof lost");
  CHECK_INT(calls, 0);
  return 0;
}
