/* In a host with default SIGPIPE a write to a peer that is gone does not kill it (D7), by any of the writing calls;
 * and the host's own SIGCHLD handler is called and its waitpid finds its child, as if the library were not there
 * (convention 10). */
#include "process.h"
#include "recorder.h"

static transport_loop_t *loop;
static volatile sig_atomic_t children;

static void on_child(int signum) { children += signum == SIGCHLD; }

static transport_status_t write_by(int how, transport_t *t) {
  transport_slice_t slices[2] = {{"x", 1}, {"y", 1}};
  if (how == 0) return transport_write(t, "x", 1);
  if (how == 1) return transport_writelines(t, slices, 2);
  return transport_write_owned(t, "x", 1, NULL, NULL);
}

/* Outside callbacks each write is tried at once; the second meets the peer's reset. */
static void write_to_nobody(int how, bool reset) {
  recorder_t r;
  int peer;
  memset(&r, 0, sizeof r);
  peer = recorder_accept(loop, &r);
  if (reset) peer_reset(peer);
  else peer_close(peer);
  for (int i = 0; i < 10; i++) {
    transport_status_t status = write_by(how, r.transport);
    if (status != TRANSPORT_OK) CHECK_STATUS(status, TRANSPORT_ECLOSED); /* D6: the error comes as connection_lost */
  }
  CHECK(transport_is_closing(r.transport));
  run_until(loop, &r.lost);
  CHECK_STATUS(r.lost_status, TRANSPORT_EIO);
}

int main(void) {
  struct sigaction pipe_action, child_action, host;
  pid_t child;
  watchdog(20);
  CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
  memset(&host, 0, sizeof host);
  host.sa_handler = on_child;
  CHECK_INT(sigaction(SIGCHLD, &host, NULL), 0);
  pipe_action = disposition(SIGPIPE);
  host = disposition(SIGCHLD);

  loop = loop_new();
  for (int how = 0; how < 3; how++) {
    write_to_nobody(how, false);
    write_to_nobody(how, true);
  }
  child = fork();
  CHECK(child >= 0);
  if (child == 0) _exit(7);
  while (!children) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(10)));
  {
    int status = 0;
    for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(1)));
    CHECK_INT(waitpid(child, &status, 0), child); /* nobody has reaped it */
    CHECK_INT(WEXITSTATUS(status), 7);
  }
  child_action = disposition(SIGCHLD);
  CHECK(sigaction_equal(&host, &child_action));
  child_action = disposition(SIGPIPE);
  CHECK(sigaction_equal(&pipe_action, &child_action));
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(children, 1);
  return 0;
}
