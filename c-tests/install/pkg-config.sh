#!/bin/sh
# pkg-config.sh <project> <prefix>: the stranger's programs with one compiler command each, shared and static.
set -eu
project=$1 prefix=$2
command -v pkg-config > /dev/null || { echo "skipped: no pkg-config"; exit 77; }
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name libtransport.pc)")
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export PKG_CONFIG_PATH LD_LIBRARY_PATH
pkg-config --exact-version="$(pkg-config --modversion libtransport)" libtransport
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cc -Werror "$project/stranger.c" -o "$work/shared" $(pkg-config --cflags --libs libtransport)
"$work/shared"
ldd "$work/shared" | grep "libtransport.so.* => $LD_LIBRARY_PATH/"

cc -Werror -static "$project/stranger.c" -o "$work/static" $(pkg-config --static --cflags --libs libtransport)
env -u LD_LIBRARY_PATH "$work/static"

if command -v c++ > /dev/null; then
  c++ -std=c++17 -Werror "$project/stranger.cpp" -o "$work/cpp" $(pkg-config --cflags --libs libtransport)
  "$work/cpp"
fi
