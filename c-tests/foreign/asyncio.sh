#!/bin/sh
# asyncio.sh <examples>: Python's asyncio as client of our server, polite and not, and as server of our client.
set -eu
. "$(dirname "$0")/server.sh"
need python3
start_server
timeout 100 python3 "$(dirname "$0")/asyncio_client.py" "$port"
stop_server

timeout 100 python3 "$(dirname "$0")/asyncio_server.py" > "$work/python" &
other=$!
port=$(line "$work/python" 's/^port \([0-9]*\)$/\1/p')
"$programs/echo_client" 127.0.0.1 "$port" 'hello, asyncio' > "$work/answer"
grep -q 'hello, asyncio' "$work/answer"
wait $other
other=
grep -q 'eof, lost None' "$work/python" # as asyncio saw our client go
