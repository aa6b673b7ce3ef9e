/* set_protocol holds for the next callback: the new protocol gets no connection_made and the old one no connection_lost; the
 * table is copied, and get_protocol tells the user pointer at once, and NULL after connection_lost: I1, I3. */
#include "stream.h"

static recorder_t first, second;

static void switch_to(recorder_t *next, transport_t *t) {
  transport_protocol_t protocol = recorder_protocol();
  next->made = true;
  next->transport = t;
  CHECK_OK(transport_set_protocol(t, &protocol, next));
  CHECK_PTR(transport_get_protocol(t), next);
  memset(&protocol, 0xee, sizeof protocol);
}

static void to_second(recorder_t *r, transport_t *t) {
  CHECK_PTR(transport_get_protocol(t), r);
  switch_to(&second, t);
}

static void on_lost(recorder_t *r, transport_t *t) { CHECK_PTR(transport_get_protocol(t), r); }

static void refused(transport_t *t) {
  transport_protocol_t protocol = recorder_protocol();
  void *before = transport_get_protocol(t);
  CHECK_STATUS(transport_set_protocol(t, NULL, &second), TRANSPORT_EINVAL);
  protocol.size = 3;
  CHECK_STATUS(transport_set_protocol(t, &protocol, &second), TRANSPORT_EINVAL);
  protocol.size = 0;
  CHECK_STATUS(transport_set_protocol(t, &protocol, &second), TRANSPORT_EINVAL);
  CHECK_PTR(transport_get_protocol(t), before);
}

int main(void) {
  transport_loop_t *loop;
  int peer;
  watchdog(20);
  loop = loop_new();
  first.on_data = to_second;
  second.on_lost = on_lost;
  peer = recorder_accept(loop, &first);
  refused(first.transport);
  peer_send(peer, "hello", 5);
  while (first.received == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  peer_send(peer, "world!", 6);
  while (second.received == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  peer_close(peer);
  run_until(loop, &second.lost);
  CHECK_TEXT(first.log, "made data:5");
  CHECK_TEXT(second.log, "data:6 eof lost");
  CHECK_PTR(transport_get_protocol(second.transport), NULL);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
