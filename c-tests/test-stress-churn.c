/* A hundred thousand short connections between a client and a server in one loop, 64 at a time: each sends one message, gets
 * it back and closes. At the end every callback was paired (A1, J6, K14), and neither descriptors nor memory have grown
 * since the first ten thousand. */
#include "client.h"
#include "server.h"
#include "sockets.h"

enum { IN_FLIGHT = 64, WARM_UP = 10000, ALL = 100000 };

typedef struct session_t {
  client_t client;
  unsigned number;
} session_t;

typedef struct churn_t {
  transport_loop_t *loop;
  uint16_t port;
  unsigned goal, started, begun, finished, accepted, served;
  session_t sessions[IN_FLIGHT];
  recorder_t *dead; /* chained by context; a hook cannot free its own recorder */
} churn_t;

static churn_t churn;

static void server_echo(recorder_t *r, transport_t *t) { CHECK_OK(transport_write(t, r->data, r->data_len)); }

static void server_lost(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK_TEXT(r->log, "made eof lost");
  CHECK_UINT(r->received, sizeof(unsigned));
  churn.served++;
  r->context = churn.dead;
  churn.dead = r;
}

static void *server_factory(void *arg) {
  recorder_t *r = check_alloc(sizeof *r);
  (void)arg;
  memset(r, 0, sizeof *r);
  r->quiet_data = true;
  r->on_data = server_echo;
  r->on_lost = server_lost;
  churn.accepted++;
  return r;
}

static void client_made(recorder_t *r, transport_t *t) {
  session_t *s = r->context;
  CHECK_OK(transport_write(t, &s->number, sizeof s->number));
}

static void client_data(recorder_t *r, transport_t *t) {
  session_t *s = r->context;
  if (r->received < sizeof s->number) return;
  CHECK_UINT(r->received, sizeof s->number);
  CHECK(memcmp(r->first, &s->number, sizeof s->number) == 0);
  CHECK_OK(transport_close(t));
}

static void client_lost(recorder_t *r, transport_t *t);

static void start_one(void *arg) {
  session_t *s = arg;
  char host[16];
  s->client = (client_t){0};
  s->client.recorder.quiet_data = true;
  s->client.recorder.context = s;
  s->client.recorder.on_made = client_made;
  s->client.recorder.on_data = client_data;
  s->client.recorder.on_lost = client_lost;
  s->number = churn.begun++;
  /* Eight destinations, so that closed pairs of ports that still linger (TIME_WAIT) do not use up the local ones. */
  snprintf(host, sizeof host, "127.0.0.%u", 1 + s->number % 8);
  client_start(churn.loop, &s->client, host, churn.port);
}

static void client_lost(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK_TEXT(r->log, "made done lost");
  churn.finished++;
  if (churn.started < churn.goal) {
    churn.started++;
    CHECK_OK(transport_loop_call_soon(churn.loop, start_one, r->context, NULL));
  }
}

/* Runs until that many sessions have come and gone at both ends. */
static void run_to(unsigned goal) {
  churn.goal = goal;
  for (int i = 0; i < IN_FLIGHT && churn.started < goal; i++, churn.started++) start_one(&churn.sessions[i]);
  while (churn.finished < goal || churn.served < goal) {
    CHECK_OK(transport_loop_run_once(churn.loop, TRANSPORT_SEC(1)));
    while (churn.dead) {
      recorder_t *r = churn.dead;
      churn.dead = r->context;
      free(r);
    }
  }
  CHECK_UINT(churn.begun, goal);
  CHECK_UINT(churn.accepted, goal);
}

int main(void) {
  transport_server_options_t options = server_options("0.0.0.0", 0);
  transport_server_t *server;
  int before;
  size_t resident;
  bool slow = getenv("CHECK_SLOW") != NULL;
  watchdog(120);
  churn.loop = loop_new();
  server = server_start(churn.loop, &options, server_factory, NULL);
  churn.port = transport_server_port(server);
  run_to(slow ? 2000 : WARM_UP);
  before = descriptor_count();
  resident = resident_bytes();
  run_to(slow ? 4000 : ALL);
  CHECK_INT(descriptor_count(), before);
  if (resident) CHECK(resident_bytes() < resident + (1u << 20));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(churn.loop));
  CHECK_OK(transport_loop_free(churn.loop));
  return 0;
}
