/* Every call from every callback, on the callback's own connection and on another one, open, half-closed, closing and
 * aborted: the returned status, the grammar of a protocol's life (A1), exactly one connection_lost (A9, B1), and a loop
 * that can be freed with everything given back (A16). "test-callback-matrix TEXT" runs only the cells whose name has TEXT. */
#include "matrix.h"
#include "starve.h"

/* Where the call is made from. */
enum { MADE, DATA, AT_EOF, PAUSE, RESUME, LOST_CALLBACK, LOOP_FREE, RELEASE, DONE, FACTORY, SOON, THREADSAFE, TIMER, SIGNAL,
       EXCEPTION, KINDS };
static const char *const kind_names[KINDS] = {"connection_made", "data_received", "eof_received", "pause_writing",
    "resume_writing", "connection_lost", "connection_lost of loop_free", "release", "done of connect", "factory",
    "call_soon", "call_soon_threadsafe", "timer", "signal handler", "exception handler"};

static matrix_t m;
static struct {
  const call_t *call;
  int kind, state;
  bool on_other, armed, acted;
} cell;
static starve_t starved;
static int listener, full_listener, fillers[3];
static uint16_t listener_port, full_port;

static recorder_t *target(void) { return cell.on_other ? m.other : m.own; }

/* The call of the cell, from whichever callback comes first after arming. */
static void act(void) {
  transport_t *t;
  int status;
  if (!cell.armed) return;
  cell.armed = false;
  t = target()->transport;
  if (cell.state == EOF_WRITTEN) CHECK_OK(transport_write_eof(t));
  if (cell.state == CLOSING) CHECK_OK(transport_write(t, large, LARGE));
  if (cell.state == CLOSING) CHECK_OK(transport_close(t));
  if (cell.state == ABORTED) CHECK_OK(transport_abort(t));
  status = cell.call->make(&m, t);
  if (!as_expected(status, cell.call->expected[cell.state])) CHECK_STATUS(status, cell.call->expected[cell.state]);
  cell.acted = true;
}

static void act_hook(recorder_t *r, transport_t *t) {
  (void)t;
  if (r == m.own) act();
}
static void act_arg(void *arg) { (void)arg, act(); }
static void act_signal(void *arg, int signum) { (void)arg, (void)signum, act(); }
static void act_done(client_t *c) { (void)c, act(); }
static void act_exception(void *arg, transport_loop_t *loop, transport_t *t, const transport_error_t *error) {
  (void)arg, (void)loop, (void)t, (void)error;
  if (!cell.armed) return;
  starve_end(&starved);
  act();
}
static void *factory(void *arg) {
  if (cell.kind == FACTORY) act();
  return crowd_factory(arg);
}

