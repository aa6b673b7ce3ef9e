/* libtransport: asyncio's transports and protocols for C and C++.
 *
 * Generated from the Rust source by cbindgen: change src/ffi, then `make header`.
 *
 * A program makes a loop, registers protocols (structs of callbacks) with servers and connections, and runs the loop; the
 * loop calls the protocols on connection, data, end of stream and flow-control events, and gives them transports to write
 * to. What holds for every function unless it says otherwise:
 *
 * Handles are tickets, not addresses. A handle that is NULL, stale or of another kind is TRANSPORT_EHANDLE, however late;
 * functions without a status answer it with: is_closing true, other bools false, sizes, ports and times 0, pid and
 * descriptors -1, pointers NULL. The library allocates and frees; a program frees only what a *_new gave it.
 *
 * Threads. A loop and everything on it belong to one thread: the one that made it, or that adopted it since. A call from
 * another thread, or from a forked child, is TRANSPORT_ETHREAD and does nothing. Functions marked "Any thread" are free.
 *
 * Callbacks run from the loop (and from transport_loop_free), never inside the call that causes them; only pause_writing
 * runs inside write, writelines, write_owned and set_write_buffer_limits (and transport_loop_dump calls the function it is
 * given). A callback may call anything but
 * transport_loop_run_* of any loop and transport_loop_free of its own: TRANSPORT_ESTATE.
 *
 * Closing. Each connection_made is followed by exactly one connection_lost, always the last callback of the handle and
 * never inside transport_close or transport_abort. Then the handle is stale.
 *
 * Errors. A call answers TRANSPORT_OK or a negative TRANSPORT_E*; on failure outputs are untouched. Checks come in this
 * order: ETHREAD, EHANDLE, ENOTSUP, EINVAL, ESTATE, ECLOSED, ELIMIT, ENOMEM, then the operation's own.
 * transport_last_error explains. Callbacks get a transport_error_t, NULL for a clean end. Nothing goes through errno,
 * nothing is printed. A failed allocation of small bookkeeping memory aborts the process, as in any Rust program; sizes
 * that a peer or the program chooses fail with TRANSPORT_ENOMEM.
 *
 * Structs that start with size are filled in by the program: size is sizeof the struct, zero the default elsewhere.
 * Durations are nanoseconds in uint64_t, lengths bytes in size_t, text is UTF-8. Numbers of rules (B4) refer to the tests.
 */

#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && !defined(TRANSPORT_STATIC)
#define TRANSPORT_API __declspec(dllimport)
#else
#define TRANSPORT_API
#endif

struct sockaddr; /* no platform header is needed to include this one */

#define TRANSPORT_MS(n) ((uint64_t)(n) * 1000000u)     /* durations are nanoseconds */
#define TRANSPORT_SEC(n) ((uint64_t)(n) * 1000000000u)
#define TRANSPORT_DEFAULT SIZE_MAX                     /* a water mark left at its default */
#define TRANSPORT_ON 1                                 /* switches are int: 0 default, 1 on, -1 off */
#define TRANSPORT_OFF (-1)

#define TRANSPORT_VERSION_MAJOR 0

#define TRANSPORT_VERSION_MINOR 1

#define TRANSPORT_VERSION_PATCH 0

// No timeout; 0 is the default one.
#define TRANSPORT_FOREVER UINT64_MAX

// Levels of log lines. A log handler gets those up to its level.
#define TRANSPORT_LOG_ERROR 1

#define TRANSPORT_LOG_WARNING 2

#define TRANSPORT_LOG_INFO 3

#define TRANSPORT_LOG_DEBUG 4

#define TRANSPORT_VALUE_NONE 0

#define TRANSPORT_VALUE_INT 1

#define TRANSPORT_VALUE_TEXT 2

#define TRANSPORT_VALUE_BYTES 3

#define TRANSPORT_VALUE_ADDRESS 4

#define TRANSPORT_VALUE_CIPHER 5

#define TRANSPORT_VALUE_POINTER 6

#define TRANSPORT_STDIO_PIPE 0

#define TRANSPORT_STDIO_INHERIT 1

#define TRANSPORT_STDIO_NULL 2

#define TRANSPORT_STDIO_STDOUT 3

#define TRANSPORT_STDIO_FD 4

#define TRANSPORT_TLS_1_2 771

#define TRANSPORT_TLS_1_3 772

#define TRANSPORT_CLIENT_AUTH_NONE 0

#define TRANSPORT_CLIENT_AUTH_OPTIONAL 1

#define TRANSPORT_CLIENT_AUTH_REQUIRED 2

// What a call answers. Zero is success; every failure is negative. Functions only return it: what C passes is checked
// as an int.
typedef enum transport_status_t {
  TRANSPORT_OK = 0,
  // An argument breaks its contract.
  TRANSPORT_EINVAL = -1,
  // NULL, stale, or of another kind.
  TRANSPORT_EHANDLE = -2,
  // Called off the loop's thread, or in a forked child.
  TRANSPORT_ETHREAD = -3,
  // Not now: write after write_eof, run inside a callback, still running, ...
  TRANSPORT_ESTATE = -4,
  // Closing or lost: nothing was queued.
  TRANSPORT_ECLOSED = -5,
  // This kind of transport, or this platform, or this release, cannot.
  TRANSPORT_ENOTSUP = -6,
  TRANSPORT_ENOMEM = -7,
  // A hard limit that the user set.
  TRANSPORT_ELIMIT = -8,
  TRANSPORT_ECANCELED = -9,
  TRANSPORT_ETIMEDOUT = -10,
  // Host or service not found: os_code is the resolver's (EAI_*).
  TRANSPORT_ERESOLVE = -11,
  // The operating system said no: os_code.
  TRANSPORT_EIO = -12,
  // Handshake, certificate or record: detail, tls_alert.
  TRANSPORT_ETLS = -13,
  // TLS: the peer ended without close_notify.
  TRANSPORT_ETRUNCATED = -14,
  // A bug in this library: it ended at most the transport concerned.
  TRANSPORT_EPANIC = -15,
} transport_status_t;

// A loop. It and everything on it belong to one thread: the one that made it, until another adopts it.
typedef struct transport_loop_t transport_loop_t;

// An operation under way. The handle is stale once its done has begun to run.
typedef struct transport_request_t transport_request_t;

// A server: listening sockets and the connections they accepted. The handle is stale when the server is closed, its last
// connection is lost and the loop has run since.
typedef struct transport_server_t transport_server_t;

// A stream, datagram endpoint, pipe or subprocess; in this release a TCP connection. Valid from its connection_made until
// its connection_lost has returned; after that every call answers TRANSPORT_EHANDLE.
typedef struct transport_t transport_t;

// A pending call_soon, call_later or call_at. The handle is stale once its function has begun to run, and at the end of
// the turn in which it was cancelled.
typedef struct transport_timer_t transport_timer_t;

