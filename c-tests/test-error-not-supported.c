/* What a TCP transport cannot do is ENOTSUP, whatever the arguments; where there is no status, the answer of one
 * that has none (pid -1, no pipe). The transport is not disturbed. */
#include "recorder.h"

int main(void) {
  struct sockaddr_in address = peer_address(9);
  transport_loop_t *loop;
  recorder_t connection;
  transport_t *t;
  int64_t code = 4711;
  char byte = 0;
  int peer;
  watchdog(10);
  memset(&connection, 0, sizeof connection);
  loop = loop_new();
  peer = recorder_accept(loop, &connection);
  t = connection.transport;
  CHECK_STATUS(transport_sendto(t, "x", 1, (const struct sockaddr *)&address, sizeof address), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_sendto(t, "x", 1, NULL, 0), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_join_group(t, "224.0.0.251", NULL), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_leave_group(t, "224.0.0.251", NULL), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_get_returncode(t, &code), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_send_signal(t, SIGTERM), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_terminate(t), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_kill(t), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_ENOTSUP);
  CHECK_INT(transport_get_pid(t), -1);
  CHECK_PTR(transport_get_pipe_transport(t, 0), NULL);
  CHECK_PTR(transport_get_pipe_transport(t, 1), NULL);
  CHECK_INT(code, 4711);

  CHECK_OK(transport_write(t, "y", 1));
  CHECK_UINT(peer_recv_all(peer, &byte, 1), 1);
  CHECK_INT(byte, 'y');
  CHECK_OK(transport_close(t));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(connection.log, "made lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
