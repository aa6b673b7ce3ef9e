/* What the process holds: descriptors, listening sockets, memory. Linux (/proc); elsewhere the counts are -1 and tests
 * that need them skip. */
#ifndef SOCKETS_H
#define SOCKETS_H
#include "peer.h"
#include <dirent.h>

#define CHECK_CONTAINS(text, part) check_contains(__FILE__, __LINE__, #text, text, part)
static inline void check_contains(const char *file, int line, const char *what, const char *text, const char *part) {
  if (strstr(text, part)) return;
  fprintf(stderr, "%s:%d: %s is\n  \"%s\", expected it to contain\n  \"%s\"\n", file, line, what, text, part);
  check_exit();
}

/* The open descriptors in ascending order; returns how many there are, -1 when the system does not tell. */
static inline int descriptors(int *fds, int room) {
  DIR *dir = opendir("/proc/self/fd");
  struct dirent *entry;
  int count = 0;
  if (!dir) return -1;
  while ((entry = readdir(dir))) {
    int fd = atoi(entry->d_name);
    if (entry->d_name[0] == '.' || fd == dirfd(dir)) continue;
    if (count < room) {
      int i = count;
      for (; i > 0 && fds[i - 1] > fd; i--) fds[i] = fds[i - 1];
      fds[i] = fd;
    }
    count++;
  }
  closedir(dir);
  return count;
}

static inline int descriptor_count(void) { return descriptors(NULL, 0); }

static inline int socket_option(int fd, int level, int name) {
  int value = -1;
  socklen_t len = sizeof value;
  CHECK_INT(getsockopt(fd, level, name, &value, &len), 0);
  return value;
}

static inline bool socket_is_polite(int fd) {
  return (fcntl(fd, F_GETFD) & FD_CLOEXEC) && (fcntl(fd, F_GETFL) & O_NONBLOCK);
}

static inline uint16_t socket_port(int fd) {
  struct sockaddr_in6 a;
  socklen_t len = sizeof a;
  CHECK_INT(getsockname(fd, (struct sockaddr *)&a, &len), 0);
  return ntohs(a.sin6_port); /* at the same place in sockaddr_in */
}

/* The listening sockets of this process, at most room of them; port 0: of any port. */
static inline int listeners(uint16_t port, int *found, int room) {
  int fds[256];
  int total = descriptors(fds, 256);
  int count = 0;
  if (total < 0) SKIP("/proc/self/fd is needed to see the listening sockets");
  for (int i = 0; i < total && i < 256; i++) {
    int listening = 0;
    socklen_t len = sizeof listening;
    if (getsockopt(fds[i], SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) != 0 || !listening) continue;
    if (port && socket_port(fds[i]) != port) continue;
    if (count < room) found[count] = fds[i];
    count++;
  }
  return count;
}

static inline int socket_family(int fd) {
  struct sockaddr_storage a;
  socklen_t len = sizeof a;
  CHECK_INT(getsockname(fd, (struct sockaddr *)&a, &len), 0);
  return a.ss_family;
}

/* The descriptor of a transport, still owned by it. */
static inline int transport_fd(const transport_t *transport) {
  transport_value_t value;
  memset(&value, 0, sizeof value);
  CHECK_OK(transport_get_extra_info(transport, "socket", &value));
  CHECK_INT(value.kind, TRANSPORT_VALUE_INT);
  return (int)value.number;
}

/* The errno of connecting a fresh blocking socket, 0 when it works. */
static inline int connect_errno(const char *address, uint16_t port) {
  struct sockaddr_in a = peer_address(port);
  struct sockaddr_in6 a6;
  int fd, code;
  memset(&a6, 0, sizeof a6);
  a6.sin6_family = AF_INET6;
  a6.sin6_port = htons(port);
  if (inet_pton(AF_INET6, address, &a6.sin6_addr) == 1) {
    fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    code = connect(fd, (struct sockaddr *)&a6, sizeof a6) == 0 ? 0 : errno;
  } else {
    CHECK_INT(inet_pton(AF_INET, address, &a.sin_addr), 1);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    code = connect(fd, (struct sockaddr *)&a, sizeof a) == 0 ? 0 : errno;
  }
  peer_close(fd);
  return code;
}

static inline bool have_ipv6(void) {
  struct sockaddr_in6 a;
  int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool works;
  if (fd < 0) return false;
  memset(&a, 0, sizeof a);
  a.sin6_family = AF_INET6;
  a.sin6_addr = in6addr_loopback;
  works = bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
  peer_close(fd);
  return works;
}

/* Fills a listener's queue, so that further connection attempts stay under way. The fillers go to fds (count of them). */
static inline int peer_listen_full(uint16_t *port, int *fds, int count) {
  int listener = peer_listen(port);
  struct sockaddr_in a = peer_address(*port);
  CHECK_INT(listen(listener, 0), 0);
  for (int i = 0; i < count; i++) {
    struct pollfd p;
    fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(fds[i] >= 0);
    (void)connect(fds[i], (struct sockaddr *)&a, sizeof a);
    p = (struct pollfd){.fd = fds[i], .events = POLLOUT};
    if (i + 1 == count && poll(&p, 1, 100) != 0) SKIP("this system's listening queue cannot be filled");
  }
  return listener;
}

/* The threads of this process, this one included; -1 when the system does not tell. */
static inline int thread_count(void) {
  DIR *dir = opendir("/proc/self/task");
  struct dirent *entry;
  int count = 0;
  if (!dir) return -1;
  while ((entry = readdir(dir))) count += entry->d_name[0] != '.';
  closedir(dir);
  return count;
}

static inline bool under_valgrind(void) {
  const char *preload = getenv("LD_PRELOAD");
  return preload && strstr(preload, "vgpreload");
}

/* Resident bytes; 0 where they say nothing (valgrind, sanitizers) or cannot be had. */
static inline size_t resident_bytes(void) {
  FILE *file;
  unsigned long total = 0, resident = 0;
#if defined(__SANITIZE_ADDRESS__)
  return 0;
#endif
  if (getenv("CHECK_SLOW") || under_valgrind() || !(file = fopen("/proc/self/statm", "r"))) return 0;
  if (fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
  fclose(file);
  return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}

#endif
