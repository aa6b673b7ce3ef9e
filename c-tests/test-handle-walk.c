/* Every function of the header answers NULL, stale, foreign and made-up handles as conventions 2, 3 and 6 say:
 * EHANDLE, or ETHREAD on another thread and in a forked child (S10, S13), whatever the other arguments are; without
 * a status, the dead handle's answer. Outputs stay untouched, live objects undisturbed. The list of functions is
 * read from the header. */
#include "header.h"
#include "process.h"
#include "world.h"

static world_t live, ended; /* on the same loop */

typedef void (*visit_t)(const export_t *e, const void *handle, export_kind_t kind, bool valid);

/* Visits every function that takes a handle, with valid and with wrong other arguments. */
static void walk(visit_t visit, const void *handle, export_kind_t kind) {
  for (int valid = 0; valid < 2; valid++) {
    export_arguments(valid, live.port);
    for (const export_t *e = exports; e < exports + EXPORT_COUNT; e++) {
      if (e->kind != NO_HANDLE) visit(e, handle, kind, valid);
    }
  }
}

static void expect_dead(const export_t *e, const void *handle, export_kind_t kind, bool valid) {
  (void)kind, (void)valid;
  export_expect(e, handle, !handle && export_frees(e) ? TRANSPORT_OK : TRANSPORT_EHANDLE);
}

static void expect_wrong_kind(const export_t *e, const void *handle, export_kind_t kind, bool valid) {
  if (e->kind != kind) expect_dead(e, handle, kind, valid);
}

static void expect_foreign(const export_t *e, const void *handle, export_kind_t kind, bool valid) {
  bool posts = strcmp(e->name, "transport_loop_call_soon_threadsafe") == 0;
  if (!e->any_thread) export_expect(e, handle, TRANSPORT_ETHREAD);
  else if (e->kind != kind) export_expect(e, handle, TRANSPORT_EHANDLE);
  else if (posts && !valid) export_expect(e, handle, TRANSPORT_EINVAL);
  else if (strcmp(e->name, "transport_loop_adopt") == 0) export_expect(e, handle, TRANSPORT_ESTATE);
  else export_expect(e, handle, TRANSPORT_OK);
}

static void expect_child(const export_t *e, const void *handle, export_kind_t kind, bool valid) {
  (void)valid;
  if (!e->any_thread || e->kind == kind) export_expect(e, handle, TRANSPORT_ETHREAD);
}

static void walk_garbage(void) {
  uint64_t random = 88172645463325252u;
  const void *handle = NULL;
  walk(expect_dead, NULL, NO_HANDLE);
  walk(expect_dead, &random, NO_HANDLE);
  walk(expect_dead, &live, NO_HANDLE);
  walk(expect_dead, (const void *)UINTPTR_MAX, NO_HANDLE);
  for (int i = 0; i < 200; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    memcpy(&handle, &random, sizeof handle);
    walk(expect_dead, handle, NO_HANDLE);
  }
  for (int i = 0; i < WORLD_HANDLES * 64; i++) { /* live handles with one wrong bit */
    uintptr_t bits = (uintptr_t)world_handle(&live, i / 64) ^ ((uintptr_t)1 << i % 64);
    if (!world_has(&live, (const void *)bits)) walk(expect_dead, (const void *)bits, NO_HANDLE);
  }
}

/* On the loop's own thread: all that is dead. */
static void walk_dead(const world_t *w, bool with_loop) {
  for (int i = with_loop ? 0 : 1; i < WORLD_HANDLES; i++) walk(expect_dead, world_handle(w, i), NO_HANDLE);
}

static void walk_elsewhere(visit_t visit) {
  for (int i = 0; i < WORLD_HANDLES; i++) walk(visit, world_handle(&live, i), world_kind(i));
  for (int i = 1; i < WORLD_HANDLES; i++) walk(visit, world_handle(&ended, i), world_kind(i));
  walk(expect_dead, NULL, NO_HANDLE);
}

static void *on_another_thread(void *arg) {
  walk_elsewhere(expect_foreign);
  return arg;
}

static void while_the_loop_runs(void *done) { /* so that it cannot be adopted */
  thread_join(thread_start(on_another_thread, NULL));
  *(bool *)done = true;
}

int main(void) {
  world_t freed, later;
  bool done = false;
  pid_t child;
  watchdog(120);
  CHECK_UINT(header_functions(export_must_exist, NULL), EXPORT_COUNT);

  world_new(&freed);
  world_free(&freed);
  world_new(&ended);
  world_check(&ended);
  world_end(&ended);
  world_new_on(&live, ended.loop);
  walk_garbage();
  walk_dead(&ended, false);
  walk_dead(&freed, true);
  for (int i = 0; i < WORLD_HANDLES; i++) walk(expect_wrong_kind, world_handle(&live, i), world_kind(i));

  CHECK_OK(transport_loop_call_soon(live.loop, while_the_loop_runs, &done, NULL));
  run_until(live.loop, &done);
  if ((child = fork()) == 0) {
    watchdog(60);
    walk_elsewhere(expect_child);
    _exit(0);
  }
  wait_for_child(child);

  world_check(&live);
  world_free(&live);
  walk_dead(&live, true);
  world_new(&later);
  walk_dead(&live, true);
  walk_dead(&ended, true);
  world_check(&later);
  world_free(&later);
  return 0;
}
