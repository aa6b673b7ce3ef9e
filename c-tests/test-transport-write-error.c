/* A write that meets a dead connection still returns TRANSPORT_OK, raises no SIGPIPE although its disposition is the default
 * one, makes is_closing true, and connection_lost gets the error later. Inside a callback that shows at the next attempt to
 * send, as gathering has it: B2, D6, D7, D22. */
#include "stream.h"

static void nothing_happens(transport_t *t) { CHECK_STATUS(transport_write(t, "more", 4), TRANSPORT_ECLOSED); }

static void outside(transport_t *t) {
  CHECK(!transport_is_closing(t));
  CHECK_OK(transport_write(t, "hello", 5));
  CHECK(transport_is_closing(t));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  nothing_happens(t);
}

static void inside(void *arg) {
  transport_t *t = arg;
  CHECK_OK(transport_write(t, "hello", 5));
  CHECK_UINT(transport_get_write_buffer_size(t), 0);
  CHECK(transport_is_closing(t));
  nothing_happens(t);
}

static void at_the_end(void *arg) {
  CHECK_OK(transport_write(arg, "hello", 5));
  CHECK_OK(transport_write(arg, "hello", 5));
}

static void check(int way, bool broken_pipe) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.log = ""};
  int peer = recorder_accept(loop, &r), error = 0, fd = stream_fd(r.transport);
  socklen_t len = sizeof error;
  CHECK_OK(transport_pause_reading(r.transport));
  run_turns(loop, 2);
  peer_reset(peer);
  wait_hangup(fd);
  /* With the pending error taken away, the next send finds a broken pipe. */
  if (broken_pipe) CHECK_INT(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len), 0);
  if (way == 0) outside(r.transport);
  if (way == 1) CHECK_OK(transport_loop_call_soon(loop, inside, r.transport, NULL));
  if (way == 2) CHECK_OK(transport_loop_call_soon(loop, at_the_end, r.transport, NULL));
  CHECK(!r.lost);
  run_until(loop, &r.lost);
  run_turns(loop, 5);
  CHECK_TEXT(r.log, "made TRANSPORT_EIO lost");
  CHECK_INT(r.lost_os_code, broken_pipe ? EPIPE : ECONNRESET);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(20);
  CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
  for (int way = 0; way < 3; way++) {
    check(way, false);
    check(way, true);
  }
  return 0;
}
