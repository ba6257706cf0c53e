//! Any text as an image's name → refused with a sentence, or a noun that is read back as itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::name::images(text));
