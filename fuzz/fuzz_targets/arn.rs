//! Any text as an ARN or a name → refused with a sentence, or a noun that says the same again.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::name::arns(text));
