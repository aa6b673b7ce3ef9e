/* Assertions that print both values, a watchdog, and a few socket helpers for the peers that tests play by hand.
 * A test is one program: exit 0 passed, 1 failed, 77 skipped (with the reason on stderr). */
#ifndef CHECK_H
#define CHECK_H
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <transport.h>

#define CHECK(condition)                                                                                              \
  do {                                                                                                                \
    if (!(condition)) check_fail(__FILE__, __LINE__, #condition);                                                     \
  } while (0)
#define CHECK_INT(actual, expected) check_int(__FILE__, __LINE__, #actual, (intmax_t)(actual), (intmax_t)(expected))
#define CHECK_UINT(actual, expected)                                                                                  \
  check_uint(__FILE__, __LINE__, #actual, (uintmax_t)(actual), (uintmax_t)(expected))
#define CHECK_PTR(actual, expected) check_ptr(__FILE__, __LINE__, #actual, (const void *)(actual), (const void *)(expected))
#define CHECK_TEXT(actual, expected) check_text(__FILE__, __LINE__, #actual, actual, expected)
/* Statuses are printed by name. CHECK_OK also prints transport_last_error's message. */
#define CHECK_STATUS(actual, expected) check_status(__FILE__, __LINE__, #actual, (int)(actual), (int)(expected))
#define CHECK_OK(actual) CHECK_STATUS(actual, TRANSPORT_OK)
#define SKIP(reason)                                                                                                  \
  do {                                                                                                                \
    fprintf(stderr, "skipped: %s\n", reason);                                                                         \
    exit(77);                                                                                                         \
  } while (0)

/* What the test is at, for tests that go through a table: printed with a failure. */
static const char *check_context;

static inline void check_exit(void) {
  if (check_context) fprintf(stderr, "in %s\n", check_context);
  fflush(NULL);
  _Exit(1);
}

static inline void check_fail(const char *file, int line, const char *what) {
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  check_exit();
}

static inline void check_int(const char *file, int line, const char *what, intmax_t actual, intmax_t expected) {
  if (actual == expected) return;
  fprintf(stderr, "%s:%d: %s is %" PRIdMAX ", expected %" PRIdMAX "\n", file, line, what, actual, expected);
  check_exit();
}

static inline void check_uint(const char *file, int line, const char *what, uintmax_t actual, uintmax_t expected) {
  if (actual == expected) return;
  fprintf(stderr, "%s:%d: %s is %" PRIuMAX ", expected %" PRIuMAX "\n", file, line, what, actual, expected);
  check_exit();
}

static inline void check_ptr(const char *file, int line, const char *what, const void *actual, const void *expected) {
  if (actual == expected) return;
  fprintf(stderr, "%s:%d: %s is %p, expected %p\n", file, line, what, actual, expected);
  check_exit();
}

static inline void check_text(const char *file, int line, const char *what, const char *actual, const char *expected) {
  if (actual && expected && strcmp(actual, expected) == 0) return;
  fprintf(stderr, "%s:%d: %s is\n  \"%s\", expected\n  \"%s\"\n", file, line, what, actual ? actual : "(null)",
          expected ? expected : "(null)");
  check_exit();
}

static inline void check_status(const char *file, int line, const char *what, int actual, int expected) {
  if (actual == expected) return;
  fprintf(stderr, "%s:%d: %s is %s, expected %s%s%s\n", file, line, what, transport_status_name(actual),
          transport_status_name(expected), actual ? ": " : "", actual ? transport_last_error()->message : "");
  check_exit();
}

static inline void *check_alloc(size_t size) {
  void *memory = malloc(size ? size : 1);
  CHECK(memory != NULL);
  return memory;
}

#endif
