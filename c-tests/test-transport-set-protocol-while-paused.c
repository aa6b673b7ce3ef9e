/* set_protocol keeps the state of flow control: the new protocol may get resume_writing without having seen pause_writing, and
 * does not get pause_writing for a pause that stands; reading stays paused too: I2. */
#include "stream.h"

int main(void) {
  transport_loop_t *loop;
  transport_protocol_t protocol = recorder_protocol();
  recorder_t first = {.log = ""}, second = {.log = ""};
  size_t written = 0, received = 0;
  int peer;
  watchdog(20);
  loop = loop_new();
  peer = stream_accept_small(loop, &first);
  CHECK_OK(stream_write(first.transport, &written, 200000));
  CHECK_OK(transport_pause_reading(first.transport));
  CHECK_TEXT(first.log, "made pause");
  second.made = second.paused = true;
  second.transport = first.transport;
  CHECK_OK(transport_set_protocol(first.transport, &protocol, &second));
  CHECK(!transport_is_reading(second.transport));
  CHECK_OK(stream_write(second.transport, &written, 1000));
  peer_send(peer, "hello", 5);
  wait_pending(stream_fd(second.transport), 5);
  CHECK_TEXT(second.log, "");
  peer_drain(loop, peer, &received, written);
  while (second.paused) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_TEXT(second.log, "resume");
  CHECK_OK(transport_resume_reading(second.transport));
  peer_close(peer);
  run_until(loop, &second.lost);
  CHECK_TEXT(first.log, "made pause");
  CHECK_TEXT(second.log, "resume data:5 eof lost");
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
