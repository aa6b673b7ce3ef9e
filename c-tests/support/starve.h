/* Takes the process's descriptors away and gives them back: a lowered RLIMIT_NOFILE, with no free number below it. */
#ifndef STARVE_H
#define STARVE_H
#include "sockets.h"

typedef struct starve_t {
  struct rlimit limit; /* the one to go back to */
  int fillers[256];
  int count;
} starve_t;

/* From now on at most spare more descriptors can be opened. */
static inline void starve(starve_t *s, int spare) {
  struct rlimit low;
  int fd = -1, highest = -1, fds[256];
  int total = descriptors(fds, 256);
  if (total < 0) SKIP("/proc/self/fd is needed to find the highest descriptor");
  CHECK(total <= 256);
  highest = fds[total - 1];
  CHECK_INT(getrlimit(RLIMIT_NOFILE, &s->limit), 0);
  s->count = 0;
  for (;;) { /* fill the gaps */
    fd = fcntl(highest, F_DUPFD_CLOEXEC, 0);
    CHECK(fd >= 0);
    if (fd > highest) break;
    CHECK(s->count < 256);
    s->fillers[s->count++] = fd;
  }
  peer_close(fd);
  low = s->limit;
  low.rlim_cur = (rlim_t)(highest + 1 + spare);
  CHECK_INT(setrlimit(RLIMIT_NOFILE, &low), 0);
}

static inline void starve_end(starve_t *s) {
  CHECK_INT(setrlimit(RLIMIT_NOFILE, &s->limit), 0);
  while (s->count > 0) peer_close(s->fillers[--s->count]);
}

/* CPU time of the whole process, in nanoseconds. */
static inline uint64_t cpu_ns(void) {
  struct rusage usage;
  CHECK_INT(getrusage(RUSAGE_SELF, &usage), 0);
  return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
         (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
}

/* Blocking sockets that are not connected yet: connecting them later needs no further descriptor. */
static inline void sockets_prepare(int *fds, int count) {
  for (int i = 0; i < count; i++) CHECK((fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0);
}

static inline void sockets_connect(const int *fds, int count, uint16_t port) {
  struct sockaddr_in a = peer_address(port);
  for (int i = 0; i < count; i++) CHECK_INT(connect(fds[i], (struct sockaddr *)&a, sizeof a), 0);
}

#endif
