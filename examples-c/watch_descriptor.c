/* A descriptor of somebody else's, watched with add_reader: what is typed (or piped in) is printed in capitals, with a
 * prompt while nothing comes. Ctrl-D ends it: "printf 'a\nb\n' | watch_descriptor". */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <transport.h>
#include <unistd.h>

static void typed(void *arg) {
  transport_loop_t *loop = arg;
  char text[512];
  ssize_t len = read(STDIN_FILENO, text, sizeof text); /* there is something, so it does not block */
  if (len <= 0) {
    transport_loop_remove_reader(loop, STDIN_FILENO);
    transport_loop_stop(loop);
    return;
  }
  for (ssize_t i = 0; i < len; i++) putchar(toupper((unsigned char)text[i]));
  fflush(stdout);
}

static void impatient(void *arg) {
  puts("(type something, Ctrl-D ends)");
  transport_loop_call_later(arg, TRANSPORT_SEC(5), impatient, arg, NULL);
}

int main(void) {
  transport_loop_t *loop = NULL;
  if (transport_loop_new(NULL, &loop)) return EXIT_FAILURE;
  if (transport_loop_add_reader(loop, STDIN_FILENO, typed, loop)) {
    fprintf(stderr, "%s\n", transport_last_error()->message); /* a regular file, for example */
    return EXIT_FAILURE;
  }
  transport_loop_call_later(loop, TRANSPORT_SEC(5), impatient, loop, NULL);
  transport_loop_run_forever(loop);
  return transport_loop_free(loop) == TRANSPORT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
