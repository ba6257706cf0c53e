//! A query over log lines, and the lines behind it → refused with its place, or evaluated within its limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::query_log(bytes));
