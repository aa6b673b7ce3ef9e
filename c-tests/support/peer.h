/* The other side of a connection, played by hand: blocking sockets on 127.0.0.1, threads, a watchdog. POSIX for now;
 * tests use these names only, so that a Windows version of this file is all that another platform needs. */
#ifndef PEER_H
#define PEER_H
#include "check.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Ends the test with a failure when it takes longer; a hang is then a red test, not a stuck suite. Under valgrind and
 * sanitizers CHECK_SLOW (an environment variable set by the runner) multiplies it. */
static inline void watchdog(unsigned seconds) {
  const char *slow = getenv("CHECK_SLOW");
  alarm(seconds * (slow ? (unsigned)atoi(slow) : 1u));
}

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline struct sockaddr_in peer_address(uint16_t port) {
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

/* A blocking socket connected to 127.0.0.1:port. */
static inline int peer_connect(uint16_t port) {
  struct sockaddr_in a = peer_address(port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  CHECK_INT(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
  return fd;
}

/* A listening socket on a free port of 127.0.0.1. */
static inline int peer_listen(uint16_t *port) {
  struct sockaddr_in a = peer_address(0);
  socklen_t len = sizeof a;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  CHECK_INT(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
  CHECK_INT(listen(fd, 128), 0);
  CHECK_INT(getsockname(fd, (struct sockaddr *)&a, &len), 0);
  *port = ntohs(a.sin_port);
  return fd;
}

static inline int peer_accept(int listener) {
  int fd = accept(listener, NULL, NULL);
  CHECK(fd >= 0);
  return fd;
}

/* A port of 127.0.0.1 on which nobody listens. */
static inline uint16_t peer_free_port(void) {
  uint16_t port;
  close(peer_listen(&port));
  return port;
}

static inline void peer_send(int fd, const void *data, size_t len) {
  const char *p = data;
  while (len) {
    ssize_t n = send(fd, p, len, MSG_NOSIGNAL);
    CHECK(n > 0);
    p += n;
    len -= (size_t)n;
  }
}

/* Up to len bytes; 0 at the end of the stream, -1 on error (errno). Blocks until there is something. */
static inline ssize_t peer_recv(int fd, void *data, size_t len) { return recv(fd, data, len, 0); }

/* Exactly len bytes, or fewer when the stream ends first. */
static inline size_t peer_recv_all(int fd, void *data, size_t len) {
  size_t done = 0;
  while (done < len) {
    ssize_t n = recv(fd, (char *)data + done, len - done, 0);
    CHECK(n >= 0);
    if (n == 0) break;
    done += (size_t)n;
  }
  return done;
}

/* True when a read would not block within that time (data, end of stream or error). */
static inline bool peer_readable(int fd, int timeout_ms) {
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, timeout_ms) > 0;
}

static inline void peer_close(int fd) { CHECK_INT(close(fd), 0); }

/* Closes with a reset instead of a FIN. */
static inline void peer_reset(int fd) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), 0);
  peer_close(fd);
}

/* Small kernel buffers, so that flow control is felt after tens of kilobytes. Set before the peer's window has grown. */
static inline void peer_small_buffers(int fd) {
  int size = 4096;
  CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
  CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size), 0);
}

typedef pthread_t thread_t;
static inline thread_t thread_start(void *(*run)(void *), void *arg) {
  thread_t t;
  CHECK_INT(pthread_create(&t, NULL, run, arg), 0);
  return t;
}
static inline void *thread_join(thread_t t) {
  void *result = NULL;
  CHECK_INT(pthread_join(t, &result), 0);
  return result;
}

#endif
