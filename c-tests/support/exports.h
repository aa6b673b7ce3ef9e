/* Every function of the header, with how to call it on one handle: for tests that walk them all. A function that the
 * header gains must be added to EXPORTS; test-handle-walk.c fails until it is. Columns: name, the kind of its
 * handle, what it answers for a dead handle, whether any thread may call it, its arguments with the handle h. */
#ifndef EXPORTS_H
#define EXPORTS_H
#include "peer.h"

typedef enum export_kind_t { NO_HANDLE, LOOP, TRANSPORT, SERVER, TIMER, REQUEST, TLS } export_kind_t;
typedef enum export_answer_t { STATUS, IS_TRUE, IS_ZERO, IS_MINUS_ONE } export_answer_t; /* IS_ZERO: false, 0 or NULL */

/* The other arguments: all valid, or as wrong as can be (NULL, 0, out of range). */
typedef struct export_arguments_t {
  transport_callback_t callback;
  transport_signal_t on_signal;
  transport_done_t done;
  transport_sent_t sent;
  transport_connected_t connected;
  transport_resolved_t resolved;
  transport_named_t named;
  transport_keylog_t keylog;
  transport_log_t log;
  const char *text;
  const char *const *texts;
  const void *data;
  size_t len, high, low;
  int number;
  intptr_t fd;
  const struct sockaddr *address;
  const transport_slice_t *slices;
  const transport_protocol_t *protocol;
  const transport_loop_options_t *loop_options;
  const transport_connect_options_t *connect;
  const transport_server_options_t *server;
  const transport_accepted_options_t *accepted;
  const transport_tls_options_t *tls;
  const transport_datagram_options_t *datagram;
  const transport_subprocess_options_t *subprocess;
  struct export_outputs_t *out;
} export_arguments_t;

/* Where calls put their results: a failing one must leave every byte as it was. */
typedef struct export_outputs_t {
  transport_loop_t *loop;
  transport_t *a, *b;
  transport_server_t *server;
  transport_timer_t *timer;
  transport_request_t *request;
  transport_tls_config_t *tls;
  transport_value_t value;
  transport_loop_stats_t loop_stats;
  transport_stats_t stats;
  size_t high, low;
  int64_t number;
  intptr_t fd;
} export_outputs_t;

static export_arguments_t with;
static export_outputs_t export_outputs;
#define OUT(field) (with.out ? &with.out->field : NULL)

