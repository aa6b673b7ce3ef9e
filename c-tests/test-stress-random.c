/* Random sizes and kinds of writes, pauses and resumes of reading, marks, socket buffers and ways to end, over many connections in one
 * loop or between two loops: what one end sent has the SHA-256 of what the other end received, in both directions, 1 GB in all: A1, C3,
 * C5, D2, D5, D12, E4 to E11. Prints its seed; argv[1] replays one, argv[2] scales the size (1 is 1 GB). */
#include "sha256.h"
#include "stream.h"

enum { CONNECTIONS = 24, PIECE = 200000 };

typedef struct side_t side_t;
typedef struct half_t { /* one end of all connections, and the loop they are on */
  transport_loop_t *loop;
  int lost;
  side_t *sides;
  uint16_t port;
} half_t;

struct side_t {
  recorder_t r;
  half_t *half;
  uint64_t random;
  size_t to_send, sent;
  bool scheduled, finished; /* a call of pump is under way; everything is written and the end announced */
  sha256_t out, in;
  uint16_t client_port;
};

static size_t total = 1000000000;
static side_t clients[CONNECTIONS], servers[CONNECTIONS];
static half_t client_half = {.sides = clients}, server_half = {.sides = servers};

static uint32_t next(side_t *s) { /* xorshift64* */
  s->random ^= s->random >> 12;
  s->random ^= s->random << 25;
  s->random ^= s->random >> 27;
  return (uint32_t)((s->random * 0x2545f4914f6cdd1du) >> 32);
}

static bool one_in(side_t *s, uint32_t n) { return next(s) % n == 0; }

/* Small numbers and large ones are equally likely. */
static size_t any_size(side_t *s, size_t most) { return next(s) % (((size_t)1 << next(s) % 18) + 1) % most + 1; }

static void release(void *arg) { free(arg); }

static void write_piece(side_t *s, transport_t *t) {
  size_t left = s->to_send - s->sent, n = any_size(s, PIECE), count = 0, at = 0;
  uint8_t *data = check_alloc(PIECE + 8);
  transport_slice_t slices[32];
  if (one_in(s, 4)) n = PIECE - next(s) % 1000;
  if (n > left) n = left;
  for (size_t i = 0; i < n; i += 8) {
    uint64_t word = (uint64_t)next(s) << 32 | (uint32_t)i;
    memcpy(data + i, &word, 8);
  }
  sha256_add(&s->out, data, n);
  s->sent += n;
  switch (next(s) % 3) {
  case 0:
    CHECK_OK(transport_write(t, data, n));
    break;
  case 1:
    for (; count < 31; count++) {
      slices[count].data = data + at;
      slices[count].len = one_in(s, 8) ? 0 : next(s) % (n - at + 1) / (1 + next(s) % 8);
      at += slices[count].len;
    }
    slices[count].data = data + at;
    slices[count++].len = n - at;
    CHECK_OK(transport_writelines(t, slices, count));
    break;
  default:
    CHECK_OK(transport_write_owned(t, data, n, release, data));
    return;
  }
  memset(data, 0xee, n);
  free(data);
}

static void pump(void *arg);
static void schedule(side_t *s) {
  if (s->scheduled) return;
  s->scheduled = true;
  if (one_in(s, 8)) CHECK_OK(transport_loop_call_later(s->half->loop, TRANSPORT_MS(next(s) % 3), pump, s, NULL));
  else CHECK_OK(transport_loop_call_soon(s->half->loop, pump, s, NULL));
}

static void set_marks(side_t *s, transport_t *t) {
  size_t high = one_in(s, 4) ? 0 : any_size(s, 200000);
  CHECK_OK(transport_set_write_buffer_limits(t, high, one_in(s, 3) ? TRANSPORT_DEFAULT : next(s) % (high + 1)));
}

/* Writes a while; goes on later while it may. Now and then it writes although it is paused. */
static void write_some(side_t *s, transport_t *t) {
  uint32_t most = 1 + next(s) % 8;
  if (s->finished) return;
  if (one_in(s, 16)) set_marks(s, t);
  while (most-- && s->sent < s->to_send && (!s->r.paused || one_in(s, 16))) write_piece(s, t);
  if (s->sent < s->to_send) {
    if (!s->r.paused) schedule(s);
    return;
  }
  s->finished = true;
  CHECK_OK(s->r.eof ? transport_close(t) : transport_write_eof(t));
}

static void pump(void *arg) {
  side_t *s = arg;
  s->scheduled = false;
  if (!s->r.lost) write_some(s, s->r.transport);
}

static void resume_reading(void *arg) {
  side_t *s = arg;
  if (!s->r.lost) CHECK_OK(transport_resume_reading(s->r.transport));
}

/* Small receive buffers make the kernel wait a fifth of a second every few segments: the first connection has them, and little to
 * send. */
static void set_buffers(side_t *s, const transport_t *t) {
  static const int send[] = {4096, 16384, 65536, 300000, 1000000}, receive[] = {65536, 100000, 200000, 300000, 1000000};
  int option = one_in(s, 2) ? SO_SNDBUF : SO_RCVBUF, i = (int)(next(s) % 5), size = option == SO_SNDBUF ? send[i] : receive[i];
  if (s == &s->half->sides[0]) size = 4096 << i;
  CHECK_INT(setsockopt(stream_fd(t), SOL_SOCKET, option, &size, sizeof size), 0);
}

