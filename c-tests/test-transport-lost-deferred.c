/* connection_lost is never called inside the call that causes it: not inside close, abort, reset, a write or write_eof that
 * meets a dead connection, or set_write_buffer_limits, neither from a callback nor from outside: A10. */
#include "stream.h"

typedef void (*action_t)(transport_t *t);
static bool inside;

static void do_close(transport_t *t) { CHECK_OK(transport_close(t)); }
static void do_abort(transport_t *t) { CHECK_OK(transport_abort(t)); }
static void do_reset(transport_t *t) { CHECK_OK(transport_reset(t)); }

/* The next three are called when the peer's reset has come in. */
static void do_write(transport_t *t) {
  CHECK_OK(transport_write(t, "x", 1));
  (void)transport_get_write_buffer_size(t);
  CHECK(transport_is_closing(t));
}

static void do_write_eof(transport_t *t) {
  CHECK_OK(transport_write(t, "x", 1));
  CHECK_OK(transport_write_eof(t));
  CHECK(transport_is_closing(t));
}

static void do_limits(transport_t *t) {
  CHECK_OK(transport_write(t, "x", 1));
  CHECK_OK(transport_set_write_buffer_limits(t, 0, 0));
  CHECK(transport_is_closing(t));
}

static void on_lost(recorder_t *r, transport_t *t) {
  (void)r;
  (void)t;
  CHECK(!inside);
}

typedef struct job_t {
  action_t action;
  transport_t *t;
} job_t;

static void act(void *arg) {
  job_t *job = arg;
  inside = true;
  job->action(job->t);
  inside = false;
}

static void check(action_t action, bool dead, bool from_callback) {
  transport_loop_t *loop = loop_new();
  recorder_t r = {.on_lost = on_lost};
  int peer = recorder_accept(loop, &r);
  job_t job = {.action = action, .t = r.transport};
  CHECK_OK(transport_pause_reading(r.transport));
  if (dead) {
    peer_reset(peer);
    wait_hangup(stream_fd(r.transport));
  }
  if (from_callback) CHECK_OK(transport_loop_call_soon(loop, act, &job, NULL));
  else act(&job);
  run_until(loop, &r.lost);
  CHECK_TEXT(r.log, dead ? "made TRANSPORT_EIO lost" : "made lost");
  if (!dead) peer_close(peer);
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  static const action_t alive[] = {do_close, do_abort, do_reset}, dead[] = {do_write, do_write_eof, do_limits};
  watchdog(20);
  for (int from_callback = 0; from_callback < 2; from_callback++) {
    for (int i = 0; i < 3; i++) {
      check(alive[i], false, from_callback);
      check(dead[i], true, from_callback);
    }
  }
  return 0;
}
