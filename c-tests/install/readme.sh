#!/usr/bin/env bash
# readme.sh <README> <prefix>: the README's first C example, compiled and run exactly as printed, echoes.
set -eu
readme=$1 prefix=$2
command -v pkg-config > /dev/null || { echo "skipped: no pkg-config"; exit 77; }
if (exec 3<> /dev/tcp/127.0.0.1/8888) 2> /dev/null; then echo "skipped: port 8888 is taken"; exit 77; fi
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name libtransport.pc)")
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export PKG_CONFIG_PATH LD_LIBRARY_PATH
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

awk '/^```c$/ { inside = 1; next } /^```/ && inside { exit } inside' "$readme" > x.c
[ -s x.c ] || { echo "$readme has no C example"; exit 1; }
cc x.c $(pkg-config --cflags --libs libtransport)

./a.out &
server=$!
trap 'kill $server 2> /dev/null || true; rm -r "$work"' EXIT
for try in $(seq 100); do
  if (exec 3<> /dev/tcp/127.0.0.1/8888) 2> /dev/null; then break; fi
  kill -0 $server || { echo "the example ended by itself"; exit 1; }
  sleep 0.1 # until it listens
done
exec 3<> /dev/tcp/127.0.0.1/8888
echo "hello, example" >&3
read -r -t 30 line <&3
[ "$line" = "hello, example" ] || { echo "the example answered: $line"; exit 1; }
