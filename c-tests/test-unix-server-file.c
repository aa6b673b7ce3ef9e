/* A server replaces the socket file that another program left, leaves any other file alone (L3), and removes its own when it
 * ends, unless somebody has put another there meanwhile (L4). Abstract names leave no file (L5, L6). */
#include "unix.h"
#include <fcntl.h>

static void touch(const char *path) {
  int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  CHECK(fd >= 0);
  peer_close(fd);
}

int main(void) {
  transport_loop_t *loop;
  transport_server_t *server = NULL, *second = NULL;
  transport_connect_options_t options;
  recorder_t accepted = {0};
  client_t client = {0};
  char path[100], name[40];
  int peer;
  size_t len;
  watchdog(20);
  loop = loop_new();
  strcpy(path, unix_path("socket"));

  peer_close(unix_peer_listen(path)); /* stale */
  CHECK_OK(unix_server(loop, path, 0, &accepted, &server));
  peer = unix_peer_connect(path);
  run_until(loop, &accepted.made);
  CHECK_OK(transport_loop_free(loop)); /* ends servers too */
  CHECK(!exists(path));
  peer_close(peer);

  loop = loop_new();
  touch(path);
  CHECK_STATUS(unix_server(loop, path, 0, &accepted, &server), TRANSPORT_EIO);
  CHECK_INT(transport_last_error()->os_code, EADDRINUSE);
  CHECK_CONTAINS(transport_last_error()->message, path);
  CHECK(exists(path));
  CHECK_INT(unlink(path), 0);

  CHECK_OK(unix_server(loop, path, 0, &accepted, &server));
  CHECK_OK(unix_server(loop, path, 0, &accepted, &second)); /* takes the path over, as asyncio's would */
  CHECK_OK(transport_server_close(server));
  CHECK(exists(path)); /* the second one's */
  CHECK_OK(transport_server_close(second));
  CHECK(!exists(path));

  CHECK_OK(unix_server(loop, path, 0, &accepted, &server));
  CHECK_INT(unlink(path), 0);
  touch(path);
  CHECK_OK(transport_server_close(server));
  CHECK(exists(path));
  CHECK_INT(unlink(path), 0);

  len = 1 + (size_t)snprintf(name + 1, sizeof name - 1, "transport-%d", (int)getpid());
  name[0] = 0;
  name[len++] = 0; /* NULs count */
  memset(&accepted, 0, sizeof accepted);
  CHECK_OK(unix_server(loop, name, len, &accepted, &server));
  CHECK_STATUS(unix_server(loop, name, len, &accepted, &second), TRANSPORT_EIO);
  CHECK_INT(transport_last_error()->os_code, EADDRINUSE);
  options = unix_options(name, len);
  CHECK_OK(client_try(loop, &client, &options));
  run_until(loop, &client.done);
  CHECK_STATUS(client.status, TRANSPORT_OK);
  CHECK(unix_info(client.transport, "peername")[0] == '@');
  CHECK_TEXT(unix_info(client.transport, "peername") + 1, name + 1);
  run_until(loop, &accepted.made);
  CHECK_OK(transport_close(client.transport));
  run_until(loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_loop_run_until_idle(loop));
  CHECK_OK(transport_loop_free(loop));
  unix_folder_remove();
  return 0;
}
