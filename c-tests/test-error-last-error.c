/* transport_last_error tells the last failed call of the calling thread (convention 6): never NULL, kept over
 * successes and over other threads' failures, with one line of text and the system's code. Names and texts exist for
 * every number. */
#include "recorder.h"

static const transport_error_t *failed(int status) {
  const transport_error_t *error = transport_last_error();
  CHECK(error != NULL);
  CHECK_STATUS(error->status, status);
  CHECK(error->message != NULL && error->message[0] != 0 && strchr(error->message, '\n') == NULL);
  return error;
}

static void *fresh_thread(void *arg) {
  const transport_error_t *error = transport_last_error();
  CHECK(error != NULL && error->message != NULL);
  CHECK_STATUS(error->status, TRANSPORT_OK);
  CHECK_STATUS(transport_loop_run_once(arg, 0), TRANSPORT_ETHREAD);
  failed(TRANSPORT_ETHREAD);
  return arg;
}

int main(void) {
  static const char *const names[] = {"TRANSPORT_OK",       "TRANSPORT_EINVAL",    "TRANSPORT_EHANDLE",
                                      "TRANSPORT_ETHREAD",  "TRANSPORT_ESTATE",    "TRANSPORT_ECLOSED",
                                      "TRANSPORT_ENOTSUP",  "TRANSPORT_ENOMEM",    "TRANSPORT_ELIMIT",
                                      "TRANSPORT_ECANCELED", "TRANSPORT_ETIMEDOUT", "TRANSPORT_ERESOLVE",
                                      "TRANSPORT_EIO",      "TRANSPORT_ETLS",      "TRANSPORT_ETRUNCATED",
                                      "TRANSPORT_EPANIC"};
  const int unknown[] = {1, 1000, -16, -1000, INT32_MAX, INT32_MIN};
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1"};
  transport_protocol_t protocol = {.size = sizeof protocol};
  transport_server_t *server = NULL;
  const transport_error_t *error;
  transport_loop_t *loop;
  char port[8];
  int listener;
  watchdog(10);
  for (int i = 0; i < 16; i++) {
    CHECK_TEXT(transport_status_name(-i), names[i]);
    CHECK(transport_status_text(-i) != NULL && strlen(transport_status_text(-i)) > 3);
    for (int j = 0; j < i; j++) CHECK(strcmp(transport_status_text(-i), transport_status_text(-j)) != 0);
  }
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
    CHECK(transport_status_name(unknown[i]) != NULL);
    CHECK(transport_status_text(unknown[i]) != NULL);
  }
  CHECK_UINT(transport_version() >> 16, TRANSPORT_VERSION_MAJOR);
  CHECK_UINT(transport_version() & 0xffff, TRANSPORT_VERSION_MINOR << 8 | TRANSPORT_VERSION_PATCH);

  CHECK_STATUS(transport_last_error()->status, TRANSPORT_OK);
  loop = loop_new();
  CHECK_STATUS(transport_timer_cancel(NULL), TRANSPORT_EHANDLE);
  error = failed(TRANSPORT_EHANDLE);
  CHECK_INT(error->os_code, 0);
  CHECK_INT(error->tls_alert, -1);
  CHECK_INT(error->detail, 0);
  CHECK_OK(transport_loop_run_once(loop, 0));
  thread_join(thread_start(fresh_thread, loop));
  failed(TRANSPORT_EHANDLE);

  listener = peer_listen(&options.port);
  CHECK_STATUS(transport_create_server(loop, &options, &protocol, NULL, NULL, &server), TRANSPORT_EIO);
  CHECK(server == NULL);
  error = failed(TRANSPORT_EIO);
  CHECK_INT(error->os_code, EADDRINUSE);
  snprintf(port, sizeof port, "%u", options.port);
  CHECK(strstr(error->message, port) != NULL);
  errno = 4711;
  CHECK_STATUS(transport_loop_call_soon(loop, NULL, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_INT(errno, 4711); /* nothing goes through errno */
  error = failed(TRANSPORT_EINVAL);
  CHECK_INT(error->os_code, 0);
  peer_close(listener);
  CHECK_OK(transport_loop_free(loop));
  failed(TRANSPORT_EINVAL);
  return 0;
}
