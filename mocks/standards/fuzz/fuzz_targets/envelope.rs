//! libFuzzer on the law of envelopes (`mocks/standards/tests/envelope/law.rs`).

#![no_main]

#[path = "../../tests/envelope/law.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| law::holds(bytes));
