#!/bin/sh
# Prints the functions that a header declares with TRANSPORT_API, one a line, sorted:
#   tools/symbols.sh include/transport.h > c-tests/symbols.txt
set -eu
export LC_ALL=C
grep -v '^ *\(#\|/\*\|\*\|//\)' "$1" | tr '\n' ' ' | grep -o 'TRANSPORT_API [^(;]*(' |
  sed 's/ *($//; s/.*[ *]//' | sort
