//! A layer's archive → a folder: nothing outside changes, nothing is larger than it may be, every fault is the layer's own.
#![no_main]

use engine::local::workbench::{Fault, unpack_stored, unpack_tar};
use fuzz::archive::tar_of;
use fuzz::check::{BYTES, Ground};

/// What a Zstandard frame begins with; gzip's first byte is odd.
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let ground = Ground::new();
    // Half of them as they are: mutations of real archives, compressed or not, come from the corpus.
    let made = bytes.first().is_none_or(|first| first % 2 == 0) && !bytes.starts_with(ZSTD);
    let outcome = if made {
        unpack_tar(tar_of(bytes.get(1..).unwrap_or_default()).as_slice(), &ground.inside(), BYTES)
    } else {
        unpack_stored(bytes, &ground.inside(), BYTES)
    };
    ground.check();
    assert!(!matches!(outcome, Err(Fault::Ours(_))), "{outcome:?}");
});
