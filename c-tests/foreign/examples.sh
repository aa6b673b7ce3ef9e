#!/bin/sh
# examples.sh <examples>: our port forwarder and our chat server with Python's sockets as peers, polite and not.
set -eu
. "$(dirname "$0")/server.sh"
need python3
start_server
"$programs/portfwd" 0 127.0.0.1 "$port" > "$work/forwarder" &
other=$!
forwarded=$(line "$work/forwarder" 's/^listening on .*:\([0-9]*\)$/\1/p')
timeout 100 python3 "$(dirname "$0")/asyncio_client.py" "$forwarded"
kill -INT $other
wait $other
other=
stop_server

"$programs/chat_server" 0 > "$work/chat" &
server=$!
port=$(line "$work/chat" 's/^listening on .*:\([0-9]*\)$/\1/p')
timeout 100 python3 "$(dirname "$0")/chat_clients.py" "$port"
stop_server
