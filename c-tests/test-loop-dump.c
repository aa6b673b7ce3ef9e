/* transport_loop_dump has a line for each thing that keeps a loop from being idle, with addresses; the handler may call
 * anything. transport_loop_stats and transport_stats count. */
#include "client.h"
#include "sockets.h"

typedef struct lines_t {
  transport_loop_t *loop;
  transport_t *victim;
  int count;
  char text[2000];
} lines_t;

static void note(void *arg, int level, const char *line) {
  lines_t *lines = arg;
  CHECK_INT(level, TRANSPORT_LOG_INFO);
  CHECK(line[0] && !strchr(line, '\n'));
  lines->count++;
  strcat(strcat(lines->text, line), "\n");
  if (lines->victim) CHECK_OK(transport_abort(lines->victim));
  lines->victim = NULL;
}

static const char *dump(lines_t *lines) {
  lines->text[0] = 0;
  lines->count = 0;
  CHECK_OK(transport_loop_dump(lines->loop, note, lines));
  return lines->text;
}

static transport_loop_stats_t stats(transport_loop_t *loop) {
  transport_loop_stats_t stats = {.size = sizeof stats};
  CHECK_OK(transport_loop_stats(loop, &stats));
  CHECK_UINT(stats.size, sizeof stats);
  return stats;
}

static void never(void *arg) { CHECK(arg && !"called"); }

int main(void) {
  lines_t lines = {0};
  recorder_t accepted = {0};
  client_t client = {0};
  transport_server_t *server;
  transport_timer_t *timer = NULL;
  transport_stats_t bytes = {.size = sizeof bytes}, small = {.size = 4}, untouched = small;
  struct { transport_stats_t known; uint64_t later; } large = {.later = 77};
  char port[20];
  watchdog(20);
  lines.loop = loop_new();
  CHECK_TEXT(dump(&lines), "");
  CHECK_STATUS(transport_loop_dump(lines.loop, NULL, NULL), TRANSPORT_EINVAL);
  server = recorder_server(lines.loop, NULL, &accepted);
  snprintf(port, sizeof port, "127.0.0.1:%u", transport_server_port(server));
  client_start(lines.loop, &client, "127.0.0.1", transport_server_port(server));
  CHECK_OK(transport_loop_call_later(lines.loop, TRANSPORT_SEC(3600), never, NULL, &timer));
  CHECK_CONTAINS(dump(&lines), "server ");
  CHECK_CONTAINS(lines.text, port);
  CHECK_CONTAINS(lines.text, "request: connecting to ");
  CHECK_CONTAINS(lines.text, "timers: 1");
  CHECK_INT(lines.count, 3);
  CHECK_UINT(stats(lines.loop).requests, 1);
  CHECK_UINT(stats(lines.loop).timers, 1);
  run_until(lines.loop, &client.done);
  run_until(lines.loop, &accepted.made);
  CHECK_OK(transport_write(client.transport, "hello", 5));
  while (accepted.received < 5) CHECK_OK(transport_loop_run_once(lines.loop, TRANSPORT_SEC(1)));
  CHECK_CONTAINS(dump(&lines), "5 sent");
  CHECK_CONTAINS(lines.text, "5 received");
  CHECK_CONTAINS(lines.text, "1 connections");
  CHECK_UINT(stats(lines.loop).transports, 2);
  CHECK_UINT(stats(lines.loop).transports_made, 2);
  CHECK_UINT(stats(lines.loop).servers, 1);
  CHECK_UINT(stats(lines.loop).bytes_received, 5);
  CHECK_UINT(stats(lines.loop).bytes_sent, 5);
  CHECK(stats(lines.loop).turns > 0 && stats(lines.loop).callbacks >= 4);

  CHECK_OK(transport_stats(accepted.transport, &bytes));
  CHECK_UINT(bytes.bytes_received, 5);
  CHECK_UINT(bytes.bytes_sent, 0);
  CHECK_UINT(bytes.bytes_queued, 0);
  CHECK_STATUS(transport_stats(accepted.transport, NULL), TRANSPORT_EINVAL);
  CHECK_STATUS(transport_stats(accepted.transport, &small), TRANSPORT_EINVAL);
  CHECK(memcmp(&small, &untouched, sizeof small) == 0);
  large.known.size = sizeof large; /* a program made for a later release */
  CHECK_OK(transport_stats(accepted.transport, &large.known));
  CHECK_UINT(large.known.bytes_received, 5);
  CHECK_UINT(large.later, 0);

  lines.victim = client.transport;
  dump(&lines);
  run_until(lines.loop, &client.recorder.lost);
  run_until(lines.loop, &accepted.lost);
  CHECK_OK(transport_server_close(server));
  CHECK_OK(transport_timer_cancel(timer));
  CHECK_OK(transport_loop_run_until_idle(lines.loop));
  CHECK_TEXT(dump(&lines), "");
  CHECK_STATUS(transport_stats(accepted.transport, &bytes), TRANSPORT_EHANDLE);
  CHECK_OK(transport_loop_free(lines.loop));
  return 0;
}
