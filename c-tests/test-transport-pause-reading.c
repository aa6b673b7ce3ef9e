/* Once pause_reading has returned, in connection_made, in data_received or outside, no data comes until resume_reading; that
 * delivers nothing inside the call but in a later turn; both may be repeated, and is_reading tells: C5, C6, C7, C8. */
#include "stream.h"

static bool resuming;

static void pause_it(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK(!resuming);
  CHECK(transport_is_reading(t));
  CHECK_OK(transport_pause_reading(t));
  CHECK(!transport_is_reading(t));
  CHECK_OK(transport_pause_reading(t));
}

static void resume_it(void *arg) {
  transport_t *t = arg;
  CHECK(!transport_is_reading(t));
  resuming = true;
  CHECK_OK(transport_resume_reading(t));
  CHECK_OK(transport_resume_reading(t));
  resuming = false;
  CHECK(transport_is_reading(t));
}

/* Sends five bytes and sees that they stay in the kernel, however often the loop turns. */
static void send_unseen(transport_loop_t *loop, recorder_t *r, int peer) {
  size_t before = r->received;
  peer_send(peer, "hello", 5);
  wait_pending(stream_fd(r->transport), 5);
  run_turns(loop, 20);
  CHECK_UINT(r->received, before);
}

static void receive(transport_loop_t *loop, recorder_t *r, size_t total) {
  while (r->received < total) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_UINT(r->received, total);
  CHECK(!transport_is_reading(r->transport));
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.on_made = pause_it, .on_data = pause_it};
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = recorder_accept(loop, &r);
  send_unseen(loop, &r, peer);
  resume_it(r.transport);
  receive(loop, &r, 5);
  send_unseen(loop, &r, peer);
  CHECK_OK(transport_loop_call_soon(loop, resume_it, r.transport, NULL));
  receive(loop, &r, 10);
  resume_it(r.transport);
  pause_it(&r, r.transport);
  send_unseen(loop, &r, peer);
  resume_it(r.transport);
  receive(loop, &r, 15);
  resume_it(r.transport);
  peer_close(peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "made data:5 data:5 data:5 eof lost");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
