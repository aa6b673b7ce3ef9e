/* A transport is read at most once in a turn of the loop, at most 256 KiB, so that one with much to read does not starve
 * another; what is left comes in later turns although no new bytes arrive: C2. */
#include "stream.h"

static int calls[2];

static void on_data(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK(r->data_len <= 256 * 1024);
  calls[r->context == &calls[1]]++;
}

/* Sends as much as the kernels will hold, far more than one read. */
static size_t stuff(int peer) {
  static uint8_t data[65536];
  int size = 2 * 1024 * 1024;
  size_t sent = 0;
  CHECK_INT(setsockopt(peer, SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
  for (;;) {
    ssize_t n = send(peer, data, sizeof data, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0) break;
    sent += (size_t)n;
  }
  CHECK_INT(errno, EAGAIN);
  CHECK(sent > 256 * 1024);
  return sent;
}

int main(void) {
  transport_loop_t *loop;
  recorder_t a = {.quiet_data = true, .on_data = on_data, .context = &calls[0]};
  recorder_t b = {.quiet_data = true, .on_data = on_data, .context = &calls[1]};
  size_t sent_a, sent_b;
  int peer_a, peer_b, both = 0;
  watchdog(30);
  loop = loop_new();
  peer_a = recorder_accept(loop, &a);
  peer_b = recorder_accept(loop, &b);
  CHECK_OK(transport_pause_reading(a.transport));
  CHECK_OK(transport_pause_reading(b.transport));
  run_turns(loop, 2);
  sent_a = stuff(peer_a);
  sent_b = stuff(peer_b);
  CHECK_OK(transport_resume_reading(a.transport));
  CHECK_OK(transport_resume_reading(b.transport));
  while (a.received < sent_a || b.received < sent_b) {
    calls[0] = calls[1] = 0;
    CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    CHECK(calls[0] <= 1);
    CHECK(calls[1] <= 1);
    both += calls[0] && calls[1];
  }
  CHECK(both >= 1);
  CHECK_UINT(a.received, sent_a);
  CHECK_UINT(b.received, sent_b);
  peer_close(peer_a);
  peer_close(peer_b);
  run_until(loop, &a.lost);
  run_until(loop, &b.lost);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
