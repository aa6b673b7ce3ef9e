/* transport_pair: two ends in memory that behave like a connection. connection_made comes from the loop, a's first (A2);
 * what was written before is delivered behind it; half-close, close that flushes, abort and reset are told to the other end
 * as a socket would (A8, B4, B8, C10, C11, C15, D12). No descriptor is used, so there is none to see or to give back. */
#include "pair.h"
#include "sockets.h"

static recorder_t *first_made;

static void note_first(recorder_t *r, transport_t *t) {
  (void)t;
  if (!first_made) first_made = r;
}

static void ends(transport_loop_t *loop, pair_t *p) {
  run_until(loop, &p->a.lost);
  run_until(loop, &p->b.lost);
  CHECK_STATUS(transport_write(p->to_a, "x", 1), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_run_until_idle(loop));
}

int main(void) {
  transport_loop_t *loop;
  pair_t life = {.a = {.on_made = note_first}, .b = {.on_made = note_first, .keep_open = true}}, closed = {0}, aborted = {0};
  pair_t reset = {0}, freed = {0}, early = {0};
  transport_value_t value = {0};
  transport_t *out = NULL;
  transport_protocol_t protocol = recorder_protocol();
  intptr_t socket = -7;
  size_t large = 300000;
  uint8_t *bytes = check_alloc(large);
  int before;
  watchdog(20);
  loop = loop_new();
  before = descriptor_count();

  pair_new(loop, &life);
  CHECK_OK(transport_write(life.to_a, "early", 5));
  CHECK_UINT(life.b.received, 0);
  run_until(loop, &life.b.made);
  CHECK_PTR(first_made, &life.a);
  CHECK_PTR(life.a.transport, life.to_a);
  while (life.b.received < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_get_extra_info(life.to_a, "socket", &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_NONE);
  CHECK_OK(transport_get_extra_info(life.to_a, "peername", &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_NONE);
  CHECK_STATUS(transport_detach(life.to_a, &socket), TRANSPORT_ENOTSUP);
  CHECK_INT(socket, -7);
  CHECK_OK(transport_write(life.to_a, "last", 4)); /* half-close: b answers behind the end */
  CHECK_OK(transport_write_eof(life.to_a));
  run_until(loop, &life.b.eof);
  CHECK(!transport_is_closing(life.to_b));
  CHECK_OK(transport_write(life.to_b, "answer", 6));
  CHECK_OK(transport_close(life.to_b));
  ends(loop, &life);
  CHECK_TEXT(life.b.log, "made data:5 data:4 eof lost");
  CHECK_TEXT(life.a.log, "made data:6 eof lost");

  pair_open(loop, &closed); /* more than the pair holds: close sends all of it first */
  closed.b.quiet_data = true;
  memset(bytes, 'x', large);
  CHECK_OK(transport_write(closed.to_a, bytes, large));
  CHECK(transport_get_write_buffer_size(closed.to_a) > 0);
  CHECK_OK(transport_close(closed.to_a));
  CHECK(transport_is_closing(closed.to_a));
  ends(loop, &closed);
  CHECK_UINT(closed.b.received, large);
  CHECK_TEXT(closed.b.log, "made eof lost");

  pair_open(loop, &aborted);
  aborted.b.quiet_data = true;
  CHECK_OK(transport_write(aborted.to_a, bytes, large));
  CHECK_OK(transport_abort(aborted.to_a));
  CHECK_UINT(transport_get_write_buffer_size(aborted.to_a), 0);
  ends(loop, &aborted);
  CHECK(aborted.b.received < large);
  CHECK_TEXT(aborted.b.log, "made eof lost");

  pair_open(loop, &reset);
  CHECK_OK(transport_reset(reset.to_a));
  ends(loop, &reset);
  CHECK_TEXT(reset.a.log, "made lost");
  CHECK_TEXT(reset.b.log, "made TRANSPORT_EIO lost");

  pair_new(loop, &early); /* closed before connection_made: it comes all the same (A15) */
  CHECK_OK(transport_close(early.to_a));
  ends(loop, &early);
  CHECK_TEXT(early.a.log, "made lost");
  CHECK_TEXT(early.b.log, "made eof lost");

  CHECK_STATUS(transport_pair(loop, &protocol, NULL, &protocol, NULL, NULL, &out), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_pair(loop, &protocol, NULL, NULL, NULL, &out, &out), TRANSPORT_EINVAL);
  CHECK_PTR(out, NULL);

  pair_open(loop, &freed);
  CHECK_OK(transport_loop_free(loop));
  CHECK_TEXT(freed.a.log, "made TRANSPORT_ECANCELED lost");
  CHECK_TEXT(freed.b.log, "made TRANSPORT_ECANCELED lost");
  free(bytes);
  return 0;
}
