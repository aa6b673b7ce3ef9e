/* connect_timeout covers looking up and connecting together: done gets TRANSPORT_ETIMEDOUT, not early, with every address
 * in the message, and nothing is left open (J8). Attempts one after the other stay at the one that never answers. */
#include "black_hole.h"
#include "client.h"
#include "resolver.h"
#include "sockets.h"

static void times_out(transport_loop_t *loop, const transport_connect_options_t *options, client_t *client) {
  uint64_t start = transport_loop_time(loop);
  memset(client, 0, sizeof *client);
  CHECK_OK(client_try(loop, client, options));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK(transport_loop_time(loop) - start >= options->connect_timeout);
  CHECK_TEXT(client->recorder.log, "failed");
  CHECK_STATUS(client->status, TRANSPORT_ETIMEDOUT);
  CHECK_STATUS(transport_request_cancel(client->request), TRANSPORT_EHANDLE);
}

int main(void) {
  transport_loop_t *loop;
  transport_connect_options_t options;
  client_t client;
  black_hole_t hole;
  int listener = listen_at("127.0.0.3", 0, 8), before;
  uint16_t port;
  watchdog(30);
  if (listener < 0) SKIP("this system has no second loopback address");
  port = socket_port(listener);
  CHECK(black_hole_open(&hole, "127.0.0.2", port));
  loop = loop_new();
  before = descriptor_count();

  options = client_options("127.0.0.2", port);
  options.connect_timeout = TRANSPORT_MS(30);
  times_out(loop, &options, &client);
  CHECK_CONTAINS(client.message, "127.0.0.2:");

  resolver.addresses[0] = "127.0.0.1"; /* refuses */
  resolver.addresses[1] = "127.0.0.2";
  resolver.addresses[2] = "127.0.0.3"; /* would accept, but its turn never comes */
  options.host = "some.test";
  options.happy_eyeballs_delay = TRANSPORT_FOREVER;
  times_out(loop, &options, &client);
  CHECK_CONTAINS(client.message, "127.0.0.2:");
  CHECK_CONTAINS(client.message, "no answer");
  CHECK_CONTAINS(client.message, "127.0.0.1:");
  CHECK(!peer_readable(listener, 0));

  resolver_hold(true);
  times_out(loop, &options, &client);
  CHECK_CONTAINS(client.message, "not resolved");
  resolver_hold(false);
  resolver_wait_finished();

  memset(&client, 0, sizeof client); /* in time: the limit ends with the attempt */
  options.happy_eyeballs_delay = TRANSPORT_MS(10);
  options.connect_timeout = TRANSPORT_SEC(20);
  CHECK_OK(client_try(loop, &client, &options));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK_OK(transport_close(client.transport));
  CHECK_OK(transport_loop_run_until_idle(loop)); /* does not wait for the limit */
  CHECK_TEXT(client.recorder.log, "made done lost");

  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  black_hole_close(&hole);
  return 0;
}
