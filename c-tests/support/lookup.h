/* A look-up that writes down its answer. */
#ifndef LOOKUP_H
#define LOOKUP_H
#include "recorder.h"

typedef struct lookup_t {
  bool calling, done;
  int status, os_code;
  size_t count;
  char text[400];    /* "127.0.0.1:80 [::1]:80", or "host/service" */
  char message[400];
  transport_request_t *request;
} lookup_t;

static inline void lookup_over(lookup_t *l, const transport_error_t *error) {
  CHECK(!l->calling && !l->done);
  l->done = true;
  if (!error) return;
  l->status = error->status;
  l->os_code = error->os_code;
  CHECK(error->message[0]);
  snprintf(l->message, sizeof l->message, "%s", error->message);
}

static inline void lookup_resolved(void *arg, const struct sockaddr *const *addresses, const size_t *lens, size_t count,
                                   const transport_error_t *error) {
  lookup_t *l = arg;
  char host[INET6_ADDRSTRLEN], word[80];
  CHECK((count == 0) == (error != NULL));
  for (size_t i = 0; i < count; i++) {
    bool v6 = addresses[i]->sa_family == AF_INET6;
    const struct sockaddr_in *a4 = (const void *)addresses[i];
    const struct sockaddr_in6 *a6 = (const void *)addresses[i];
    CHECK_UINT(lens[i], v6 ? sizeof *a6 : sizeof *a4);
    CHECK(inet_ntop(v6 ? AF_INET6 : AF_INET, v6 ? (const void *)&a6->sin6_addr : &a4->sin_addr, host, sizeof host));
    snprintf(word, sizeof word, v6 ? "%s[%s]:%u" : "%s%s:%u", i ? " " : "", host, ntohs(v6 ? a6->sin6_port : a4->sin_port));
    strcat(l->text, word);
  }
  l->count = count;
  lookup_over(l, error);
}

static inline void lookup_named(void *arg, const char *host, const char *service, const transport_error_t *error) {
  lookup_t *l = arg;
  CHECK((host == NULL) == (error != NULL) && (service == NULL) == (error != NULL));
  if (!error) snprintf(l->text, sizeof l->text, "%s/%s", host, service);
  lookup_over(l, error);
}

static inline transport_status_t lookup_start(transport_loop_t *loop, lookup_t *l, const char *host, const char *service,
                                              int family) {
  transport_status_t status;
  memset(l, 0, sizeof *l);
  l->calling = true;
  status = transport_loop_getaddrinfo(loop, host, service, family, lookup_resolved, l, &l->request);
  l->calling = false;
  return status;
}

/* The answer as text. */
static inline const char *lookup(transport_loop_t *loop, lookup_t *l, const char *host, const char *service, int family) {
  CHECK_OK(lookup_start(loop, l, host, service, family));
  CHECK(l->request != NULL);
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(l->done);
  CHECK_STATUS(transport_request_cancel(l->request), TRANSPORT_EHANDLE);
  return l->text;
}

#endif
