//! libFuzzer drives `twinfold_tests::fuzzed::body`, which says what must hold.
//! Its seeds and its regressions are those of the test `fuzzed`; see `tests/fuzz/README.md`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _read = twinfold_tests::fuzzed::body(bytes);
});
