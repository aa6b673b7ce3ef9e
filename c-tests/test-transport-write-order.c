/* With something queued, a write only appends: whatever is written from callbacks and from outside, in small and large pieces,
 * of every kind, arrives in the order of the calls: D2, D5, D10, D19. */
#include "stream.h"

enum { TOTAL = 8000000 };

static size_t written;

static void release(void *arg) { free(arg); }

static void write_some(transport_t *t) {
  static unsigned step;
  size_t n = 1 + (step * 7919u) % (step % 5 == 0 ? 90000u : 300u);
  uint8_t *data;
  step++;
  if (step % 3 == 0) {
    CHECK_OK(stream_write(t, &written, n));
    return;
  }
  data = check_alloc(n);
  pattern_fill(data, written, n);
  written += n;
  if (step % 3 == 1) {
    CHECK_OK(transport_write_owned(t, data, n, release, data));
  } else {
    transport_slice_t slices[3] = {{data, n / 3}, {data + n / 3, n / 2 - n / 3}, {data + n / 2, n - n / 2}};
    CHECK_OK(transport_writelines(t, slices, 3));
    memset(data, 0xee, n);
    free(data);
  }
}

static void from_callback(void *arg) {
  for (int i = 0; i < 10; i++) write_some(arg);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.log = ""};
  size_t received = 0;
  int peer;
  watchdog(60);
  loop = loop_new();
  peer = stream_accept_small(loop, &r);
  while (written < TOTAL) {
    CHECK_OK(transport_loop_call_soon(loop, from_callback, r.transport, NULL));
    for (int i = 0; i < 5; i++) write_some(r.transport);
    peer_drain(loop, peer, &received, received + (written - received) / 3);
  }
  CHECK_OK(transport_close(r.transport));
  peer_drain_to_end(loop, peer, &received);
  CHECK_UINT(received, written);
  run_until(loop, &r.lost);
  CHECK_INT(r.lost_status, TRANSPORT_OK);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
