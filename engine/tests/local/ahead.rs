//! Instances made ahead: who begins them, who throws them away, and how soon they answer.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use engine::local::premises::Premises;
use engine::local::record::Phase;
use model::instance::{ExitCause, InstancePhase};
use model::port::Engine;

use crate::adoption::ended;
use crate::bench::{Bench, PORT, exited, init, kill_9, name, printed, printed_at_last, ready, see, spec, state};

fn waiting(bench: &Bench, slot: u16) -> u32 {
    match state(bench, slot).phase {
        Phase::Created { init_pid, .. } => init_pid,
        other => panic!("it is made ahead: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_platform_of_the_same_build_begins_what_was_made_ahead() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["say=hello", "serve"]).await;
    engine.create(&spec(0, &image)).await.unwrap();
    let made = see(&engine, &name(0)).await.unwrap();
    assert_eq!(made.phase, InstancePhase::Created);
    let process = waiting(&bench, 0);
    drop(engine);

    let engine = bench.open().await;
    assert_eq!(see(&engine, &name(0)).await.unwrap(), made, "it is found as it was");
    assert!(printed(&engine, &name(0)).await.is_empty());
    engine.start(&spec(0, &image)).await.unwrap();
    let begun = ready(&engine, &name(0)).await;
    assert_eq!(init(&bench, 0), process, "the same process");
    assert!(begun.started_at > made.started_at, "its life begins when it is begun: {begun:?}");
    assert_eq!(printed_at_last(&engine, &name(0), |lines| !lines.is_empty()).await[0], "hello");
    drop(engine);
    let engine = bench.open().await;
    assert_eq!(see(&engine, &name(0)).await.unwrap(), begun, "and stays begun");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_build_made_ahead_is_thrown_away_and_what_it_began_is_kept() {
    let mut bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    engine.create(&spec(0, &image)).await.unwrap();
    engine.create(&spec(1, &image)).await.unwrap();
    engine.start(&spec(1, &image)).await.unwrap();
    ready(&engine, &name(1)).await;
    let process = waiting(&bench, 0);
    drop(engine);

    // A byte behind the program changes nothing of what it does.
    let mut program = fs::read(&bench.settings.shim).unwrap();
    program.push(0);
    bench.settings.shim = bench.data().join("newer-shim");
    fs::write(&bench.settings.shim, program).unwrap();
    fs::set_permissions(&bench.settings.shim, fs::Permissions::from_mode(0o755)).unwrap();
    let engine = bench.open().await;
    assert_eq!(engine.all().await.unwrap(), [name(1)]);
    assert!(!Path::new(&format!("/proc/{process}")).exists());
    assert_eq!(see(&engine, &name(1)).await.unwrap().phase, InstancePhase::Ready);
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_ahead_of_another_spec_is_made_anew_and_what_has_begun_stays() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let greeting = |words: &str| {
        let mut spec = spec(0, &image);
        spec.environment.0.insert("GREETING".to_owned(), words.to_owned());
        spec
    };
    engine.create(&greeting("hello")).await.unwrap();
    let process = waiting(&bench, 0);
    let made_by = fs::read_to_string(Premises::of(bench.data()).unwrap().shim(&name(0)).join("made-by")).unwrap();
    assert!(!made_by.contains("hello") && !made_by.contains("GREETING"), "{made_by}");
    engine.create(&greeting("hello")).await.unwrap();
    assert_eq!(waiting(&bench, 0), process, "the same is left as it is");
    engine.create(&greeting("good day")).await.unwrap();
    assert_ne!(waiting(&bench, 0), process);
    engine.start(&greeting("good evening")).await.unwrap();
    ready(&engine, &name(0)).await;
    let begun = init(&bench, 0);
    let environment = fs::read_to_string(format!("/proc/{begun}/environ")).unwrap();
    assert!(environment.contains("GREETING=good evening"), "{environment:?}");
    engine.start(&greeting("good night")).await.unwrap();
    assert_eq!(init(&bench, 0), begun);
    drop(engine);
    bench.remove().await;
}

/// As after a platform that waited too briefly for the shim's answer.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_began_without_our_hearing_of_it_is_attended_to_all_the_same() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in [0, 1] {
        engine.create(&spec(slot, &image)).await.unwrap();
        let socket = Premises::of(bench.data()).unwrap().shim(&name(slot)).join("sock");
        let mut shim = UnixStream::connect(socket).unwrap();
        shim.write_all(b"go\n").unwrap();
        shim.read_exact(&mut [0; 2]).unwrap();
        assert!(matches!(state(&bench, slot).phase, Phase::Running { .. }));
    }
    // Once more, and never again.
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    ready(&engine, &name(1)).await;
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_comes_while_it_is_being_made_ahead_is_not_forgotten() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in 0..4 {
        let spec = spec(slot, &image);
        let (created, started) = futures_util::future::join(engine.create(&spec), async {
            // At another moment of its making each time.
            tokio::time::sleep(Duration::from_millis(u64::from(slot) * 12)).await;
            engine.start(&spec).await
        })
        .await;
        created.unwrap();
        started.unwrap();
        ready(&engine, &name(slot)).await;
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_ahead_and_loses_its_shim_leaves_nothing() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    for slot in [0, 1] {
        engine.create(&spec(slot, &image)).await.unwrap();
    }
    let process = waiting(&bench, 0);
    kill_9(state(&bench, 0).shim_pid);
    assert_eq!(exited(&engine, &name(0)).await.how, ExitCause::Lost);
    ended(process).await;
    engine.discard(&name(0)).await.unwrap();
    engine.start(&spec(0, &image)).await.unwrap();
    ready(&engine, &name(0)).await;
    drop(engine);
    // While no platform runs: nobody has to be told of it.
    kill_9(state(&bench, 1).shim_pid);
    let engine = bench.open().await;
    assert_eq!(engine.all().await.unwrap(), [name(0)]);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_ahead_says_why_to_its_owner() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.image("empty", &[crate::bench::base_layer()], serde_json::json!({ "Cmd": ["/nowhere"] })).await;
    engine.create(&spec(0, &image)).await.unwrap();
    let ExitCause::NeverStarted(words) = exited(&engine, &name(0)).await.how else { panic!("it never started") };
    assert!(words.contains("/nowhere"), "{words}");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_ahead_answers_in_a_fraction_of_the_time_that_another_start_takes() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("serves", &["serve"]).await;
    let (mut ahead, mut cold) = (Vec::new(), Vec::new());
    for slot in 0..14 {
        let times = if slot % 2 == 0 { &mut ahead } else { &mut cold };
        if slot % 2 == 0 {
            engine.create(&spec(slot, &image)).await.unwrap();
        }
        let began = Instant::now();
        engine.start(&spec(slot, &image)).await.unwrap();
        until_200(SocketAddr::from((see(&engine, &name(slot)).await.unwrap().address.unwrap(), PORT)));
        times.push(began.elapsed());
        ready(&engine, &name(slot)).await;
    }
    ahead.sort();
    cold.sort();
    // It is a tenth; how many milliseconds that are depends on who else uses this machine, least for the fastest.
    assert!(ahead[0] * 2 < cold[0], "{ahead:?} beside {cold:?}");
    drop(engine);
    bench.remove().await;
}

/// Asks without a pause until it is answered.
pub fn until_200(address: SocketAddr) {
    let since = Instant::now();
    loop {
        let answered = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
            stream.write_all(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")?;
            let mut answer = [0; 15];
            stream.read_exact(&mut answer)?;
            Ok(answer.starts_with(b"HTTP/1.1 200"))
        };
        if answered().unwrap_or(false) {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "{address} does not answer");
    }
}
