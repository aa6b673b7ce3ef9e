/* A look-up is cancelled at once, whatever the resolver does: done gets TRANSPORT_ECANCELED from the loop, and the late answer
 * is dropped (X2). A resolver that hangs holds up neither numeric hosts nor the executor nor transport_loop_free (X4). */
#include "lookup.h"
#include "process.h"
#include "resolver.h"

static int worked;

static void work(void *arg) { worked += *(int *)arg; }

static void cancel_late(void *arg) {
  lookup_t *l = arg;
  CHECK_OK(transport_request_cancel(l->request));
}

int main(void) {
  transport_loop_t *loop;
  lookup_t hanging[6], numeric, freed;
  int one = 1, threads = thread_count();
  watchdog(20);
  loop = loop_new();
  resolver.addresses[0] = "127.0.0.1";
  resolver_hold(true);
  for (int i = 0; i < 6; i++) CHECK_OK(lookup_start(loop, &hanging[i], "some.test", NULL, 0)); /* more than threads */
  CHECK_TEXT((CHECK_OK(lookup_start(loop, &numeric, "127.0.0.1", "1", 0)), run_until(loop, &numeric.done), numeric.text),
             "127.0.0.1:1");
  CHECK_OK(transport_loop_run_in_executor(loop, work, NULL, &one, NULL));
  for (int i = 0; i < 5; i++) {
    hanging[i].calling = true;
    CHECK_OK(transport_request_cancel(hanging[i].request));
    CHECK_OK(transport_request_cancel(hanging[i].request));
    hanging[i].calling = false;
    run_until(loop, &hanging[i].done);
    CHECK_STATUS(hanging[i].status, TRANSPORT_ECANCELED);
  }
  CHECK_OK(transport_loop_call_later(loop, TRANSPORT_MS(20), cancel_late, &hanging[5], NULL)); /* a deadline */
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(hanging[5].status, TRANSPORT_ECANCELED);
  CHECK_INT(worked, 1);

  CHECK_OK(lookup_start(loop, &freed, "some.test", NULL, 0));
  CHECK_OK(transport_loop_free(loop));
  CHECK_STATUS(freed.status, TRANSPORT_ECANCELED);
  resolver_hold(false);
  resolver_wait_finished();
  wait_for_threads(threads); /* they finish alone */
  return 0;
}
