/* When every address of a name fails, done gets the first one's status and code, and a message that lists them all (J8);
 * an empty answer of the resolver is TRANSPORT_ERESOLVE (J10). */
#include "client.h"
#include "resolver.h"
#include "sockets.h"

static void failed(transport_loop_t *loop, client_t *client, uint16_t port) {
  client_start(loop, client, "many.test", port);
  run_until(loop, &client->done);
  CHECK_TEXT(client->recorder.log, "failed");
  CHECK_PTR(strchr(client->message, '\n'), NULL);
}

int main(void) {
  transport_loop_t *loop;
  client_t same = {0}, mixed = {0}, one = {0}, many = {0}, none = {0};
  uint16_t port = peer_free_port();
  int unreachable;
  watchdog(20);
  loop = loop_new();

  resolver.addresses[0] = "127.0.0.3";
  resolver.addresses[1] = "127.0.0.1";
  resolver.addresses[2] = "127.0.0.2";
  failed(loop, &same, port);
  CHECK_STATUS(same.status, TRANSPORT_EIO);
  CHECK_INT(same.os_code, ECONNREFUSED);
  CHECK_CONTAINS(same.message, "127.0.0.3");
  CHECK_CONTAINS(same.message, "127.0.0.1");
  CHECK_CONTAINS(same.message, "127.0.0.2");

  unreachable = connect_errno("255.255.255.255", port);
  CHECK(unreachable != 0);
  resolver.addresses[0] = "255.255.255.255";
  resolver.addresses[2] = NULL;
  failed(loop, &mixed, port);
  CHECK_STATUS(mixed.status, TRANSPORT_EIO);
  CHECK_INT(mixed.os_code, unreachable);
  CHECK_CONTAINS(mixed.message, "255.255.255.255");
  CHECK_CONTAINS(mixed.message, "127.0.0.1");

  resolver.addresses[0] = "127.0.0.9";
  resolver.addresses[1] = NULL;
  failed(loop, &one, port);
  CHECK_STATUS(one.status, TRANSPORT_EIO);
  CHECK_INT(one.os_code, ECONNREFUSED);
  CHECK_CONTAINS(one.message, "127.0.0.9");

  resolver.addresses[0] = "::1"; /* both families */
  resolver.addresses[1] = "127.0.0.1";
  failed(loop, &many, port);
  CHECK_STATUS(many.status, TRANSPORT_EIO);
  CHECK_INT(many.os_code, connect_errno("::1", port));
  CHECK_CONTAINS(many.message, "::1");
  CHECK_CONTAINS(many.message, "127.0.0.1");

  resolver.addresses[0] = NULL;
  failed(loop, &none, port);
  CHECK_STATUS(none.status, TRANSPORT_ERESOLVE);
  CHECK_CONTAINS(none.message, "many.test");

  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
