/* What cannot be watched is refused, and nothing changes: no descriptor, no function, a regular file (U7), the descriptor of a
 * live transport of the loop at any time of its life (U5, J14), the loop's own. A loop that is being freed takes no readers
 * and forgets those it has. */
#include "client.h"
#include "sockets.h"
#include <fcntl.h>

static transport_loop_t *the_loop;
static int in_made;

static void never(void *arg) { CHECK(arg == &in_made && !"called"); }

static void refuse_own(recorder_t *r, transport_t *t) {
  int fd = transport_fd(t);
  (void)r;
  CHECK_STATUS(transport_loop_add_reader(the_loop, fd, never, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_add_writer(the_loop, fd, never, NULL), TRANSPORT_EINVAL);
  CHECK(!transport_loop_remove_reader(the_loop, fd));
  CHECK(!transport_loop_remove_writer(the_loop, fd));
  in_made++;
}

static void too_late(recorder_t *r, transport_t *t) {
  int *fds = r->context;
  (void)t;
  if (r->lost_status != TRANSPORT_ECANCELED) return;
  CHECK_STATUS(transport_loop_add_reader(the_loop, fds[0], never, NULL), TRANSPORT_ECLOSED);
  CHECK(!transport_loop_remove_reader(the_loop, fds[0]));
}

int main(void) {
  recorder_t accepted = {.on_made = refuse_own};
  client_t client = {.recorder = {.on_made = refuse_own, .on_lost = too_late}};
  transport_server_t *server;
  int fds[2], file;
  watchdog(20);
  the_loop = loop_new();
  CHECK_INT(pipe(fds), 0);
  file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  CHECK(file >= 0);
  CHECK_STATUS(transport_loop_add_reader(the_loop, fds[0], NULL, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_add_reader(the_loop, -1, never, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_add_reader(the_loop, INT32_MAX, never, NULL), TRANSPORT_EINVAL);
  CHECK_INT(transport_last_error()->os_code, EBADF);
  CHECK_STATUS(transport_loop_add_reader(the_loop, INTPTR_MAX, never, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_add_reader(the_loop, file, never, NULL), TRANSPORT_EIO);
  CHECK_INT(transport_last_error()->os_code, EPERM);
  CHECK(!transport_loop_remove_reader(the_loop, file));
  CHECK(!transport_loop_remove_reader(the_loop, -1));
  CHECK_STATUS(transport_loop_add_reader(the_loop, transport_loop_backend_fd(the_loop), never, NULL), TRANSPORT_EINVAL);

  server = recorder_server(the_loop, NULL, &accepted);
  client.recorder.context = fds;
  client_start(the_loop, &client, "127.0.0.1", transport_server_port(server));
  run_until(the_loop, &client.done);
  run_until(the_loop, &accepted.made);
  CHECK_INT(in_made, 2);
  refuse_own(&accepted, accepted.transport);
  CHECK_OK(transport_loop_add_reader(the_loop, fds[0], never, NULL));
  CHECK_OK(transport_loop_free(the_loop));
  CHECK_STATUS(transport_loop_add_reader(the_loop, fds[0], never, NULL), TRANSPORT_EHANDLE);
  peer_close(fds[0]);
  peer_close(fds[1]);
  peer_close(file);
  return 0;
}
