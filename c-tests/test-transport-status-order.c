/* When several things are wrong with a write, the status is the first of TRANSPORT_EHANDLE, EINVAL, ESTATE, ECLOSED, ELIMIT, and
 * transport_last_error tells the same status with a message; a call that succeeds does not touch it: D3, api convention 6. */
#include "stream.h"

static void last(transport_status_t actual, transport_status_t expected) {
  const transport_error_t *error = transport_last_error();
  CHECK_STATUS(actual, expected);
  CHECK_STATUS(error->status, expected);
  CHECK(error->message != NULL && error->message[0] != 0);
  CHECK(strchr(error->message, '\n') == NULL);
}

int main(void) {
  static uint8_t data[2000];
  transport_loop_t *loop;
  transport_protocol_t protocol = recorder_protocol();
  transport_server_options_t options = {.size = sizeof options, .host = "127.0.0.1", .write_buffer_cap = 1000};
  transport_server_t *server = NULL;
  transport_slice_t broken[2] = {{"x", 1}, {NULL, 1}};
  recorder_t r = {.log = ""};
  int peer;
  watchdog(20);
  CHECK(transport_last_error() != NULL);
  CHECK(transport_last_error()->message != NULL);
  loop = loop_new();
  CHECK_OK(transport_create_server(loop, &options, &protocol, NULL, &r, &server));
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &r.made);
  last(transport_write(r.transport, NULL, 2000), TRANSPORT_EINVAL);
  last(transport_writelines(r.transport, NULL, 1), TRANSPORT_EINVAL);
  last(transport_writelines(r.transport, broken, 2), TRANSPORT_EINVAL);
  last(transport_write_owned(r.transport, NULL, 1, NULL, NULL), TRANSPORT_EINVAL);
  CHECK_INT(peer_pending(peer), 0);
  last(transport_write(r.transport, data, 2000), TRANSPORT_ELIMIT);
  CHECK_OK(transport_write(r.transport, data, 0));
  CHECK_STATUS(transport_last_error()->status, TRANSPORT_ELIMIT);
  CHECK_OK(transport_write_eof(r.transport));
  last(transport_write(r.transport, NULL, 2000), TRANSPORT_EINVAL);
  last(transport_write(r.transport, data, 2000), TRANSPORT_ESTATE);
  CHECK_OK(transport_close(r.transport));
  last(transport_write(r.transport, NULL, 2000), TRANSPORT_EINVAL);
  last(transport_write(r.transport, data, 2000), TRANSPORT_ESTATE);
  run_until(loop, &r.lost);
  last(transport_write(r.transport, NULL, 2000), TRANSPORT_EHANDLE);
  last(transport_write(NULL, NULL, 2000), TRANSPORT_EHANDLE);
  peer_close(peer);
  memset(&r, 0, sizeof r);
  peer = peer_connect(transport_server_port(server));
  run_until(loop, &r.made);
  CHECK_OK(transport_abort(r.transport));
  last(transport_write(r.transport, data, 2000), TRANSPORT_ECLOSED);
  last(transport_write(r.transport, NULL, 2000), TRANSPORT_EINVAL);
  run_until(loop, &r.lost);
  peer_close(peer);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_free(loop));
  return 0;
}
