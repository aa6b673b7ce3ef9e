/* Addresses of loopback that answer, or never answer: connecting to a black hole is under way until somebody gives up. */
#ifndef BLACK_HOLE_H
#define BLACK_HOLE_H
#include "peer.h"

/* Listens on an IPv4 or IPv6 address of this machine; -1 when there is no such address. */
static inline int listen_at(const char *address, uint16_t port, int backlog) {
  bool v6 = strchr(address, ':') != NULL;
  struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  struct sockaddr_in a4 = peer_address(port);
  int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) return -1;
  CHECK_INT(inet_pton(v6 ? AF_INET6 : AF_INET, address, v6 ? (void *)&a6.sin6_addr : (void *)&a4.sin_addr), 1);
  CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
  if (bind(fd, v6 ? (struct sockaddr *)&a6 : (struct sockaddr *)&a4, v6 ? sizeof a6 : sizeof a4) != 0) {
    close(fd);
    return -1;
  }
  CHECK_INT(listen(fd, backlog), 0);
  return fd;
}

typedef struct black_hole_t {
  int fds[4]; /* the listener, and connections that fill its queue, so that the kernel drops what else comes */
} black_hole_t;

static inline bool black_hole_open(black_hole_t *hole, const char *address, uint16_t port) {
  struct sockaddr_storage a;
  socklen_t len = sizeof a;
  hole->fds[0] = listen_at(address, port, 0);
  if (hole->fds[0] < 0) return false;
  CHECK_INT(getsockname(hole->fds[0], (struct sockaddr *)&a, &len), 0);
  for (int i = 1; i < 4; i++) {
    hole->fds[i] = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(hole->fds[i] >= 0);
    connect(hole->fds[i], (struct sockaddr *)&a, len);
  }
  return true;
}

static inline void black_hole_close(const black_hole_t *hole) {
  for (int i = 0; i < 4; i++) peer_close(hole->fds[i]);
}

#endif
