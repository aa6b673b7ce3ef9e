//! ARCHITECTURE.md: a layer sees only the ones below it.

use std::fs;
use std::path::Path;

/// What the files of each layer may name after `crate::`.
const LAYERS: [(&str, &[&str]); 4] = [
    ("core", &["core"]),
    ("sys", &["sys"]),
    ("reactor", &["reactor", "core", "sys"]),
    ("ffi", &["ffi", "reactor", "core", "sys"]),
];

fn check(dir: &Path, layer: &str, allowed: &[&str], seen: &mut usize) {
    for entry in fs::read_dir(dir).expect("the layer's folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            check(&path, layer, allowed, seen);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            for target in line.split("crate::").skip(1) {
                let target = target.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
                *seen += 1;
                assert!(allowed.contains(&target), "{}:{}: {layer} names {target}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn no_arrow_points_up() {
    let mut seen = 0;
    for (layer, allowed) in LAYERS {
        check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer), layer, allowed, &mut seen);
    }
    assert!(seen > 20, "only {seen} arrows found");
}

#[test]
fn unsafe_code_stays_in_sys_and_ffi() {
    let lib = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).expect("src/lib.rs");
    for layer in ["core", "reactor"] {
        assert!(lib.contains(&format!("#[forbid(unsafe_code)]\npub mod {layer};")), "{layer}");
    }
}
