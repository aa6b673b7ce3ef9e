/* The functions that the header declares, read from its text when the test runs. */
#ifndef HEADER_H
#define HEADER_H
#include "check.h"
#include <ctype.h>

#ifndef TRANSPORT_HEADER
#define TRANSPORT_HEADER "include/transport.h" /* from the root of the source tree */
#endif

static inline char *header_read(void) {
  FILE *file = fopen(TRANSPORT_HEADER, "r");
  char *text = check_alloc(1 << 20);
  size_t len;
  if (!file) fprintf(stderr, "%s cannot be read\n", TRANSPORT_HEADER);
  CHECK(file != NULL);
  len = fread(text, 1, (1 << 20) - 1, file);
  CHECK(len > 0 && len < (1 << 20) - 1);
  text[len] = 0;
  fclose(file);
  return text;
}

/* Overwrites comments and preprocessor lines with blanks. */
static inline void header_blank(char *text) {
  bool line_start = true;
  for (char *p = text; *p; p++) {
    char *end = NULL;
    if (p[0] == '/' && p[1] == '*') {
      end = strstr(p, "*/");
      CHECK(end != NULL);
      end += 2;
    } else if (p[0] == '/' && p[1] == '/') {
      end = p + strcspn(p, "\n");
    } else if (p[0] == '#' && line_start) {
      end = p + strcspn(p, "\n");
      while (*end && end[-1] == '\\') end += 1 + strcspn(end + 1, "\n");
    }
    if (end) {
      memset(p, ' ', (size_t)(end - p));
      p = end - 1;
    } else if (*p == '\n' || !isspace((unsigned char)*p)) {
      line_start = *p == '\n';
    }
  }
}

/* Calls each(name, arg) for every function declared; returns how many there are. */
static inline size_t header_functions(void (*each)(const char *name, void *arg), void *arg) {
  char *text = header_read();
  size_t count = 0;
  header_blank(text);
  for (char *p = text; (p = strstr(p, "transport_"));) {
    size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyz_0123456789");
    bool whole = p == text || !(isalnum((unsigned char)p[-1]) || p[-1] == '_');
    char name[128];
    bool declares = p[len + strspn(p + len, " \n")] == '(';
    CHECK(len < sizeof name);
    memcpy(name, p, len);
    name[len] = 0;
    p += len;
    if (!whole || !declares) continue;
    each(name, arg);
    count++;
  }
  free(text);
  return count;
}

#endif
