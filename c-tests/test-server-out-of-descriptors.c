/* accept() without a free descriptor: one report to the exception handler, a pause that costs no CPU, and another try
 * after a second (K16). Nothing accepted is lost, and what waited in the queue is served when descriptors are free. */
#include "server.h"
#include "starve.h"

enum { PEERS = 8, SPARE = 3 };

typedef struct report_t {
  int count;
  uint64_t last; /* when */
} report_t;

static void report(void *arg, transport_loop_t *loop, transport_t *transport, const transport_error_t *error) {
  report_t *r = arg;
  CHECK(loop != NULL);
  CHECK_PTR(transport, NULL);
  CHECK_STATUS(error->status, TRANSPORT_EIO);
  CHECK_INT(error->os_code, EMFILE);
  CHECK(error->message[0] != 0);
  if (r->count > 0) CHECK(now_ns() - r->last >= 900000000u); /* never without a pause */
  r->count++;
  r->last = now_ns();
}

static void set_flag(void *arg) { *(bool *)arg = true; }

/* Runs the loop for that long; the turns that it took. */
static int run_for(transport_loop_t *loop, uint64_t duration) {
  bool over = false;
  int turns = 0;
  CHECK_OK(transport_loop_call_later(loop, duration, set_flag, &over, NULL));
  while (!over) {
    CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER));
    turns++;
  }
  return turns;
}

static void echo(recorder_t *r, transport_t *t) { CHECK_OK(transport_write(t, r->data, r->data_len)); }

static void check_echo(transport_loop_t *loop, int peer) {
  char text[4] = {0};
  peer_send(peer, "ping", 4);
  run_until_readable(loop, peer);
  CHECK_UINT(peer_recv_all(peer, text, 4), 4);
  CHECK(memcmp(text, "ping", 4) == 0);
}

int main(void) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_loop_t *loop;
  transport_server_t *server;
  static crowd_t crowd;
  report_t reports = {0};
  starve_t starved;
  int peers[PEERS];
  uint64_t cpu;
  watchdog(30);
  if (under_valgrind()) SKIP("valgrind accepts connections and then refuses their descriptors");
  loop = loop_new();
  CHECK_OK(transport_loop_set_exception_handler(loop, report, &reports));
  crowd.blank.on_data = echo;
  server = server_start(loop, &options, crowd_factory, &crowd);
  sockets_prepare(peers, PEERS);
  CHECK_OK(transport_loop_run_once(loop, 0));
  starve(&starved, SPARE);
  sockets_connect(peers, PEERS - 2, transport_server_port(server));

  while (reports.count == 0) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  cpu = cpu_ns();
  CHECK(run_for(loop, TRANSPORT_MS(300)) < 50);
  sockets_connect(peers + PEERS - 2, 2, transport_server_port(server)); /* news from the listener in the pause */
  CHECK(run_for(loop, TRANSPORT_MS(300)) < 50);
  CHECK_INT(reports.count, 1);
  CHECK(crowd.count <= SPARE);
  for (size_t i = 0; i < crowd.count; i++) check_echo(loop, peers[i]); /* those that have one live on */
  while (reports.count == 1) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER)); /* still none: it tries again */
  run_for(loop, TRANSPORT_MS(100));
  CHECK_INT(reports.count, 2);
  CHECK(cpu_ns() - cpu < 200000000u);

  starve_end(&starved);
  while (crowd.count < PEERS) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_FOREVER)); /* it does not sleep for ever */
  for (int i = 0; i < PEERS; i++) check_echo(loop, peers[i]);
  for (int i = 0; i < PEERS; i++) peer_close(peers[i]);
  run_until_live(loop, &crowd, 0);
  CHECK_INT(reports.count, 2);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
