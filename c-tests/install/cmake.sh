#!/bin/sh
# cmake.sh <cmake> <project> <prefix>: the stranger's project finds the package, builds and runs.
set -eu
cmake=$1 project=$2 prefix=$3
build=$prefix-build
rm -rf "$build"
"$cmake" -S "$project" -B "$build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
"$cmake" --build "$build"
for program in "$build"/stranger-*; do
  echo "$program" && "$program"
done
