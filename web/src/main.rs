//! Arenoa.
fn main() {}
