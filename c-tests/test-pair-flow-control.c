/* Flow control between two ends in memory is that of a socket: a paused reader makes the writer's queue grow over the high
 * mark, once (E4, E5), and draining resumes it (E6); while paused nothing is delivered, the end included (C5, C9). */
#include "pair.h"

int main(void) {
  transport_loop_t *loop;
  pair_t p = {.b = {.quiet_data = true}};
  uint8_t block[1000];
  size_t written = 0;
  watchdog(20);
  loop = loop_new();
  pair_open(loop, &p);
  memset(block, 'x', sizeof block);
  CHECK_OK(transport_pause_reading(p.to_b));
  while (!p.a.paused) {
    CHECK_OK(transport_write(p.to_a, block, sizeof block));
    written += sizeof block;
    CHECK(written < 1000000);
  }
  CHECK(transport_get_write_buffer_size(p.to_a) > 65536);
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_UINT(p.b.received, 0);
  CHECK_OK(transport_resume_reading(p.to_b));
  CHECK_UINT(p.b.received, 0); /* never inside the call (C6) */
  while (p.a.paused) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK(transport_get_write_buffer_size(p.to_a) <= 16384);
  CHECK_OK(transport_write_eof(p.to_a));
  while (p.b.received < written) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  run_until(loop, &p.b.lost);
  run_until(loop, &p.a.lost);
  CHECK_TEXT(p.a.log, "made pause resume eof lost");
  CHECK_TEXT(p.b.log, "made eof lost");

  memset(&p, 0, sizeof p);
  pair_open(loop, &p);
  CHECK_OK(transport_pause_reading(p.to_b));
  CHECK_OK(transport_write(p.to_a, "abc", 3));
  CHECK_OK(transport_close(p.to_a));
  run_until(loop, &p.a.lost);
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(p.b.log, "made");
  CHECK_OK(transport_resume_reading(p.to_b));
  run_until(loop, &p.b.lost);
  CHECK_TEXT(p.b.log, "made data:3 eof lost");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
