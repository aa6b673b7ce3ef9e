/* A buffered protocol on a recorder: what arrives lies in memory of the test's, and the log has the words "get" and
 * "updated:N" in place of data. */
#ifndef BUFFERED_H
#define BUFFERED_H
#include "recorder.h"

typedef struct buffered_t buffered_t;
struct buffered_t {
  recorder_t recorder; /* first: the user pointer is both */
  uint8_t memory[4096];
  size_t room;         /* what get_buffer offers at the most */
  bool getting;        /* get_buffer was called and buffer_updated may follow */
  bool no_buffer;      /* get_buffer answers NULL */
  void (*on_get)(buffered_t *b, transport_t *t);
};

static inline void *buffered_get(void *user, transport_t *t, size_t size_hint, size_t *len) {
  buffered_t *b = user;
  recorder_t *r = &b->recorder;
  CHECK(r->made && !r->eof && !r->lost); /* G6 */
  CHECK(transport_is_reading(t));
  CHECK_UINT(*len, 0);
  (void)size_hint;
  b->getting = true;
  recorder_word(r, "get", 0);
  if (b->on_get) b->on_get(b, t);
  if (b->no_buffer) return NULL;
  *len = b->room;
  memset(b->memory, 0xee, sizeof b->memory);
  return b->memory;
}

static inline void buffered_updated(void *user, transport_t *t, size_t len) {
  buffered_t *b = user;
  recorder_t *r = &b->recorder;
  CHECK(b->getting && r->made && !r->eof && !r->lost);
  CHECK(len > 0 && len <= b->room);
  CHECK(b->memory[len] == 0xee); /* not a byte more (G4) */
  b->getting = false;
  if (r->received + len <= sizeof r->first) memcpy(r->first + r->received, b->memory, len);
  r->received += len;
  recorder_word(r, "updated:%ju", len);
  r->data = b->memory;
  r->data_len = len;
  recorder_hook(r, r->on_data, t);
}

static inline transport_protocol_t buffered_protocol(void) {
  transport_protocol_t p = recorder_protocol();
  p.data_received = NULL;
  p.get_buffer = buffered_get;
  p.buffer_updated = buffered_updated;
  return p;
}

/* As recorder_accept. */
static inline int buffered_accept(transport_loop_t *loop, buffered_t *b) {
  transport_protocol_t protocol = buffered_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1"};
  transport_server_t *server = NULL;
  int peer;
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, b, &server));
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &b->recorder.made);
  CHECK_OK(transport_server_close(server));
  return peer;
}

#endif
