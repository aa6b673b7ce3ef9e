#!/bin/sh
# The header that build.rs generates, compared with include/transport.h (--check) or copied over it.
set -eu
cd "$(dirname "$0")/.."
unset MAKEFLAGS MFLAGS

# The only package compiled from a path is ours; its build script tells where it wrote.
out_dir=$(cargo check --lib --quiet --message-format=json-render-diagnostics |
  grep '"reason":"build-script-executed"' | grep '"package_id":"path+file:' | sed 's/.*"out_dir":"\([^"]*\)".*/\1/')
[ -n "$out_dir" ] || { echo "cargo check did not run our build script" >&2; exit 1; }

if [ "${1:-}" = --check ]; then
  diff -u include/transport.h "$out_dir/transport.h" || { echo "not fresh: make header" >&2; exit 1; }
else
  cmp -s "$out_dir/transport.h" include/transport.h || cp "$out_dir/transport.h" include/transport.h
fi
