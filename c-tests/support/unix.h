/* Unix sockets by path: a folder of the test's own, options, servers and peers. */
#ifndef UNIX_H
#define UNIX_H
#include "client.h"
#include "sockets.h"
#include <sys/stat.h>
#include <sys/un.h>

static char unix_folder[64];

/* A path in a folder that is removed at exit. The name may be used once a test or often. */
static inline const char *unix_path(const char *name) {
  static char path[100];
  if (!unix_folder[0]) {
    strcpy(unix_folder, "/tmp/transport-test-XXXXXX");
    CHECK(mkdtemp(unix_folder) != NULL);
  }
  snprintf(path, sizeof path, "%s/%s", unix_folder, name);
  return path;
}

/* Fails when a file is left. */
static inline void unix_folder_remove(void) { CHECK_INT(rmdir(unix_folder), 0); }

static inline bool exists(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0;
}

static inline struct sockaddr_un unix_address(const char *path) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  CHECK(strlen(path) < sizeof a.sun_path);
  strcpy(a.sun_path, path);
  return a;
}

static inline int unix_peer_connect(const char *path) {
  struct sockaddr_un a = unix_address(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  CHECK_INT(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
  return fd;
}

static inline int unix_peer_listen(const char *path) {
  struct sockaddr_un a = unix_address(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  CHECK_INT(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
  CHECK_INT(listen(fd, 8), 0);
  return fd;
}

/* What transport_create_server answers for a path; connections go to r. */
static inline transport_status_t unix_server(transport_loop_t *loop, const char *path, size_t len, recorder_t *r,
                                             transport_server_t **out) {
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.path = path;
  options.path_len = len;
  return transport_create_server(loop, &options, &protocol, NULL, r, out);
}

static inline transport_connect_options_t unix_options(const char *path, size_t len) {
  transport_connect_options_t options = client_options(NULL, 0);
  options.path = path;
  options.path_len = len;
  return options;
}

/* The address under that name of extra info, as a path: "" when unnamed, "@name" when abstract, NULL when there is none. */
static inline const char *unix_info(const transport_t *t, const char *name) {
  static char text[128];
  transport_value_t value = {0};
  const struct sockaddr_un *a;
  CHECK_OK(transport_get_extra_info(t, name, &value));
  if (value.kind == TRANSPORT_VALUE_NONE) return NULL;
  CHECK_INT(value.kind, TRANSPORT_VALUE_ADDRESS);
  a = value.data;
  CHECK_INT(a->sun_family, AF_UNIX);
  memset(text, 0, sizeof text);
  memcpy(text, a->sun_path, value.len - offsetof(struct sockaddr_un, sun_path));
  if (value.len > sizeof a->sun_family && text[0] == 0) text[0] = '@';
  return text;
}

#endif
