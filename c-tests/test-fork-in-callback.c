/* A child forked inside a callback finds the inherited loop ETHREAD there too, the one whose callback it is in
 * included; it can make a loop of its own, and the parent's callback and loop go on (S13, convention 3). */
#include "process.h"
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;

static void nothing(void *arg) { (void)arg; }

static void child(void) {
  transport_loop_t *own;
  watchdog(10);
  CHECK_STATUS(transport_write(connection.transport, "z", 1), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_close(connection.transport), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_call_soon(loop, nothing, NULL, NULL), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_call_soon_threadsafe(loop, nothing, NULL), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_stop(loop), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_free(loop), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_loop_adopt(loop), TRANSPORT_ETHREAD);
  CHECK(transport_is_closing(connection.transport));
  own = loop_new();
  CHECK_OK(transport_loop_call_soon(own, nothing, NULL, NULL));
  CHECK_OK(transport_loop_free(own));
}

static void fork_here(recorder_t *r, transport_t *t) {
  pid_t pid;
  CHECK_OK(transport_write(t, r->data, r->data_len)); /* gathered: must be sent once, by the parent */
  pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    child();
    _exit(0);
  }
  wait_for_child(pid);
  CHECK_OK(transport_write(t, "!", 1));
}

int main(void) {
  char answer[8];
  int peer;
  watchdog(30);
  connection.on_data = fork_here;
  loop = loop_new();
  peer = recorder_accept(loop, &connection);
  for (int i = 0; i < 3; i++) {
    peer_send(peer, "x", 1);
    while (connection.received == (size_t)i) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    CHECK_UINT(peer_recv_all(peer, answer, 2), 2);
    CHECK(memcmp(answer, "x!", 2) == 0);
  }
  CHECK_OK(transport_close(connection.transport));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_INT(peer_recv(peer, answer, 1), 0);
  CHECK_TEXT(connection.log, "made data:1 data:1 data:1 lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
