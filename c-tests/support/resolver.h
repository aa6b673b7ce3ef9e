/* A name service inside the test: getaddrinfo and freeaddrinfo of this program stand in front of the C library's, for
 * the library too. It answers from a script, can be held up, and notes who called it. Include it in one file only. */
#ifndef RESOLVER_H
#define RESOLVER_H
#include "peer.h"
#include <netdb.h>

typedef struct resolver_t {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool held;                  /* look-ups wait until it is false */
  int failure;                /* EAI_*: every look-up fails with it */
  const char *addresses[8];   /* numeric; the answer in this order, of the family asked for; none: an empty answer */
  int started, finished;      /* look-ups */
  pthread_t thread;           /* of the last one */
  char host[512];             /* of the last one */
} resolver_t;

static resolver_t resolver = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static inline void resolver_hold(bool held) {
  pthread_mutex_lock(&resolver.lock);
  resolver.held = held;
  pthread_cond_broadcast(&resolver.changed);
  pthread_mutex_unlock(&resolver.lock);
}

static inline int resolver_started(void) {
  int started;
  pthread_mutex_lock(&resolver.lock);
  started = resolver.started;
  pthread_mutex_unlock(&resolver.lock);
  return started;
}

/* Waits until every look-up that began has ended. */
static inline void resolver_wait_finished(void) {
  pthread_mutex_lock(&resolver.lock);
  while (resolver.finished < resolver.started) pthread_cond_wait(&resolver.changed, &resolver.lock);
  pthread_mutex_unlock(&resolver.lock);
}

static struct addrinfo *resolver_entry(const char *address, int family, uint16_t port) {
  union { struct sockaddr_in v4; struct sockaddr_in6 v6; } at;
  bool v6 = strchr(address, ':') != NULL;
  struct addrinfo *entry;
  size_t len = v6 ? sizeof at.v6 : sizeof at.v4;
  if (family != AF_UNSPEC && family != (v6 ? AF_INET6 : AF_INET)) return NULL;
  memset(&at, 0, sizeof at);
  if (v6) {
    at.v6.sin6_family = AF_INET6;
    at.v6.sin6_port = htons(port);
    CHECK_INT(inet_pton(AF_INET6, address, &at.v6.sin6_addr), 1);
  } else {
    at.v4.sin_family = AF_INET;
    at.v4.sin_port = htons(port);
    CHECK_INT(inet_pton(AF_INET, address, &at.v4.sin_addr), 1);
  }
  entry = check_alloc(sizeof *entry + len);
  memset(entry, 0, sizeof *entry);
  entry->ai_family = v6 ? AF_INET6 : AF_INET;
  entry->ai_socktype = SOCK_STREAM;
  entry->ai_protocol = IPPROTO_TCP;
  entry->ai_addrlen = (socklen_t)len;
  entry->ai_addr = (struct sockaddr *)(entry + 1);
  memcpy(entry->ai_addr, &at, len);
  return entry;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **out) {
  struct addrinfo **tail = out;
  int failure;
  pthread_mutex_lock(&resolver.lock);
  resolver.started++;
  resolver.thread = pthread_self();
  snprintf(resolver.host, sizeof resolver.host, "%s", host ? host : "");
  pthread_cond_broadcast(&resolver.changed);
  while (resolver.held) pthread_cond_wait(&resolver.changed, &resolver.lock);
  *out = NULL;
  failure = resolver.failure;
  for (int i = 0; !failure && i < 8 && resolver.addresses[i]; i++) {
    int family = hints ? hints->ai_family : AF_UNSPEC;
    struct addrinfo *entry = resolver_entry(resolver.addresses[i], family, (uint16_t)(service ? atoi(service) : 0));
    if (!entry) continue;
    *tail = entry;
    tail = &entry->ai_next;
  }
  if (!failure && resolver.addresses[0] && !*out) failure = EAI_NONAME; /* known, but not in that family */
  resolver.finished++;
  pthread_cond_broadcast(&resolver.changed);
  pthread_mutex_unlock(&resolver.lock);
  return failure;
}

void freeaddrinfo(struct addrinfo *entry) {
  while (entry) {
    struct addrinfo *next = entry->ai_next;
    free(entry);
    entry = next;
  }
}

#endif
