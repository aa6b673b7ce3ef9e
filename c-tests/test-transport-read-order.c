/* Bytes arrive in order, none lost and none twice, however the peer cut them, never as an empty piece; the end of the stream
 * directly behind them is told in its own callback after the last of them: C1, C3, C14, C16. */
#include "stream.h"

enum { TOTAL = 3000000 };

static void on_data(recorder_t *r, transport_t *t) {
  CHECK(r->data_len >= 1);
  CHECK_INT(r->depth, 1);
  pattern_check(r->data, r->received - r->data_len, r->data_len);
  if (r->received % 3 == 0) CHECK_OK(transport_write(t, "seen", 4));
}

static void on_eof(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK_INT(r->depth, 1);
  CHECK_UINT(r->received, TOTAL);
}

static void *send_all(void *arg) {
  static uint8_t data[70000];
  int fd = *(int *)arg;
  size_t sent = 0, size = 1;
  char reply[64];
  while (sent < TOTAL) {
    size_t n = size < TOTAL - sent ? size : TOTAL - sent;
    pattern_fill(data, sent, n);
    peer_send(fd, data, n);
    sent += n;
    size = (size * 7 + 3) % sizeof data + 1;
    while (recv(fd, reply, sizeof reply, MSG_DONTWAIT) > 0) continue;
  }
  CHECK_INT(shutdown(fd, SHUT_WR), 0);
  while (peer_recv(fd, reply, sizeof reply) > 0) continue;
  return NULL;
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.quiet_data = true, .on_data = on_data, .on_eof = on_eof};
  thread_t sender;
  int peer;
  watchdog(30);
  loop = loop_new();
  peer = recorder_accept(loop, &r);
  sender = thread_start(send_all, &peer);
  run_until(loop, &r.lost);
  thread_join(sender);
  CHECK_UINT(r.received, TOTAL);
  CHECK_TEXT(r.log, "made eof lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
