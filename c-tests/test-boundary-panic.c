/* A panic inside an exported function becomes TRANSPORT_EPANIC, or the dead handle's answer where there is no status
 * (convention 6): nothing is printed, transport_last_error tells, outputs are untouched, the loop goes on, and at
 * most the transport concerned ends. Once a function of a transport has its loop, a panic does end that transport, with
 * TRANSPORT_EPANIC, and the exception handler is told. Needs a library with test hooks. */
#include "process.h"
#include "world.h"

/* Makes the next call of that exported function on this thread panic, once: at its first step, or where it has its loop. */
extern void transport_test_panic(const char *function_name, bool inside);

static void count_one(void *arg) { ++*(int *)arg; }

/* The loop still takes work, does it, and serves. */
static void loop_goes_on(world_t *w) {
  recorder_t fresh;
  int ran = 0, peer;
  char byte = 0;
  memset(&fresh, 0, sizeof fresh);
  CHECK_OK(transport_loop_call_soon(w->loop, count_one, &ran, NULL));
  CHECK_OK(transport_loop_call_later(w->loop, 0, count_one, &ran, NULL));
  CHECK_OK(transport_loop_call_soon_threadsafe(w->loop, count_one, &ran));
  while (ran < 3) CHECK_OK(transport_loop_run_once(w->loop, TRANSPORT_SEC(1)));
  peer = recorder_accept(w->loop, &fresh);
  CHECK_OK(transport_write(fresh.transport, "y", 1));
  CHECK_UINT(peer_recv_all(peer, &byte, 1), 1);
  CHECK_OK(transport_close(fresh.transport));
  run_until(w->loop, &fresh.lost);
  peer_close(peer);
}

static void count_exception(void *arg, transport_loop_t *loop, transport_t *transport, const transport_error_t *error) {
  (void)loop, (void)transport;
  CHECK_STATUS(error->status, TRANSPORT_EPANIC);
  ++*(int *)arg;
}

static void panic_in(const export_t *e, bool inside) {
  world_t w;
  int exceptions = 0;
  const void *handle = NULL;
  transport_status_t status;
  world_new(&w);
  export_arguments(true, w.port);
  for (int i = 0; i < WORLD_HANDLES; i++) {
    if (world_kind(i) == e->kind) handle = world_handle(&w, i);
  }
  CHECK_OK(transport_loop_set_exception_handler(w.loop, count_exception, &exceptions));
  transport_test_panic(e->name, inside);
  export_expect(e, handle, TRANSPORT_EPANIC);
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_EPANIC);
  CHECK(transport_last_error()->message[0] != 0);
  if (export_frees(e) && transport_loop_call_soon(w.loop, count_one, &w.timer_runs, NULL) == TRANSPORT_EHANDLE) {
    world_close_peers(&w); /* a panic in loop_free may have freed it */
    return;
  }
  loop_goes_on(&w);
  if (e->kind == TRANSPORT) { /* it may have ended: then its protocol knows, and it is closing */
    if (!transport_is_closing(w.transport)) CHECK(!w.recorder.lost);
    else while (!w.recorder.lost) CHECK_OK(transport_loop_run_once(w.loop, TRANSPORT_SEC(1)));
    if (w.recorder.lost) CHECK_STATUS(w.recorder.lost_status, TRANSPORT_EPANIC);
    CHECK_INT(w.recorder.lost, inside);
    CHECK_INT(exceptions, inside ? 1 : 0);
    CHECK(transport_server_is_serving(w.server));
    CHECK_OK(transport_timer_cancel(w.timer));
  } else {
    CHECK(!transport_is_closing(w.transport));
    CHECK_OK(transport_write(w.transport, "x", 1));
  }
  status = transport_loop_free(w.loop);
  CHECK_OK(status);
  CHECK(w.recorder.lost);
  CHECK_INT(w.request_done, 1);
  world_close_peers(&w);
}

static void story(void) {
  transport_loop_t *loop = NULL;
  watchdog(60);
  for (const export_t *e = exports; e < exports + EXPORT_COUNT; e++) {
    if (e->kind != NO_HANDLE && e->kind != TLS) panic_in(e, false);
    if (e->kind == TRANSPORT && e->answer == STATUS) panic_in(e, true);
  }
  transport_test_panic("transport_loop_new", false);
  CHECK_STATUS(transport_loop_new(NULL, &loop), TRANSPORT_EPANIC);
  CHECK_PTR(loop, NULL);
  loop = loop_new(); /* armed once only */
  transport_test_panic("transport_loop_stop", false);
  CHECK_OK(transport_loop_run_once(loop, 0)); /* another function is not touched */
  CHECK_STATUS(transport_loop_stop(loop), TRANSPORT_EPANIC);
  CHECK_OK(transport_loop_stop(loop));
  CHECK_OK(transport_loop_free(loop));
}

int main(void) {
  watchdog(90);
  run_silently(story);
  return 0;
}
