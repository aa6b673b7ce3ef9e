/* A protocol that writes down what it is told, as a line of words: "made data:5 eof lost". Every callback first checks
 * the grammar of rule A1, so every test that uses a recorder checks it too:
 *   made (data | pause | resume)* [eof] (pause | resume)* lost
 * A test that wants to act sets one of the hooks; they run after the word is written. */
#ifndef RECORDER_H
#define RECORDER_H
#include "peer.h"

typedef struct recorder_t recorder_t;
typedef void (*recorder_hook_t)(recorder_t *recorder, transport_t *transport);

struct recorder_t {
  char log[1024];           /* the words, separated by blanks; "..." when full */
  bool quiet_data;          /* do not write data words (bulk) */
  bool keep_open;           /* what eof_received answers */
  bool made, eof, lost, paused;
  size_t received;          /* bytes */
  uint8_t first[256];       /* the first bytes received */
  int lost_status, lost_os_code;
  char lost_message[256];
  transport_t *transport;   /* since connection_made; the stale handle stays after connection_lost */
  int depth;                /* callbacks of this recorder that are running now */
  void *context;            /* the test's own */
  recorder_hook_t on_made, on_data, on_eof, on_pause, on_resume, on_lost;
  const uint8_t *data;      /* within on_data only */
  size_t data_len;
};

static inline void recorder_word(recorder_t *r, const char *format, uintmax_t number) {
  size_t used = strlen(r->log);
  char word[48];
  int n = snprintf(word, sizeof word, format, number);
  if (used + (size_t)n + 6 >= sizeof r->log) {
    if (used < 3 || strcmp(r->log + used - 3, "...") != 0) strcat(r->log, used ? " ..." : "...");
    return;
  }
  if (used) r->log[used++] = ' ';
  memcpy(r->log + used, word, (size_t)n + 1);
}

static inline void recorder_hook(recorder_t *r, recorder_hook_t hook, transport_t *t) {
  r->depth++;
  if (hook) hook(r, t);
  r->depth--;
}

static inline void recorder_made(void *user, transport_t *t) {
  recorder_t *r = user;
  CHECK(!r->made);
  CHECK(!r->lost);
  r->made = true;
  r->transport = t;
  recorder_word(r, "made", 0);
  recorder_hook(r, r->on_made, t);
}

static inline void recorder_data(void *user, transport_t *t, const uint8_t *data, size_t len) {
  recorder_t *r = user;
  CHECK(r->made && !r->eof && !r->lost);
  CHECK_PTR(t, r->transport);
  CHECK(len > 0 && data != NULL);
  if (r->received < sizeof r->first) {
    size_t room = sizeof r->first - r->received;
    memcpy(r->first + r->received, data, len < room ? len : room);
  }
  r->received += len;
  if (!r->quiet_data) recorder_word(r, "data:%ju", len);
  r->data = data;
  r->data_len = len;
  recorder_hook(r, r->on_data, t);
  r->data = NULL;
}

static inline bool recorder_eof(void *user, transport_t *t) {
  recorder_t *r = user;
  CHECK(r->made && !r->eof && !r->lost);
  r->eof = true;
  recorder_word(r, "eof", 0);
  recorder_hook(r, r->on_eof, t);
  return r->keep_open;
}

static inline void recorder_pause(void *user, transport_t *t) {
  recorder_t *r = user;
  CHECK(r->made && !r->lost && !r->paused);
  r->paused = true;
  recorder_word(r, "pause", 0);
  recorder_hook(r, r->on_pause, t);
}

static inline void recorder_resume(void *user, transport_t *t) {
  recorder_t *r = user;
  CHECK(r->made && !r->lost && r->paused);
  r->paused = false;
  recorder_word(r, "resume", 0);
  recorder_hook(r, r->on_resume, t);
}

static inline void recorder_lost(void *user, transport_t *t, const transport_error_t *error) {
  recorder_t *r = user;
  CHECK(r->made && !r->lost);
  CHECK_PTR(t, r->transport);
  CHECK(transport_is_closing(t)); /* B2 */
  r->lost = true;
  if (error) {
    CHECK(error->message != NULL && error->message[0] != 0);
    CHECK(error->status < 0);
    r->lost_status = error->status;
    r->lost_os_code = error->os_code;
    snprintf(r->lost_message, sizeof r->lost_message, "%s", error->message);
    recorder_word(r, transport_status_name(error->status), 0);
  }
  recorder_word(r, "lost", 0);
  recorder_hook(r, r->on_lost, t);
}

static inline transport_protocol_t recorder_protocol(void) {
  transport_protocol_t p;
  memset(&p, 0, sizeof p);
  p.size = sizeof p;
  p.connection_made = recorder_made;
  p.connection_lost = recorder_lost;
  p.pause_writing = recorder_pause;
  p.resume_writing = recorder_resume;
  p.data_received = recorder_data;
  p.eof_received = recorder_eof;
  return p;
}

static inline transport_loop_t *loop_new(void) {
  transport_loop_t *loop = NULL;
  CHECK_OK(transport_loop_new(NULL, &loop));
  CHECK(loop != NULL);
  return loop;
}

/* A server on a free port of 127.0.0.1 whose connections all go to user (factory NULL: user = arg). */
static inline transport_server_t *recorder_server(transport_loop_t *loop, transport_factory_t factory, void *arg) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options;
  transport_server_t *server = NULL;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.host = "127.0.0.1";
  CHECK_OK(transport_create_server(loop, &options, &protocol, factory, arg, &server));
  CHECK(transport_server_port(server) != 0);
  return server;
}

/* Runs turns until *flag is true. */
static inline void run_until(transport_loop_t *loop, const bool *flag) {
  while (!*flag) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
}

/* One accepted connection: its recorder is r, the other end is the blocking socket returned. The server that took it is
 * closed again. */
static inline int recorder_accept(transport_loop_t *loop, recorder_t *r) {
  transport_server_t *server = recorder_server(loop, NULL, r);
  int peer = peer_connect(transport_server_port(server));
  run_until(loop, &r->made);
  CHECK_OK(transport_server_close(server));
  return peer;
}

#endif
