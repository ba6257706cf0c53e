//! A signature and its request, parts divided by 0xff → no proof, whatever it claims.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::read_signature(bytes));
