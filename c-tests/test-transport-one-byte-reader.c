/* A peer that reads one byte at a time, and one that sends one byte at a time, get and give every byte in order, with marks so low
 * that writing pauses again and again: C3, D19, E5, E6. */
#include "stream.h"

enum { TOTAL = 300000 };

static void on_data(recorder_t *r, transport_t *t) {
  (void)t;
  pattern_check(r->data, r->received - r->data_len, r->data_len);
}

static struct {
  size_t written;
  int pauses;
} test;

static void write_on(recorder_t *r, transport_t *t) {
  while (!r->paused && test.written < TOTAL) CHECK_OK(stream_write(t, &test.written, 1 + test.written % 5000));
  if (test.written >= TOTAL) CHECK_OK(transport_close(t));
}

static void on_pause(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  test.pauses++;
}

static void *read_bytes(void *arg) {
  int fd = *(int *)arg;
  size_t received = 0;
  uint8_t byte;
  while (peer_recv(fd, &byte, 1) == 1) pattern_check(&byte, received++, 1);
  CHECK_UINT(received, test.written);
  return NULL;
}

static void *send_bytes(void *arg) {
  for (size_t i = 0; i < TOTAL; i++) peer_send(*(int *)arg, &(uint8_t){pattern_at(i)}, 1);
  CHECK_INT(shutdown(*(int *)arg, SHUT_WR), 0);
  return NULL;
}

int main(void) {
  transport_loop_t *loop;
  recorder_t writer = {.on_pause = on_pause, .on_resume = write_on};
  recorder_t reader = {.on_data = on_data, .quiet_data = true};
  thread_t thread;
  int peer;
  watchdog(60);
  loop = loop_new();
  peer = stream_accept_small(loop, &writer);
  CHECK_OK(transport_set_write_buffer_limits(writer.transport, 3000, 100));
  write_on(&writer, writer.transport);
  thread = thread_start(read_bytes, &peer);
  run_until(loop, &writer.lost);
  thread_join(thread);
  CHECK(test.pauses > 5);
  CHECK_INT(writer.lost_status, TRANSPORT_OK);
  peer_close(peer);
  peer = recorder_accept(loop, &reader);
  thread = thread_start(send_bytes, &peer);
  run_until(loop, &reader.lost);
  thread_join(thread);
  CHECK_UINT(reader.received, TOTAL);
  CHECK_TEXT(reader.log, "made eof lost");
  peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