// A TLS configuration. Not in this release: none can be made.
typedef struct transport_tls_config_t transport_tls_config_t;

// Why something failed. Made by the library only; fields are appended in later releases, never moved.
typedef struct transport_error_t {
  enum transport_status_t status;
  // errno, WSA or GAI code; 0 none.
  int os_code;
  // RFC 8446 alert sent or received; -1 none.
  int tls_alert;
  // Stable reason: TRANSPORT_TLS_*, TRANSPORT_RESOLVE_*; 0 none.
  int detail;
  // Layer, cause, remedy: one line of UTF-8; never NULL.
  const char *message;
} transport_error_t;

// Options of a loop.
typedef struct transport_loop_options_t {
  // sizeof(transport_loop_options_t).
  size_t size;
  // Switch, off by default: the log handler is told (TRANSPORT_LOG_WARNING) of callbacks that took longer than 100 ms, of
  // calls that failed and why, and of what is still open at transport_loop_free. Costs some time in every callback.
  int debug;
} transport_loop_options_t;

// A function to call once: call_soon, timers, posts from other threads.
typedef void (*transport_callback_t)(void *arg);

// Told of a signal, on the loop's thread, never in signal context.
typedef void (*transport_signal_t)(void *arg, int signum);

// Told the addresses of a name.
typedef void (*transport_resolved_t)(void *arg,
                                     const struct sockaddr *const *addresses,
                                     const size_t *address_lens,
                                     size_t count,
                                     const struct transport_error_t *error);

// Told the names of an address.
typedef void (*transport_named_t)(void *arg,
                                  const char *host,
                                  const char *service,
                                  const struct transport_error_t *error);

// Told that something has ended; error is NULL when it ended well, and valid during the call only.
typedef void (*transport_done_t)(void *arg, const struct transport_error_t *error);

// Told of a failure that no other callback could be told. transport may be NULL; error is valid during the call only.
typedef void (*transport_exception_t)(void *arg,
                                      struct transport_loop_t *loop,
                                      struct transport_t *transport,
                                      const struct transport_error_t *error);

// Told a line for the log, at one of the TRANSPORT_LOG_* levels; message is valid during the call only.
typedef void (*transport_log_t)(void *arg, int level, const char *message);

// Options of transport_create_connection. Zero means the default everywhere but for size. Fields marked "later" must be
// zero in this release (TRANSPORT_ENOTSUP).
typedef struct transport_connect_options_t {
  // sizeof(transport_connect_options_t).
  size_t size;
  // Name or numeric address; names are looked up off the loop's thread.
  const char *host;
  // Instead of host and port: the path of a Unix socket.
  const char *path;
  // Bytes of path; 0: strlen. Abstract names (Linux) begin with a NUL.
  size_t path_len;
  // Instead of host and path: a connected stream socket of the program's; 0 none. It becomes the library's when the call
  // answers TRANSPORT_OK.
  intptr_t socket;
  // Address, or a name of this machine, that the connection comes from; NULL: the system chooses. Of its addresses each
  // attempt uses the first of its own family.
  const char *local_host;
  uint16_t port;
  // The port that the connection comes from; 0: the system chooses.
  uint16_t local_port;
  // 0 any, AF_INET, AF_INET6.
  int family;
  // How many addresses of the first family are tried before the families take turns; 0: 1, or the resolver's order when
  // happy_eyeballs_delay is TRANSPORT_FOREVER.
  int interleave;
  // Switch: TCP_NODELAY, on by default.
  int nodelay;
  // Switch: SO_KEEPALIVE, off by default.
  int keepalive;
  // Switch, TLS only, off by default.
  int tolerate_truncation;
  // How long an attempt is waited for before the next address is tried beside it (RFC 8305); an attempt that fails starts
  // the next at once. 0: 250 ms; TRANSPORT_FOREVER: one after the other; less than 10 ms is 10 ms. Nanoseconds, as all
  // durations.
  uint64_t happy_eyeballs_delay;
  // How long looking up and connecting may take together, else done gets TRANSPORT_ETIMEDOUT; 0: no limit but the
  // system's.
  uint64_t connect_timeout;
  // How long the bytes left after a close may take to be sent, else the connection is dropped with
  // TRANSPORT_ETIMEDOUT; 0: none.
  uint64_t close_timeout;
  // How long the connection may be without a byte in either direction, else it is dropped with TRANSPORT_ETIMEDOUT; 0:
  // none. Bytes that are not read because of transport_pause_reading do not count.
  uint64_t idle_timeout;
  // Bytes; 0: none. A write that would make more than this wait is TRANSPORT_ELIMIT.
  size_t write_buffer_cap;
  // Later. NULL: plain.
  const struct transport_tls_config_t *tls;
  // TLS only. NULL: host.
  const char *server_hostname;
  // TLS only; 0: 60 s.
  uint64_t tls_handshake_timeout;
  // TLS only; 0: 30 s.
  uint64_t tls_shutdown_timeout;
} transport_connect_options_t;

// What happens on a transport, told in this order: connection_made, then data_received any number of times, then
// eof_received at most once, then connection_lost; each of the first and the last exactly once. user is the protocol
// instance, asyncio's self; transport is the handle that the call is about, valid until connection_lost has returned.
// The table is copied when it is given. Any callback may be NULL and then does what asyncio's empty method does. Callbacks
// run on the loop's thread, from the loop, and must return: no longjmp, no C++ exception, no pthread_exit.
typedef struct transport_protocol_t {
  // sizeof(transport_protocol_t).
  size_t size;
  // The transport is open. Reading starts when this has returned.
  void (*connection_made)(void *user, struct transport_t *transport);
  // The transport has ended: the last callback. error is NULL after a clean end (the peer's end of stream, close,
  // abort) and valid during the call only.
  void (*connection_lost)(void *user, struct transport_t *transport, const struct transport_error_t *error);
  // More than the high mark waits to be sent. The only callback that runs inside a call: the write, writelines,
  // write_owned or set_write_buffer_limits that did it.
  void (*pause_writing)(void *user, struct transport_t *transport);
  // What waits has shrunk to the low mark.
  void (*resume_writing)(void *user, struct transport_t *transport);
  // len bytes, at least one, valid during the call only.
  void (*data_received)(void *user, struct transport_t *transport, const uint8_t *data, size_t len);
  // The peer has ended its side. True keeps the transport open for writing until the program closes it; false (and a
  // NULL callback) closes it once all is sent.
  bool (*eof_received)(void *user, struct transport_t *transport);
  // Makes the protocol a buffered one: before each read it is asked for memory to read into, and data_received is never
  // called. Returns it, and its size in *len; size_hint is what the library would take. The memory is the library's
  // until buffer_updated is called or the read ends without it (nothing to read, end of stream). NULL or *len 0: the
  // transport ends with TRANSPORT_EINVAL. Rules G1 to G8.
  void *(*get_buffer)(void *user, struct transport_t *transport, size_t size_hint, size_t *len);
  // len bytes, at least one, have come into the memory that get_buffer gave last.
  void (*buffer_updated)(void *user, struct transport_t *transport, size_t len);
  // Datagrams: not called in this release.
  void (*datagram_received)(void *user,
                            struct transport_t *transport,
                            const uint8_t *data,
                            size_t len,
                            const struct sockaddr *address,
                            size_t address_len);
  // Datagrams: not called in this release.
  void (*error_received)(void *user, struct transport_t *transport, const struct transport_error_t *error);
  // Subprocesses: not called in this release.
  void (*pipe_data_received)(void *user, struct transport_t *transport, int fd, const uint8_t *data, size_t len);
  // Subprocesses: not called in this release.
  void (*pipe_connection_lost)(void *user, struct transport_t *transport, int fd, const struct transport_error_t *error);
  // Subprocesses: not called in this release.
  void (*process_exited)(void *user, struct transport_t *transport);
} transport_protocol_t;

