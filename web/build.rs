//! Links the program so that it stays small: the 120,000 places where the loader fills in an address take 3 MB as a list,
//! and next to nothing packed.

use std::process::Command;

#[expect(clippy::disallowed_methods, reason = "cargo says what it builds for in the environment")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_for = |name: &str, value: &str| std::env::var(name).is_ok_and(|is| is == value);
    let for_glibc = is_for("CARGO_CFG_TARGET_OS", "linux") && is_for("CARGO_CFG_TARGET_ENV", "gnu");
    if for_glibc && loader_unpacks() {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether the loader of this machine can read the packed form: glibc can since version 2.36.
fn loader_unpacks() -> bool {
    let Ok(asked) = Command::new("getconf").arg("GNU_LIBC_VERSION").output() else { return false };
    let answer = String::from_utf8_lossy(&asked.stdout);
    let version = answer.trim().strip_prefix("glibc ").and_then(|v| v.split_once('.'));
    let Some((major, minor)) = version else { return false };
    major.parse().ok().zip(minor.parse().ok()) >= Some((2_u32, 36_u32))
}
