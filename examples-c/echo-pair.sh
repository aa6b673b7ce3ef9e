#!/bin/sh
# echo-pair.sh <programs> [launcher...]: echo_client gets its message back from echo_server, which Ctrl-C then ends.
set -eu
programs=$1
shift
output=$(mktemp)
"$@" "$programs/echo_server" 0 > "$output" &
server=$!
trap 'kill -9 $server 2> /dev/null || true; cat "$output"; rm "$output"' EXIT

port=
while [ -z "$port" ]; do # until it listens; ctest ends a test that takes too long
  kill -0 $server
  sleep 0.05
  port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$output")
done
"$@" "$programs/echo_client" 127.0.0.1 "$port" "hello, server"
kill -INT $server
wait $server
grep -q "^1 connections, 13 bytes echoed" "$output"
