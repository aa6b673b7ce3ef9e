/* The matrix of test-callback-matrix.c: a small world with everything that a callback could lay hands on, and the table
 * of calls with the status that each must return in each state of its transport. */
#ifndef MATRIX_H
#define MATRIX_H
#include "client.h"
#include "server.h"
#include "sockets.h"

/* The state of the transport that a cell calls, at the time of the call. */
enum { OPEN, EOF_WRITTEN, CLOSING, ABORTED, LOST, FREEING, STATES }; /* FREEING: in the connection_lost of loop_free */
static const char *const state_names[STATES] = {"open", "eof written", "closing", "aborted", "lost", "freeing"};

/* Expectations that are not one status. The papers leave these open, or the answer depends on how far the end has come. */
enum { OK_OR_ECLOSED = 1, ESTATE_OR_ECLOSED = 2, ANY = 3 };

/* Who is gone after the call. */
enum { NOBODY, TARGET, CLIENTS };

enum { LARGE = 256 << 10 }; /* more than the kernel takes between the small buffers of the matrix */

typedef struct matrix_t {
  transport_loop_t *loop;
  transport_server_t *server;
  crowd_t crowd;               /* the first two are own and other, but for own when a client is asked for */
  recorder_t *own, *other;
  client_t client, pending, fresh; /* own of the cells of done; one that never gets through; one that a cell makes */
  int own_peer, other_peer, extra_peer;
  transport_timer_t *timer;
  uint16_t full_port;
  int posted, posted_ran;      /* functions that call_soon and call_soon_threadsafe accepted */
  int lent, released;          /* write_owned */
  int waits, waited;           /* wait_closed */
} matrix_t;

typedef struct call_t {
  const char *name;
  int (*make)(matrix_t *m, transport_t *t);
  int expected[STATES];
  int ends;
} call_t;

static const char large[LARGE];

static inline void count_posted(void *arg) { ((matrix_t *)arg)->posted_ran++; }
static inline void count_released(void *arg) { ((matrix_t *)arg)->released++; }
static inline void nothing(void *arg) { (void)arg; }
static inline void no_signal(void *arg, int signum) { (void)arg, (void)signum; }

static inline void count_waited(void *arg, const transport_error_t *error) {
  (void)error;
  ((matrix_t *)arg)->waited++;
}

static inline int posted(matrix_t *m, int status) {
  m->posted += status == TRANSPORT_OK;
  return status;
}

/* ---- calls on a transport */
#define CALL(name) static inline int name(matrix_t *m, transport_t *t)
#define UNUSED_M (void)m
#define UNUSED_T (void)t

CALL(write_small) { UNUSED_M; return transport_write(t, "x", 1); }
CALL(write_large) { UNUSED_M; return transport_write(t, large, LARGE); }
CALL(write_empty) { UNUSED_M; return transport_write(t, NULL, 0); }
CALL(write_lines) {
  const transport_slice_t slices[3] = {{"ab", 2}, {NULL, 0}, {large, LARGE}};
  UNUSED_M;
  return transport_writelines(t, slices, 3);
}
CALL(write_no_lines) { UNUSED_M; return transport_writelines(t, NULL, 0); }
CALL(write_lent) {
  int status = transport_write_owned(t, large, LARGE, count_released, m);
  m->lent += status == TRANSPORT_OK;
  return status;
}
CALL(write_end) { UNUSED_M; return transport_write_eof(t); }
CALL(close_it) { UNUSED_M; return transport_close(t); }
CALL(abort_it) { UNUSED_M; return transport_abort(t); }
CALL(reset_it) { UNUSED_M; return transport_reset(t); }
CALL(limits_low) { UNUSED_M; return transport_set_write_buffer_limits(t, 1, 0); }
CALL(limits_zero) { UNUSED_M; return transport_set_write_buffer_limits(t, 0, TRANSPORT_DEFAULT); }
CALL(limits_high) { UNUSED_M; return transport_set_write_buffer_limits(t, 1u << 30, 1u << 29); }
CALL(limits_wrong) { UNUSED_M; return transport_set_write_buffer_limits(t, 1, 2); }
CALL(pause_it) { UNUSED_M; return transport_pause_reading(t); }
CALL(resume_it) { UNUSED_M; return transport_resume_reading(t); }
CALL(set_same_protocol) {
  transport_protocol_t protocol = recorder_protocol();
  recorder_t *r = m->own && m->own->transport == t ? m->own : m->other;
  return transport_set_protocol(t, &protocol, r);
}
CALL(set_no_protocol) { UNUSED_M; return transport_set_protocol(t, NULL, NULL); }
CALL(extra_info) {
  transport_value_t value;
  int status = transport_get_extra_info(t, "peername", &value);
  UNUSED_M;
  if (status == TRANSPORT_OK) CHECK_INT(value.kind, TRANSPORT_VALUE_ADDRESS);
  return status;
}
CALL(getters) {
  size_t high = 0, low = 0;
  CHECK_PTR(transport_get_loop(t), m->loop);
  (void)transport_get_protocol(t);
  (void)transport_is_reading(t);
  (void)transport_can_write_eof(t);
  (void)transport_get_write_buffer_size(t);
  return transport_get_write_buffer_limits(t, &high, &low);
}

