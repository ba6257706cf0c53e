//! A body of the query protocol → the inputs of operations, checked.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::read_form(bytes));
