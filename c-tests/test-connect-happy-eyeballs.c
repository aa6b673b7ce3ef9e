/* An address that never answers costs the delay and no more: the next is tried beside it, the first that connects wins, the
 * other attempt is closed (J4 to J6, RFC 8305). One that refuses costs no time at all. */
#include "black_hole.h"
#include "client.h"
#include "resolver.h"
#include "sockets.h"

static uint64_t took;

/* Connects to the scripted name and checks which address it got. */
static void reaches(transport_loop_t *loop, const transport_connect_options_t *options, const char *address) {
  client_t client = {0};
  transport_value_t peername = {0};
  char text[INET6_ADDRSTRLEN];
  uint64_t start = transport_loop_time(loop);
  CHECK_OK(client_try(loop, &client, options));
  run_until(loop, &client.done);
  took = transport_loop_time(loop) - start;
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK_OK(transport_get_extra_info(client.transport, "peername", &peername));
  CHECK_INT(peername.kind, TRANSPORT_VALUE_ADDRESS);
  CHECK(inet_ntop(AF_INET, &((const struct sockaddr_in *)peername.data)->sin_addr, text, sizeof text) != NULL);
  CHECK_TEXT(text, address);
  CHECK_OK(transport_abort(client.transport));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(client.recorder.log, "made done lost");
}

int main(void) {
  transport_loop_t *loop;
  transport_connect_options_t options;
  black_hole_t hole, hole6;
  int listener = listen_at("127.0.0.3", 0, 8), before;
  uint16_t port;
  bool two_families;
  watchdog(30);
  if (listener < 0) SKIP("this system has no second loopback address");
  port = socket_port(listener);
  CHECK(black_hole_open(&hole, "127.0.0.2", port));
  two_families = black_hole_open(&hole6, "::1", port);
  loop = loop_new();
  options = client_options("some.test", port);
  resolver.addresses[0] = "127.0.0.1"; /* refuses */
  resolver.addresses[1] = "127.0.0.3";
  reaches(loop, &options, "127.0.0.3"); /* makes the resolver's thread */
  before = descriptor_count();

  resolver.addresses[0] = "127.0.0.2";
  reaches(loop, &options, "127.0.0.3");
  CHECK(took >= TRANSPORT_MS(250)); /* the default */
  options.happy_eyeballs_delay = TRANSPORT_MS(20);
  reaches(loop, &options, "127.0.0.3");
  CHECK(took >= TRANSPORT_MS(20));
  options.happy_eyeballs_delay = 1;
  reaches(loop, &options, "127.0.0.3");
  CHECK(took >= TRANSPORT_MS(10)); /* the shortest that RFC 8305 allows */

  resolver.addresses[2] = resolver.addresses[1]; /* two black holes of a family, the families take turns (J5) */
  resolver.addresses[1] = "127.0.0.2";
  if (two_families) {
    resolver.addresses[0] = resolver.addresses[1] = "::1";
    options.happy_eyeballs_delay = TRANSPORT_MS(30);
    reaches(loop, &options, "127.0.0.3");
    CHECK(took >= TRANSPORT_MS(30));
  }

  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  black_hole_close(&hole);
  if (two_families) black_hole_close(&hole6);
  return 0;
}