/* ---- calls on the loop and on its other objects */
CALL(stop_loop) { UNUSED_T; return transport_loop_stop(m->loop); }
CALL(free_loop) { UNUSED_T; return transport_loop_free(m->loop); }
CALL(adopt_loop) { UNUSED_T; return transport_loop_adopt(m->loop); }
CALL(run_turn) { UNUSED_T; return transport_loop_run_once(m->loop, 0); }
CALL(run_for_ever) { UNUSED_T; return transport_loop_run_forever(m->loop); }
CALL(run_idle) { UNUSED_T; return transport_loop_run_until_idle(m->loop); }
CALL(run_other_loop) {
  transport_loop_t *loop = loop_new();
  int status = transport_loop_run_once(loop, 0);
  UNUSED_M;
  UNUSED_T;
  CHECK_OK(transport_loop_free(loop));
  return status;
}
CALL(post_soon) { UNUSED_T; return posted(m, transport_loop_call_soon(m->loop, count_posted, m, NULL)); }
CALL(post_threadsafe) { UNUSED_T; return posted(m, transport_loop_call_soon_threadsafe(m->loop, count_posted, m)); }
CALL(post_later) { UNUSED_T; return transport_loop_call_later(m->loop, TRANSPORT_SEC(3600), nothing, m, NULL); }
CALL(post_at_once) { UNUSED_T; return transport_loop_call_at(m->loop, 1, nothing, m, NULL); }
CALL(cancel_timer) { UNUSED_T; return transport_timer_cancel(m->timer); }
CALL(cancel_request) { UNUSED_T; return client_cancel(&m->pending); }
CALL(add_signal) { UNUSED_T; return transport_loop_add_signal_handler(m->loop, SIGUSR2, no_signal, NULL); }
CALL(set_exceptions) { UNUSED_T; return transport_loop_set_exception_handler(m->loop, NULL, NULL); }
CALL(set_log) { UNUSED_T; return transport_loop_set_log_handler(m->loop, 0, NULL, NULL); }
CALL(close_server) { UNUSED_T; return transport_server_close(m->server); }
CALL(close_clients) { UNUSED_T; return transport_server_close_clients(m->server); }
CALL(abort_clients) { UNUSED_T; return transport_server_abort_clients(m->server); }
CALL(start_serving) { UNUSED_T; return transport_server_start_serving(m->server); }
CALL(wait_closed) {
  int status = transport_server_wait_closed(m->server, count_waited, m);
  UNUSED_T;
  m->waits += status == TRANSPORT_OK;
  return status;
}
CALL(create_connection) {
  transport_connect_options_t options = client_options("127.0.0.1", transport_server_port(m->server));
  UNUSED_T;
  if (!options.port) options.port = m->full_port; /* while the loop is being freed */
  return client_try(m->loop, &m->fresh, &options);
}
CALL(create_server) {
  transport_server_options_t options = server_options("127.0.0.1", 0);
  UNUSED_T;
  return server_try(m->loop, &options, NULL, m, NULL);
}

