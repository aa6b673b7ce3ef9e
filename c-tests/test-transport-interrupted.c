/* Signals that interrupt system calls, and sockets that have nothing or take nothing, are not noticed: every byte comes and
 * goes, in order, and the connection ends without an error: C4, D19. */
#include "stream.h"

enum { TOTAL = 20000000 };

static volatile sig_atomic_t interruptions;
static void interrupt(int signum) {
  (void)signum;
  interruptions++;
}

typedef struct test_t {
  pthread_t loop_thread;
  int peer;
  bool ended;
} test_t;

static void on_data(recorder_t *r, transport_t *t) {
  pattern_check(r->data, r->received - r->data_len, r->data_len);
  CHECK_OK(transport_write(t, r->data, r->data_len));
}

static void on_pause(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_pause_reading(t));
}

static void on_resume(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_resume_reading(t));
}

/* Sends the pattern, reads its echo, and after each step interrupts the loop's thread. */
static void *echo_client(void *arg) {
  static uint8_t data[300000];
  test_t *test = arg;
  size_t sent = 0, received = 0;
  while (received < TOTAL) {
    size_t n = sizeof data < TOTAL - sent ? sizeof data : TOTAL - sent;
    struct pollfd p = {.fd = test->peer, .events = POLLIN};
    ssize_t done = 0;
    pattern_fill(data, sent, n);
    if (n) done = send(test->peer, data, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done > 0) sent += (size_t)done;
    CHECK_INT(pthread_kill(test->loop_thread, SIGUSR1), 0);
    if (poll(&p, 1, 1) > 0) CHECK(peer_take(test->peer, &received, SIZE_MAX));
    CHECK_INT(pthread_kill(test->loop_thread, SIGUSR1), 0);
  }
  peer_close(test->peer);
  return NULL;
}

int main(void) {
  transport_loop_t *loop;
  recorder_t r = {.quiet_data = true, .on_data = on_data, .on_pause = on_pause, .on_resume = on_resume};
  struct sigaction action = {.sa_handler = interrupt}; /* without SA_RESTART */
  test_t test = {.loop_thread = pthread_self()};
  thread_t client;
  watchdog(60);
  CHECK_INT(sigaction(SIGUSR1, &action, NULL), 0);
  loop = loop_new();
  test.peer = recorder_accept(loop, &r);
  client = thread_start(echo_client, &test);
  run_until(loop, &r.lost);
  thread_join(client);
  CHECK_UINT(r.received, TOTAL);
  CHECK_INT(r.lost_status, TRANSPORT_OK);
  CHECK(r.eof);
  CHECK(interruptions > 0);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
