//! An image's configuration and its list of users → what the runtime is told: every guard is there, whatever they say.
#![no_main]

use fuzz::check::check_bundle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut halves = bytes.splitn(2, |byte| *byte == 0xff);
    let configuration = halves.next().unwrap_or_default();
    let layer = tempfile::tempdir().expect("there is room");
    std::fs::create_dir(layer.path().join("etc")).expect("it is empty");
    std::fs::write(layer.path().join("etc/passwd"), halves.next().unwrap_or_default()).expect("there is room");
    let spec = engine::local::workbench::spec();
    if let Ok(config) = engine::local::workbench::bundle(configuration, &[layer.path().to_owned()], &spec) {
        check_bundle(&config);
    }
});
