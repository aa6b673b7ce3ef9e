/* The contract: every name, value, field and signature that programs outside this repository are compiled against. What
 * transport.h declares otherwise does not compile here; what it adds is not looked at. That the program links shows that
 * every function of the contract is there. */
#include <stdio.h>
#include <transport.h>

#define SAME_TYPE(expression, type)                                                                                   \
  _Static_assert(_Generic((expression), type: 1, default: 0), #expression " is a " #type)
#define VALUE(constant, value) _Static_assert((constant) == (value), #constant " is " #value);
#define POINTER_TO(result, ...) __typeof__(result (*)(__VA_ARGS__))

/* Versions, durations, defaults. */
VALUE(TRANSPORT_VERSION_MAJOR, 0)
VALUE(TRANSPORT_VERSION_MINOR, 1)
_Static_assert(TRANSPORT_VERSION_PATCH >= 0, "TRANSPORT_VERSION_PATCH is a number");
VALUE(TRANSPORT_MS(5), 5000000)
VALUE(TRANSPORT_SEC(5), 5000000000)
VALUE(TRANSPORT_FOREVER, UINT64_MAX)
VALUE(TRANSPORT_DEFAULT, SIZE_MAX)
VALUE(TRANSPORT_ON, 1)
VALUE(TRANSPORT_OFF, -1)
SAME_TYPE(TRANSPORT_MS(1), uint64_t);
SAME_TYPE(TRANSPORT_SEC(1), uint64_t);
SAME_TYPE(TRANSPORT_FOREVER, uint64_t);
SAME_TYPE(TRANSPORT_DEFAULT, size_t);

VALUE(TRANSPORT_OK, 0)
VALUE(TRANSPORT_EINVAL, -1)
VALUE(TRANSPORT_EHANDLE, -2)
VALUE(TRANSPORT_ETHREAD, -3)
VALUE(TRANSPORT_ESTATE, -4)
VALUE(TRANSPORT_ECLOSED, -5)
VALUE(TRANSPORT_ENOTSUP, -6)
VALUE(TRANSPORT_ENOMEM, -7)
VALUE(TRANSPORT_ELIMIT, -8)
VALUE(TRANSPORT_ECANCELED, -9)
VALUE(TRANSPORT_ETIMEDOUT, -10)
VALUE(TRANSPORT_ERESOLVE, -11)
VALUE(TRANSPORT_EIO, -12)
VALUE(TRANSPORT_ETLS, -13)
VALUE(TRANSPORT_ETRUNCATED, -14)
VALUE(TRANSPORT_EPANIC, -15)
_Static_assert(sizeof(transport_status_t) == sizeof(int), "a status fits an int");

VALUE(TRANSPORT_VALUE_NONE, 0)
VALUE(TRANSPORT_VALUE_INT, 1)
VALUE(TRANSPORT_VALUE_TEXT, 2)
VALUE(TRANSPORT_VALUE_BYTES, 3)
VALUE(TRANSPORT_VALUE_ADDRESS, 4)
VALUE(TRANSPORT_VALUE_CIPHER, 5)
VALUE(TRANSPORT_VALUE_POINTER, 6)
VALUE(TRANSPORT_STDIO_PIPE, 0)
VALUE(TRANSPORT_STDIO_INHERIT, 1)
VALUE(TRANSPORT_STDIO_NULL, 2)
VALUE(TRANSPORT_STDIO_STDOUT, 3)
VALUE(TRANSPORT_STDIO_FD, 4)
VALUE(TRANSPORT_TLS_1_2, 0x0303)
VALUE(TRANSPORT_TLS_1_3, 0x0304)
VALUE(TRANSPORT_CLIENT_AUTH_NONE, 0)
VALUE(TRANSPORT_CLIENT_AUTH_OPTIONAL, 1)
VALUE(TRANSPORT_CLIENT_AUTH_REQUIRED, 2)

/* Callbacks are plain function pointers. */
#define TRANSPORT transport_t *
#define ERROR const transport_error_t *
#define CALLBACK(type, ...) SAME_TYPE((type)0, POINTER_TO(__VA_ARGS__))
CALLBACK(transport_callback_t, void, void *);
CALLBACK(transport_connected_t, void, void *, TRANSPORT, ERROR);
CALLBACK(transport_done_t, void, void *, ERROR);
CALLBACK(transport_sent_t, void, void *, uint64_t, ERROR);
CALLBACK(transport_release_t, void, void *);
CALLBACK(transport_factory_t, void *, void *);
CALLBACK(transport_signal_t, void, void *, int);
CALLBACK(transport_resolved_t, void, void *, const struct sockaddr *const *, const size_t *, size_t, ERROR);
CALLBACK(transport_named_t, void, void *, const char *, const char *, ERROR);
CALLBACK(transport_exception_t, void, void *, transport_loop_t *, TRANSPORT, ERROR);
CALLBACK(transport_log_t, void, void *, int, const char *);
CALLBACK(transport_keylog_t, void, void *, const char *);

/* Structs: a twin is declared from the list of fields, and each field compared with its twin in place and type. */
#define DECLARE_FIELD(owner, type, name) __typeof__(type) name;
#define COMPARE_FIELD(owner, type, name)                                                                              \
  _Static_assert(offsetof(owner, name) == offsetof(struct owner##_twin, name), #owner "." #name " is where it was");  \
  SAME_TYPE(&((owner *)0)->name, __typeof__(&((struct owner##_twin *)0)->name));
#define STRUCT(owner, fields)                                                                                         \
  struct owner##_twin {                                                                                               \
    fields(DECLARE_FIELD, owner)                                                                                      \
  };                                                                                                                  \
  fields(COMPARE_FIELD, owner)                                                                                        \
  _Static_assert(sizeof(owner) >= sizeof(struct owner##_twin), #owner " has not shrunk");
#define FROZEN(owner, fields)                                                                                         \
  STRUCT(owner, fields)                                                                                               \
  _Static_assert(sizeof(owner) == sizeof(struct owner##_twin), #owner " is frozen");

#define ERROR_FIELDS(F, T)                                                                                            \
  F(T, transport_status_t, status) F(T, int, os_code) F(T, int, tls_alert) F(T, int, detail)                          \
  F(T, const char *, message)
STRUCT(transport_error_t, ERROR_FIELDS)

#define PROTOCOL_FIELDS(F, T)                                                                                         \
  F(T, size_t, size) F(T, POINTER_TO(void, void *, TRANSPORT), connection_made)                                       \
  F(T, POINTER_TO(void, void *, TRANSPORT, ERROR), connection_lost)                                                   \
  F(T, POINTER_TO(void, void *, TRANSPORT), pause_writing)                                                            \
  F(T, POINTER_TO(void, void *, TRANSPORT), resume_writing)                                                           \
  F(T, POINTER_TO(void, void *, TRANSPORT, const uint8_t *, size_t), data_received)                                   \
  F(T, POINTER_TO(bool, void *, TRANSPORT), eof_received)                                                             \
  F(T, POINTER_TO(void *, void *, TRANSPORT, size_t, size_t *), get_buffer)                                           \
  F(T, POINTER_TO(void, void *, TRANSPORT, size_t), buffer_updated)                                                   \
  F(T, POINTER_TO(void, void *, TRANSPORT, const uint8_t *, size_t, const struct sockaddr *, size_t),                 \
    datagram_received)                                                                                                \
  F(T, POINTER_TO(void, void *, TRANSPORT, ERROR), error_received)                                                    \
  F(T, POINTER_TO(void, void *, TRANSPORT, int, const uint8_t *, size_t), pipe_data_received)                         \
  F(T, POINTER_TO(void, void *, TRANSPORT, int, ERROR), pipe_connection_lost)                                         \
  F(T, POINTER_TO(void, void *, TRANSPORT), process_exited)
STRUCT(transport_protocol_t, PROTOCOL_FIELDS)

#define LOOP_OPTIONS_FIELDS(F, T)                                                                                     \
  F(T, size_t, size) F(T, int, debug)
STRUCT(transport_loop_options_t, LOOP_OPTIONS_FIELDS)

#define CONNECT_OPTIONS_FIELDS(F, T)                                                                                  \
  F(T, size_t, size) F(T, const char *, host) F(T, const char *, path) F(T, size_t, path_len)                         \
  F(T, intptr_t, socket) F(T, const char *, local_host) F(T, uint16_t, port) F(T, uint16_t, local_port)               \
  F(T, int, family) F(T, int, interleave) F(T, int, nodelay) F(T, int, keepalive) F(T, int, tolerate_truncation)      \
  F(T, uint64_t, happy_eyeballs_delay) F(T, uint64_t, connect_timeout) F(T, uint64_t, close_timeout)                  \
  F(T, uint64_t, idle_timeout) F(T, size_t, write_buffer_cap) F(T, const transport_tls_config_t *, tls)               \
  F(T, const char *, server_hostname) F(T, uint64_t, tls_handshake_timeout) F(T, uint64_t, tls_shutdown_timeout)
STRUCT(transport_connect_options_t, CONNECT_OPTIONS_FIELDS)

#define SERVER_OPTIONS_FIELDS(F, T)                                                                                   \
  F(T, size_t, size) F(T, const char *, host) F(T, const char *, path) F(T, size_t, path_len)                         \
  F(T, intptr_t, socket) F(T, uint16_t, port) F(T, int, family) F(T, int, backlog) F(T, int, reuse_address)           \
  F(T, int, reuse_port) F(T, int, start_serving) F(T, int, nodelay) F(T, int, keepalive)                              \
  F(T, int, tolerate_truncation) F(T, size_t, max_connections) F(T, size_t, max_handshakes)                           \
  F(T, size_t, write_buffer_cap) F(T, uint64_t, close_timeout) F(T, uint64_t, idle_timeout)                           \
  F(T, const transport_tls_config_t *, tls) F(T, uint64_t, tls_handshake_timeout)                                     \
  F(T, uint64_t, tls_shutdown_timeout)
STRUCT(transport_server_options_t, SERVER_OPTIONS_FIELDS)

#define ACCEPTED_OPTIONS_FIELDS(F, T)                                                                                 \
  F(T, size_t, size) F(T, intptr_t, socket) F(T, int, nodelay) F(T, int, keepalive) F(T, int, tolerate_truncation)    \
  F(T, size_t, write_buffer_cap) F(T, uint64_t, close_timeout) F(T, uint64_t, idle_timeout)                           \
  F(T, const transport_tls_config_t *, tls) F(T, uint64_t, tls_handshake_timeout)                                     \
  F(T, uint64_t, tls_shutdown_timeout)
STRUCT(transport_accepted_options_t, ACCEPTED_OPTIONS_FIELDS)

#define TLS_OPTIONS_FIELDS(F, T)                                                                                      \
  F(T, size_t, size) F(T, const transport_tls_config_t *, tls) F(T, const char *, server_hostname)                    \
  F(T, int, server_side) F(T, int, tolerate_truncation) F(T, const void *, unread) F(T, size_t, unread_len)           \
  F(T, uint64_t, handshake_timeout) F(T, uint64_t, shutdown_timeout)
STRUCT(transport_tls_options_t, TLS_OPTIONS_FIELDS)

#define SLICE_FIELDS(F, T)                                                                                            \
  F(T, const void *, data) F(T, size_t, len)
FROZEN(transport_slice_t, SLICE_FIELDS)

#define VALUE_FIELDS(F, T)                                                                                            \
  F(T, int32_t, kind) F(T, int32_t, bits) F(T, int64_t, number) F(T, const void *, data) F(T, size_t, len)            \
  F(T, const char *, protocol) F(T, uint64_t[3], reserved)
FROZEN(transport_value_t, VALUE_FIELDS)

#define DATAGRAM_OPTIONS_FIELDS(F, T)                                                                                 \
  F(T, size_t, size) F(T, const char *, local_host) F(T, const char *, remote_host) F(T, const char *, local_path)    \
  F(T, const char *, remote_path) F(T, size_t, local_path_len) F(T, size_t, remote_path_len)                          \
  F(T, uint16_t, local_port) F(T, uint16_t, remote_port) F(T, intptr_t, socket) F(T, int, family)                     \
  F(T, int, reuse_port) F(T, int, allow_broadcast) F(T, size_t, write_buffer_cap)
STRUCT(transport_datagram_options_t, DATAGRAM_OPTIONS_FIELDS)

#define SUBPROCESS_OPTIONS_FIELDS(F, T)                                                                               \
  F(T, size_t, size) F(T, const char *const *, argv) F(T, const char *const *, envp) F(T, const char *, cwd)          \
  F(T, int, stdin_mode) F(T, int, stdout_mode) F(T, int, stderr_mode) F(T, intptr_t, stdin_fd)                        \
  F(T, intptr_t, stdout_fd) F(T, intptr_t, stderr_fd) F(T, int, new_session) F(T, int, new_process_group)             \
  F(T, int, set_uid) F(T, int, set_gid) F(T, int, set_umask) F(T, uint32_t, uid) F(T, uint32_t, gid)                  \
  F(T, uint32_t, umask) F(T, const intptr_t *, pass_fds) F(T, size_t, pass_fds_count)
STRUCT(transport_subprocess_options_t, SUBPROCESS_OPTIONS_FIELDS)

/* Functions: F(result, name, parameters...), and S(name, parameters...) for those that return a status. */
#define PROTOCOL const transport_protocol_t *
#define REQUEST transport_request_t **

/* Versions, errors, the loop. */
#define LOOP_FUNCTIONS(F, S)                                                                                          \
  F(uint32_t, transport_version, void)                                                                                \
  F(const char *, transport_status_name, int)                                                                         \
  F(const char *, transport_status_text, int)                                                                         \
  F(const transport_error_t *, transport_last_error, void)                                                            \
  S(transport_loop_new, const transport_loop_options_t *, transport_loop_t **)                                        \
  S(transport_loop_free, transport_loop_t *)                                                                          \
  S(transport_loop_adopt, transport_loop_t *)                                                                         \
  S(transport_loop_run_forever, transport_loop_t *)                                                                   \
  S(transport_loop_run_until_idle, transport_loop_t *)                                                                \
  S(transport_loop_run_once, transport_loop_t *, uint64_t)                                                            \
  S(transport_loop_stop, transport_loop_t *)                                                                          \
  F(uint64_t, transport_loop_time, const transport_loop_t *)                                                          \
  S(transport_loop_call_soon, transport_loop_t *, transport_callback_t, void *, transport_timer_t **)                 \
  S(transport_loop_call_later, transport_loop_t *, uint64_t, transport_callback_t, void *, transport_timer_t **)      \
  S(transport_loop_call_at, transport_loop_t *, uint64_t, transport_callback_t, void *, transport_timer_t **)         \
  S(transport_timer_cancel, transport_timer_t *)                                                                      \
  S(transport_loop_call_soon_threadsafe, transport_loop_t *, transport_callback_t, void *)                            \
  S(transport_loop_add_reader, transport_loop_t *, intptr_t, transport_callback_t, void *)                            \
  S(transport_loop_add_writer, transport_loop_t *, intptr_t, transport_callback_t, void *)                            \
  F(bool, transport_loop_remove_reader, transport_loop_t *, intptr_t)                                                 \
  F(bool, transport_loop_remove_writer, transport_loop_t *, intptr_t)                                                 \
  S(transport_loop_add_signal_handler, transport_loop_t *, int, transport_signal_t, void *)                           \
  F(bool, transport_loop_remove_signal_handler, transport_loop_t *, int)                                              \
  S(transport_loop_getaddrinfo, transport_loop_t *, const char *, const char *, int, transport_resolved_t, void *,    \
    REQUEST)                                                                                                          \
  S(transport_loop_getnameinfo, transport_loop_t *, const struct sockaddr *, size_t, transport_named_t, void *,       \
    REQUEST)                                                                                                          \
  S(transport_loop_run_in_executor, transport_loop_t *, transport_callback_t, transport_done_t, void *, REQUEST)      \
  S(transport_request_cancel, transport_request_t *)                                                                  \
  S(transport_loop_set_exception_handler, transport_loop_t *, transport_exception_t, void *)                          \
  S(transport_loop_set_log_handler, transport_loop_t *, int, transport_log_t, void *)                                 \
  F(intptr_t, transport_loop_backend_fd, const transport_loop_t *)                                                    \
  F(uint64_t, transport_loop_backend_timeout, const transport_loop_t *)

/* Connections and servers. */
#define CONNECTION_FUNCTIONS(F, S)                                                                                    \
  S(transport_create_connection, transport_loop_t *, const transport_connect_options_t *, PROTOCOL, void *,           \
    transport_connected_t, void *, REQUEST)                                                                           \
  S(transport_create_server, transport_loop_t *, const transport_server_options_t *, PROTOCOL, transport_factory_t,   \
    void *, transport_server_t **)                                                                                    \
  S(transport_connect_accepted_socket, transport_loop_t *, const transport_accepted_options_t *, PROTOCOL, void *,    \
    transport_connected_t, void *, REQUEST)                                                                           \
  S(transport_start_tls, transport_t *, const transport_tls_options_t *, transport_done_t, void *)                    \
  S(transport_pair, transport_loop_t *, PROTOCOL, void *, PROTOCOL, void *, transport_t **, transport_t **)           \
  S(transport_server_close, transport_server_t *)                                                                     \
  S(transport_server_wait_closed, transport_server_t *, transport_done_t, void *)                                     \
  S(transport_server_close_clients, transport_server_t *)                                                             \
  S(transport_server_abort_clients, transport_server_t *)                                                             \
  S(transport_server_start_serving, transport_server_t *)                                                             \
  F(bool, transport_server_is_serving, const transport_server_t *)                                                    \
  F(uint16_t, transport_server_port, const transport_server_t *)

/* Transports and datagrams. */
#define TRANSPORT_FUNCTIONS(F, S)                                                                                     \
  F(bool, transport_is_closing, const transport_t *)                                                                  \
  S(transport_close, transport_t *)                                                                                   \
  S(transport_abort, transport_t *)                                                                                   \
  S(transport_reset, transport_t *)                                                                                   \
  S(transport_detach, transport_t *, intptr_t *)                                                                      \
  S(transport_write, transport_t *, const void *, size_t)                                                             \
  S(transport_writelines, transport_t *, const transport_slice_t *, size_t)                                           \
  S(transport_write_owned, transport_t *, const void *, size_t, transport_release_t, void *)                          \
  S(transport_write_eof, transport_t *)                                                                               \
  F(bool, transport_can_write_eof, const transport_t *)                                                               \
  F(size_t, transport_get_write_buffer_size, const transport_t *)                                                     \
  S(transport_get_write_buffer_limits, const transport_t *, size_t *, size_t *)                                       \
  S(transport_set_write_buffer_limits, transport_t *, size_t, size_t)                                                 \
  S(transport_pause_reading, transport_t *)                                                                           \
  S(transport_resume_reading, transport_t *)                                                                          \
  F(bool, transport_is_reading, const transport_t *)                                                                  \
  S(transport_set_protocol, transport_t *, PROTOCOL, void *)                                                          \
  F(void *, transport_get_protocol, const transport_t *)                                                              \
  F(transport_loop_t *, transport_get_loop, const transport_t *)                                                      \
  S(transport_get_extra_info, const transport_t *, const char *, transport_value_t *)                                 \
  S(transport_sendfile, transport_t *, intptr_t, uint64_t, uint64_t, transport_sent_t, void *)                        \
  S(transport_create_datagram_endpoint, transport_loop_t *, const transport_datagram_options_t *, PROTOCOL, void *,   \
    transport_connected_t, void *, REQUEST)                                                                           \
  S(transport_sendto, transport_t *, const void *, size_t, const struct sockaddr *, size_t)                           \
  S(transport_join_group, transport_t *, const char *, const char *)                                                  \
  S(transport_leave_group, transport_t *, const char *, const char *)

/* Pipes and subprocesses. */
#define PROCESS_FUNCTIONS(F, S)                                                                                       \
  S(transport_connect_read_pipe, transport_loop_t *, intptr_t, PROTOCOL, void *, transport_t **)                      \
  S(transport_connect_write_pipe, transport_loop_t *, intptr_t, PROTOCOL, void *, transport_t **)                     \
  S(transport_subprocess_exec, transport_loop_t *, const transport_subprocess_options_t *, PROTOCOL, void *,          \
    transport_t **)                                                                                                   \
  S(transport_subprocess_shell, transport_loop_t *, const char *, const transport_subprocess_options_t *, PROTOCOL,   \
    void *, transport_t **)                                                                                           \
  F(int64_t, transport_get_pid, const transport_t *)                                                                  \
  S(transport_get_returncode, const transport_t *, int64_t *)                                                         \
  F(transport_t *, transport_get_pipe_transport, const transport_t *, int)                                            \
  S(transport_send_signal, transport_t *, int)                                                                        \
  S(transport_terminate, transport_t *)                                                                               \
  S(transport_kill, transport_t *)

/* TLS configurations. */
#define TLS_FUNCTIONS(F, S)                                                                                           \
  S(transport_tls_client_config_new, transport_tls_config_t **)                                                       \
  S(transport_tls_server_config_new, transport_tls_config_t **)                                                       \
  S(transport_tls_config_free, transport_tls_config_t *)                                                              \
  S(transport_tls_config_load_cert_chain, transport_tls_config_t *, const char *, const char *)                       \
  S(transport_tls_config_load_cert_chain_pem, transport_tls_config_t *, const void *, size_t, const void *, size_t)   \
  S(transport_tls_config_reload_cert_chain, transport_tls_config_t *, const char *, const char *)                     \
  S(transport_tls_config_load_verify_locations, transport_tls_config_t *, const char *)                               \
  S(transport_tls_config_load_verify_pem, transport_tls_config_t *, const void *, size_t)                             \
  S(transport_tls_config_load_crls_pem, transport_tls_config_t *, const void *, size_t)                               \
  S(transport_tls_config_set_alpn, transport_tls_config_t *, const char *const *, size_t)                             \
  S(transport_tls_config_set_client_auth, transport_tls_config_t *, int)                                              \
  S(transport_tls_config_set_min_version, transport_tls_config_t *, int)                                              \
  S(transport_tls_config_set_keylog, transport_tls_config_t *, transport_keylog_t, void *)                            \
  S(transport_tls_config_dangerous_disable_verification, transport_tls_config_t *)

/* A second declaration of a function must agree with the header's. */
#define DECLARE(result, name, ...) result name(__VA_ARGS__);
#define DECLARE_STATUS(name, ...) transport_status_t name(__VA_ARGS__);
#define ADDRESS(result, name, ...) (void (*)(void))name,
#define ADDRESS_STATUS(name, ...) (void (*)(void))name,
#define ALL_FUNCTIONS(F, S)                                                                                           \
  LOOP_FUNCTIONS(F, S) CONNECTION_FUNCTIONS(F, S) TRANSPORT_FUNCTIONS(F, S) PROCESS_FUNCTIONS(F, S) TLS_FUNCTIONS(F, S)

ALL_FUNCTIONS(DECLARE, DECLARE_STATUS)

static void (*const functions[])(void) = {ALL_FUNCTIONS(ADDRESS, ADDRESS_STATUS)};

int main(void) {
  size_t count = sizeof functions / sizeof functions[0];
  for (size_t i = 0; i < count; i++)
    if (!functions[i]) return 1;
  printf("%zu functions\n", count);
  return 0;
}
