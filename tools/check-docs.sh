#!/bin/sh
# Checks that every C block of the given Markdown files compiles, with every warning an error. A block with an #include
# is a file as it stands; the others get transport.h and the common standard headers in front.
#
#   tools/check-docs.sh README.md docs/*.md      (from the root of the project; CC names the compiler)
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk -v dir="$tmp" '
  /^```c$/ { n++; file = sprintf("%s/%03d.c", dir, n); body = ""; whole = 0; line = FNR + 1; inside = 1; next }
  /^```$/ && inside {
    if (!whole) printf "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <transport.h>\n" >file
    printf "#line %d \"%s\"\n%s", line, FILENAME, body >file
    close(file)
    inside = 0
  }
  inside { body = body $0 "\n"; if ($0 ~ /^#include/) whole = 1 }
' "$@"

count=0
for file in "$tmp"/*.c; do
  [ -e "$file" ] || { echo "check-docs: no C block found" >&2; exit 1; }
  # Blocks define functions that nobody calls.
  ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wno-unused-function -Werror \
    -Iinclude -fsyntax-only "$file"
  count=$((count + 1))
done
echo "$count blocks compile"
