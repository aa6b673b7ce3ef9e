/* Where two checks fail, the first of ETHREAD, EHANDLE, ENOTSUP, EINVAL, ESTATE, ECLOSED, ELIMIT is the answer
 * (convention 6), outputs are untouched and nothing happens. */
#include "recorder.h"

static transport_loop_t *loop;
static recorder_t connection;

static void never_done(void *arg, const transport_error_t *error) {
  (void)arg, (void)error;
  CHECK(!"a refused call was completed");
}

static void *elsewhere(void *stale) {
  CHECK_STATUS(transport_close(stale), TRANSPORT_ETHREAD); /* before EHANDLE */
  CHECK_STATUS(transport_sendto(stale, NULL, 5, NULL, 0), TRANSPORT_ETHREAD);
  CHECK_STATUS(transport_write(connection.transport, NULL, 5), TRANSPORT_ETHREAD); /* before EINVAL */
  CHECK_STATUS(transport_loop_run_once(loop, 0), TRANSPORT_ETHREAD);
  return NULL;
}

int main(void) {
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .write_buffer_cap = 1000};
  transport_protocol_t protocol = recorder_protocol();
  transport_server_t *server;
  transport_t *t, *stale;
  char bytes[2000] = {0};
  size_t high = 7, low = 7;
  int peer;
  watchdog(10);
  loop = loop_new();
  peer = recorder_accept(loop, &connection);
  stale = connection.transport;
  CHECK_OK(transport_close(stale));
  CHECK_OK(transport_loop_run_until_idle(loop));
  peer_close(peer);

  memset(&connection, 0, sizeof connection);
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, &connection, &server));
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &connection.made);
  t = connection.transport;
  thread_join(thread_start(elsewhere, stale));

  CHECK_STATUS(transport_sendto(stale, NULL, 5, NULL, 0), TRANSPORT_EHANDLE); /* before ENOTSUP and EINVAL */
  CHECK_STATUS(transport_write(stale, NULL, 5), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_sendto(t, NULL, 5, NULL, 0), TRANSPORT_ENOTSUP); /* before EINVAL */
  CHECK_STATUS(transport_join_group(t, NULL, NULL), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_send_signal(t, -1), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_get_returncode(t, NULL), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_write(t, bytes, 1001), TRANSPORT_ELIMIT);
  CHECK_OK(transport_write(t, bytes, 1000));
  CHECK_UINT(peer_recv_all(peer, bytes, 1000), 1000); /* nothing came of the others */

  CHECK_OK(transport_write_eof(t));
  CHECK_STATUS(transport_write(t, NULL, 5), TRANSPORT_EINVAL); /* before ESTATE */
  CHECK_STATUS(transport_writelines(t, NULL, 1), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_write(t, bytes, 2000), TRANSPORT_ESTATE); /* before ELIMIT */
  CHECK_STATUS(transport_write(t, NULL, 0), TRANSPORT_ESTATE);     /* D3 */
  CHECK_OK(transport_close(t));
  CHECK_STATUS(transport_write(t, bytes, 1), TRANSPORT_ESTATE); /* before ECLOSED */
  CHECK_STATUS(transport_sendto(t, bytes, 1, NULL, 0), TRANSPORT_ENOTSUP);
  CHECK_STATUS(transport_set_write_buffer_limits(t, 1, 2), TRANSPORT_EINVAL);
  run_until(loop, &connection.lost);
  CHECK_INT(peer_recv(peer, bytes, 1), 0);
  peer_close(peer);

  memset(&connection, 0, sizeof connection);
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &connection.made);
  t = connection.transport;
  CHECK_OK(transport_close(t));
  CHECK_STATUS(transport_write(t, NULL, 5), TRANSPORT_EINVAL);      /* before ECLOSED */
  CHECK_STATUS(transport_write(t, bytes, 2000), TRANSPORT_ECLOSED); /* before ELIMIT */
  CHECK_STATUS(transport_get_write_buffer_limits(stale, &high, &low), TRANSPORT_EHANDLE);
  CHECK(high == 7 && low == 7);
  run_until(loop, &connection.lost);
  peer_close(peer);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_STATUS(transport_server_wait_closed(server, never_done, NULL), TRANSPORT_EHANDLE);
  CHECK_STATUS(transport_server_wait_closed(server, NULL, NULL), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