#define EXPORTS(F)                                                                                                     \
  F(transport_version, NO_HANDLE, IS_ZERO, true, ())                                                                   \
  F(transport_status_name, NO_HANDLE, IS_ZERO, true, (0))                                                              \
  F(transport_status_text, NO_HANDLE, IS_ZERO, true, (0))                                                              \
  F(transport_last_error, NO_HANDLE, IS_ZERO, true, ())                                                                \
  F(transport_loop_new, NO_HANDLE, STATUS, true, (with.loop_options, OUT(loop)))                                       \
  F(transport_loop_free, LOOP, STATUS, false, (h))                                                                     \
  F(transport_loop_adopt, LOOP, STATUS, true, (h))                                                                     \
  F(transport_loop_run_forever, LOOP, STATUS, false, (h))                                                              \
  F(transport_loop_run_until_idle, LOOP, STATUS, false, (h))                                                           \
  F(transport_loop_run_once, LOOP, STATUS, false, (h, 0))                                                              \
  F(transport_loop_stop, LOOP, STATUS, true, (h))                                                                      \
  F(transport_loop_time, LOOP, IS_ZERO, false, (h))                                                                    \
  F(transport_loop_call_soon, LOOP, STATUS, false, (h, with.callback, NULL, OUT(timer)))                               \
  F(transport_loop_call_later, LOOP, STATUS, false, (h, 0, with.callback, NULL, OUT(timer)))                           \
  F(transport_loop_call_at, LOOP, STATUS, false, (h, 0, with.callback, NULL, OUT(timer)))                              \
  F(transport_timer_cancel, TIMER, STATUS, false, (h))                                                                 \
  F(transport_loop_call_soon_threadsafe, LOOP, STATUS, true, (h, with.callback, NULL))                                 \
  F(transport_loop_add_reader, LOOP, STATUS, false, (h, with.fd, with.callback, NULL))                                 \
  F(transport_loop_add_writer, LOOP, STATUS, false, (h, with.fd, with.callback, NULL))                                 \
  F(transport_loop_remove_reader, LOOP, IS_ZERO, false, (h, with.fd))                                                  \
  F(transport_loop_remove_writer, LOOP, IS_ZERO, false, (h, with.fd))                                                  \
  F(transport_loop_add_signal_handler, LOOP, STATUS, false, (h, with.number, with.on_signal, NULL))                    \
  F(transport_loop_remove_signal_handler, LOOP, IS_ZERO, false, (h, with.number))                                      \
  F(transport_loop_getaddrinfo, LOOP, STATUS, false, (h, with.text, with.text, 0, with.resolved, NULL, OUT(request)))  \
  F(transport_loop_getnameinfo, LOOP, STATUS, false, (h, with.address, with.len, with.named, NULL, OUT(request)))      \
  F(transport_loop_run_in_executor, LOOP, STATUS, false, (h, with.callback, with.done, NULL, OUT(request)))            \
  F(transport_request_cancel, REQUEST, STATUS, false, (h))                                                             \
  F(transport_loop_set_exception_handler, LOOP, STATUS, false, (h, NULL, NULL))                                        \
  F(transport_loop_set_log_handler, LOOP, STATUS, false, (h, 0, NULL, NULL))                                           \
  F(transport_loop_stats, LOOP, STATUS, false, (h, OUT(loop_stats)))                                                   \
  F(transport_loop_dump, LOOP, STATUS, false, (h, with.log, NULL))                                                     \
  F(transport_stats, TRANSPORT, STATUS, false, (h, OUT(stats)))                                                        \
  F(transport_loop_backend_fd, LOOP, IS_MINUS_ONE, false, (h))                                                         \
  F(transport_loop_backend_timeout, LOOP, IS_ZERO, false, (h))                                                         \
  F(transport_create_connection, LOOP, STATUS, false,                                                                  \
    (h, with.connect, with.protocol, NULL, with.connected, NULL, OUT(request)))                                        \
  F(transport_create_server, LOOP, STATUS, false, (h, with.server, with.protocol, NULL, NULL, OUT(server)))            \
  F(transport_connect_accepted_socket, LOOP, STATUS, false,                                                            \
    (h, with.accepted, with.protocol, NULL, with.connected, NULL, OUT(request)))                                       \
  F(transport_start_tls, TRANSPORT, STATUS, false, (h, with.tls, with.done, NULL))                                     \
  F(transport_pair, LOOP, STATUS, false, (h, with.protocol, NULL, with.protocol, NULL, OUT(a), OUT(b)))                \
  F(transport_server_close, SERVER, STATUS, false, (h))                                                                \
  F(transport_server_wait_closed, SERVER, STATUS, false, (h, with.done, NULL))                                         \
  F(transport_server_close_clients, SERVER, STATUS, false, (h))                                                        \
  F(transport_server_abort_clients, SERVER, STATUS, false, (h))                                                        \
  F(transport_server_start_serving, SERVER, STATUS, false, (h))                                                        \
  F(transport_server_is_serving, SERVER, IS_ZERO, false, (h))                                                          \
  F(transport_server_port, SERVER, IS_ZERO, false, (h))                                                                \
  F(transport_is_closing, TRANSPORT, IS_TRUE, false, (h))                                                              \
  F(transport_close, TRANSPORT, STATUS, false, (h))                                                                    \
  F(transport_abort, TRANSPORT, STATUS, false, (h))                                                                    \
  F(transport_reset, TRANSPORT, STATUS, false, (h))                                                                    \
  F(transport_detach, TRANSPORT, STATUS, false, (h, OUT(fd)))                                                          \
  F(transport_write, TRANSPORT, STATUS, false, (h, with.data, with.len))                                               \
  F(transport_writelines, TRANSPORT, STATUS, false, (h, with.slices, 1))                                               \
  F(transport_write_owned, TRANSPORT, STATUS, false, (h, with.data, with.len, NULL, NULL))                             \
  F(transport_write_eof, TRANSPORT, STATUS, false, (h))                                                                \
  F(transport_can_write_eof, TRANSPORT, IS_ZERO, false, (h))                                                           \
  F(transport_get_write_buffer_size, TRANSPORT, IS_ZERO, false, (h))                                                   \
  F(transport_get_write_buffer_limits, TRANSPORT, STATUS, false, (h, OUT(high), OUT(low)))                             \
  F(transport_set_write_buffer_limits, TRANSPORT, STATUS, false, (h, with.high, with.low))                             \
  F(transport_pause_reading, TRANSPORT, STATUS, false, (h))                                                            \
  F(transport_resume_reading, TRANSPORT, STATUS, false, (h))                                                           \
  F(transport_is_reading, TRANSPORT, IS_ZERO, false, (h))                                                              \
  F(transport_set_protocol, TRANSPORT, STATUS, false, (h, with.protocol, NULL))                                        \
  F(transport_get_protocol, TRANSPORT, IS_ZERO, false, (h))                                                            \
  F(transport_get_loop, TRANSPORT, IS_ZERO, false, (h))                                                                \
  F(transport_get_extra_info, TRANSPORT, STATUS, false, (h, with.text, OUT(value)))                                    \
  F(transport_sendfile, TRANSPORT, STATUS, false, (h, with.fd, 0, 0, with.sent, NULL))                                 \
  F(transport_create_datagram_endpoint, LOOP, STATUS, false,                                                           \
    (h, with.datagram, with.protocol, NULL, with.connected, NULL, OUT(request)))                                       \
  F(transport_sendto, TRANSPORT, STATUS, false, (h, with.data, with.len, NULL, 0))                                     \
  F(transport_join_group, TRANSPORT, STATUS, false, (h, with.text, NULL))                                              \
  F(transport_leave_group, TRANSPORT, STATUS, false, (h, with.text, NULL))                                             \
  F(transport_connect_read_pipe, LOOP, STATUS, false, (h, with.fd, with.protocol, NULL, OUT(a)))                       \
  F(transport_connect_write_pipe, LOOP, STATUS, false, (h, with.fd, with.protocol, NULL, OUT(a)))                      \
  F(transport_subprocess_exec, LOOP, STATUS, false, (h, with.subprocess, with.protocol, NULL, OUT(a)))                 \
  F(transport_subprocess_shell, LOOP, STATUS, false, (h, with.text, with.subprocess, with.protocol, NULL, OUT(a)))     \
  F(transport_get_pid, TRANSPORT, IS_MINUS_ONE, false, (h))                                                            \
  F(transport_get_returncode, TRANSPORT, STATUS, false, (h, OUT(number)))                                              \
  F(transport_get_pipe_transport, TRANSPORT, IS_ZERO, false, (h, 0))                                                   \
  F(transport_send_signal, TRANSPORT, STATUS, false, (h, with.number))                                                 \
  F(transport_terminate, TRANSPORT, STATUS, false, (h))                                                                \
  F(transport_kill, TRANSPORT, STATUS, false, (h))                                                                     \
  F(transport_tls_client_config_new, NO_HANDLE, STATUS, true, (OUT(tls)))                                              \
  F(transport_tls_server_config_new, NO_HANDLE, STATUS, true, (OUT(tls)))                                              \
  F(transport_tls_config_free, TLS, STATUS, true, (h))                                                                 \
  F(transport_tls_config_load_cert_chain, TLS, STATUS, true, (h, with.text, with.text))                                \
  F(transport_tls_config_load_cert_chain_pem, TLS, STATUS, true, (h, with.data, with.len, with.data, with.len))        \
  F(transport_tls_config_reload_cert_chain, TLS, STATUS, true, (h, with.text, with.text))                              \
  F(transport_tls_config_load_verify_locations, TLS, STATUS, true, (h, with.text))                                     \
  F(transport_tls_config_load_verify_pem, TLS, STATUS, true, (h, with.data, with.len))                                 \
  F(transport_tls_config_load_crls_pem, TLS, STATUS, true, (h, with.data, with.len))                                   \
  F(transport_tls_config_set_alpn, TLS, STATUS, true, (h, with.texts, 1))                                              \
  F(transport_tls_config_set_client_auth, TLS, STATUS, true, (h, with.number))                                         \
  F(transport_tls_config_set_min_version, TLS, STATUS, true, (h, with.number))                                         \
  F(transport_tls_config_set_keylog, TLS, STATUS, true, (h, with.keylog, NULL))                                        \
  F(transport_tls_config_dangerous_disable_verification, TLS, STATUS, true, (h))

