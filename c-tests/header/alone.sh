#!/bin/sh
# alone.sh <header>: it compiles by itself, in each language and with each compiler that this machine has.
set -eu
header=$1
compiled=0

try() { # compiler, language, standards...
  compiler=$1 language=$2
  shift 2
  command -v "$compiler" > /dev/null || return 0
  for standard in "$@"; do
    "$compiler" -x "$language" -std="$standard" -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only "$header"
    compiled=$((compiled + 1))
    echo "$compiler $standard"
  done
}

for compiler in gcc clang x86_64-w64-mingw32-gcc; do try $compiler c c99 c11 c17; done
for compiler in g++ clang++ x86_64-w64-mingw32-g++; do try $compiler c++ c++11 c++17; done
[ "$compiled" -gt 0 ]
