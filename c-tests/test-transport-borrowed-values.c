/* What get_extra_info lends stays as it was until the outermost callback returns, or, got outside callbacks, until the loop next
 * runs, whatever is called meanwhile, also an end of the transport; likewise the bytes given to data_received: api convention 7. */
#include "stream.h"

static struct {
  recorder_t a, b;
  uint16_t port_a, port_b;
  int checks;
} test;

static transport_value_t borrow(const transport_t *t) {
  transport_value_t value;
  CHECK_OK(transport_get_extra_info(t, "peername", &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_ADDRESS);
  return value;
}

static void check_port(const transport_value_t *value, uint16_t port) {
  struct sockaddr_in address;
  CHECK_UINT(value->len, sizeof address);
  memcpy(&address, value->data, sizeof address);
  CHECK_UINT(ntohs(address.sin_port), port);
  test.checks++;
}

/* Borrows from both, calls much, and looks again. */
static void story(transport_status_t (*end)(transport_t *t)) {
  transport_protocol_t protocol = recorder_protocol();
  transport_value_t first = borrow(test.a.transport), second = borrow(test.b.transport), unknown;
  for (int i = 0; i < 100; i++) {
    (void)borrow(test.a.transport);
    CHECK_OK(transport_get_extra_info(test.b.transport, "sockname", &unknown));
    CHECK_OK(transport_get_extra_info(test.b.transport, "nothing", &unknown));
  }
  CHECK_OK(transport_write(test.a.transport, "hello", 5));
  CHECK_OK(transport_set_protocol(test.a.transport, &protocol, &test.a));
  if (end) CHECK_OK(end(test.a.transport));
  if (end) CHECK_OK(end(test.b.transport));
  check_port(&first, test.port_a);
  check_port(&second, test.port_b);
}

static void on_data(recorder_t *r, transport_t *t) {
  size_t before = r->received - r->data_len;
  (void)t;
  story(transport_abort);
  pattern_check(r->data, before, r->data_len);
}

static uint16_t port_of(int fd) {
  struct sockaddr_in a;
  socklen_t len = sizeof a;
  CHECK_INT(getsockname(fd, (struct sockaddr *)&a, &len), 0);
  return ntohs(a.sin_port);
}

int main(void) {
  transport_loop_t *loop;
  uint8_t data[5000];
  int peer_a, peer_b;
  watchdog(20);
  test.a.on_data = on_data;
  loop = loop_new();
  peer_a = recorder_accept(loop, &test.a);
  peer_b = recorder_accept(loop, &test.b);
  test.port_a = port_of(peer_a);
  test.port_b = port_of(peer_b);
  story(NULL);
  pattern_fill(data, 0, sizeof data);
  peer_send(peer_a, data, sizeof data);
  run_until(loop, &test.a.lost);
  run_until(loop, &test.b.lost);
  CHECK_INT(test.checks, 4);
  peer_close(peer_a);
  peer_close(peer_b);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
