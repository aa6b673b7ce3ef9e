/* write_owned keeps a reference to the bytes and calls release exactly once, from the loop and never inside a call, when they have
 * been sent, for an empty write too; without release the bytes are taken to live for ever: D5, api convention 7. */
#include "stream.h"

typedef struct piece_t {
  uint8_t *data;
  int released;
} piece_t;

static bool inside;

static void release(void *arg) {
  piece_t *piece = arg;
  CHECK(!inside);
  CHECK_INT(piece->released, 0);
  piece->released++;
  free(piece->data);
}

static void write_piece(transport_t *t, piece_t *piece, size_t *written, size_t len) {
  piece->data = check_alloc(len);
  pattern_fill(piece->data, *written, len);
  inside = true;
  CHECK_OK(transport_write_owned(t, piece->data, len, release, piece));
  inside = false;
  CHECK_INT(piece->released, 0);
  *written += len;
}

static piece_t in_callback[3];

static void write_three(void *arg) {
  recorder_t *r = arg;
  size_t *written = r->context;
  write_piece(r->transport, &in_callback[0], written, 10);
  write_piece(r->transport, &in_callback[1], written, 100000);
  write_piece(r->transport, &in_callback[2], written, 20);
}

int main(void) {
  static uint8_t lasting[1000];
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  piece_t small = {NULL, 0}, large = {NULL, 0}, empty = {NULL, 0};
  size_t written = 0, received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  r.context = &written;
  write_piece(r.transport, &small, &written, 100);
  CHECK_OK(transport_write_owned(r.transport, NULL, 0, release, &empty));
  CHECK_INT(empty.released, 0);
  while (!small.released || !empty.released) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  write_piece(r.transport, &large, &written, 1000000);
  pattern_fill(lasting, written, sizeof lasting);
  CHECK_OK(transport_write_owned(r.transport, lasting, sizeof lasting, NULL, NULL));
  written += sizeof lasting;
  CHECK_OK(stream_write(r.transport, &written, 1000));
  run_turns(loop, 10);
  CHECK_INT(large.released, 0);
  peer_drain(loop, peer, &received, written - 2000);
  CHECK_OK(transport_loop_call_soon(loop, write_three, &r, NULL));
  peer_drain(loop, peer, &received, written);
  peer_drain(loop, peer, &received, written); /* with what the callback has written meanwhile */
  CHECK_OK(transport_close(r.transport));
  run_until(loop, &r.lost);
  CHECK_INT(large.released, 1);
  for (int i = 0; i < 3; i++) CHECK_INT(in_callback[i].released, 1);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(small.released + empty.released + large.released, 3);
  return 0;
}