// Told how a create call ended: the transport after its connection_made and a NULL error, or NULL and why. error is valid
// during the call only.
typedef void (*transport_connected_t)(void *arg, struct transport_t *transport, const struct transport_error_t *error);

// Options of transport_connect_accepted_socket. Zero means the default everywhere but for size; those that have the name
// of one of transport_connect_options_t mean the same.
typedef struct transport_accepted_options_t {
  // sizeof(transport_accepted_options_t).
  size_t size;
  // A connected stream socket: TCP or Unix.
  intptr_t socket;
  int nodelay;
  int keepalive;
  int tolerate_truncation;
  size_t write_buffer_cap;
  uint64_t close_timeout;
  uint64_t idle_timeout;
  // Later. NULL: plain.
  const struct transport_tls_config_t *tls;
  uint64_t tls_handshake_timeout;
  uint64_t tls_shutdown_timeout;
} transport_accepted_options_t;

// Options of transport_start_tls, which is not in this release.
typedef struct transport_tls_options_t {
  size_t size;
  const struct transport_tls_config_t *tls;
  const char *server_hostname;
  // Switch, off by default.
  int server_side;
  int tolerate_truncation;
  // Ciphertext already received as plain data; NULL: none.
  const void *unread;
  size_t unread_len;
  uint64_t handshake_timeout;
  uint64_t shutdown_timeout;
} transport_tls_options_t;

// Options of transport_create_server. Zero means the default everywhere but for size. Fields marked "later" must be zero
// in this release (TRANSPORT_ENOTSUP).
typedef struct transport_server_options_t {
  // sizeof(transport_server_options_t).
  size_t size;
  // NULL: all interfaces, both families; numeric, "localhost", or several with commas. Other names are looked up inside
  // the call, which blocks.
  const char *host;
  // Instead of host and port: where a Unix socket is made. A socket file left by an earlier program is replaced; closing
  // the server removes its own.
  const char *path;
  // Bytes of path; 0: strlen. Abstract names (Linux) begin with a NUL.
  size_t path_len;
  // Instead of host and path: a stream socket of the program's, bound or listening; 0 none. It becomes the library's
  // when the call answers TRANSPORT_OK.
  intptr_t socket;
  // 0: any free one, for each address its own.
  uint16_t port;
  // 0 any, AF_INET, AF_INET6.
  int family;
  // Connections that the system queues; 0: 1024.
  int backlog;
  // Switch: SO_REUSEADDR, on by default.
  int reuse_address;
  // Switch: SO_REUSEPORT, off by default.
  int reuse_port;
  // Switch, on by default; off: connections are refused until transport_server_start_serving.
  int start_serving;
  // Switch: TCP_NODELAY, on by default.
  int nodelay;
  // Switch: SO_KEEPALIVE, off by default.
  int keepalive;
  // Switch, TLS only, off by default.
  int tolerate_truncation;
  // Open connections beyond which the server stops accepting until one of them has ended; 0: none. Those that come
  // meanwhile wait in the system's queue (backlog).
  size_t max_connections;
  // TLS only; 0: a sane default.
  size_t max_handshakes;
  // Bytes; 0: none. A write that would make more than this wait is TRANSPORT_ELIMIT.
  size_t write_buffer_cap;
  // Of each connection: see transport_connect_options_t.
  uint64_t close_timeout;
  // Of each connection: see transport_connect_options_t.
  uint64_t idle_timeout;
  // Later. NULL: plain.
  const struct transport_tls_config_t *tls;
  // TLS only; 0: 60 s.
  uint64_t tls_handshake_timeout;
  // TLS only; 0: 30 s.
  uint64_t tls_shutdown_timeout;
} transport_server_options_t;

// Makes the user pointer of a new connection, directly before its connection_made; NULL refuses the connection. What it
// returns gets exactly one connection_made and one connection_lost, where it can be freed.
typedef void *(*transport_factory_t)(void *arg);

// One piece of a writelines. Frozen.
typedef struct transport_slice_t {
  const void *data;
  size_t len;
} transport_slice_t;

// Given back the bytes of a write_owned.
typedef void (*transport_release_t)(void *arg);

// What transport_get_extra_info answers. Frozen; written by the library only. What it points to is borrowed: valid until
// the outermost callback returns, or, when got outside callbacks, until the loop next runs or is freed.
typedef struct transport_value_t {
  // TRANSPORT_VALUE_*.
  int32_t kind;
  // CIPHER: secret bits.
  int32_t bits;
  // INT: descriptor, pid, 0 or 1.
  int64_t number;
  // TEXT (UTF-8, NUL behind), BYTES, ADDRESS (struct sockaddr), CIPHER (its name), POINTER.
  const void *data;
  // Bytes at data.
  size_t len;
  // CIPHER: "TLSv1.3".
  const char *protocol;
  uint64_t reserved[3];
} transport_value_t;

// Told how many bytes a sendfile sent.
typedef void (*transport_sent_t)(void *arg, uint64_t sent, const struct transport_error_t *error);

// What transport_loop_stats answers. Fields are appended in later releases.
typedef struct transport_loop_stats_t {
  // sizeof(transport_loop_stats_t), set by the caller.
  size_t size;
  // Since the loop was made: turns run, callbacks run from it, bytes received and sent by all transports.
  uint64_t turns;
  uint64_t callbacks;
  uint64_t bytes_received;
  uint64_t bytes_sent;
  // Since the loop was made: transports, by any way.
  uint64_t transports_made;
  // Now: transports, servers, requests, timers, and calls queued for the next turn.
  uint64_t transports;
  uint64_t servers;
  uint64_t requests;
  uint64_t timers;
  uint64_t queued;
} transport_loop_stats_t;

// What transport_stats answers. Fields are appended in later releases.
typedef struct transport_stats_t {
  // sizeof(transport_stats_t), set by the caller.
  size_t size;
  // Bytes delivered to the protocol, and bytes that the system has taken.
  uint64_t bytes_received;
  uint64_t bytes_sent;
  // Bytes that wait to be sent, those gathered in the running callback included.
  uint64_t bytes_queued;
} transport_stats_t;

