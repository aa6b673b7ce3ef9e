/* The caller may overwrite and free its memory as soon as write or writelines has returned, whether the bytes were sent, queued
 * or gathered: the peer gets what they were: D5. */
#include "stream.h"

static size_t written;

static void gather(void *arg) {
  transport_t *t = arg;
  uint8_t data[90];
  transport_slice_t slices[2] = {{data, 40}, {data + 40, 50}};
  CHECK_OK(stream_write(t, &written, 100));
  pattern_fill(data, written, sizeof data);
  CHECK_OK(transport_writelines(t, slices, 2));
  written += sizeof data;
  memset(data, 0xee, sizeof data);
  memset(slices, 0xee, sizeof slices);
  CHECK_OK(stream_write(t, &written, 100));
}

static void queue(transport_t *t) {
  uint8_t data[9000];
  transport_slice_t slices[2] = {{data, 4000}, {data + 4000, 5000}};
  stream_fill(t, &written);
  CHECK_OK(stream_write(t, &written, 100000));
  pattern_fill(data, written, sizeof data);
  CHECK_OK(transport_writelines(t, slices, 2));
  written += sizeof data;
  memset(data, 0xee, sizeof data);
  CHECK_OK(stream_write(t, &written, 10));
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  size_t received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  CHECK_OK(transport_loop_call_soon(loop, gather, r.transport, NULL));
  peer_drain(loop, peer, &received, 290);
  CHECK_UINT(written, 290);
  queue(r.transport);
  CHECK_OK(transport_loop_call_soon(loop, gather, r.transport, NULL));
  run_turns(loop, 2);
  CHECK_OK(transport_close(r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
