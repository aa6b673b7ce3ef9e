/* What the stream tests share: a connection with small kernel buffers, a kernel that takes no more, a byte pattern whose
 * position can be checked, and what a peer can see of the other side. */
#ifndef STREAM_H
#define STREAM_H
#include "recorder.h"
#include <sys/ioctl.h>

/* The transport's own descriptor, borrowed. */
static inline int stream_fd(const transport_t *t) {
  transport_value_t value;
  memset(&value, 0, sizeof value);
  CHECK_OK(transport_get_extra_info(t, "socket", &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_INT);
  return (int)value.number;
}

/* The byte at a position of the test stream; no period that a lost or doubled block could hide in. */
static inline uint8_t pattern_at(size_t position) {
  uint64_t x = ((uint64_t)position >> 3) * 0x9e3779b97f4a7c15u;
  return (uint8_t)(x >> (32 + (position & 7)));
}

static inline void pattern_fill(uint8_t *data, size_t position, size_t len) {
  for (size_t i = 0; i < len; i++) data[i] = pattern_at(position + i);
}

static inline void pattern_check(const uint8_t *data, size_t position, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (data[i] == pattern_at(position + i)) continue;
    fprintf(stderr, "the stream differs at byte %zu\n", position + i);
    CHECK(data[i] == pattern_at(position + i));
  }
}

/* Writes the next len bytes of the pattern and returns the status; the memory is overwritten and freed right after (D5). */
static inline transport_status_t stream_write(transport_t *t, size_t *written, size_t len) {
  uint8_t *data = check_alloc(len);
  transport_status_t status;
  pattern_fill(data, *written, len);
  status = transport_write(t, data, len);
  memset(data, 0xee, len);
  free(data);
  if (status == TRANSPORT_OK) *written += len;
  return status;
}

/* Outside callbacks: writes the pattern until the kernel takes no more and something is queued. From then on, and until the
 * loop runs, the queue grows by exactly what is written (D2). */
static inline void stream_fill(transport_t *t, size_t *written) {
  while (transport_get_write_buffer_size(t) == 0) CHECK_OK(stream_write(t, written, 4096));
}

static inline transport_connect_options_t stream_connect_options(uint16_t port) {
  transport_connect_options_t options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.host = "127.0.0.1";
  options.port = port;
  return options;
}

/* As recorder_accept, with small kernel buffers between the transport and the peer's hand. */
static inline int stream_accept_small(transport_loop_t *loop, recorder_t *r) {
  transport_server_t *server = recorder_server(loop, NULL, r);
  struct sockaddr_in a = peer_address(transport_server_port(server));
  int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), size = 16384;
  CHECK(peer >= 0);
  CHECK_INT(setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
  CHECK_INT(connect(peer, (struct sockaddr *)&a, sizeof a), 0);
  run_until(loop, &r->made);
  CHECK_INT(setsockopt(stream_fd(r->transport), SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
  CHECK_OK(transport_server_close(server));
  return peer;
}

static inline void run_turns(transport_loop_t *loop, int count) {
  while (count-- > 0) CHECK_OK(transport_loop_run_once(loop, 0));
}

/* Reads what is there and checks it against the pattern at *received; false at the end of the stream. Does not block. */
static inline bool peer_take(int fd, size_t *received, size_t most) {
  uint8_t data[65536];
  ssize_t n = recv(fd, data, most < sizeof data ? most : sizeof data, MSG_DONTWAIT);
  if (n < 0) CHECK_INT(errno, EAGAIN);
  if (n <= 0) return n != 0;
  pattern_check(data, *received, (size_t)n);
  *received += (size_t)n;
  return true;
}

/* Runs the loop and reads the peer's side, until that many bytes of the pattern have come. */
static inline void peer_drain(transport_loop_t *loop, int fd, size_t *received, size_t until) {
  while (*received < until) {
    size_t before = *received;
    CHECK(peer_take(fd, received, until - before));
    CHECK_OK(transport_loop_run_once(loop, *received == before ? TRANSPORT_MS(1) : 0));
  }
}

/* The same until the end of the stream. */
static inline void peer_drain_to_end(transport_loop_t *loop, int fd, size_t *received) {
  for (;;) {
    size_t before = *received;
    if (!peer_take(fd, received, SIZE_MAX)) return;
    CHECK_OK(transport_loop_run_once(loop, *received == before ? TRANSPORT_MS(1) : 0));
  }
}

/* Bytes that a read would find now. */
static inline int peer_pending(int fd) {
  int count = 0;
  CHECK_INT(ioctl(fd, FIONREAD, &count), 0);
  return count;
}

/* Waits, without running the loop, until a descriptor holds that many unread bytes. */
static inline void wait_pending(int fd, int count) {
  while (peer_pending(fd) < count) poll(NULL, 0, 1);
}

/* Waits, without running the loop, until a reset (POLLERR) or the end of both directions (POLLHUP) has come in. */
static inline void wait_hangup(int fd) {
  struct pollfd p = {.fd = fd, .events = 0};
  while (poll(&p, 1, 100) <= 0 || !(p.revents & (POLLERR | POLLHUP))) continue;
}

/* Segments with data that this socket has received. On loopback, with TCP_NODELAY and nothing waiting, each system call
 * that sends a few bytes makes exactly one. struct tcp_info of some C libraries ends before the field: its place is ABI. */
static inline uint32_t peer_data_segments(int fd) {
  uint8_t info[512];
  uint32_t count;
  socklen_t len = sizeof info;
  CHECK_INT(getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &len), 0);
  if (len < 156) SKIP("this kernel's TCP_INFO has no tcpi_data_segs_in");
  memcpy(&count, info + 152, sizeof count);
  return count;
}

#endif
