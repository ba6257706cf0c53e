//! Unpacked layers: those that nobody needs go, and nothing else does, whatever happens meanwhile.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use model::digest::Algorithm;
use model::instance::{ExitCause, InstancePhase};
use model::port::{Engine, Images};
use serde_json::json;

use crate::bench::{Bench, base_layer, exited, file, hash, name, ready, see, spec, tar};

fn there(bench: &Bench) -> BTreeSet<String> {
    let entries = fs::read_dir(bench.data().join("layers")).unwrap().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn own(text: &str) -> Vec<u8> {
    tar(|builder| file(builder, "etc/own", 0o644, 0, text.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn layers_that_no_image_and_no_instance_needs_go_at_the_second_look() {
    let bench = Bench::new();
    let [kept, needless, run] = ["kept", "needless", "run"].map(own);
    let folder = |layer: &Vec<u8>| hash(Algorithm::Sha256, layer).hex().to_owned();
    let config = || json!({ "Cmd": ["/resident", "exists=/etc/own", "serve"] });
    let images = [
        bench.image("kept", &[base_layer(), kept.clone()], config()).await,
        bench.image("needless", &[base_layer(), needless.clone()], config()).await,
        bench.image("run", &[base_layer(), run.clone()], config()).await,
    ];
    let engine = bench.open().await;
    for image in &images {
        engine.prepare(image).await.unwrap().unwrap();
    }
    engine.start(&spec(0, &images[2])).await.unwrap();
    ready(&engine, &name(0)).await;
    let all = there(&bench);
    assert_eq!(all.len(), 8, "four layers, and where each comes from");
    engine.keep(&images[..1]).await.unwrap();
    assert_eq!(there(&bench), all, "not at the first look");
    engine.keep(&images[..1]).await.unwrap();
    let mut expected = all.clone();
    expected.retain(|entry| !entry.starts_with(&folder(&needless)));
    assert_eq!(there(&bench), expected);
    assert_eq!(expected.len(), 6);
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready);

    // What is gone comes back when it is wanted.
    engine.start(&spec(1, &images[1])).await.unwrap();
    ready(&engine, &name(1)).await;
    for slot in [0, 1] {
        engine.discard(&name(slot)).await.unwrap();
    }
    // The next platform has seen nothing yet; what the last one was removing is removed.
    drop(engine);
    fs::create_dir_all(bench.data().join("layers/.gone-1-2-abc/etc")).unwrap();
    let engine = bench.open().await;
    assert_eq!(there(&bench), all);
    for _ in 0..2 {
        engine.keep(&images[..1]).await.unwrap();
    }
    expected.retain(|entry| !entry.starts_with(&folder(&run)));
    assert_eq!(there(&bench), expected);
    // An image that is not in the store any more keeps nothing and spoils nothing.
    let gone = crate::bench::pin("gone", hash(Algorithm::Sha256, b"gone"));
    for _ in 0..2 {
        engine.keep(std::slice::from_ref(&gone)).await.unwrap();
    }
    assert!(there(&bench).is_empty());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_removed_stops_no_platform() {
    let bench = Bench::new();
    let (stuck, strange) = (bench.data().join("layers/.gone-1-2-abc/etc"), "a file where instances are");
    drop(bench.open().await);
    fs::create_dir_all(&stuck).unwrap();
    let mount = |words: &[&str]| assert!(Command::new(words[0]).args(&words[1..]).arg(&stuck).status().unwrap().success());
    // Nobody removes a folder that something is mounted on.
    mount(&["mount", "-t", "tmpfs", "tmpfs"]);
    let shims = Premises::of(bench.data()).unwrap().shims();
    fs::write(shims.join(strange), "").unwrap();
    let half = Premises::of(bench.data()).unwrap().shim(&name(0)).join("exec");
    let engine = bench.open().await;
    assert!(!shims.join(strange).exists());
    // A folder without numbers in it is no instance.
    fs::create_dir_all(half).unwrap();
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    mount(&["umount"]);
    drop(engine);
    drop(bench.open().await);
    assert!(!stuck.parent().unwrap().exists());
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_takes_no_layer_from_a_start_under_way() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let layers = [base_layer(), own("one"), own("two")];
    let image = bench.image("swept", &layers, json!({ "Cmd": ["/resident", "exists=/etc/own"] })).await;
    let over = AtomicBool::new(false);
    let sweeps = async {
        while !over.load(Ordering::Relaxed) {
            engine.keep(&[]).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let starts = async {
        for _ in 0..20 {
            engine.start(&spec(0, &image)).await.unwrap();
            assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Code(0));
            engine.discard(&name(0)).await.unwrap();
            // The sweeps take what nobody holds, or they could take nothing from a start either.
            let since = Instant::now();
            while !there(&bench).is_empty() {
                assert!(since.elapsed() < Duration::from_secs(60), "nothing is swept: {:?}", there(&bench));
                tokio::task::yield_now().await;
            }
        }
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(sweeps, starts);
    drop(engine);
    bench.remove().await;
}
