#!/bin/sh
# netcat.sh <examples>: netcat talks to our echo server and ends its side first.
set -eu
. "$(dirname "$0")/server.sh"
need nc
nc -h 2>&1 | grep -q -- '-N' || { echo 'skipped: this netcat cannot half-close (-N)' >&2; exit 77; }
start_server
head -c 1000000 /dev/urandom > "$work/sent"
timeout 60 nc -N 127.0.0.1 "$port" < "$work/sent" > "$work/received"
cmp "$work/sent" "$work/received"
stop_server
