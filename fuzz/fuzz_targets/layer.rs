//! A layer's archive → a folder: nothing outside changes, nothing is larger than it may be, every fault is the layer's own.
#![no_main]

use fuzz::archive::tar_of;
use fuzz::check::{BYTES, Ground};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let ground = Ground::new();
    // Half of them as they are: mutations of real archives come from the corpus.
    let made = bytes.first().is_none_or(|first| first % 2 == 0).then(|| tar_of(bytes.get(1..).unwrap_or_default()));
    let outcome = engine::local::workbench::unpack_tar(made.as_deref().unwrap_or(bytes), &ground.inside(), BYTES);
    ground.check();
    assert!(!matches!(outcome, Err(engine::local::workbench::Fault::Ours(_))), "{outcome:?}");
});