#define OK TRANSPORT_OK
#define ESTATE TRANSPORT_ESTATE
#define ECLOSED TRANSPORT_ECLOSED
#define EINVALID TRANSPORT_EINVAL
#define WRITES {OK, ESTATE, ECLOSED, ECLOSED, ECLOSED, ECLOSED}
#define ALWAYS(status) {status, status, status, status, status, status}
#define WORK {OK, OK, OK, OK, OK, ECLOSED} /* refused while the loop is being freed */
#define ENDING(status, freeing) {status, status, status, status, status, freeing}

static const call_t transport_calls[] = {
    {"write small", write_small, WRITES, NOBODY},
    {"write large", write_large, WRITES, NOBODY},
    {"write empty", write_empty, WRITES, NOBODY},
    {"writelines", write_lines, WRITES, NOBODY},
    {"writelines none", write_no_lines, WRITES, NOBODY},
    {"write_owned", write_lent, WRITES, NOBODY},
    {"write_eof", write_end, ALWAYS(OK), NOBODY},
    {"close", close_it, ALWAYS(OK), TARGET},
    {"abort", abort_it, ALWAYS(OK), TARGET},
    {"reset", reset_it, ALWAYS(OK), TARGET},
    {"limits low", limits_low, ALWAYS(OK), NOBODY},
    {"limits zero", limits_zero, ALWAYS(OK), NOBODY},
    {"limits high", limits_high, ALWAYS(OK), NOBODY},
    {"limits wrong", limits_wrong, ALWAYS(EINVALID), NOBODY},
    {"pause_reading", pause_it, ALWAYS(OK), NOBODY},
    {"resume_reading", resume_it, ALWAYS(OK), NOBODY},
    {"set_protocol", set_same_protocol, {OK, OK, OK, OK, OK_OR_ECLOSED, OK_OR_ECLOSED}, NOBODY},
    {"set_protocol none", set_no_protocol, ALWAYS(EINVALID), NOBODY},
    {"get_extra_info", extra_info, ALWAYS(OK), NOBODY},
    {"getters", getters, ALWAYS(OK), NOBODY},
};

static const call_t loop_calls[] = {
    {"stop", stop_loop, ENDING(OK, OK_OR_ECLOSED), NOBODY},
    {"loop_free", free_loop, ENDING(ESTATE, ESTATE_OR_ECLOSED), NOBODY},
    {"adopt", adopt_loop, ENDING(ESTATE, ESTATE_OR_ECLOSED), NOBODY},
    {"run_once", run_turn, ENDING(ESTATE, ESTATE_OR_ECLOSED), NOBODY},
    {"run_forever", run_for_ever, ENDING(ESTATE, ESTATE_OR_ECLOSED), NOBODY},
    {"run_until_idle", run_idle, ENDING(ESTATE, ESTATE_OR_ECLOSED), NOBODY},
    {"run another loop", run_other_loop, ALWAYS(ESTATE), NOBODY},
    {"call_soon", post_soon, WORK, NOBODY},
    {"call_soon_threadsafe", post_threadsafe, WORK, NOBODY},
    {"call_later", post_later, WORK, NOBODY},
    {"call_at", post_at_once, WORK, NOBODY},
    {"timer_cancel", cancel_timer, ENDING(OK, ANY), NOBODY},
    {"request_cancel", cancel_request, ENDING(OK, ANY), NOBODY},
    {"add_signal_handler", add_signal, WORK, NOBODY},
    {"set_exception_handler", set_exceptions, ENDING(OK, OK_OR_ECLOSED), NOBODY},
    {"set_log_handler", set_log, ENDING(OK, OK_OR_ECLOSED), NOBODY},
    {"server_close", close_server, ENDING(OK, ANY), NOBODY},
    {"close_clients", close_clients, ENDING(OK, ANY), CLIENTS},
    {"abort_clients", abort_clients, ENDING(OK, ANY), CLIENTS},
    {"start_serving", start_serving, ENDING(OK, ANY), NOBODY},
    {"wait_closed", wait_closed, ENDING(OK, ANY), NOBODY},
    {"create_connection", create_connection, WORK, NOBODY},
    {"create_server", create_server, WORK, NOBODY},
};

static inline bool as_expected(int status, int expected) {
  switch (expected) {
    case OK_OR_ECLOSED: return status == OK || status == ECLOSED;
    case ESTATE_OR_ECLOSED: return status == ESTATE || status == ECLOSED;
    case ANY: return true;
    default: return status == expected;
  }
}

#endif
