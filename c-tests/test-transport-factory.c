/* The factory is called once for each accepted connection, on the loop's thread and directly before its connection_made;
 * what it returns is the connection's user pointer, and NULL refuses the connection: A7. */
#include "stream.h"

static struct {
  int calls;
  bool refuse, just_called;
  pthread_t thread;
} test;

static void *factory(void *arg) {
  recorder_t *r = arg;
  CHECK(pthread_equal(pthread_self(), test.thread));
  CHECK(!r->made);
  test.calls++;
  if (test.refuse) return NULL;
  test.just_called = true;
  recorder_word(r, "factory", 0);
  return r;
}

static void on_made(recorder_t *r, transport_t *t) {
  CHECK(test.just_called);
  test.just_called = false;
  CHECK_PTR(transport_get_protocol(t), r);
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  recorder_t r = {.on_made = on_made};
  int peer;
  watchdog(20);
  test.thread = pthread_self();
  loop = loop_new();
  server = recorder_server(loop, factory, &r);
  test.refuse = true;
  peer = peer_connect(transport_server_port(server));
  while (test.calls == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  while (!peer_readable(peer, 0)) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(1)));
  CHECK(peer_recv(peer, &(char){0}, 1) <= 0);
  peer_close(peer);
  CHECK_TEXT(r.log, "");
  test.refuse = false;
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &r.made);
  CHECK_INT(test.calls, 2);
  peer_close(peer);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, "factory made eof lost");
  CHECK_INT(test.calls, 2);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
