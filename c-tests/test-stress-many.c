/* Ten thousand connections at the same time between two processes, each passing twenty messages to and fro: all bytes arrive
 * in order at the right connection (C3), and all are closed in the end (A1). */
#include "client.h"
#include "server.h"
#include "process.h"

enum { ROUNDS = 20, MESSAGE = 100, MOST = 10000 };

static client_t clients[MOST];
static recorder_t recorders[MOST];
static size_t count = MOST, connected, accepted, finished, lost;

static void echo(recorder_t *r, transport_t *t) { CHECK_OK(transport_write(t, r->data, r->data_len)); }

static void note_lost(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  lost++;
}

static void *factory(void *arg) {
  recorder_t *r = &recorders[accepted++];
  (void)arg;
  CHECK(accepted <= count);
  r->quiet_data = true;
  r->on_data = echo;
  r->on_lost = note_lost;
  return r;
}

/* Byte number at of client number index's conversation. */
static uint8_t byte_at(size_t index, size_t at) { return (uint8_t)(index * 7 + at / MESSAGE * 31 + at); }

static void send_message(client_t *c, size_t round) {
  size_t index = (size_t)(c - clients);
  uint8_t message[MESSAGE];
  for (size_t i = 0; i < MESSAGE; i++) message[i] = byte_at(index, round * MESSAGE + i);
  CHECK_OK(transport_write(c->recorder.transport, message, MESSAGE));
  memset(message, 0xee, sizeof message); /* D5 */
}

static void answered(recorder_t *r, transport_t *t) {
  client_t *c = r->context;
  size_t start = r->received - r->data_len;
  (void)t;
  for (size_t i = 0; i < r->data_len; i++) CHECK_INT(r->data[i], byte_at((size_t)(c - clients), start + i));
  if (r->received % MESSAGE != 0) return;
  if (r->received < ROUNDS * MESSAGE) {
    send_message(c, r->received / MESSAGE);
    return;
  }
  finished++;
}

static void count_done(client_t *c) {
  CHECK_STATUS(c->status, TRANSPORT_OK);
  connected++;
}

/* One process: accepts all, echoes, and ends when the last connection has. */
static void serve(int tell) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  transport_loop_t *loop = loop_new();
  transport_server_t *server;
  uint16_t port;
  options.backlog = MOST;
  server = server_start(loop, &options, factory, NULL);
  port = transport_server_port(server);
  CHECK_INT(write(tell, &port, sizeof port), sizeof port);
  while (lost < count) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  for (size_t i = 0; i < count; i++) {
    CHECK_TEXT(recorders[i].log, "made eof lost");
    CHECK_UINT(recorders[i].received, ROUNDS * MESSAGE);
  }
  CHECK_OK(transport_loop_free(loop));
}

/* The other process. */
static void connect_all(uint16_t port) {
  transport_loop_t *loop = loop_new();
  for (size_t i = 0; i < count; i++) {
    clients[i].recorder.quiet_data = true;
    clients[i].recorder.context = &clients[i];
    clients[i].recorder.on_data = answered;
    clients[i].recorder.on_lost = note_lost;
    clients[i].on_done = count_done;
    client_start(loop, &clients[i], "127.0.0.1", port);
  }
  while (connected < count) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_UINT(lost, 0);
  for (size_t i = 0; i < count; i++) send_message(&clients[i], 0);
  while (finished < count) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_UINT(lost, 0); /* all of them at the same time */
  for (size_t i = 0; i < count; i++) CHECK_OK(transport_close(clients[i].transport));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_UINT(lost, count);
  for (size_t i = 0; i < count; i++) CHECK_TEXT(clients[i].recorder.log, "made done lost");
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  struct rlimit limit;
  uint16_t port;
  int told[2];
  pid_t child;
  watchdog(120);
  if (getenv("CHECK_SLOW")) count = 1000;
  CHECK_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < count + 100 && limit.rlim_max >= count + 100) {
    limit.rlim_cur = (rlim_t)(count + 100);
    CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  if (limit.rlim_cur < count + 100) SKIP("not enough descriptors");
  CHECK_INT(pipe(told), 0);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    watchdog(120); /* a child inherits no alarm */
    serve(told[1]);
    return 0;
  }
  CHECK_INT(read(told[0], &port, sizeof port), sizeof port);
  connect_all(port);
  wait_for_child(child);
  peer_close(told[0]);
  peer_close(told[1]);
  return 0;
}