static int small_connect(uint16_t port) {
  struct sockaddr_in a = peer_address(port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  peer_small_buffers(fd);
  CHECK_INT(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
  return fd;
}

static void small_buffers(recorder_t *r, transport_t *t) {
  (void)r;
  peer_small_buffers(transport_fd(t));
}

static void made_hook(recorder_t *r, transport_t *t) {
  small_buffers(r, t);
  act_hook(r, t);
}

/* The next connection of the server, recorded by the next of the crowd. */
static recorder_t *accept_one(int *peer) {
  recorder_t *r = &m.crowd.recorders[m.crowd.count];
  *peer = small_connect(transport_server_port(m.server));
  while (!r->made) CHECK_OK(transport_loop_run_once(m.loop, TRANSPORT_SEC(1)));
  return r;
}

static void build(void) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  memset(&m, 0, sizeof m);
  m.own_peer = m.other_peer = m.extra_peer = -1;
  m.full_port = full_port;
  m.loop = loop_new();
  m.crowd.blank.on_made = small_buffers;
  m.server = server_start(m.loop, &options, factory, &m.crowd);
  CHECK_OK(transport_loop_call_later(m.loop, TRANSPORT_SEC(3600), nothing, NULL, &m.timer));
  client_start(m.loop, &m.pending, "127.0.0.1", full_port);
  m.other = accept_one(&m.other_peer);
  if (cell.kind != MADE && cell.kind != DONE) m.own = accept_one(&m.own_peer);
}

static void drain(int fd) {
  static char sink[1 << 16];
  while (fd >= 0 && recv(fd, sink, sizeof sink, MSG_DONTWAIT) > 0) continue;
}

/* One turn, with peers that read. */
static void turn(void) {
  drain(m.own_peer);
  drain(m.other_peer);
  CHECK_OK(transport_loop_run_once(m.loop, TRANSPORT_MS(5)));
}

/* Makes the callback of the cell happen. */
static void provoke(void) {
  cell.armed = true;
  switch (cell.kind) {
    case MADE:
      m.crowd.blank.on_made = made_hook;
      m.own = &m.crowd.recorders[m.crowd.count];
      accept_one(&m.own_peer);
      break;
    case DATA:
      m.own->on_data = act_hook;
      peer_send(m.own_peer, "data", 4);
      break;
    case AT_EOF:
      m.own->on_eof = act_hook;
      CHECK_INT(shutdown(m.own_peer, SHUT_WR), 0);
      break;
    case PAUSE:
      m.own->on_pause = act_hook;
      CHECK_OK(transport_write(m.own->transport, large, LARGE));
      CHECK(cell.acted);
      break;
    case RESUME:
      m.own->on_resume = act_hook;
      CHECK_OK(transport_write(m.own->transport, large, LARGE));
      break;
    case LOST_CALLBACK:
      m.own->on_lost = act_hook;
      CHECK_OK(transport_abort(m.own->transport));
      break;
    case LOOP_FREE:
      m.own->on_lost = act_hook;
      break;
    case RELEASE:
      CHECK_OK(transport_write_owned(m.own->transport, large, LARGE, act_arg, NULL));
      break;
    case DONE:
      m.own = &m.client.recorder;
      m.client.on_done = act_done;
      m.client.recorder.on_made = small_buffers;
      client_start(m.loop, &m.client, "127.0.0.1", listener_port);
      m.own_peer = peer_accept(listener);
      break;
    case FACTORY:
      m.extra_peer = small_connect(transport_server_port(m.server));
      break;
    case SOON:
      CHECK_OK(transport_loop_call_soon(m.loop, act_arg, NULL, NULL));
      break;
    case THREADSAFE:
      CHECK_OK(transport_loop_call_soon_threadsafe(m.loop, act_arg, NULL));
      break;
    case TIMER:
      CHECK_OK(transport_loop_call_later(m.loop, 1, act_arg, NULL, NULL));
      break;
    case SIGNAL:
      CHECK_OK(transport_loop_add_signal_handler(m.loop, SIGUSR1, act_signal, NULL));
      CHECK_INT(raise(SIGUSR1), 0);
      break;
    case EXCEPTION:
      CHECK_OK(transport_loop_set_exception_handler(m.loop, act_exception, NULL));
      sockets_prepare(&m.extra_peer, 1);
      starve(&starved, 0);
      sockets_connect(&m.extra_peer, 1, transport_server_port(m.server));
      break;
  }
}

/* Whether that recorder's connection must have ended without an error before the loop is freed. */
static bool must_end(const recorder_t *r) {
  bool is_target = r == target();
  if (cell.kind == LOOP_FREE) return false;
  if (r == m.own && (cell.kind == AT_EOF || cell.kind == LOST_CALLBACK)) return true;
  if (is_target && (cell.state == CLOSING || cell.state == ABORTED || cell.call->ends == TARGET)) return true;
  return cell.call->ends == CLIENTS && r != &m.client.recorder;
}

static void check_end(const recorder_t *r) {
  CHECK_INT(r->lost, must_end(r));
  if (r->lost) CHECK_STATUS(r->lost_status, TRANSPORT_OK);
}

static void run_cell(void) {
  const recorder_t *rest[3];
  build();
  provoke();
  while (!cell.acted && cell.kind != LOOP_FREE) turn();
  while ((must_end(m.own) && !m.own->lost) || (must_end(m.other) && !m.other->lost)) turn();
  for (int i = 0; i < 3; i++) CHECK_OK(transport_loop_run_once(m.loop, 0));
  check_end(m.own);
  check_end(m.other);

  CHECK_OK(transport_loop_free(m.loop));
  CHECK(cell.acted);
  for (size_t i = 0; i < m.crowd.count; i++) CHECK(m.crowd.recorders[i].made && m.crowd.recorders[i].lost);
  CHECK_INT(m.own->made && m.own->lost, 1);
  rest[0] = &m.client.recorder;
  rest[1] = &m.pending.recorder;
  rest[2] = &m.fresh.recorder;
  for (int i = 0; i < 3; i++) CHECK_INT(rest[i]->made, rest[i]->lost);
  CHECK_INT(m.pending.done, 1);
  CHECK_STATUS(m.pending.status, TRANSPORT_ECANCELED);
  CHECK_INT(m.fresh.done, m.fresh.request != NULL);
  CHECK_INT(m.posted_ran, m.posted);
  CHECK_INT(m.released, m.lent);
  CHECK_INT(m.waited, m.waits);
  if (m.own_peer >= 0) peer_close(m.own_peer);
  if (m.other_peer >= 0) peer_close(m.other_peer);
  if (m.extra_peer >= 0) peer_close(m.extra_peer);
}

/* Callbacks of no connection: their own and another one are the same to them. */
static bool has_own(int kind) { return kind <= DONE; }

static unsigned cells_seen, cells_run;

static void visit(const char *wanted, unsigned stride, const call_t *call, int kind, int state, bool on_other) {
  static char name[128];
  snprintf(name, sizeof name, "%s from %s on %s, %s", call->name, kind_names[kind], on_other ? "another" : "its own",
           state_names[state]);
  if (wanted && !strstr(name, wanted)) return;
  if (cells_seen++ % stride != 0) return;
  memset(&cell, 0, sizeof cell);
  cell.call = call;
  cell.kind = kind;
  cell.state = state;
  cell.on_other = on_other;
  check_context = name;
  run_cell();
  check_context = NULL;
  cells_run++;
}

static void visit_kind(const char *wanted, unsigned stride, int kind) {
  for (size_t i = 0; i < sizeof transport_calls / sizeof *transport_calls; i++) {
    if (kind == LOST_CALLBACK) visit(wanted, stride, &transport_calls[i], kind, LOST, false);
    if (kind == LOOP_FREE) visit(wanted, stride, &transport_calls[i], kind, FREEING, false);
    for (int state = OPEN; state <= ABORTED && kind != LOOP_FREE; state++) {
      if (kind != LOST_CALLBACK) visit(wanted, stride, &transport_calls[i], kind, state, false);
      if (has_own(kind)) visit(wanted, stride, &transport_calls[i], kind, state, true);
    }
  }
  for (size_t i = 0; i < sizeof loop_calls / sizeof *loop_calls; i++) {
    visit(wanted, stride, &loop_calls[i], kind, kind == LOOP_FREE ? FREEING : kind == LOST_CALLBACK ? LOST : OPEN, false);
  }
}

int main(int argc, char **argv) {
  const char *wanted = argc > 1 ? argv[1] : NULL;
  watchdog(120);
  listener = peer_listen(&listener_port);
  full_listener = peer_listen_full(&full_port, fillers, 3);
  for (int kind = 0; kind < KINDS; kind++) {
    if (kind == EXCEPTION && under_valgrind()) continue; /* it has its own descriptor limit */
    visit_kind(wanted, getenv("CHECK_SLOW") && !wanted ? 7 : 1, kind); /* coprime to the numbers of states and targets */
  }
  CHECK(cells_run > 0);
  fprintf(stderr, "%u of %u cells\n", cells_run, cells_seen);
  peer_close(listener);
  peer_close(full_listener);
  for (int i = 0; i < 3; i++) peer_close(fillers[i]);
  return 0;
}