// Options of transport_create_datagram_endpoint, which is not in this release.
typedef struct transport_datagram_options_t {
  size_t size;
  const char *local_host;
  const char *remote_host;
  const char *local_path;
  const char *remote_path;
  size_t local_path_len;
  size_t remote_path_len;
  uint16_t local_port;
  uint16_t remote_port;
  intptr_t socket;
  int family;
  int reuse_port;
  int allow_broadcast;
  size_t write_buffer_cap;
} transport_datagram_options_t;

// Options of transport_subprocess_exec and _shell, which are not in this release.
typedef struct transport_subprocess_options_t {
  size_t size;
  // Ends with NULL; argv[0] is looked up in PATH.
  const char *const *argv;
  // NULL: inherit.
  const char *const *envp;
  // NULL: inherit.
  const char *cwd;
  int stdin_mode;
  int stdout_mode;
  int stderr_mode;
  // For TRANSPORT_STDIO_FD.
  intptr_t stdin_fd;
  intptr_t stdout_fd;
  intptr_t stderr_fd;
  // Switches, off by default.
  int new_session;
  int new_process_group;
  // Switches: use the three below.
  int set_uid;
  int set_gid;
  int set_umask;
  uint32_t uid;
  uint32_t gid;
  uint32_t umask;
  const intptr_t *pass_fds;
  size_t pass_fds_count;
} transport_subprocess_options_t;

// Told one line of the NSS key log.
typedef void (*transport_keylog_t)(void *arg, const char *line);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Names a status: "TRANSPORT_ECLOSED". Any int may be given; an unknown one is "TRANSPORT_UNKNOWN". Never NULL; the text
// lives as long as the library. Any thread.
TRANSPORT_API
const char *transport_status_name(int status);

// Explains a status in one sentence. Any int may be given. Never NULL; the text lives as long as the library. Any thread.
TRANSPORT_API
const char *transport_status_text(int status);

// Explains the last call of this thread that failed. Never NULL: before any failure its status is TRANSPORT_OK. Valid
// until the thread's next failing call. Functions that answer no status explain a failure here too. Any thread.
TRANSPORT_API const struct transport_error_t *transport_last_error(void);

// Answers the version of the loaded library as 0xMMmmpp. Compare with TRANSPORT_VERSION_* of the header. Any thread.
TRANSPORT_API uint32_t transport_version(void);

// Makes a loop that belongs to the calling thread. options may be NULL. *out is to be freed with transport_loop_free.
// A process holds at most 254 loops (TRANSPORT_ELIMIT). TRANSPORT_EINVAL: out is NULL or options are malformed;
// TRANSPORT_EIO: no descriptors; TRANSPORT_ENOMEM. Any thread.
TRANSPORT_API
enum transport_status_t transport_loop_new(const struct transport_loop_options_t *options,
                                           struct transport_loop_t **out);

// Ends a loop and everything on it. Runs callbacks: pending done callbacks get TRANSPORT_ECANCELED, transports are aborted
// and get connection_lost(TRANSPORT_ECANCELED), functions accepted by call_soon and call_soon_threadsafe run; timers and
// signal handlers are dropped. New work asked for meanwhile is refused with TRANSPORT_ECLOSED. NULL is TRANSPORT_OK; a
// second free TRANSPORT_EHANDLE. TRANSPORT_ESTATE: called inside a callback of this loop. Rules S7, S8.
TRANSPORT_API
enum transport_status_t transport_loop_free(struct transport_loop_t *loop);

// The calling thread takes over an idle loop with everything on it, also one whose thread has ended. TRANSPORT_OK when it
// is the caller's already. TRANSPORT_ESTATE: somebody is inside the loop. Any thread; TRANSPORT_ETHREAD in a forked child.
TRANSPORT_API
enum transport_status_t transport_loop_adopt(struct transport_loop_t *loop);

// Runs turns until transport_loop_stop. A turn runs what was queued, then what input and output allow, then due timers.
// TRANSPORT_ESTATE: inside a callback, of this loop or another. Rules S1, S2, S4 to S6.
TRANSPORT_API enum transport_status_t transport_loop_run_forever(struct transport_loop_t *loop);

// Runs turns until no transport, server, request, timer or posted function is left, or transport_loop_stop. Signal
// handlers do not keep it running. TRANSPORT_ESTATE as for transport_loop_run_forever.
TRANSPORT_API enum transport_status_t transport_loop_run_until_idle(struct transport_loop_t *loop);

// Runs one turn, waiting at most timeout nanoseconds for something to do: 0 polls, TRANSPORT_FOREVER waits. TRANSPORT_OK
// also when nothing happened. TRANSPORT_ESTATE as for transport_loop_run_forever.
TRANSPORT_API
enum transport_status_t transport_loop_run_once(struct transport_loop_t *loop,
                                                uint64_t timeout);

// Lets the running turn finish and then the run return; a loop that does not run returns from its next run after one turn.
// Any thread, also racing transport_loop_free (TRANSPORT_ECLOSED, TRANSPORT_EHANDLE). Rules S4, S5.
TRANSPORT_API
enum transport_status_t transport_loop_stop(struct transport_loop_t *loop);

// Answers the loop's clock: monotonic nanoseconds, the clock of call_at. 0 for a dead handle. Rule S11.
TRANSPORT_API uint64_t transport_loop_time(const struct transport_loop_t *loop);

// Queues fn(arg) for the next turn, first in, first out. out may be NULL; else *out is a timer that can be cancelled.
// TRANSPORT_EINVAL: fn is NULL; TRANSPORT_ECLOSED: the loop is being freed. Rules S1, S3.
TRANSPORT_API
enum transport_status_t transport_loop_call_soon(struct transport_loop_t *loop,
                                                 transport_callback_t fn,
                                                 void *arg,
                                                 struct transport_timer_t **out);

// Runs fn(arg) once, delay nanoseconds from now or later, never earlier; equal deadlines first in, first out. out may be
// NULL. TRANSPORT_EINVAL: fn is NULL; TRANSPORT_ECLOSED: the loop is being freed. Rules T1 to T7.
TRANSPORT_API
enum transport_status_t transport_loop_call_later(struct transport_loop_t *loop,
                                                  uint64_t delay,
                                                  transport_callback_t fn,
                                                  void *arg,
                                                  struct transport_timer_t **out);

// As transport_loop_call_later, at a time of transport_loop_time. A time in the past is as soon as possible.
TRANSPORT_API
enum transport_status_t transport_loop_call_at(struct transport_loop_t *loop,
                                               uint64_t when,
                                               transport_callback_t fn,
                                               void *arg,
                                               struct transport_timer_t **out);

