/* The load of `make demo`: 200 connections to an echo server, each sending a pseudo-random stream of its own and adding
 * up what goes out and what comes back. Writing obeys pause_writing and resume_writing. Every tenth connection sends
 * much, and does not read for a moment, so that bytes pile up and both sides must hold back.
 *
 *   demo_client port          (of an echo server on 127.0.0.1, such as echo_server) */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <transport.h>
#include <unistd.h>

enum { CONNECTIONS = 200, LARGE = 16 << 20, SMALL = 512 << 10, CHUNK = 64 << 10 };

struct checksum {
  uint64_t sum, sum_of_sums; /* the second one notices a changed order */
};

struct connection {
  struct demo *demo;
  transport_t *transport;
  transport_timer_t *nap;
  uint64_t random;               /* state of the generator; never 0 */
  uint64_t size, sent, received; /* bytes */
  struct checksum out, in;
  bool paused;
};

struct demo {
  transport_loop_t *loop;
  transport_timer_t *progress;
  uint64_t size, received, pauses, resumes;
  unsigned open, most_open, ended, equal;
  int shown; /* quarters printed, when stderr is no terminal */
  struct connection connections[CONNECTIONS];
};

static void add(struct checksum *c, const uint8_t *data, size_t len) {
  for (size_t i = 0; i < len; i++) c->sum_of_sums += c->sum += data[i];
}

static uint64_t next_random(uint64_t *state) { /* xorshift64* */
  *state ^= *state >> 12, *state ^= *state << 25, *state ^= *state >> 27;
  return *state * UINT64_C(0x2545F4914F6CDD1D);
}

/* Writes until all is written or pause_writing was called, which happens inside transport_write. */
static void fill(struct connection *c) {
  static uint64_t words[CHUNK / sizeof(uint64_t)]; /* ours again when transport_write returns */
  while (!c->paused && c->sent < c->size) {
    for (size_t i = 0; i < CHUNK / sizeof *words; i++) words[i] = next_random(&c->random);
    add(&c->out, (const uint8_t *)words, CHUNK);
    c->sent += CHUNK;
    if (transport_write(c->transport, words, CHUNK)) return; /* the connection is ending: connection_lost tells */
  }
  if (c->sent == c->size) transport_write_eof(c->transport);
}

static void pause_writing(void *user, transport_t *transport) {
  struct connection *c = user;
  (void)transport;
  c->paused = true;
  c->demo->pauses++;
}

static void resume_writing(void *user, transport_t *transport) {
  struct connection *c = user;
  (void)transport;
  c->paused = false;
  c->demo->resumes++;
  fill(c);
}

static void wake_up(void *arg) {
  struct connection *c = arg;
  transport_resume_reading(c->transport);
}

static void connection_made(void *user, transport_t *transport) {
  struct connection *c = user;
  c->transport = transport;
  if (++c->demo->open > c->demo->most_open) c->demo->most_open = c->demo->open;
  if (c->size == LARGE && transport_pause_reading(transport) == TRANSPORT_OK)
    transport_loop_call_later(c->demo->loop, TRANSPORT_MS(100), wake_up, c, &c->nap);
  fill(c);
}

static void data_received(void *user, transport_t *transport, const uint8_t *data, size_t len) {
  struct connection *c = user;
  (void)transport;
  add(&c->in, data, len);
  c->received += len;
  c->demo->received += len;
}

static void ended(struct demo *demo, const transport_error_t *error) {
  if (error) fprintf(stderr, "%s\n", error->message);
  if (++demo->ended == CONNECTIONS) transport_timer_cancel(demo->progress); /* lets the loop become idle */
}

static void connection_lost(void *user, transport_t *transport, const transport_error_t *error) {
  struct connection *c = user;
  (void)transport;
  transport_timer_cancel(c->nap); /* NULL or long done: answers TRANSPORT_EHANDLE, and nothing happens */
  c->demo->open--;
  c->demo->equal += !error && c->received == c->size && memcmp(&c->in, &c->out, sizeof c->in) == 0;
  ended(c->demo, error);
}

static void connected(void *arg, transport_t *transport, const transport_error_t *error) {
  struct connection *c = arg;
  if (!transport) ended(c->demo, error);
}

static void progress(void *arg) {
  struct demo *demo = arg;
  int percent = (int)(demo->received * 100 / demo->size);
  if (isatty(STDERR_FILENO))
    fprintf(stderr, "\r%3d %%  %4u open  %4u done ", percent, demo->open, demo->ended);
  else if (percent / 25 > demo->shown)
    fprintf(stderr, "%d %%\n", (demo->shown = percent / 25) * 25);
  if (demo->ended == CONNECTIONS) return;
  transport_loop_call_later(demo->loop, TRANSPORT_MS(50), progress, demo, &demo->progress);
}

int main(int argc, char **argv) {
  static struct demo demo;
  transport_protocol_t protocol = {.size = sizeof protocol, .connection_made = connection_made,
                                   .data_received = data_received, .pause_writing = pause_writing,
                                   .resume_writing = resume_writing, .connection_lost = connection_lost};
  transport_connect_options_t options = {.size = sizeof options, .host = "127.0.0.1"};
  if (argc != 2) return fprintf(stderr, "usage: demo_client port\n"), EXIT_FAILURE;
  options.port = (uint16_t)strtoul(argv[1], NULL, 10);
  alarm(600); /* a demo that hangs has failed */

  if (transport_loop_new(NULL, &demo.loop)) return EXIT_FAILURE;
  uint64_t start = transport_loop_time(demo.loop);
  for (unsigned i = 0; i < CONNECTIONS; i++) {
    struct connection *c = &demo.connections[i];
    *c = (struct connection){.demo = &demo, .random = i + 1, .size = i % 10 ? SMALL : LARGE};
    demo.size += c->size;
    if (transport_create_connection(demo.loop, &options, &protocol, c, connected, c, NULL)) return EXIT_FAILURE;
  }
  progress(&demo);
  transport_loop_run_until_idle(demo.loop);
  double seconds = (double)(transport_loop_time(demo.loop) - start) / 1e9;
  progress(&demo);
  if (isatty(STDERR_FILENO)) fputc('\n', stderr);
  transport_loop_free(demo.loop);

  printf("connections    %d, up to %u open at once\n", CONNECTIONS, demo.most_open);
  printf("data           %.0f MB sent, %.0f MB came back\n", (double)demo.size / 1e6, (double)demo.received / 1e6);
  printf("time           %.2f s, %.0f MB/s each way\n", seconds, (double)demo.received / 1e6 / seconds);
  printf("checksums      %u of %d equal\n", demo.equal, CONNECTIONS);
  printf("client         %" PRIu64 " pauses, %" PRIu64 " resumes of writing\n", demo.pauses, demo.resumes);
  printf("client CPU     %.2f s, with making and adding up the streams\n", (double)clock() / CLOCKS_PER_SEC);
  return demo.equal == CONNECTIONS ? EXIT_SUCCESS : EXIT_FAILURE;
}
