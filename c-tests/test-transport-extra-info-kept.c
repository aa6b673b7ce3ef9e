/* peername and sockname are taken once: they are still told after the peer has reset, when the system no longer knows them, after
 * close, and inside connection_lost: H2, B12. */
#include "stream.h"

static struct {
  uint16_t peer_port, server_port;
  int lost;
} test;

static uint16_t port_of(const transport_t *t, const char *name) {
  transport_value_t value;
  struct sockaddr_in address;
  CHECK_OK(transport_get_extra_info(t, name, &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_ADDRESS);
  memcpy(&address, value.data, sizeof address);
  return ntohs(address.sin_port);
}

static void check(const transport_t *t) {
  CHECK_UINT(port_of(t, "peername"), test.peer_port);
  CHECK_UINT(port_of(t, "sockname"), test.server_port);
}

static void on_lost(recorder_t *r, transport_t *t) {
  (void)r;
  check(t);
  test.lost++;
}

static void life(bool reset) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_lost = on_lost};
  struct sockaddr_in a;
  socklen_t len = sizeof a;
  int peer = recorder_accept(loop, &r);
  CHECK_INT(getsockname(peer, (struct sockaddr *)&a, &len), 0);
  test.peer_port = ntohs(a.sin_port);
  CHECK_INT(getpeername(peer, (struct sockaddr *)&a, &len), 0);
  test.server_port = ntohs(a.sin_port);
  CHECK_OK(transport_pause_reading(r.transport));
  check(r.transport);
  if (reset) {
    peer_reset(peer);
    wait_hangup(stream_fd(r.transport));
    CHECK_INT(getpeername(stream_fd(r.transport), (struct sockaddr *)&a, &len), -1);
    check(r.transport);
    CHECK_OK(transport_resume_reading(r.transport));
  } else {
    CHECK_OK(transport_close(r.transport));
    check(r.transport);
    peer_close(peer);
  }
  run_until(loop, &r.lost);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  life(true);
  life(false);
  CHECK_INT(test.lost, 2);
  return 0;
}