// Has the function not run. A second cancel in the same turn is TRANSPORT_OK too; after it has run, or in a later turn,
// TRANSPORT_EHANDLE. Rule S3.
TRANSPORT_API enum transport_status_t transport_timer_cancel(struct transport_timer_t *timer);

// Queues fn(arg) like transport_loop_call_soon, from any thread, and wakes the loop. TRANSPORT_OK means that it will run,
// also when the loop is freed first (then inside transport_loop_free). What arg points to is the program's to synchronize.
// TRANSPORT_EINVAL: fn is NULL; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EHANDLE: it is gone. Any thread;
// TRANSPORT_ETHREAD in a forked child. Rule S9.
TRANSPORT_API
enum transport_status_t transport_loop_call_soon_threadsafe(struct transport_loop_t *loop,
                                                            transport_callback_t fn,
                                                            void *arg);

// Calls fn(arg) from the loop, once a turn, as long as fd can be read, its end included; replaces this loop's earlier
// reader for it. For descriptors of other libraries: pipes, event and timer descriptors, sockets, terminals. The
// descriptor stays the program's: remove the reader before closing it. Readers do not keep transport_loop_run_until_idle
// running. TRANSPORT_EINVAL: fn is NULL, or fd is no open descriptor, or one of a transport of this loop; TRANSPORT_EIO: it
// cannot be waited for (a regular file); TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_ENOTSUP on Windows. Rules
// U1 to U7.
TRANSPORT_API
enum transport_status_t transport_loop_add_reader(struct transport_loop_t *loop,
                                                  intptr_t fd,
                                                  transport_callback_t fn,
                                                  void *arg);

// As transport_loop_add_reader, as long as fd can be written, or has failed. Reader and writer of one descriptor are
// independent; in one turn the reader comes first. Rules U1 to U7.
TRANSPORT_API
enum transport_status_t transport_loop_add_writer(struct transport_loop_t *loop,
                                                  intptr_t fd,
                                                  transport_callback_t fn,
                                                  void *arg);

// Ends add_reader; true when there was one. It does not run any more, even if it was due in this turn. False, and nothing
// more, for any other descriptor and for a dead handle. Rules U3, U6, U7.
TRANSPORT_API
bool transport_loop_remove_reader(struct transport_loop_t *loop,
                                  intptr_t fd);

// Ends add_writer, as transport_loop_remove_reader ends add_reader.
TRANSPORT_API bool transport_loop_remove_writer(struct transport_loop_t *loop, intptr_t fd);

// Calls fn(arg, signum) on the loop's thread when the process gets the signal; replaces this loop's earlier handler for
// it. Every loop that asked for a number is told; signals of one number that come close together may be told once. The
// disposition found when the first loop asks is put back when the last one stops asking. TRANSPORT_EINVAL: fn is NULL, or
// the signal does not exist or cannot be caught; TRANSPORT_EIO: no descriptors. Rules V1 to V7.
TRANSPORT_API
enum transport_status_t transport_loop_add_signal_handler(struct transport_loop_t *loop,
                                                          int signum,
                                                          transport_signal_t fn,
                                                          void *arg);

// Ends add_signal_handler; true when there was one. Rule V4.
TRANSPORT_API bool transport_loop_remove_signal_handler(struct transport_loop_t *loop, int signum);

// Looks up addresses as getaddrinfo(3) does, for streams, each address once, in the resolver's order. host or service may be
// NULL, not both; family is 0, AF_INET or AF_INET6. done(arg, addresses, address_lens, count, NULL) comes from the loop; on
// failure count is 0 and error tells why: TRANSPORT_ERESOLVE (os_code is EAI_*) or TRANSPORT_ECANCELED. The addresses are
// valid during done. A name is asked for on another thread, so that a resolver that hangs holds up nobody; a numeric host
// with a numeric service needs none. *out (NULL allowed) is a request for transport_request_cancel, which may be called
// from a timer to set a deadline.
//
// Answers: TRANSPORT_EINVAL: done is NULL, host and service both are, family is another, or a text is not UTF-8;
// TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: no thread. Rules J2, X1, X2.
TRANSPORT_API
enum transport_status_t transport_loop_getaddrinfo(struct transport_loop_t *loop,
                                                   const char *host,
                                                   const char *service,
                                                   int family,
                                                   transport_resolved_t done,
                                                   void *arg,
                                                   struct transport_request_t **out);

// Looks up the host and the service of an IPv4 or IPv6 address, as getnameinfo(3) does: names where there are any, else
// numbers. done(arg, host, service, NULL) comes from the loop; on failure both are NULL and error tells why. The texts are
// valid during done; the address is copied. *out as for transport_loop_getaddrinfo.
//
// Answers: TRANSPORT_EINVAL: done or address is NULL, or the address is of another family or too short; TRANSPORT_ECLOSED:
// the loop is being freed; TRANSPORT_EIO: no thread. Rules X1, X2.
TRANSPORT_API
enum transport_status_t transport_loop_getnameinfo(struct transport_loop_t *loop,
                                                   const struct sockaddr *address,
                                                   size_t address_len,
                                                   transport_named_t done,
                                                   void *arg,
                                                   struct transport_request_t **out);

// Calls work(arg) on a thread of a small pool, for what would block the loop, then done(arg, NULL) from the loop. done may
// be NULL. The pool has at most four threads, made when they are needed and ended with the loop, with all signals blocked;
// a look-up that hangs does not hold it up. *out (NULL allowed) is a request for transport_request_cancel: work that has
// not begun never runs; work that has cannot be stopped. done gets TRANSPORT_ECANCELED either way, after work has returned,
// so that arg can be freed there. transport_loop_free waits for work that has begun, whose done gets NULL, and cancels the
// rest.
//
// Answers: TRANSPORT_EINVAL: work is NULL; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: no thread. Rules X3,
// X4.
TRANSPORT_API
enum transport_status_t transport_loop_run_in_executor(struct transport_loop_t *loop,
                                                       transport_callback_t work,
                                                       transport_done_t done,
                                                       void *arg,
                                                       struct transport_request_t **out);

// Ends an operation early; its done gets TRANSPORT_ECANCELED, from the loop. A connection that was made meanwhile is
// aborted; one whose connection_made has not run is never heard of. Work of the executor that has begun goes on, and done
// comes after it. A second cancel before done is TRANSPORT_OK. TRANSPORT_EHANDLE: done has run. Rules J13, X2.
TRANSPORT_API
enum transport_status_t transport_request_cancel(struct transport_request_t *request);

// Has fn told of failures that no callback could be told, such as a server out of descriptors; NULL ends that. Without a
// handler such failures are lines for the log handler, at TRANSPORT_LOG_ERROR. Rules F10, K16.
TRANSPORT_API
enum transport_status_t transport_loop_set_exception_handler(struct transport_loop_t *loop,
                                                             transport_exception_t fn,
                                                             void *arg);

