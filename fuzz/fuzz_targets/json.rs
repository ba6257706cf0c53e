//! A body of the JSON protocols → the inputs of operations, checked, written and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::read_json(bytes));
