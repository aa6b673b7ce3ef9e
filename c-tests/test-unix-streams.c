/* A server and a client at the path of a Unix socket are streams like any other (L7): order of callbacks, half-close,
 * a close that flushes, addresses in the extra info (H5); no TCP option is set. */
#include "unix.h"
#include <netinet/tcp.h>

static void echo(recorder_t *r, transport_t *t) { CHECK_OK(transport_write(t, r->data, r->data_len)); }

static void answer_end(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK_OK(transport_write(t, "bye", 3));
}

static void ask(recorder_t *r, transport_t *t) {
  (void)r;
  CHECK(transport_can_write_eof(t));
  CHECK_OK(transport_write(t, "hello", 5));
  CHECK_OK(transport_write_eof(t));
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server = NULL;
  recorder_t accepted = {0};
  client_t client = {0};
  transport_connect_options_t options;
  const char *path = unix_path("socket");
  size_t large = 3 << 20;
  char *bytes = check_alloc(large);
  int nodelay;
  socklen_t len = sizeof nodelay;
  watchdog(20);
  loop = loop_new();
  accepted.on_data = echo;
  accepted.on_eof = answer_end;
  client.recorder.on_made = ask;
  CHECK_OK(unix_server(loop, path, 0, &accepted, &server));
  CHECK(exists(path));
  CHECK(transport_server_is_serving(server));
  CHECK_UINT(transport_server_port(server), 0);
  options = unix_options(path, 0);
  CHECK_OK(client_try(loop, &client, &options));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK_TEXT(unix_info(client.transport, "peername"), path);
  CHECK_TEXT(unix_info(client.transport, "sockname"), "");
  CHECK(socket_is_polite(transport_fd(client.transport)));
  CHECK(getsockopt(transport_fd(client.transport), IPPROTO_TCP, TCP_NODELAY, &nodelay, &len) != 0);
  run_until(loop, &accepted.made);
  CHECK_TEXT(unix_info(accepted.transport, "sockname"), path);
  CHECK_TEXT(unix_info(accepted.transport, "peername"), "");
  run_until(loop, &client.recorder.lost);
  run_until(loop, &accepted.lost);
  CHECK_TEXT(accepted.log, "made data:5 eof lost");
  CHECK(memcmp(client.recorder.first, "hellobye", 8) == 0);

  memset(&client, 0, sizeof client); /* close sends what is queued first (B4) */
  memset(&accepted, 0, sizeof accepted);
  accepted.quiet_data = true;
  memset(bytes, 'x', large);
  CHECK_OK(client_try(loop, &client, &options));
  run_until(loop, &client.done);
  CHECK_OK(transport_write(client.transport, bytes, large));
  CHECK(transport_get_write_buffer_size(client.transport) > 0);
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_UINT(accepted.received, large);
  CHECK_TEXT(accepted.log, "made eof lost");

  CHECK_OK(transport_server_close(server));
  CHECK(!exists(path)); /* L4 */
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  free(bytes);
  unix_folder_remove();
  return 0;
}
