//! Generates the C header into OUT_DIR (`make header` copies it to include/) and names the shared library.

use std::env;
use std::path::PathBuf;

/// The modules that the header is made of, in its order: the same as in src/ffi/mod.rs.
const MODULES: [&str; 11] = [
    "status",
    "protocol",
    "event_loop",
    "connection",
    "server",
    "transport",
    "debugging",
    "datagram",
    "pipe",
    "subprocess",
    "tls",
];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed=src/ffi");

    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is well-formed");
    let builder = MODULES.iter().fold(cbindgen::Builder::new().with_config(config), |builder, module| {
        builder.with_src(root.join(format!("src/ffi/{module}.rs")))
    });
    builder.generate().expect("the header can be generated").write_to_file(out.join("transport.h"));

    // While the major version is 0, each minor version may break the ABI, so it is part of the name.
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        let minor = env::var("CARGO_PKG_VERSION_MINOR").expect("cargo sets it");
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libtransport.so.0.{minor}");
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
