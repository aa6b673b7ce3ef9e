/* The log handler can be set, replaced and taken away, for a level of TRANSPORT_LOG_* (EINVAL otherwise). With no
 * exception handler it is told what no callback could be told, as one line of text on the loop's thread, from the
 * loop (K16). */
#include "recorder.h"
#include "sockets.h"

static transport_loop_t *loop;
static int told;
static pthread_t owner;

static void hear(void *arg, int level, const char *message) {
  CHECK(pthread_equal(pthread_self(), owner));
  CHECK_INT(level, TRANSPORT_LOG_ERROR);
  CHECK(message != NULL && message[0] != 0 && strchr(message, '\n') == NULL);
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ESTATE); /* a callback like any other */
  ++*(int *)arg;
}

static void never(void *arg, int level, const char *message) {
  (void)arg, (void)level;
  fprintf(stderr, "told: %s\n", message);
  CHECK(!"this handler was not to be told");
}

int main(void) {
  recorder_t connection;
  transport_server_t *server;
  struct sockaddr_in address;
  struct rlimit before, low;
  int peer, fds[1];
  watchdog(20);
  if (under_valgrind()) SKIP("valgrind accepts connections and then refuses their descriptors");
  memset(&connection, 0, sizeof connection);
  owner = pthread_self();
  loop = loop_new();
  CHECK_STATUS(transport_loop_set_log_handler(NULL, TRANSPORT_LOG_DEBUG, never, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_loop_set_log_handler(loop, 0, never, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_set_log_handler(loop, -1, never, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_set_log_handler(loop, TRANSPORT_LOG_DEBUG + 1, never, NULL), TRANSPORT_EINVAL);
  CHECK_OK(transport_loop_set_log_handler(loop, TRANSPORT_LOG_DEBUG, never, NULL));
  CHECK_OK(transport_loop_set_log_handler(loop, 0, NULL, NULL));
  CHECK_OK(transport_loop_set_log_handler(loop, TRANSPORT_LOG_INFO, never, NULL));
  CHECK_OK(transport_loop_set_log_handler(loop, TRANSPORT_LOG_ERROR, hear, &told));

  server = recorder_server(loop, NULL, &connection);
  peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address = peer_address(transport_server_port(server));
  CHECK_INT(getrlimit(RLIMIT_NOFILE, &before), 0);
  low = before;
  CHECK((fds[0] = dup(peer)) >= 0); /* the lowest free number: nothing below it is free */
  low.rlim_cur = (rlim_t)fds[0];
  peer_close(fds[0]);
  CHECK_INT(setrlimit(RLIMIT_NOFILE, &low), 0);
  CHECK_INT(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
  while (!told) CHECK_OK(transport_loop_run_once(loop, TRANSPORT_SEC(1)));
  CHECK(!connection.made);
  CHECK_INT(told, 1);

  CHECK_INT(setrlimit(RLIMIT_NOFILE, &before), 0);
  CHECK_OK(transport_loop_set_log_handler(loop, TRANSPORT_LOG_DEBUG, never, NULL));
  run_until(loop, &connection.made); /* an ordinary life is nothing to log */
  peer_close(peer);
  run_until(loop, &connection.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  CHECK_INT(told, 1);
  return 0;
}