typedef struct export_t {
  const char *name;
  export_kind_t kind;
  export_answer_t answer;
  bool any_thread;
  intmax_t (*call)(void *h);
} export_t;

#define EXPORT_CALL(name, kind, answer, any_thread, arguments)                                                         \
  static intmax_t call_##name(void *h) {                                                                               \
    (void)h;                                                                                                           \
    return (intmax_t)name arguments;                                                                                   \
  }
EXPORTS(EXPORT_CALL)
#undef EXPORT_CALL

#define EXPORT_ROW(name, kind, answer, any_thread, arguments) {#name, kind, answer, any_thread, call_##name},
static const export_t exports[] = {EXPORTS(EXPORT_ROW)};
#undef EXPORT_ROW
#define EXPORT_COUNT (sizeof exports / sizeof exports[0])

static inline void export_must_exist(const char *name, void *arg) {
  size_t i = 0;
  (void)arg;
  while (i < EXPORT_COUNT && strcmp(exports[i].name, name) != 0) i++;
  if (i == EXPORT_COUNT) fprintf(stderr, "%s is in the header, but not in c-tests/support/exports.h\n", name);
  CHECK(i < EXPORT_COUNT);
}

static inline bool export_frees(const export_t *e) {
  size_t len = strlen(e->name);
  return len > 5 && strcmp(e->name + len - 5, "_free") == 0;
}

