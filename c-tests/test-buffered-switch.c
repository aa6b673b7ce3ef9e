/* set_protocol changes between streaming and buffered at any time: the next read uses the new kind (G8), from data_received,
 * from buffer_updated, and from get_buffer itself, whose buffer is then not used; no byte is lost on the way (C3). Pausing
 * and closing inside get_buffer hold at once (G6). */
#include "buffered.h"

static void to_buffered(recorder_t *r, transport_t *t) {
  transport_protocol_t p = buffered_protocol();
  r->on_data = NULL;
  CHECK_OK(transport_set_protocol(t, &p, r));
}

static void to_streaming(recorder_t *r, transport_t *t) {
  transport_protocol_t p = recorder_protocol();
  r->on_data = to_buffered;
  CHECK_OK(transport_set_protocol(t, &p, r));
}

static void streaming_in_get(buffered_t *b, transport_t *t) {
  transport_protocol_t p = recorder_protocol();
  b->on_get = NULL;
  CHECK_OK(transport_set_protocol(t, &p, b));
}

static void pause_in_get(buffered_t *b, transport_t *t) {
  b->on_get = NULL;
  CHECK_OK(transport_pause_reading(t));
}

static void write_in_get(buffered_t *b, transport_t *t) {
  b->on_get = NULL;
  CHECK_OK(transport_write(t, "pong", 4));
}

static void close_in_get(buffered_t *b, transport_t *t) {
  (void)b;
  CHECK_OK(transport_close(t));
}

static void receive(transport_loop_t *loop, buffered_t *b, int peer, const char *text) {
  size_t goal = b->recorder.received + strlen(text);
  peer_send(peer, text, strlen(text));
  while (b->recorder.received < goal) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
}

int main(void) {
  transport_loop_t *loop;
  buffered_t b = {.room = 4000};
  char pong[4];
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = buffered_accept(loop, &b);

  b.recorder.on_data = to_streaming;
  receive(loop, &b, peer, "a");
  receive(loop, &b, peer, "bc");
  receive(loop, &b, peer, "def");
  CHECK_TEXT(b.recorder.log, "made get updated:1 data:2 get updated:3");

  b.recorder.log[0] = 0;
  b.on_get = streaming_in_get;
  receive(loop, &b, peer, "ghij");
  CHECK_TEXT(b.recorder.log, "get data:4");

  b.recorder.log[0] = 0;
  to_buffered(&b.recorder, b.recorder.transport); /* outside callbacks too */
  b.on_get = pause_in_get;
  peer_send(peer, "klm", 3);
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(5)));
  CHECK_TEXT(b.recorder.log, "get");
  CHECK_OK(transport_resume_reading(b.recorder.transport));
  while (b.recorder.received < 13) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_TEXT(b.recorder.log, "get get updated:3");

  b.on_get = write_in_get;
  receive(loop, &b, peer, "nop");
  CHECK_UINT(peer_recv_all(peer, pong, 4), 4);
  CHECK(memcmp(pong, "pong", 4) == 0);
  CHECK(memcmp(b.recorder.first, "abcdefghijklmnop", 16) == 0);

  b.recorder.log[0] = 0;
  b.on_get = close_in_get;
  peer_send(peer, "x", 1);
  run_until(loop, &b.recorder.lost);
  CHECK_TEXT(b.recorder.log, "get lost");
  CHECK_OK(transport_loop_free(loop));
  peer_close(peer);
  return 0;
}
