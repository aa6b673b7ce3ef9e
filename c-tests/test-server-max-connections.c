/* max_connections: a server that has as many stops accepting; the others wait in the listening queue, lose nothing, and come
 * in as soon as a place is free (after connection_lost: K14). */
#include "client.h"

enum { MOST = 2, ALL = 7 };

static recorder_t recorders[ALL];
static int made, live, most;

static void count_in(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  made++;
  if (++live > most) most = live;
}

static void count_out(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  live--;
}

static void *next_recorder(void *arg) {
  (void)arg;
  CHECK(made < ALL);
  recorders[made].on_made = count_in;
  recorders[made].on_lost = count_out;
  return &recorders[made];
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server = NULL;
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .max_connections = MOST};
  int peers[ALL];
  watchdog(20);
  loop = loop_new();
  CHECK_OK(transport_create_server(loop, &options, &protocol, next_recorder, NULL, &server));
  for (int i = 0; i < ALL; i++) {
    peers[i] = peer_connect(transport_server_port(server));
    peer_send(peers[i], "hello", 5);
  }
  while (recorders[MOST - 1].received < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_MS(2)));
  CHECK_INT(made, MOST);
  CHECK(transport_server_is_serving(server));
  for (int i = 0; i < ALL; i++) {
    run_until(loop, &recorders[i].made);
    while (recorders[i].received < 5) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
    CHECK(live <= MOST);
    CHECK_OK(transport_close(recorders[i].transport));
  }
  while (live > 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_INT(made, ALL);
  CHECK_INT(most, MOST);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  for (int i = 0; i < ALL; i++) peer_close(peers[i]);
  return 0;
}
