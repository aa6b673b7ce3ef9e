/* transport_loop_getnameinfo: host and service of an address, from another thread (X1); what is no whole address is refused
 * at once; cancelling works as for getaddrinfo (X2). */
#include "lookup.h"
#include <netdb.h>

static transport_status_t start(transport_loop_t *loop, lookup_t *l, const void *address, size_t len) {
  transport_status_t status;
  memset(l, 0, sizeof *l);
  l->calling = true;
  status = transport_loop_getnameinfo(loop, address, len, lookup_named, l, &l->request);
  l->calling = false;
  return status;
}

int main(void) {
  transport_loop_t *loop;
  lookup_t l;
  struct sockaddr_in address = peer_address(9);
  struct sockaddr_in6 address6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(65000)};
  struct sockaddr_in copy = address;
  char host[NI_MAXHOST], service[NI_MAXSERV], expected[NI_MAXHOST + NI_MAXSERV + 1];
  watchdog(20);
  loop = loop_new();
  CHECK_INT(getnameinfo((struct sockaddr *)&address, sizeof address, host, sizeof host, service, sizeof service, 0), 0);
  snprintf(expected, sizeof expected, "%s/%s", host, service);
  CHECK_OK(start(loop, &l, &copy, sizeof copy));
  memset(&copy, 0xff, sizeof copy); /* it was copied */
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(l.text, expected);
  CHECK_OK(start(loop, &l, &address6, sizeof address6));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(strstr(l.text, "/65000") != NULL);

  CHECK_STATUS(start(loop, &l, NULL, 0), TRANSPORT_EINVAL);
  CHECK_STATUS(start(loop, &l, NULL, sizeof address), TRANSPORT_EINVAL);
  CHECK_STATUS(start(loop, &l, &address, 1), TRANSPORT_EINVAL);
  CHECK_STATUS(start(loop, &l, &address, sizeof address - 1), TRANSPORT_EINVAL);
  CHECK_STATUS(start(loop, &l, &copy, sizeof copy), TRANSPORT_EINVAL); /* no such family */
  CHECK_STATUS(transport_loop_getnameinfo(loop, (void *)&address, sizeof address, NULL, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_PTR(l.request, NULL);

  CHECK_OK(start(loop, &l, &address, sizeof address));
  CHECK_OK(transport_request_cancel(l.request));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(l.status, TRANSPORT_ECANCELED);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
