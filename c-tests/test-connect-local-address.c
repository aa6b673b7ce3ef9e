/* local_host and local_port say where a connection comes from: an address, a name, or a port alone (J7). An address of the
 * wrong family, and one that is not this machine's, fail with a message that says so. */
#include "black_hole.h"
#include "client.h"
#include "resolver.h"
#include "sockets.h"

/* Connects and answers the address that the peer sees. */
static struct sockaddr_in comes_from(transport_loop_t *loop, const transport_connect_options_t *options, int listener) {
  client_t client = {0};
  struct sockaddr_in from;
  socklen_t len = sizeof from;
  int peer;
  CHECK_OK(client_try(loop, &client, options));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK(socket_is_polite(transport_fd(client.transport)));
  peer = peer_accept(listener);
  CHECK_INT(getpeername(peer, (struct sockaddr *)&from, &len), 0);
  peer_close(peer); /* the peer closes first: the TIME_WAIT is not at our port */
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(client.recorder.log, "made done eof lost");
  return from;
}

static void fails(transport_loop_t *loop, const transport_connect_options_t *options, int os_code, const char *text) {
  client_t client = {0};
  CHECK_STATUS(client_outcome(loop, &client, options), TRANSPORT_EIO);
  CHECK_INT(client.os_code, os_code);
  CHECK_CONTAINS(client.message, text);
}

int main(void) {
  transport_loop_t *loop;
  transport_connect_options_t options;
  uint16_t port, local_port;
  int listener, before;
  watchdog(20);
  loop = loop_new();
  listener = peer_listen(&port);
  before = descriptor_count();
  options = client_options("127.0.0.1", port);

  options.local_host = "127.0.0.5";
  CHECK_UINT(ntohl(comes_from(loop, &options, listener).sin_addr.s_addr), 0x7f000005);
  options.local_host = "127.0.0.1";
  options.local_port = local_port = peer_free_port();
  CHECK_UINT(ntohs(comes_from(loop, &options, listener).sin_port), local_port);
  options.local_host = NULL;
  options.local_port = local_port = peer_free_port();
  CHECK_UINT(ntohs(comes_from(loop, &options, listener).sin_port), local_port);
  options.local_port = 0;
  resolver.addresses[0] = "::1";
  resolver.addresses[1] = "127.0.0.6";
  options.local_host = "mine.test";
  CHECK_UINT(ntohl(comes_from(loop, &options, listener).sin_addr.s_addr), 0x7f000006);

  options.local_host = "::1";
  fails(loop, &options, 0, "no address of this family");
  options.local_host = "192.0.2.1";
  fails(loop, &options, EADDRNOTAVAIL, "bind to 192.0.2.1:");
  options.local_host = "";
  CHECK_STATUS(transport_create_connection(loop, &options, &(transport_protocol_t){.size = sizeof(transport_protocol_t)},
                                           NULL, NULL, NULL, NULL), TRANSPORT_EINVAL);
  options = client_options(NULL, 0);
  options.path = "/nowhere";
  options.local_port = 1;
  CHECK_STATUS(transport_create_connection(loop, &options, &(transport_protocol_t){.size = sizeof(transport_protocol_t)},
                                           NULL, NULL, NULL, NULL), TRANSPORT_EINVAL);

  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  peer_close(listener);
  return 0;
}
