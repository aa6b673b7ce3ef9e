/* transport_detach gives the socket back: connection_lost(NULL) follows from the loop, the descriptor works on, and what was
 * not delivered is still in it. Refused while bytes wait (ESTATE), when closing (ECLOSED), without a place for it (EINVAL). */
#include "stream.h"

static void detach_in_made(recorder_t *r, transport_t *t) {
  CHECK_OK(transport_detach(t, r->context));
  CHECK(transport_is_closing(t));
}

static void detach_behind_a_write(recorder_t *r, transport_t *t) {
  CHECK_OK(transport_write(t, "bye", 3)); /* gathered bytes are tried first (D22) */
  CHECK_OK(transport_detach(t, r->context));
  CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ECLOSED);
}

static void exchange(int fd, int peer) {
  char text[8];
  peer_send(fd, "ping", 4);
  CHECK_UINT(peer_recv_all(peer, text, 4), 4);
  CHECK(memcmp(text, "ping", 4) == 0);
  peer_send(peer, "pong", 4);
  CHECK(peer_readable(fd, 10000));
  CHECK_UINT(peer_recv_all(fd, text, 4), 4);
  CHECK(memcmp(text, "pong", 4) == 0);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t made = {0}, in_data = {0}, outside = {0}, full = {0};
  intptr_t fd = -1, same;
  size_t written = 0;
  char text[8];
  int peer;
  watchdog(20);
  loop = loop_new();

  made.context = &fd;
  made.on_made = detach_in_made;
  peer = recorder_accept(loop, &made);
  run_until(loop, &made.lost);
  CHECK_TEXT(made.log, "made lost");
  exchange((int)fd, peer);
  peer_close(peer);
  peer_close((int)fd);

  in_data.context = &fd;
  in_data.on_data = detach_behind_a_write;
  peer = recorder_accept(loop, &in_data);
  peer_send(peer, "x", 1);
  run_until(loop, &in_data.lost);
  CHECK_TEXT(in_data.log, "made data:1 lost");
  CHECK_UINT(peer_recv_all(peer, text, 3), 3);
  exchange((int)fd, peer);
  peer_close(peer);
  peer_close((int)fd);

  peer = recorder_accept(loop, &outside);
  same = stream_fd(outside.transport);
  CHECK_STATUS(transport_detach(outside.transport, NULL), TRANSPORT_EINVAL);
  CHECK_OK(transport_pause_reading(outside.transport));
  peer_send(peer, "unread", 6);
  CHECK(peer_readable((int)same, 10000));
  CHECK_OK(transport_detach(outside.transport, &fd));
  CHECK_INT(fd, same);
  CHECK_STATUS(transport_detach(outside.transport, &fd), TRANSPORT_ECLOSED);
  CHECK(!outside.lost); /* A10 */
  run_until(loop, &outside.lost);
  CHECK_TEXT(outside.log, "made lost");
  CHECK_STATUS(transport_detach(outside.transport, &fd), TRANSPORT_EHANDLE);
  CHECK_UINT(peer_recv_all((int)fd, text, 6), 6);
  CHECK(memcmp(text, "unread", 6) == 0);
  exchange((int)fd, peer);
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, 0)); /* the loop has forgotten it */
  peer_close(peer);
  peer_close((int)fd);

  peer = recorder_accept(loop, &full);
  stream_fill(full.transport, &written);
  fd = -1;
  CHECK_STATUS(transport_detach(full.transport, &fd), TRANSPORT_ESTATE);
  CHECK_INT(fd, -1);
  CHECK(!transport_is_closing(full.transport));
  CHECK_OK(transport_abort(full.transport));
  run_until(loop, &full.lost);
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
