/* 100 MB, half of it lent by write_owned, written and closed at once, arrive whole at a slow reader with a small window: no byte
 * differs, connection_lost comes last and without an error: B4, B5, C3, D1. */
#include "stream.h"

static int released;
static void release(void *arg) {
  CHECK(!released);
  released++;
  free(arg);
}

typedef struct reader_t {
  uint16_t port;
  size_t received;
} reader_t;

/* Reads in changing portions, rests now and then, and checks every byte. */
static void *read_slowly(void *arg) {
  static uint8_t data[100000];
  reader_t *reader = arg;
  struct sockaddr_in a = peer_address(reader->port);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), size = 65536;
  size_t portion = 1, steps = 0;
  CHECK(fd >= 0);
  CHECK_INT(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
  CHECK_INT(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
  for (;;) {
    ssize_t n = peer_recv(fd, data, portion);
    CHECK(n >= 0);
    if (n == 0) break;
    pattern_check(data, reader->received, (size_t)n);
    reader->received += (size_t)n;
    portion = portion * 31 % sizeof data + 1;
    if (++steps % 4 == 0) poll(NULL, 0, 1);
  }
  peer_close(fd);
  return NULL;
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server;
  recorder_t r = {.log = ""};
  const char *slow = getenv("CHECK_SLOW");
  size_t total = slow ? 10000000 : 100000000, half = total / 2, written = 0;
  uint8_t *lent;
  reader_t reader = {.received = 0};
  thread_t thread;
  watchdog(100);
  loop = loop_new();
  server = recorder_server(loop, NULL, &r);
  reader.port = transport_server_port(server);
  thread = thread_start(read_slowly, &reader);
  run_until(loop, &r.made);
  CHECK_OK(stream_write(r.transport, &written, half));
  lent = check_alloc(total - half);
  pattern_fill(lent, half, total - half);
  CHECK_OK(transport_write_owned(r.transport, lent, total - half, release, lent));
  CHECK(transport_get_write_buffer_size(r.transport) > half);
  CHECK_OK(transport_close(r.transport));
  run_until(loop, &r.lost);
  CHECK_INT(released, 1);
  CHECK_TEXT(r.log, "made pause resume lost");
  thread_join(thread);
  CHECK_UINT(reader.received, total);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
