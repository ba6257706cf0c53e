//! Any text → an answer and a fault in XML that every reader can read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api::workbench::write_xml(bytes));