static void on_data(recorder_t *r, transport_t *t) {
  side_t *s = r->context;
  sha256_add(&s->in, r->data, r->data_len);
  if (one_in(s, 200)) set_buffers(s, t);
  if (one_in(s, 5)) {
    CHECK_OK(transport_pause_reading(t));
    if (one_in(s, 2)) CHECK_OK(transport_loop_call_soon(s->half->loop, resume_reading, s, NULL));
    else CHECK_OK(transport_loop_call_later(s->half->loop, TRANSPORT_MS(next(s) % 3), resume_reading, s, NULL));
  }
  if (!r->paused && one_in(s, 3)) write_some(s, t);
}

static void on_eof(recorder_t *r, transport_t *t) {
  side_t *s = r->context;
  (void)t;
  r->keep_open = !s->finished;
}

static void on_resume(recorder_t *r, transport_t *t) {
  if (one_in(r->context, 2)) write_some(r->context, t);
  else schedule(r->context);
}

static void on_lost(recorder_t *r, transport_t *t) {
  (void)t;
  CHECK_STATUS(r->lost_status, TRANSPORT_OK);
  ((side_t *)r->context)->half->lost++;
}

static void on_made(recorder_t *r, transport_t *t) {
  side_t *s = r->context;
  transport_value_t value;
  struct sockaddr_in address;
  CHECK_OK(transport_get_extra_info(t, s->half == &client_half ? "sockname" : "peername", &value));
  memcpy(&address, value.data, sizeof address);
  s->client_port = ntohs(address.sin_port);
  if (one_in(s, 2)) set_buffers(s, t);
  set_marks(s, t);
  write_some(s, t);
}

static void prepare(half_t *half, uint64_t seed) {
  for (int i = 0; i < CONNECTIONS; i++) {
    side_t *s = &half->sides[i];
    s->r = (recorder_t){.quiet_data = true, .context = s, .on_made = on_made, .on_data = on_data, .on_eof = on_eof,
                        .on_resume = on_resume, .on_lost = on_lost};
    s->half = half;
    s->random = (seed + 1) * 0x9e3779b97f4a7c15u + (uint64_t)i * 2 + (half == &server_half);
    for (int j = 0; j < 8; j++) (void)next(s);
    s->to_send = i ? total / 2 / (CONNECTIONS - 1) + next(s) % 1000 : 100000;
    sha256_start(&s->out);
    sha256_start(&s->in);
  }
}

static void *factory(void *arg) {
  int *accepted = arg;
  CHECK(*accepted < CONNECTIONS);
  return &servers[(*accepted)++].r;
}

static void connect_all(transport_loop_t *loop) {
  transport_protocol_t protocol = recorder_protocol();
  transport_connect_options_t options = stream_connect_options(server_half.port);
  client_half.loop = loop;
  for (int i = 0; i < CONNECTIONS; i++) {
    CHECK_OK(transport_create_connection(loop, &options, &protocol, &clients[i].r, NULL, NULL, NULL));
  }
}

static void *client_thread(void *arg) {
  transport_loop_t *loop = loop_new();
  (void)arg;
  connect_all(loop);
  while (client_half.lost < CONNECTIONS) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_OK(transport_loop_free(loop));
  return NULL;
}

static void run(bool two_loops) {
  transport_loop_t *loop = loop_new();
  int accepted = 0;
  transport_server_t *server = recorder_server(loop, factory, &accepted);
  thread_t thread;
  server_half.loop = loop;
  server_half.port = transport_server_port(server);
  if (two_loops) thread = thread_start(client_thread, NULL);
  else connect_all(loop);
  while (server_half.lost < CONNECTIONS) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  if (two_loops) thread_join(thread);
  while (client_half.lost < CONNECTIONS) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
}

static void compare(side_t *client, side_t *server) {
  char sent[65], received[65];
  CHECK_UINT(client->sent, client->to_send);
  CHECK_UINT(server->sent, server->to_send);
  CHECK_UINT(server->r.received, client->sent);
  CHECK_UINT(client->r.received, server->sent);
  sha256_finish(&client->out, sent);
  sha256_finish(&server->in, received);
  CHECK_TEXT(received, sent);
  sha256_finish(&server->out, sent);
  sha256_finish(&client->in, received);
  CHECK_TEXT(received, sent);
}

int main(int argc, char **argv) {
  const char *slow = getenv("CHECK_SLOW");
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : now_ns() % 1000000000u;
  int pairs = 0;
  watchdog(110);
  if (argc > 2) total = (size_t)((double)total * strtod(argv[2], NULL));
  if (slow) total /= 8 * (size_t)atoi(slow);
  fprintf(stderr, "seed %" PRIu64 ": %s, %zu bytes\n", seed, seed % 2 ? "two loops" : "one loop", total);
  prepare(&client_half, seed);
  prepare(&server_half, seed);
  run(seed % 2 == 1);
  for (int i = 0; i < CONNECTIONS; i++) {
    for (int j = 0; j < CONNECTIONS; j++) {
      if (clients[i].client_port != servers[j].client_port) continue;
      compare(&clients[i], &servers[j]);
      pairs++;
    }
  }
  CHECK_INT(pairs, CONNECTIONS);
  return 0;
}
