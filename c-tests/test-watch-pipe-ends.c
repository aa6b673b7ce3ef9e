/* The end of a pipe is told to whoever watches: a reader when the last writer has gone, a writer when the last reader has. */
#include "recorder.h"
#include <fcntl.h>

static void note(void *arg) { *(bool *)arg = true; }

int main(void) {
  transport_loop_t *loop;
  bool read_end = false, write_end = false, room = false;
  char block[4096] = {0};
  int fds[2];
  watchdog(20);
  loop = loop_new();
  CHECK_INT(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
  CHECK_OK(transport_loop_add_reader(loop, fds[0], note, &read_end));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK(!read_end);
  peer_close(fds[1]);
  run_until(loop, &read_end);
  CHECK(transport_loop_remove_reader(loop, fds[0]));
  peer_close(fds[0]);

  CHECK_INT(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
  while (write(fds[1], block, sizeof block) > 0) {}
  CHECK_OK(transport_loop_add_writer(loop, fds[1], note, &room));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK(!room);
  while (read(fds[0], block, sizeof block) > 0) {}
  run_until(loop, &room);
  CHECK_OK(transport_loop_add_writer(loop, fds[1], note, &write_end));
  while (write(fds[1], block, sizeof block) > 0) {}
  write_end = false;
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK(!write_end);
  peer_close(fds[0]);
  run_until(loop, &write_end);
  CHECK(transport_loop_remove_writer(loop, fds[1]));
  peer_close(fds[1]);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
