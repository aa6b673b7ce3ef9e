/* A get_buffer that offers nothing ends the transport: the exception handler is told and connection_lost gets
 * TRANSPORT_EINVAL (G3, F2). One that has closed or aborted its transport meanwhile has a reason, and no error comes. */
#include "buffered.h"

static int exceptions;
static transport_t *excused;

static void exception(void *arg, transport_loop_t *loop, transport_t *transport, const transport_error_t *error) {
  CHECK_PTR(arg, &exceptions);
  CHECK(loop != NULL);
  CHECK_STATUS(error->status, TRANSPORT_EINVAL);
  CHECK(strstr(error->message, "get_buffer") != NULL);
  excused = transport;
  exceptions++;
}

static void abort_it(buffered_t *b, transport_t *t) {
  b->no_buffer = true;
  CHECK_OK(transport_abort(t));
}

int main(void) {
  transport_loop_t *loop;
  watchdog(20);
  loop = loop_new();
  CHECK_OK(transport_loop_set_exception_handler(loop, exception, &exceptions));
  for (int i = 0; i < 2; i++) {
    buffered_t b = {.room = 0, .no_buffer = i == 1};
    int peer = buffered_accept(loop, &b);
    peer_send(peer, "x", 1);
    run_until(loop, &b.recorder.lost);
    CHECK_TEXT(b.recorder.log, "made get TRANSPORT_EINVAL lost");
    CHECK_INT(exceptions, i + 1);
    CHECK_PTR(excused, b.recorder.transport);
    peer_close(peer);
  }
  {
    buffered_t b = {.room = 8, .on_get = abort_it};
    int peer = buffered_accept(loop, &b);
    peer_send(peer, "x", 1);
    run_until(loop, &b.recorder.lost);
    CHECK_TEXT(b.recorder.log, "made get lost");
    CHECK_INT(exceptions, 2);
    peer_close(peer);
  }
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
