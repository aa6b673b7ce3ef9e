/* Odd hosts and ports end in an error and never in a connection, a cut-off name or a crash: unknown, empty, 300 characters,
 * control characters, not UTF-8, the wrong family, port 0. Error messages stay one line of UTF-8. */
#include "client.h"
#include <netdb.h>

static bool is_one_utf8_line(const char *text) {
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    int more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc2 ? 1 : -1;
    if (more < 0 || *p == '\n' || *p == '\r' || *p >= 0xf5) return false;
    while (more-- > 0) {
      if ((*++p & 0xc0) != 0x80) return false;
    }
  }
  return true;
}

static transport_loop_t *loop;

static int outcome(const char *host, uint16_t port, int family, int *os_code) {
  client_t client = {0};
  transport_connect_options_t options = client_options(host, port);
  int status;
  options.family = family;
  status = client_outcome(loop, &client, &options);
  CHECK(status < 0);
  check_context = client.done ? client.message : transport_last_error()->message;
  CHECK(is_one_utf8_line(client.done ? client.message : transport_last_error()->message));
  check_context = NULL;
  if (os_code) *os_code = client.done ? client.os_code : transport_last_error()->os_code;
  return status;
}

static void not_found(const char *host, int family) {
  int status = outcome(host, 80, family, NULL);
  if (status != TRANSPORT_EINVAL) CHECK_STATUS(status, TRANSPORT_ERESOLVE);
}

int main(void) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  char long_host[301];
  int os_code = 0, expected;
  watchdog(60);
  loop = loop_new();
  expected = getaddrinfo("does-not-exist.invalid", "80", &hints, &found);
  if (expected == 0) SKIP("this network answers for names that do not exist");
  CHECK_STATUS(outcome("does-not-exist.invalid", 80, 0, &os_code), TRANSPORT_ERESOLVE);
  CHECK_INT(os_code, expected);

  memset(long_host, 'x', 300);
  long_host[300] = 0;
  not_found("", 0);
  not_found(long_host, 0);
  not_found("bad\nhost", 0);
  not_found("\xff\xfe\x80", 0);
  not_found("127.0.0.1", AF_INET6);
  not_found("::1", AF_INET);
  not_found("127.0.0.1,127.0.0.2", 0); /* lists are for servers */
  CHECK(outcome("127.0.0.1", 0, 0, NULL) != TRANSPORT_OK);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
