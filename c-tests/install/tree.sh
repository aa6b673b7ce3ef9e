#!/bin/sh
# tree.sh <cmake> <build> <prefix>: installs, moves the tree to <prefix>, and finds in it what a user is promised.
set -eu
cmake=$1 build=$2 prefix=$3
rm -rf "$prefix" "$prefix.new"
"$cmake" --install "$build" --prefix "$prefix.new" > /dev/null
mv "$prefix.new" "$prefix"

cd "$prefix"
find . ! -type d | LC_ALL=C sort
lib=$(dirname "$(find . -name libtransport.a)")
for file in include/transport.h "$lib/pkgconfig/libtransport.pc" "$lib/cmake/libtransport/libtransportConfig.cmake"; do
  [ -f "$file" ] || { echo "$file is missing"; exit 1; }
done
soname=$(readelf -d "$lib/libtransport.so" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
[ -L "$lib/libtransport.so" ] && [ -L "$lib/$soname" ] || { echo "no symlinks libtransport.so and $soname"; exit 1; }
if grep -r "$prefix" include "$lib/pkgconfig" "$lib/cmake"; then echo "the tree names its own place"; exit 1; fi
