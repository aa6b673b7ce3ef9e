#!/bin/sh
# The demo: echo_server and demo_client of examples-c, two processes, against each other over real sockets. The client
# reports; this script adds what it knows of the server. Fails when either program fails.
#
#   tools/demo.sh DIRECTORY      the one with the built programs
set -eu
LC_ALL=C
export LC_ALL

dir=${1:?usage: tools/demo.sh DIRECTORY}
tmp=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || :; rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM

# CPU seconds of the children that have been waited for; `times` must run in this shell, not in a substitution.
children_seconds() {
  awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); sum += t[1] * 60 + t[2] } print sum }' "$1"
}

"$dir/echo_server" 0 >"$tmp/server" &
server=$!

port=
tries=0
while [ -z "$port" ]; do
  port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$tmp/server")
  tries=$((tries + 1))
  if [ -z "$port" ]; then
    kill -0 "$server" 2>/dev/null || { echo "demo: the server did not start" >&2; server=; exit 1; }
    [ "$tries" -lt 100 ] || { echo "demo: the server does not say its port" >&2; exit 1; }
    sleep 0.1
  fi
done

client_exit=0
"$dir/demo_client" "$port" || client_exit=$?

times >"$tmp/before"
kill -INT "$server"
server_exit=0
wait "$server" || server_exit=$?
server=
times >"$tmp/after"

printf 'server         %s\n' "$(tail -n 1 "$tmp/server")"
printf 'server CPU     %.2f s\n' \
  "$(echo "$(children_seconds "$tmp/after") $(children_seconds "$tmp/before")" | awk '{ print $1 - $2 }')"
printf 'exit           client %d, server %d\n' "$client_exit" "$server_exit"
[ "$client_exit" -eq 0 ] && [ "$server_exit" -eq 0 ]
