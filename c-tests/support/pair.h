/* Two transports connected in memory, each with a recorder. */
#ifndef PAIR_H
#define PAIR_H
#include "recorder.h"

typedef struct pair_t {
  recorder_t a, b;
  transport_t *to_a, *to_b;
} pair_t;

static inline void pair_new(transport_loop_t *loop, pair_t *p) {
  transport_protocol_t protocol = recorder_protocol();
  CHECK_OK(transport_pair(loop, &protocol, &p->a, &protocol, &p->b, &p->to_a, &p->to_b));
  memset(&protocol, 0xff, sizeof protocol);
  CHECK(p->to_a && p->to_b && p->to_a != p->to_b);
  CHECK(!p->a.made && !p->b.made);
}

static inline void pair_open(transport_loop_t *loop, pair_t *p) {
  pair_new(loop, p);
  run_until(loop, &p->b.made);
}

#endif
