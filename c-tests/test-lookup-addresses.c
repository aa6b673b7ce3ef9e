/* transport_loop_getaddrinfo: numeric hosts need no other thread (J2); names are asked for on one, and the answer comes from
 * the loop with the resolver's code when it fails (X1); each address once, in the resolver's order. */
#include "lookup.h"
#include "resolver.h"
#include "process.h"

int main(void) {
  transport_loop_t *loop;
  lookup_t l;
  int threads;
  watchdog(20);
  loop = loop_new();
  threads = thread_count();
  CHECK_TEXT(lookup(loop, &l, "127.0.0.1", "80", 0), "127.0.0.1:80");
  CHECK_TEXT(lookup(loop, &l, "::1", NULL, 0), "[::1]:0");
  CHECK_TEXT(lookup(loop, &l, "::1", "443", AF_INET6), "[::1]:443");
  CHECK_TEXT(lookup(loop, &l, "::1", "443", AF_INET), "");
  CHECK_STATUS(l.status, TRANSPORT_ERESOLVE);
  CHECK_INT(resolver_started(), 0);
  CHECK_INT(thread_count(), threads);

  resolver.addresses[0] = "::2";
  resolver.addresses[1] = "127.0.0.9";
  resolver.addresses[2] = "::2";
  CHECK_TEXT(lookup(loop, &l, "some.test", "80", 0), "[::2]:80 127.0.0.9:80");
  CHECK(!pthread_equal(resolver.thread, pthread_self()));
  CHECK_TEXT(resolver.host, "some.test");
  CHECK_TEXT(lookup(loop, &l, "some.test", NULL, AF_INET), "127.0.0.9:0");
  CHECK_TEXT(lookup(loop, &l, NULL, "7", 0), "[::2]:7 127.0.0.9:7");
  resolver.failure = EAI_AGAIN;
  CHECK_TEXT(lookup(loop, &l, "some.test", NULL, 0), "");
  CHECK_STATUS(l.status, TRANSPORT_ERESOLVE);
  CHECK_INT(l.os_code, EAI_AGAIN);
  CHECK_CONTAINS(l.message, "some.test");

  CHECK_STATUS(lookup_start(loop, &l, NULL, NULL, 0), TRANSPORT_EINVAL);
  CHECK_STATUS(lookup_start(loop, &l, "x", NULL, 99), TRANSPORT_EINVAL);
  CHECK_STATUS(lookup_start(loop, &l, "\xff", NULL, 0), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_loop_getaddrinfo(loop, "x", NULL, 0, NULL, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_PTR(l.request, NULL);
  CHECK_OK(transport_loop_free(loop));
  wait_for_threads(threads);
  return 0;
}
