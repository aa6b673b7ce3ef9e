/* The factory is called once per connection, on the loop's thread, directly before its connection_made (A7, K19); NULL
 * refuses the connection, nobody is called for it, and the server goes on (F11); a NULL factory passes its argument on. */
#include "server.h"

typedef struct host_t {
  recorder_t recorders[8];
  int calls, made;
  int refuse; /* the number of the call that answers NULL */
  pthread_t thread;
} host_t;

static void count_made(recorder_t *r, transport_t *t) {
  host_t *host = r->context;
  host->made++;
  CHECK_INT(host->made, host->calls); /* no other factory call came in between */
  CHECK_PTR(transport_get_protocol(t), r);
}

static void *factory(void *arg) {
  host_t *host = arg;
  recorder_t *r = &host->recorders[host->calls];
  CHECK(pthread_equal(pthread_self(), host->thread));
  CHECK_INT(host->made, host->calls);
  if (++host->calls == host->refuse) {
    host->made++;
    return NULL;
  }
  r->context = host;
  r->on_made = count_made;
  return r;
}

int main(void) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_loop_t *loop;
  transport_server_t *server;
  static host_t host = {.refuse = 3};
  recorder_t shared = {0};
  int peers[5], peer;
  char byte;
  watchdog(20);
  loop = loop_new();
  host.thread = pthread_self();
  server = server_start(loop, &options, factory, &host);
  CHECK_INT(host.calls, 0);
  for (int i = 0; i < 5; i++) peers[i] = peer_connect(transport_server_port(server)); /* all wait at once */
  while (host.made < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(host.calls, 5);
  run_until_readable(loop, peers[2]);
  CHECK(peer_recv(peers[2], &byte, 1) <= 0); /* refused */
  for (int i = 0; i < 5; i++) peer_close(peers[i]);
  for (int i = 0; i < 5; i++) {
    if (i != 2) run_until(loop, &host.recorders[i].lost);
    CHECK_TEXT(host.recorders[i].log, i == 2 ? "" : "made eof lost");
  }
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(transport_server_close(server), TRANSPORT_EHANDLE); /* the refused one is not counted as alive */

  peer = recorder_accept(loop, &shared);
  CHECK_PTR(transport_get_protocol(shared.transport), &shared);
  peer_close(peer);
  run_until(loop, &shared.lost);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
