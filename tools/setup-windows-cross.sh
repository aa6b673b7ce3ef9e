#!/usr/bin/env bash
# Makes a Debian 12 amd64 machine able to compile the library for x86_64-pc-windows-gnu. Run it as root; what is already
# there is kept. Afterwards ~/.cache/libtransport-wincross/cargo-win is cargo with that target.
#
# rustup may have no such target to download, so the compiler is Debian's rustc-web, unpacked into a folder of its own
# (nothing in /usr changes), and std is compiled from Debian's sources of the very same version.
set -euo pipefail

dir=$HOME/.cache/libtransport-wincross
target=x86_64-pc-windows-gnu
linker=x86_64-w64-mingw32-gcc
apt=(apt-get -q -o DPkg::Lock::Timeout=600)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

main() {
  mkdir -p "$dir"
  exec 9> "$dir/lock" && flock 9
  command -v $linker > /dev/null || rm -f "$dir/packages.done"
  step packages install_packages
  step compiler unpack_compiler
  step cargo-win write_wrappers
  step std build_std
  # Running the programs under Wine becomes a step of its own here.
}

# A step is done once; when it fails its log is shown.
step() {
  local name=$1 function=$2
  [ ! -e "$dir/$name.done" ] || return 0
  printf 'windows: %s\n' "$name"
  ("$function") > "$dir/$name.log" 2>&1 & # in a condition, bash would not stop at the first failure
  wait $! || { tail -n 30 "$dir/$name.log" >&2; exit 1; }
  touch "$dir/$name.done"
}

install_packages() {
  "${apt[@]}" update
  # The libraries are what the unpacked compiler is linked to.
  "${apt[@]}" -y install --no-install-recommends gcc-mingw-w64-x86-64-posix gcc libc6-dev \
    libedit2 libffi8 libxml2 libz3-4 libzstd1 zlib1g libstdc++6
}

unpack_compiler() {
  local version std llvm
  version=$(apt-cache policy rustc-web | awk '/Candidate:/ { print $2 }')
  std=$(dependency "libstd-rust-web-dev=$version" libstd-rust-web-)
  llvm=$(dependency "$std=$version" libllvm)
  rm -rf "$dir/debs" "$dir/rust"
  mkdir -p "$dir/debs" "$dir/rust"
  cd "$dir/debs"
  "${apt[@]}" download "$llvm" "$std=$version" {rustc-web,libstd-rust-web-dev,rust-web-src}="$version"
  for package in *.deb; do
    case $package in
      rust-web-src*) # the compiler finds library/ through the symbolic link rustlib/src/rust
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$dir/rust" --wildcards '*/library/*' '*/rustlib/src/rust' ;;
      *) dpkg-deb -x "$package" "$dir/rust" ;;
    esac
  done
  rm -rf "$dir/debs"
}

# The package with this prefix that a package depends on.
dependency() {
  apt-cache show "$1" | sed -n 's/^Depends: //p' | grep -o "\b$2[0-9][^ ,]*" | head -n 1
}

write_wrappers() {
  cat > "$dir/rustc-win" << END
#!/bin/sh
LD_LIBRARY_PATH=$dir/rust/usr/lib/x86_64-linux-gnu exec $dir/rust/usr/bin/rustc "\$@"
END
  # Another compiler needs a target folder of its own, and the machine's wrappers and toolchain choices are not for it.
  cat > "$dir/cargo-win" << END
#!/bin/sh
export RUSTC=$dir/rustc-win CARGO_BUILD_TARGET=$target CARGO_TARGET_DIR="\${CARGO_TARGET_DIR:-target/windows}"
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=$linker
unset RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER RUSTUP_TOOLCHAIN
exec cargo "\$@"
END
  chmod +x "$dir/rustc-win" "$dir/cargo-win"
}

# An empty crate is compiled together with std (which stable compilers do when they are told that they may); the
# libraries then join the compiler's own, so that the project needs no flag.
build_std() {
  local seed=$dir/seed libraries=$dir/rust/usr/lib/rustlib/$target/lib
  rm -rf "$seed" "$libraries"
  mkdir -p "$seed/src" "$libraries"
  printf '[package]\nname = "seed"\nedition = "2021"\n[workspace]\n' > "$seed/Cargo.toml"
  : > "$seed/src/lib.rs"
  cd "$seed"
  RUSTC_BOOTSTRAP=1 RUSTFLAGS= CARGO_TARGET_DIR=$seed/target \
    "$dir/cargo-win" build --release -Z build-std=std,panic_unwind,panic_abort,proc_macro,test
  find "$seed/target/$target/release/deps" -name 'lib*.rlib' ! -name 'libseed-*' -exec cp {} "$libraries" \;
  cd "$dir"
  rm -rf "$seed"
}

main
