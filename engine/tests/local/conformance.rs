//! The local engine passes the suite that the one in memory passes, with every OCI runtime that the machine has.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::bench::{Bench, PORT, exited, hash, init, kill_9, name, pin, ready, spec, state};
use engine::local::premises::Premises;
use model::digest::Algorithm;
use model::instance::ExitCause;
use model::port::{Engine, Pause};
use model::testbed::conformance::{EngineBench, dormant, engine, made_ahead, stopping};

async fn keeps_its_promises(runtime: &str) {
    let mut bench = Bench::new();
    bench.settings.runtime = runtime.into();
    let suite = EngineBench {
        serves: bench.resident("serves", &["say=hello", "serve"]).await,
        exits_with_3: bench.resident("exits", &["say=boom", "exit=3"]).await,
        missing: Some(pin("serves", hash(Algorithm::Sha256, b"nowhere"))),
        port: PORT,
    };
    let local = bench.open().await;
    let pause = || -> Pause<'static> { Box::pin(tokio::time::sleep(Duration::from_millis(5))) };
    engine(&local, &local, &suite, &pause).await;
    made_ahead(&local, &suite, &pause).await;
    dormant(&local, &suite, &pause).await;
    let deaf = bench.resident("deaf", &["deaf", "serve"]).await;
    stopping(&local, &deaf, PORT, &pause).await;
    drop(local);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_engine_keeps_the_promises_of_its_ports() {
    keeps_its_promises("/usr/sbin/runc").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_engine_keeps_the_promises_of_its_ports_with_crun() {
    let runtime = "/usr/bin/crun";
    if Path::new(runtime).exists() {
        keeps_its_promises(runtime).await;
    } else {
        say(&format!("NOT CHECKED with {runtime}: it is not installed (tests/install-packages installs it)"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_engine_keeps_the_promises_of_its_ports_with_runsc() {
    let runtime = "/usr/bin/runsc";
    if Path::new(runtime).exists() {
        keeps_its_promises(runtime).await;
    } else {
        say(&format!("NOT CHECKED with {runtime}: it is not installed (tests/install-packages installs it)"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_of_crun_whose_shim_is_killed_ends_and_leaves_no_group() {
    ends_with_its_shim("/usr/bin/crun").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_of_runsc_whose_shim_is_killed_ends_and_leaves_no_group() {
    ends_with_its_shim("/usr/bin/runsc").await;
}

async fn ends_with_its_shim(runtime: &str) {
    if !Path::new(runtime).exists() {
        return say(&format!("NOT CHECKED with {runtime}: it is not installed (tests/install-packages installs it)"));
    }
    let mut bench = Bench::new();
    bench.settings.runtime = runtime.into();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    let process = init(&bench, 0);
    kill_9(state(&bench, 0).shim_pid);
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Lost);
    engine.discard(&name(0)).await.unwrap();
    assert!(!Path::new(&format!("/proc/{process}/exe")).exists(), "it has ended");
    let premises = Premises::of(bench.data()).unwrap();
    let group = premises.cgroup(&name(0).to_string());
    let left = fs::read_dir("/sys/fs/cgroup").unwrap().flatten().map(|hierarchy| hierarchy.path().join(&group[1..]));
    assert_eq!(left.filter(|folder| folder.exists()).collect::<Vec<_>>(), Vec::<PathBuf>::new());
    assert_eq!(fs::read_dir(premises.runtime_root()).unwrap().count(), 0, "{runtime} has forgotten it");
    // The name is free again.
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    bench.remove().await;
}

/// Past the test harness, which keeps what passing tests print.
pub fn say(words: &str) {
    let _ = std::io::stderr().write_all(format!("{words}\n").as_bytes());
}
