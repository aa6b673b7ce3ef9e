/* The loop owns open transports: freeing it drops what they have queued, tells them connection_lost with
 * TRANSPORT_ECANCELED, once, and closes their descriptors; writes in that callback are refused: A19, S8. */
#include "stream.h"

static void on_lost(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_STATUS(transport_write(t, "x", 1), TRANSPORT_ECLOSED);
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
}

int main(void) {
  transport_loop_t *loop;
  recorder_t idle = {.on_lost = on_lost}, full = {.on_lost = on_lost}, closing = {.on_lost = on_lost};
  size_t written = 0, more = 0, received = 0;
  int idle_peer, full_peer, closing_peer, fd;
  watchdog(20);
  loop = loop_new();
  idle_peer = recorder_accept(loop, &idle);
  full_peer = stream_accept_small(loop, &full);
  closing_peer = stream_accept_small(loop, &closing);
  fd = stream_fd(full.transport);
  stream_fill(full.transport, &written);
  CHECK_OK(stream_write(full.transport, &written, 100000));
  stream_fill(closing.transport, &more);
  CHECK_OK(transport_close(closing.transport));
  CHECK(!closing.lost);
  CHECK_OK(transport_loop_free(loop));
  CHECK_TEXT(idle.log, "made TRANSPORT_ECANCELED lost");
  CHECK_TEXT(full.log, "made pause TRANSPORT_ECANCELED lost");
  CHECK(closing.lost);
  CHECK_INT(fcntl(fd, F_GETFD), -1);
  CHECK_STATUS(transport_write(full.transport, "x", 1), TRANSPORT_EHANDLE);
  while (peer_readable(full_peer, 1000) && peer_take(full_peer, &received, SIZE_MAX)) continue;
  CHECK(received < written);
  peer_close(idle_peer);
  peer_close(full_peer);
  peer_close(closing_peer);
  return 0;
}
