#!/bin/sh
# socat.sh <examples>: socat sends 5 MB through our echo server; our client is answered by a server of socat's.
set -eu
. "$(dirname "$0")/server.sh"
need socat
start_server
head -c 5000000 /dev/urandom > "$work/sent"
timeout 60 socat -t 30 - "TCP:127.0.0.1:$port" < "$work/sent" > "$work/received"
cmp "$work/sent" "$work/received"
stop_server

timeout 60 socat -d -d TCP-LISTEN:0,bind=127.0.0.1 EXEC:cat 2> "$work/socat" &
other=$!
port=$(line "$work/socat" 's/.*listening on .*:\([0-9]*\)$/\1/p')
"$programs/echo_client" 127.0.0.1 "$port" 'hello, socat' > "$work/answer"
grep -q 'hello, socat' "$work/answer"
