/* add_reader and add_writer are level-triggered: called once a turn as long as the descriptor is ready, whether or not the
 * callback does anything about it (U1); reader and writer of one descriptor are independent (U4); a second add replaces the
 * first (U2); remove tells whether there was one (U3). Readers do not keep run_until_idle. */
#include "recorder.h"

static int reads, writes, others;

static void count(void *arg) { ++*(int *)arg; }

static void turns(transport_loop_t *loop, int count) {
  while (count-- > 0) CHECK_OK(transport_loop_run_once(loop, 0));
}

int main(void) {
  transport_loop_t *loop;
  char byte;
  int fds[2];
  watchdog(20);
  loop = loop_new();
  CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  CHECK_OK(transport_loop_add_reader(loop, fds[0], count, &reads));
  turns(loop, 3);
  CHECK_INT(reads, 0);
  peer_send(fds[1], "x", 1);
  CHECK_INT(reads, 0); /* never inside a call */
  turns(loop, 3);
  CHECK_INT(reads, 3);
  CHECK_OK(transport_loop_add_writer(loop, fds[0], count, &writes));
  turns(loop, 2);
  CHECK_INT(reads, 5);
  CHECK_INT(writes, 2);
  CHECK_OK(transport_loop_add_reader(loop, fds[0], count, &others));
  turns(loop, 2);
  CHECK_INT(reads, 5);
  CHECK_INT(others, 2);
  CHECK_INT(writes, 4);
  CHECK(transport_loop_remove_writer(loop, fds[0]));
  CHECK(!transport_loop_remove_writer(loop, fds[0]));
  turns(loop, 2);
  CHECK_INT(writes, 4);
  CHECK_INT(others, 4);
  CHECK_INT(recv(fds[0], &byte, 1, 0), 1);
  turns(loop, 2);
  CHECK_INT(others, 4);

  peer_close(fds[1]); /* the end is something to read, for as long as it is there */
  turns(loop, 2);
  CHECK_INT(others, 6);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(transport_loop_remove_reader(loop, fds[0]));
  CHECK(!transport_loop_remove_reader(loop, fds[0]));
  others = 0;
  turns(loop, 2);
  CHECK_INT(others, 0);
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC); /* the program's, and open */
  peer_close(fds[0]);
  return 0;
}
