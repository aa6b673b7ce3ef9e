#!/bin/sh
# curl.sh <examples>: curl's telnet client gets its line back. It would wait for more: server.sh ends it.
set -eu
. "$(dirname "$0")/server.sh"
need curl
curl --version | grep -q telnet || { echo 'skipped: this curl has no telnet' >&2; exit 77; }
start_server
mkfifo "$work/typed"
curl --silent --max-time 60 --no-buffer "telnet://127.0.0.1:$port" < "$work/typed" > "$work/answer" &
other=$!
exec 3> "$work/typed"
echo 'hello, curl' >&3
line "$work/answer" '/hello, curl/p' > /dev/null
stop_server
exec 3>&-
