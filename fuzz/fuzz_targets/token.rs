//! A token of a page or a session → none of ours.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::read_token(bytes));
