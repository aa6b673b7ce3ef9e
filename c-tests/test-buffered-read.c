/* A buffered protocol is read into its own memory: get_buffer, then buffer_updated with what came, at most as much as it
 * offered, the rest in more rounds (G1 to G4); at the end of the stream get_buffer may come before eof_received (G5), and
 * nothing while paused, at the end, or when closing (G6). */
#include "buffered.h"

static void pause_it(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_pause_reading(t));
}

int main(void) {
  transport_loop_t *loop;
  buffered_t b = {.room = 8}, paused = {.room = 4000}, closing = {.room = 2};
  int peer;
  watchdog(20);
  loop = loop_new();

  peer = buffered_accept(loop, &b);
  peer_send(peer, "0123456789", 10);
  while (b.recorder.received < 10) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK(memcmp(b.recorder.first, "0123456789", 10) == 0);
  CHECK_TEXT(b.recorder.log, "made get updated:8 get updated:2");
  peer_close(peer);
  run_until(loop, &b.recorder.lost);
  CHECK_TEXT(b.recorder.log, "made get updated:8 get updated:2 get eof lost");

  peer = buffered_accept(loop, &paused);
  paused.recorder.on_data = pause_it;
  peer_send(peer, "first", 5);
  while (!paused.recorder.received) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  peer_send(peer, "second", 6);
  peer_close(peer);
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(5)));
  CHECK_TEXT(paused.recorder.log, "made get updated:5");
  paused.recorder.on_data = NULL;
  CHECK_OK(transport_resume_reading(paused.recorder.transport));
  run_until(loop, &paused.recorder.lost);
  CHECK_TEXT(paused.recorder.log, "made get updated:5 get updated:6 get eof lost");

  peer = buffered_accept(loop, &closing);
  closing.recorder.on_data = NULL;
  peer_send(peer, "abcdef", 6);
  while (!closing.recorder.received) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_OK(transport_close(closing.recorder.transport));
  run_until(loop, &closing.recorder.lost);
  CHECK_TEXT(closing.recorder.log, "made get updated:2 lost");
  peer_close(peer);

  CHECK_OK(transport_loop_free(loop));
  return 0;
}