// Has fn told the library's log lines up to level (TRANSPORT_LOG_*); NULL ends that. Without a handler nothing is logged:
// the library never prints. TRANSPORT_EINVAL: level is none of TRANSPORT_LOG_*.
TRANSPORT_API
enum transport_status_t transport_loop_set_log_handler(struct transport_loop_t *loop,
                                                       int level,
                                                       transport_log_t fn,
                                                       void *arg);

// Answers a descriptor for a foreign loop to poll for reading: when it is readable, or the time of
// transport_loop_backend_timeout is over, transport_loop_run_once(loop, 0) has work. Ask for the timeout again after each
// run_once and after any other call on the loop. The descriptor is the library's: poll it, nothing else. -1 for a dead
// handle, and on Windows.
TRANSPORT_API
intptr_t transport_loop_backend_fd(const struct transport_loop_t *loop);

// Answers the nanoseconds until something is due: 0 when there is work now, TRANSPORT_FOREVER when nothing is planned.
// 0 for a dead handle.
TRANSPORT_API uint64_t transport_loop_backend_timeout(const struct transport_loop_t *loop);

// Connects to a TCP server, or to a Unix socket, or takes over a connected socket. The addresses of the host are tried as
// happy_eyeballs_delay says; the first that connects gets connection_made, then done(arg, transport, NULL), and the other
// attempts are closed. When none does: done(arg, NULL, error), and the protocol hears nothing. The error lists every
// address tried. done may be NULL; it never runs inside this call. *out (NULL allowed) is a request that
// transport_request_cancel ends. The protocol table and all options are copied.
//
// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, not exactly one of host, path and socket, or a socket
// that is no connected stream socket; TRANSPORT_ENOTSUP: an option of a later release; TRANSPORT_ECLOSED: the loop is being
// freed; TRANSPORT_EIO: no thread for the name. done gets TRANSPORT_ERESOLVE: name not found (os_code is EAI_*);
// TRANSPORT_EIO: not connected (os_code of the first address); TRANSPORT_ETIMEDOUT: connect_timeout; TRANSPORT_ECANCELED.
// Rules J1 to J13, L1, L2, A3 to A7.
TRANSPORT_API
enum transport_status_t transport_create_connection(struct transport_loop_t *loop,
                                                    const struct transport_connect_options_t *options,
                                                    const struct transport_protocol_t *protocol,
                                                    void *user,
                                                    transport_connected_t done,
                                                    void *arg,
                                                    struct transport_request_t **out);

// Makes a transport of a socket that the program has accepted itself. connection_made, then done(arg, transport, NULL),
// come from the loop. The socket becomes the library's when the call answers TRANSPORT_OK, and stays the program's
// otherwise. *out (NULL allowed) is a request that transport_request_cancel ends.
//
// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, or socket no connected stream socket;
// TRANSPORT_ENOTSUP: an option of a later release; TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_EIO: the system
// refused an option. done gets TRANSPORT_ECANCELED. Rule K21.
TRANSPORT_API
enum transport_status_t transport_connect_accepted_socket(struct transport_loop_t *loop,
                                                          const struct transport_accepted_options_t *options,
                                                          const struct transport_protocol_t *protocol,
                                                          void *user,
                                                          transport_connected_t done,
                                                          void *arg,
                                                          struct transport_request_t **out);

// Turns a plain connection into a TLS one. Not in this release: TRANSPORT_ENOTSUP.
TRANSPORT_API
enum transport_status_t transport_start_tls(struct transport_t *transport,
                                            const struct transport_tls_options_t *_options,
                                            transport_done_t _done,
                                            void *_arg);

// Makes two transports connected to each other in memory, without descriptors: for tests, and for two parts of one program.
// Each behaves like one end of a connection; both connection_made come from the loop, a's first. The handles can be used at
// once: what is written before connection_made is delivered after it. Their extra info is empty, and transport_detach is
// TRANSPORT_ENOTSUP. The tables are copied.
//
// TRANSPORT_EINVAL: a table or an out is NULL, or a table malformed; TRANSPORT_ECLOSED: the loop is being freed.
TRANSPORT_API
enum transport_status_t transport_pair(struct transport_loop_t *loop,
                                       const struct transport_protocol_t *a,
                                       void *user_a,
                                       const struct transport_protocol_t *b,
                                       void *user_b,
                                       struct transport_t **out_a,
                                       struct transport_t **out_b);

// Listens on TCP, or on a Unix socket, and accepts connections. Works in the call: when it returns TRANSPORT_OK the sockets are bound and
// listening. For each connection factory(arg) is called directly before connection_made and gives its user pointer; NULL
// refuses it. A NULL factory means that arg is the user pointer of every connection. *out (NULL allowed: the server lives
// until the loop is freed) is the server. The protocol table is copied once.
//
// Answers: TRANSPORT_EINVAL: options or protocol NULL or malformed, more than one of host, path and socket, or a socket that
// cannot listen; TRANSPORT_ENOTSUP: an option of a later release, or Unix sockets on a system without;
// TRANSPORT_ECLOSED: the loop is being freed; TRANSPORT_ERESOLVE: the name was not found; TRANSPORT_EIO: not bound
// (os_code; the message names the address). Failures while accepting go to the exception handler: one report, a pause of a
// second, another try; what waits in the system's queue is not lost. Rules K1 to K22, L3 to L7, A7.
TRANSPORT_API
enum transport_status_t transport_create_server(struct transport_loop_t *loop,
                                                const struct transport_server_options_t *options,
                                                const struct transport_protocol_t *protocol,
                                                transport_factory_t factory,
                                                void *arg,
                                                struct transport_server_t **out);

// Closes the listening sockets now; connections go on. A second close is TRANSPORT_OK while the handle lives. Rule K12.
TRANSPORT_API enum transport_status_t transport_server_close(struct transport_server_t *server);

// Calls done(arg, NULL), from the loop, when the server is closed and the connection_lost of its last connection has
// returned. May be called before the close, and several times. When the loop is freed first, the error is
// TRANSPORT_ECANCELED. done may be NULL. Rules K13, K14.
TRANSPORT_API
enum transport_status_t transport_server_wait_closed(struct transport_server_t *server,
                                                     transport_done_t done,
                                                     void *arg);

// Closes every live connection of the server, as transport_close does. It goes on listening. Rule K15.
TRANSPORT_API enum transport_status_t transport_server_close_clients(struct transport_server_t *server);

// Aborts every live connection of the server, as transport_abort does. It goes on listening. Rule K15.
TRANSPORT_API enum transport_status_t transport_server_abort_clients(struct transport_server_t *server);

// Starts listening when the server was made with start_serving off; else TRANSPORT_OK and nothing. TRANSPORT_ECLOSED: the
// server is closed; TRANSPORT_EIO: the system refused, and the server is closed. Rules K10, K11.
TRANSPORT_API
enum transport_status_t transport_server_start_serving(struct transport_server_t *server);

