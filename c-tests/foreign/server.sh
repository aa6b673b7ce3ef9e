# Sourced by the tests of this folder with the folder of our examples as $1: needs a program, starts our echo server at
# $port, and ends it as Ctrl-C does, which must work whatever the peers did.
programs=$1
work=$(mktemp -d)
trap 'kill -9 ${server:-} ${other:-} 2> /dev/null || true; rm -r "$work"' EXIT

need() {
  command -v "$1" > /dev/null || { echo "skipped: $1 is not installed" >&2; exit 77; }
}

# line <file> <sed expression>: waits for a line and prints what the expression makes of it; ctest ends a test that hangs.
line() {
  while ! grep -q . "$work/found" 2> /dev/null; do
    sed -n "$2" "$1" > "$work/found" 2> /dev/null || true # the file may not be there yet
    [ -s "$work/found" ] || sleep 0.05
  done
  head -n 1 "$work/found"
  rm "$work/found"
}

start_server() {
  "$programs/echo_server" 0 > "$work/server" &
  server=$!
  port=$(line "$work/server" 's/^listening on .*:\([0-9]*\)$/\1/p')
}

stop_server() {
  kill -INT $server
  wait $server
}
