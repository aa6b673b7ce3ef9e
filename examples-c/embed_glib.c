/* The loop inside GLib's main loop: a GSource that polls our descriptor and knows our deadline. Whatever runs under GLib
 * (GTK, D-Bus) and everything of ours share one thread then. Here an echo server and its client live in it, and a timer of
 * GLib's asks in between. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <transport.h>

typedef struct {
  GSource source;
  transport_loop_t *loop;
} LoopSource;

static gboolean prepare(GSource *source, gint *timeout_ms) {
  uint64_t timeout = transport_loop_backend_timeout(((LoopSource *)source)->loop);
  *timeout_ms = timeout >= TRANSPORT_SEC(3600) ? 3600000 : (gint)((timeout + 999999) / 1000000);
  return timeout == 0;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data) {
  (void)callback, (void)data;
  transport_loop_run_once(((LoopSource *)source)->loop, 0);
  return G_SOURCE_CONTINUE;
}

static GSource *loop_source(transport_loop_t *loop) {
  static GSourceFuncs functions = {.prepare = prepare, .dispatch = dispatch}; /* no check: GLib looks at the descriptor */
  GSource *source = g_source_new(&functions, sizeof(LoopSource));
  ((LoopSource *)source)->loop = loop;
  g_source_add_unix_fd(source, (gint)transport_loop_backend_fd(loop), G_IO_IN);
  return source;
}

static void echo(void *user, transport_t *t, const uint8_t *data, size_t len) {
  (void)user;
  transport_write(t, data, len);
}

static void answered(void *user, transport_t *t, const uint8_t *data, size_t len) {
  static int answers;
  printf("the echo: %.*s\n", (int)len, (const char *)data);
  (void)t;
  if (++answers == 3) g_main_loop_quit(user);
}

static void connected(void *arg, transport_t *t, const transport_error_t *error) {
  if (error) {
    fprintf(stderr, "%s\n", error->message);
    abort();
  }
  *(transport_t **)arg = t;
}

static gboolean ask(gpointer data) {
  transport_t *t = *(transport_t **)data;
  if (t) transport_write(t, "hello from GLib", 15);
  return G_SOURCE_CONTINUE;
}

int main(void) {
  transport_loop_t *loop = NULL;
  transport_server_t *server = NULL;
  transport_t *client = NULL;
  GMainLoop *host = g_main_loop_new(NULL, FALSE);
  GSource *source;
  transport_protocol_t echoing = {.size = sizeof echoing, .data_received = echo};
  transport_protocol_t asking = {.size = sizeof asking, .data_received = answered};
  transport_server_options_t where = {.size = sizeof where, .host = "127.0.0.1"};
  transport_connect_options_t whom = {.size = sizeof whom, .host = "127.0.0.1"};
  if (transport_loop_new(NULL, &loop)) return EXIT_FAILURE;
  if (transport_create_server(loop, &where, &echoing, NULL, NULL, &server)) return EXIT_FAILURE;
  whom.port = transport_server_port(server);
  if (transport_create_connection(loop, &whom, &asking, host, connected, &client, NULL)) return EXIT_FAILURE;

  source = loop_source(loop);
  g_source_attach(source, NULL);
  g_timeout_add(20, ask, &client);
  g_main_loop_run(host);

  g_source_destroy(source);
  g_source_unref(source);
  g_main_loop_unref(host);
  return transport_loop_free(loop) == TRANSPORT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
