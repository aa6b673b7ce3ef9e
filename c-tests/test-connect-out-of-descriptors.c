/* A client for which no descriptor is left fails with TRANSPORT_EIO and EMFILE, and the loop works on: when descriptors
 * are free again the next attempt succeeds (A6). */
#include "client.h"
#include "sockets.h"

int main(void) {
  transport_loop_t *loop;
  client_t refused = {0}, later = {0};
  transport_connect_options_t options;
  struct rlimit limit, low;
  uint16_t port;
  int listener, peer, next;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  options = client_options("127.0.0.1", port);
  CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
  next = dup(listener); /* the lowest free number */
  CHECK(next >= 0);
  peer_close(next);
  low = limit;
  low.rlim_cur = (rlim_t)next;
  CHECK_INT(setrlimit(RLIMIT_NOFILE, &low), 0);
  CHECK_STATUS(client_outcome(loop, &refused, &options), TRANSPORT_EIO);
  CHECK_INT(refused.done ? refused.os_code : transport_last_error()->os_code, EMFILE);
  CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK_OK(client_try(loop, &later, &options));
  run_until(loop, &later.done);
  CHECK_STATUS(later.status, TRANSPORT_OK);
  peer = peer_accept(listener);
  peer_close(peer);
  run_until(loop, &later.recorder.lost);
  CHECK_TEXT(later.recorder.log, "made done eof lost");
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
