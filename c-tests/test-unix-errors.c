/* Connecting to a path that does not exist, or where nobody listens, is done's to hear with the system's error (L2); paths
 * that cannot be are refused at once (J1, L1). Nothing leaks. */
#include "unix.h"

static void fails(transport_loop_t *loop, const char *path, int os_code) {
  client_t client = {0};
  transport_connect_options_t options = unix_options(path, 0);
  CHECK_OK(client_try(loop, &client, &options));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_TEXT(client.recorder.log, "failed");
  CHECK_STATUS(client.status, TRANSPORT_EIO);
  CHECK_INT(client.os_code, os_code);
  CHECK_CONTAINS(client.message, path);
}

static void refused(transport_loop_t *loop, const transport_connect_options_t *options) {
  client_t client = {0};
  CHECK_STATUS(client_try(loop, &client, options), TRANSPORT_EINVAL);
  CHECK_PTR(client.request, NULL);
}

int main(void) {
  transport_loop_t *loop;
  transport_connect_options_t options;
  transport_server_t *server = NULL;
  client_t cancelled = {0};
  recorder_t accepted = {0};
  char long_path[200];
  const char *path = unix_path("stale");
  int before;
  watchdog(20);
  loop = loop_new();
  before = descriptor_count();
  fails(loop, "/nowhere/at/all", ENOENT);
  peer_close(unix_peer_listen(path));
  fails(loop, path, ECONNREFUSED);

  memset(long_path, 'x', sizeof long_path - 1);
  long_path[0] = '/';
  long_path[sizeof long_path - 1] = 0;
  options = unix_options(long_path, 0);
  refused(loop, &options);
  CHECK_STATUS(unix_server(loop, long_path, 0, NULL, &server), TRANSPORT_EINVAL);
  options = unix_options("", 0);
  refused(loop, &options);
  CHECK_STATUS(unix_server(loop, "", 0, NULL, &server), TRANSPORT_EINVAL);
  options = unix_options(path, 0);
  options.host = "127.0.0.1";
  refused(loop, &options);
  options.host = NULL;
  options.socket = 1;
  refused(loop, &options);
  CHECK_PTR(server, NULL);
  CHECK_STATUS(unix_server(loop, "/nowhere/at/all", 0, NULL, &server), TRANSPORT_EIO);
  CHECK_INT(transport_last_error()->os_code, ENOENT);

  CHECK_INT(unlink(path), 0); /* cancelled before connection_made: never heard of (J13) */
  CHECK_OK(unix_server(loop, path, 0, &accepted, &server));
  options = unix_options(path, 0);
  CHECK_OK(client_try(loop, &cancelled, &options));
  CHECK_OK(client_cancel(&cancelled));
  CHECK_OK(transport_loop_run_once(loop, 0));
  CHECK_TEXT(cancelled.recorder.log, "failed");
  CHECK_STATUS(cancelled.status, TRANSPORT_ECANCELED);
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));

  CHECK_INT(descriptor_count(), before);
  CHECK_OK(transport_loop_free(loop));
  unix_folder_remove();
  return 0;
}