static inline void export_nothing(void *arg) { (void)arg; }
static inline void export_signal(void *arg, int signum) { (void)arg, (void)signum; }
static inline void export_done(void *arg, const transport_error_t *error) { (void)arg, (void)error; }
static inline void export_sent(void *arg, uint64_t sent, const transport_error_t *error) {
  (void)arg, (void)sent, (void)error;
}
static inline void export_connected(void *arg, transport_t *transport, const transport_error_t *error) {
  (void)arg, (void)transport, (void)error;
}
static inline void export_resolved(void *arg, const struct sockaddr *const *addresses, const size_t *address_lens,
                                   size_t count, const transport_error_t *error) {
  (void)arg, (void)addresses, (void)address_lens, (void)count, (void)error;
}
static inline void export_named(void *arg, const char *host, const char *service, const transport_error_t *error) {
  (void)arg, (void)host, (void)service, (void)error;
}
static inline void export_log(void *arg, int level, const char *line) { (void)arg, (void)level, (void)line; }
static inline void export_keylog(void *arg, const char *line) { (void)arg, (void)line; }

/* Fills `with`: valid arguments, or ones that are wrong in every place. port: where a connection may be tried. */
static inline void export_arguments(bool valid, uint16_t port) {
  static const char *const words[] = {"true", NULL};
  static const transport_slice_t slice = {"data", 4};
  static struct sockaddr_in address;
  static transport_protocol_t protocol = {.size = sizeof protocol};
  static transport_loop_options_t loop_options = {.size = sizeof loop_options};
  static transport_connect_options_t connect_options = {.size = sizeof connect_options, .host = "127.0.0.1"};
  static transport_server_options_t server = {.size = sizeof server, .host = "127.0.0.1"};
  static transport_accepted_options_t accepted = {.size = sizeof accepted};
  static transport_tls_options_t tls = {.size = sizeof tls};
  static transport_datagram_options_t datagram = {.size = sizeof datagram, .local_host = "127.0.0.1"};
  static transport_subprocess_options_t subprocess = {.size = sizeof subprocess, .argv = words};
  memset(&with, 0, sizeof with);
  with.len = 4;
  with.low = 2;
  with.high = 1;
  with.number = -5;
  with.fd = -1;
  if (!valid) return;
  address = peer_address(port);
  connect_options.port = port;
  with = (export_arguments_t){
      .callback = export_nothing, .on_signal = export_signal, .done = export_done, .sent = export_sent,
      .connected = export_connected, .resolved = export_resolved, .named = export_named, .keylog = export_keylog,
      .log = export_log,
      .text = "localhost", .texts = words, .data = "data", .len = 4, .high = 2, .low = 1, .number = SIGUSR2, .fd = 1000,
      .address = (const struct sockaddr *)&address, .slices = &slice, .protocol = &protocol,
      .loop_options = &loop_options, .connect = &connect_options, .server = &server, .accepted = &accepted, .tls = &tls,
      .datagram = &datagram, .subprocess = &subprocess, .out = &export_outputs,
  };
}

/* Calls e on h and expects that status, or the dead handle's answer when e has none. A failure leaves the outputs alone
 * and is what transport_last_error tells. */
static inline void export_expect(const export_t *e, const void *h, int status) {
  export_outputs_t before;
  intmax_t got;
  void *handle;
  memcpy(&handle, &h, sizeof handle);
  memset(&before, 0x5a, sizeof before);
  before.loop_stats.size = sizeof before.loop_stats;
  before.stats.size = sizeof before.stats;
  export_outputs = before;
  got = e->call(handle);
  if (e->answer != STATUS) {
    check_int(__FILE__, __LINE__, e->name, got, e->answer == IS_TRUE ? 1 : e->answer == IS_ZERO ? 0 : -1);
  } else {
    check_status(__FILE__, __LINE__, e->name, (int)got, status);
    if (status) check_status(__FILE__, __LINE__, e->name, (int)transport_last_error()->status, status);
    if (status) CHECK(transport_last_error()->message != NULL && transport_last_error()->message[0] != 0);
  }
  if (e->answer != STATUS || status) CHECK(memcmp(&before, &export_outputs, sizeof before) == 0);
}

#endif
