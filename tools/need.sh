#!/bin/sh
# need.sh <tool>...: installs those that this machine lacks. With apt as root; otherwise only cmake can be had, from
# PyPI, in a folder that the Makefile puts in front of PATH. Without the others some tests are left out.
set -eu
tools=$HOME/.cache/libtransport-tools
wanted=3.25 # of cmake

here() {
  command -v "${1%-openbsd}" > /dev/null || return 1 # netcat-openbsd brings netcat
  [ "$1" != cmake ] || printf '%s\n' "$wanted" "$(cmake --version | sed -n '1s/.* //p')" | sort -CV
}

missing=
for tool in "$@"; do here "$tool" || missing="$missing $tool"; done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  echo "installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  # Each tool has the name of its package.
  apt-get -qq -y -o DPkg::Lock::Timeout=600 install --no-install-recommends $missing > /dev/null
fi

for tool in $missing; do
  here "$tool" && continue
  case $tool in
    cmake)
      python3 -m pip install --quiet --target "$tools" 'cmake>=3.25' ||
        { echo "please install cmake $wanted or newer" >&2; exit 1; } ;;
    valgrind) echo "please install valgrind" >&2; exit 1 ;;
    *) echo "without $tool some tests are left out" >&2 ;;
  esac
done
