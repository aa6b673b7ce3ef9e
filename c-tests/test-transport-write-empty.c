/* An empty write, of NULL too, sends nothing and calls nothing but takes the same checks as any other: TRANSPORT_ESTATE after
 * write_eof, also when closed by then, else TRANSPORT_ECLOSED when closing: D3, D4, D8, D13. */
#include "stream.h"

static void empty_writes(transport_t *t, transport_status_t expected) {
  transport_slice_t none[2] = {{NULL, 0}, {"x", 0}};
  CHECK_STATUS(transport_write(t, NULL, 0), expected);
  CHECK_STATUS(transport_write(t, "x", 0), expected);
  CHECK_STATUS(transport_writelines(t, NULL, 0), expected);
  CHECK_STATUS(transport_writelines(t, none, 2), expected);
  CHECK_STATUS(transport_write_owned(t, NULL, 0, NULL, NULL), expected);
}

static void check(bool with_eof) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r);
  CHECK_OK(transport_set_write_buffer_limits(r.transport, 0, 0));
  empty_writes(r.transport, TRANSPORT_OK);
  CHECK_UINT(transport_get_write_buffer_size(r.transport), 0);
  CHECK_TEXT(r.log, "made");
  if (with_eof) {
    CHECK_OK(transport_write_eof(r.transport));
    empty_writes(r.transport, TRANSPORT_ESTATE);
  }
  CHECK_OK(transport_close(r.transport));
  empty_writes(r.transport, with_eof ? TRANSPORT_ESTATE : TRANSPORT_ECLOSED);
  run_until(loop, &r.lost);
  empty_writes(r.transport, TRANSPORT_EHANDLE);
  CHECK_TEXT(r.log, "made lost");
  CHECK_INT(peer_recv(peer, &(char){0}, 1), 0);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  check(false);
  check(true);
  return 0;
}
