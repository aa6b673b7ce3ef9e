/* Growth (convention 8): size must be the struct's, or larger with an all-zero tail up to 4096; 0, smaller, between
 * fields, larger with something in the tail and beyond 4096 are EINVAL. Padding is not looked at. Each struct lies
 * at the end of its memory, so a sanitizer sees what is read behind it. */
#include "recorder.h"
#include <stddef.h>

static transport_loop_t *loop;
static transport_server_options_t server_options;
static transport_connect_options_t connect_options;
static transport_loop_options_t loop_options;
static transport_protocol_t protocol;

static transport_status_t try_loop(const void *options) {
  transport_loop_t *out = NULL;
  transport_status_t status = transport_loop_new(options, &out);
  CHECK((out != NULL) == (status == TRANSPORT_OK));
  CHECK_OK(transport_loop_free(out));
  return status;
}

static transport_status_t serve(const void *options, const void *table) {
  transport_server_t *out = NULL;
  transport_status_t status = transport_create_server(loop, options, table, NULL, NULL, &out);
  CHECK((out != NULL) == (status == TRANSPORT_OK));
  if (out) CHECK_OK(transport_server_close(out));
  return status;
}
static transport_status_t try_server(const void *options) { return serve(options, &protocol); }
static transport_status_t try_protocol(const void *table) { return serve(&server_options, table); }

static transport_status_t try_connect(const void *options) {
  transport_request_t *out = NULL;
  transport_status_t status = transport_create_connection(loop, options, &protocol, NULL, NULL, NULL, &out);
  CHECK((out != NULL) == (status == TRANSPORT_OK));
  if (out) CHECK_OK(transport_request_cancel(out));
  return status;
}

typedef transport_status_t (*try_t)(const void *);

/* The struct's first bytes, room of them, with that size and one byte of the rest set. */
static void expect(transport_status_t status, try_t try, const void *good, size_t len, size_t size, size_t room,
                   size_t dirty) {
  unsigned char *memory = check_alloc(room);
  memset(memory, 0, room);
  memcpy(memory, good, len < room ? len : room);
  memcpy(memory, &size, sizeof size);
  if (dirty) memory[dirty] = 1;
  CHECK_STATUS(try(memory), status);
  free(memory);
}

static void sizes(try_t try, const void *good, size_t len) {
  const size_t wrong[] = {1, sizeof(size_t) - 1, sizeof(size_t), sizeof(size_t) + 4, len - 8, len - 4, len - 1};
  const size_t larger[] = {len + 1, len + 2, len + 7, len + 8, len + 9, len + 16, 1000, 4095, 4096};
  expect(TRANSPORT_OK, try, good, len, len, len, 0);
  expect(TRANSPORT_EINVAL, try, good, len, 0, sizeof(size_t), 0);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    expect(TRANSPORT_EINVAL, try, good, len, wrong[i], wrong[i] < sizeof(size_t) ? sizeof(size_t) : wrong[i], 0);
  }
  for (size_t i = 0; i < sizeof larger / sizeof larger[0]; i++) {
    size_t size = larger[i];
    expect(TRANSPORT_OK, try, good, len, size, size, 0);
    expect(TRANSPORT_EINVAL, try, good, len, size, size, len);
    expect(TRANSPORT_EINVAL, try, good, len, size, size, size - 1);
    expect(TRANSPORT_EINVAL, try, good, len, size, size, len + (size - len) / 2);
  }
  expect(TRANSPORT_EINVAL, try, good, len, 4097, 4097, 0);
  expect(TRANSPORT_EINVAL, try, good, len, (size_t)1 << 40, len, 0); /* not read to its end */
  expect(TRANSPORT_EINVAL, try, good, len, SIZE_MAX, len, 0);
}

int main(void) {
  const size_t behind_port = offsetof(transport_server_options_t, port) + sizeof(uint16_t);
  watchdog(10);
  loop = loop_new();
  loop_options = (transport_loop_options_t){.size = sizeof loop_options};
  protocol = (transport_protocol_t){.size = sizeof protocol};
  server_options = (transport_server_options_t){.size = sizeof server_options, .host = "127.0.0.1"};
  connect_options = (transport_connect_options_t){.size = sizeof connect_options, .host = "127.0.0.1", .port = 9};
  sizes(try_loop, &loop_options, sizeof loop_options);
  sizes(try_protocol, &protocol, sizeof protocol);
  sizes(try_server, &server_options, sizeof server_options);
  sizes(try_connect, &connect_options, sizeof connect_options);

  memset(&loop_options, 0xff, sizeof loop_options); /* padding at the end, and inside */
  loop_options.size = sizeof loop_options;
  loop_options.debug = 0;
  CHECK_OK(try_loop(&loop_options));
  memset((char *)&server_options + behind_port, 0xff, offsetof(transport_server_options_t, family) - behind_port);
  CHECK_OK(try_server(&server_options));

  CHECK_OK(try_loop(NULL));
  CHECK_STATUS(transport_loop_new(NULL, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(try_server(NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(try_protocol(NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(try_connect(NULL), TRANSPORT_EINVAL);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