// True while the server listens; false for a dead handle.
TRANSPORT_API bool transport_server_is_serving(const struct transport_server_t *server);

// Answers the port of the server's first socket; 0 when it is closed, or the handle dead.
TRANSPORT_API uint16_t transport_server_port(const struct transport_server_t *server);

// True as soon as the transport is closed, aborted or has failed, also inside the callback in which that happened; true
// for a dead handle. Rule B2.
TRANSPORT_API bool transport_is_closing(const struct transport_t *transport);

// Closes once everything written is sent. Nothing is received any more; connection_lost(NULL) follows from the loop. A
// second close does nothing. There is no time limit. Closing over input that was not read may make the kernel reset the
// connection, so that the peer can miss the last bytes: read until eof_received where that matters. Rules B1 to B7.
TRANSPORT_API enum transport_status_t transport_close(struct transport_t *transport);

// Closes now; what was not sent is dropped. connection_lost(NULL) follows from the loop. After close it drops the rest.
// Rules B8 to B10.
TRANSPORT_API enum transport_status_t transport_abort(struct transport_t *transport);

// As transport_abort, and the peer sees a reset (RST) instead of an end of stream. TRANSPORT_EIO: the system refused;
// the transport goes on.
TRANSPORT_API enum transport_status_t transport_reset(struct transport_t *transport);

// Gives the socket back to the program, non-blocking and close-on-exec, with whatever it has not delivered yet still in
// it; connection_lost(NULL) follows from the loop. TRANSPORT_ENOTSUP: transport_pair; TRANSPORT_EINVAL: socket is NULL;
// TRANSPORT_ESTATE: bytes wait to be sent; TRANSPORT_ECLOSED: closing or lost.
TRANSPORT_API enum transport_status_t transport_detach(struct transport_t *transport, intptr_t *socket);

// Sends len bytes, or queues what the system does not take; never blocks. The bytes are the caller's again when it
// returns. Inside a callback small writes are gathered and leave in one system call when the callback returns, as if each
// had been tried at once. May run pause_writing before it returns. len 0 does nothing, and data may be NULL then.
//
// TRANSPORT_EINVAL: data is NULL; TRANSPORT_ESTATE: after write_eof; TRANSPORT_ECLOSED: closing or lost, nothing was
// queued; TRANSPORT_ELIMIT: beyond write_buffer_cap, nothing was sent; TRANSPORT_ENOMEM: nothing was sent, or the
// transport is aborted. A failed connection is TRANSPORT_OK: connection_lost tells why. Rules D1 to D8, D22, E4, E8.
TRANSPORT_API
enum transport_status_t transport_write(struct transport_t *transport,
                                        const void *data,
                                        size_t len);

// As transport_write of each of count slices in turn, in one system call at most. slices may be NULL when count is 0.
// Rules D10, D11.
TRANSPORT_API
enum transport_status_t transport_writelines(struct transport_t *transport,
                                             const struct transport_slice_t *slices,
                                             size_t count);

// As transport_write without a copy: on TRANSPORT_OK the library refers to the bytes, which must not change, until it
// calls release(arg), exactly once, from the loop, before connection_lost at the latest. On any other status the bytes
// stay the caller's and release is never called. A NULL release: the bytes live for ever.
TRANSPORT_API
enum transport_status_t transport_write_owned(struct transport_t *transport,
                                              const void *data,
                                              size_t len,
                                              transport_release_t release,
                                              void *arg);

// Ends the stream to the peer once everything written is sent (TCP: FIN); reading goes on. A second call, and one after
// close, do nothing. Rules D12 to D16.
TRANSPORT_API enum transport_status_t transport_write_eof(struct transport_t *transport);

// True when transport_write_eof works on this kind of transport: TCP. False for a dead handle. Rule D17.
TRANSPORT_API bool transport_can_write_eof(const struct transport_t *transport);

// Answers the bytes written that the system has not taken yet, after trying those gathered in this callback. 0 for a dead
// handle. Rule D18.
TRANSPORT_API
size_t transport_get_write_buffer_size(const struct transport_t *transport);

// Answers the water marks in bytes. high and low may be NULL. Rule E1.
TRANSPORT_API
enum transport_status_t transport_get_write_buffer_limits(const struct transport_t *transport,
                                                          size_t *high,
                                                          size_t *low);

// Sets the water marks in bytes: pause_writing when strictly more than high waits, resume_writing when low or less is
// left. TRANSPORT_DEFAULT derives one from the other (low = high / 4, high = 4 * low), both: 64 KiB and 16 KiB. Runs
// pause_writing before it returns when more than the new high waits already; raising the marks does not resume.
// TRANSPORT_EINVAL: low > high; nothing changes. Rules E2, E3, E10.
TRANSPORT_API
enum transport_status_t transport_set_write_buffer_limits(struct transport_t *transport,
                                                          size_t high,
                                                          size_t low);

// Stops data_received until transport_resume_reading. What arrives stays in the kernel, whose window then slows the peer
// down; the peer's end of stream and errors wait too. Idempotent; nothing on a closing transport. Rules C5, C7, C9.
TRANSPORT_API
enum transport_status_t transport_pause_reading(struct transport_t *transport);

// Ends transport_pause_reading. Never delivers inside the call. Idempotent; nothing on a closing transport. Rule C6.
TRANSPORT_API enum transport_status_t transport_resume_reading(struct transport_t *transport);

// True unless paused, closing or behind the peer's end of stream; false for a dead handle. Rules C8, C12.
TRANSPORT_API bool transport_is_reading(const struct transport_t *transport);

// From the next callback on another protocol is told. Neither connection_made for the new one nor connection_lost for the
// old one; a paused transport stays paused, so the new protocol may get resume_writing first. The table is copied.
// TRANSPORT_EINVAL: protocol is NULL or malformed. Rules I1, I2.
TRANSPORT_API
enum transport_status_t transport_set_protocol(struct transport_t *transport,
                                               const struct transport_protocol_t *protocol,
                                               void *user);

// Answers the protocol's user pointer; NULL for a dead handle. Rule I3.
TRANSPORT_API void *transport_get_protocol(const struct transport_t *transport);

// Answers the loop of a transport; NULL for a dead handle.
TRANSPORT_API struct transport_loop_t *transport_get_loop(const struct transport_t *transport);

// Answers facts about a transport, by asyncio's names: "peername" and "sockname" (ADDRESS), "socket" (INT: the
// descriptor, which stays the library's). Unknown or absent: TRANSPORT_OK and NONE. What *out points to is borrowed; see
// transport_value_t. Works inside connection_lost too. TRANSPORT_EINVAL: name or out is NULL. Rules H1 to H4.
TRANSPORT_API
enum transport_status_t transport_get_extra_info(const struct transport_t *transport,
                                                 const char *name,
                                                 struct transport_value_t *out);

