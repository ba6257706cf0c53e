//! A policy document of any kind → read, or refused with a sentence.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::read_policy(bytes));
