#!/bin/sh
# exports.sh <shared library> <static library> <symbols> <header> <abi>: libraries and header have exactly the functions
# of the checked list. The shared one gives each the version TRANSPORT_<abi>; it has its SONAME, is bound when it is
# loaded, and is never unloaded.
set -eu
export LC_ALL=C
library=$1 archive=$2 symbols=$3 header=$4 abi=$5
tools=$(dirname "$0")/../../tools
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

sort -c "$symbols"
"$tools/symbols.sh" "$header" > "$work/header"
diff -u --label "$symbols" --label "$header" "$symbols" "$work/header"

{ echo "TRANSPORT_$abi A"; sed "s/\$/@@TRANSPORT_$abi T/" "$symbols"; } | sort > "$work/wanted"
nm -D -P --defined-only --with-symbol-versions "$library" | cut -d' ' -f1,2 | sed 's/^\(TRANSPORT_[0-9.]*\)@@.*/\1 A/' |
  sort > "$work/exported"
diff -u --label "$symbols" --label "$library" "$work/wanted" "$work/exported"

nm -P --defined-only "$archive" 2> "$work/nm" | sed -n 's/^\(transport_[a-z0-9_]*\) T .*/\1/p' | sort > "$work/archived"
diff -u --label "$symbols" --label "$archive" "$symbols" "$work/archived"

readelf -d -W "$library" > "$work/dynamic"
for wanted in "soname: \[libtransport.so.$abi\]" NODELETE BIND_NOW; do
  grep -q "$wanted" "$work/dynamic" || { echo "$library: no $wanted"; cat "$work/dynamic"; exit 1; }
done