// Sends a file. Not in this release: TRANSPORT_ENOTSUP.
TRANSPORT_API
enum transport_status_t transport_sendfile(struct transport_t *transport,
                                           intptr_t _file,
                                           uint64_t _offset,
                                           uint64_t _count,
                                           transport_sent_t _done,
                                           void *_arg);

// Answers what a loop has done and what it holds. out->size is to be set; see transport_loop_stats_t. Counting costs next
// to nothing and is always on. TRANSPORT_EINVAL: out is NULL, or its size is none of this library's.
TRANSPORT_API
enum transport_status_t transport_loop_stats(const struct transport_loop_t *loop,
                                             struct transport_loop_stats_t *out);

// Answers the bytes of one transport. out->size is to be set; see transport_stats_t. TRANSPORT_EINVAL: out is NULL, or its
// size is none of this library's.
TRANSPORT_API
enum transport_status_t transport_stats(const struct transport_t *transport,
                                        struct transport_stats_t *out);

// Calls fn(arg, TRANSPORT_LOG_INFO, line) for each thing that keeps the loop from being idle: transports and servers with
// their addresses and states, requests, timers, queued calls. Runs fn before it returns, and nothing else does; the lines
// are collected first, so fn may call anything. No line: the loop is idle. TRANSPORT_EINVAL: fn is NULL.
TRANSPORT_API
enum transport_status_t transport_loop_dump(const struct transport_loop_t *loop,
                                            transport_log_t fn,
                                            void *arg);

// Makes a datagram endpoint. Not in this release: TRANSPORT_ENOTSUP.
TRANSPORT_API
enum transport_status_t transport_create_datagram_endpoint(struct transport_loop_t *loop,
                                                           const struct transport_datagram_options_t *_options,
                                                           const struct transport_protocol_t *_protocol,
                                                           void *_user,
                                                           transport_connected_t _done,
                                                           void *_arg,
                                                           struct transport_request_t **_out);

// Sends a datagram. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API
enum transport_status_t transport_sendto(struct transport_t *transport,
                                         const void *_data,
                                         size_t _len,
                                         const struct sockaddr *_address,
                                         size_t _address_len);

// Joins a multicast group. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API
enum transport_status_t transport_join_group(struct transport_t *transport,
                                             const char *_group,
                                             const char *_interface_name);

// Leaves a multicast group. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API
enum transport_status_t transport_leave_group(struct transport_t *transport,
                                              const char *_group,
                                              const char *_interface_name);

// Makes a transport of a pipe's reading end. Not in this release: TRANSPORT_ENOTSUP; fd stays the caller's.
TRANSPORT_API
enum transport_status_t transport_connect_read_pipe(struct transport_loop_t *loop,
                                                    intptr_t _fd,
                                                    const struct transport_protocol_t *_protocol,
                                                    void *_user,
                                                    struct transport_t **_out);

// Makes a transport of a pipe's writing end. Not in this release: TRANSPORT_ENOTSUP; fd stays the caller's.
TRANSPORT_API
enum transport_status_t transport_connect_write_pipe(struct transport_loop_t *loop,
                                                     intptr_t _fd,
                                                     const struct transport_protocol_t *_protocol,
                                                     void *_user,
                                                     struct transport_t **_out);

// Starts a program. Not in this release: TRANSPORT_ENOTSUP.
TRANSPORT_API
enum transport_status_t transport_subprocess_exec(struct transport_loop_t *loop,
                                                  const struct transport_subprocess_options_t *_options,
                                                  const struct transport_protocol_t *_protocol,
                                                  void *_user,
                                                  struct transport_t **_out);

// Starts a shell command. Not in this release: TRANSPORT_ENOTSUP.
TRANSPORT_API
enum transport_status_t transport_subprocess_shell(struct transport_loop_t *loop,
                                                   const char *_command,
                                                   const struct transport_subprocess_options_t *_options,
                                                   const struct transport_protocol_t *_protocol,
                                                   void *_user,
                                                   struct transport_t **_out);

// Answers the process id of a subprocess; -1 for any other transport and for a dead handle.
TRANSPORT_API int64_t transport_get_pid(const struct transport_t *transport);

// Answers how a subprocess ended. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API
enum transport_status_t transport_get_returncode(const struct transport_t *transport,
                                                 int64_t *_returncode);

// Answers the transport of a subprocess's pipe; NULL for any other transport and for a dead handle.
TRANSPORT_API struct transport_t *transport_get_pipe_transport(const struct transport_t *transport, int _fd);

// Sends a signal to a subprocess. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API enum transport_status_t transport_send_signal(struct transport_t *transport, int _signum);

// Asks a subprocess to end. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API enum transport_status_t transport_terminate(struct transport_t *transport);

// Ends a subprocess. A stream answers TRANSPORT_ENOTSUP, and this release has streams only.
TRANSPORT_API enum transport_status_t transport_kill(struct transport_t *transport);

// Makes the configuration of a TLS client. Not in this release: TRANSPORT_ENOTSUP. Any thread.
TRANSPORT_API enum transport_status_t transport_tls_client_config_new(struct transport_tls_config_t **out);

// Makes the configuration of a TLS server. Not in this release: TRANSPORT_ENOTSUP. Any thread.
TRANSPORT_API enum transport_status_t transport_tls_server_config_new(struct transport_tls_config_t **out);

// Frees a configuration. NULL is TRANSPORT_OK; anything else TRANSPORT_EHANDLE in this release. Any thread.
TRANSPORT_API enum transport_status_t transport_tls_config_free(struct transport_tls_config_t *config);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_load_cert_chain(struct transport_tls_config_t *_config,
                                                             const char *_cert_file,
                                                             const char *_key_file);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_load_cert_chain_pem(struct transport_tls_config_t *_config,
                                                                 const void *_cert,
                                                                 size_t _cert_len,
                                                                 const void *_key,
                                                                 size_t _key_len);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_reload_cert_chain(struct transport_tls_config_t *_config,
                                                               const char *_cert_file,
                                                               const char *_key_file);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_load_verify_locations(struct transport_tls_config_t *_config,
                                                                   const char *_ca_file);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_load_verify_pem(struct transport_tls_config_t *_config,
                                                             const void *_pem,
                                                             size_t _len);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_load_crls_pem(struct transport_tls_config_t *_config,
                                                           const void *_pem,
                                                           size_t _len);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_set_alpn(struct transport_tls_config_t *_config,
                                                      const char *const *_protocols,
                                                      size_t _count);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_set_client_auth(struct transport_tls_config_t *_config,
                                                             int _mode);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_set_min_version(struct transport_tls_config_t *_config,
                                                             int _version);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_set_keylog(struct transport_tls_config_t *_config,
                                                        transport_keylog_t _fn,
                                                        void *_arg);

// Not in this release: TRANSPORT_EHANDLE. Any thread.
TRANSPORT_API
enum transport_status_t transport_tls_config_dangerous_disable_verification(struct transport_tls_config_t *_config);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TRANSPORT_H */
