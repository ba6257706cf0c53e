//! How instances end, and that their owner is told why.

use std::time::{Duration, Instant};

use model::instance::{ExitCause, InstancePhase, StopOrder};
use model::port::{Engine, Ring};

use crate::bench::{Bench, exited, name, printed, ready, see, spec, until};

#[tokio::test(flavor = "multi_thread")]
async fn every_end_has_its_cause_and_its_last_lines() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let cases: &[(&[&str], ExitCause, &[&str])] = &[
        (&["say=one", "say=two", "exit=7"], ExitCause::Code(7), &["one", "two"]),
        (&["say=about to", "crash"], ExitCause::Signal(11), &["about to"]),
        (&["say=hungry", "eat"], ExitCause::OutOfMemory, &["hungry"]),
    ];
    for (slot, (words, how, lines)) in (0..).zip(cases) {
        let image = bench.resident(&format!("case{slot}"), words).await;
        engine.start(&spec(slot, &image)).await.unwrap();
        let exit = exited(&engine, &name(slot)).await;
        assert_eq!((&exit.how, exit.last_lines.as_slice()), (how, lines.map_strings().as_slice()), "{words:?}");
    }
    drop(engine);
    bench.remove().await;
}

trait MapStrings {
    fn map_strings(&self) -> Vec<String>;
}

impl MapStrings for &[&str] {
    fn map_strings(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_polite_app_says_goodbye_and_a_deaf_one_is_killed_after_its_grace() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let polite = bench.resident("polite", &["serve"]).await;
    let deaf = bench.resident("deaf", &["deaf", "serve"]).await;
    for (slot, image) in [(0, &polite), (1, &deaf)] {
        engine.start(&spec(slot, image)).await.unwrap();
        ready(&engine, &name(slot)).await;
    }
    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(20) }).await.unwrap();
    let exit = exited(&engine, &name(0)).await;
    assert_eq!(exit.how, ExitCause::Code(0));
    assert_eq!(exit.last_lines.last().map(String::as_str), Some("bye"));

    engine.stop(&name(1), StopOrder { grace: Duration::from_secs(3600) }).await.unwrap();
    assert_eq!(see(&engine, &name(1)).await.unwrap().phase, InstancePhase::Stopping, "nobody waits for its grace");
    let began = Instant::now();
    let grace = Duration::from_millis(300);
    engine.stop(&name(1), StopOrder { grace }).await.unwrap();
    let exit = exited(&engine, &name(1)).await;
    assert!(began.elapsed() >= grace);
    assert_eq!((exit.how, exit.asked), (ExitCause::Signal(9), true));
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_is_stopped_while_it_starts_does_not_come_back() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("slow", &["late=60000", "serve"]).await;
    let wanted = spec(0, &image);
    let start = engine.start(&wanted);
    let name = name(0);
    let stop = async {
        until(&engine, &name, |_| true).await;
        engine.stop(&name, StopOrder { grace: Duration::ZERO }).await.unwrap();
    };
    let (started, ()) = tokio::join!(start, stop);
    started.unwrap();
    exited(&engine, &name).await;
    engine.discard(&name).await.unwrap();
    assert!(engine.all().await.unwrap().is_empty());
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_elsewhere_is_seen_with_its_ports() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let elsewhere = bench.resident("elsewhere", &["elsewhere=8081"]).await;
    let loopback = bench.resident("loopback", &["loopback"]).await;
    for (slot, image, ports, loopback_ports) in [(0, &elsewhere, vec![8081], vec![]), (1, &loopback, vec![], vec![8080])] {
        engine.start(&spec(slot, image)).await.unwrap();
        let seen = until(&engine, &name(slot), |seen| {
            matches!(&seen.phase, InstancePhase::Starting { elsewhere: Some(_), last_probe: Some(_) })
        })
        .await;
        let InstancePhase::Starting { last_probe: Some(probe), elsewhere: Some(found) } = seen.phase else {
            unreachable!("waited for it")
        };
        assert_eq!(probe, "connection refused on port 8080");
        assert_eq!((found.ports, found.loopback_ports), (ports, loopback_ports));
    }
    assert!(!bench.bell.take_rung().is_empty(), "whoever keeps the service is told");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_only_200_is_well_and_who_does_not_answer_in_time_is_told_so() {
    use model::health::HealthProtocol;
    let bench = Bench::new();
    let engine = bench.open().await;
    let image = bench.resident("http", &["serve"]).await;
    let silent = bench.resident("silent", &["silent"]).await;
    for (slot, path, image) in [(0, "/health", &image), (1, "/missing", &image), (2, "/health", &silent)] {
        let mut spec = spec(slot, image);
        spec.health.protocol = HealthProtocol::Http;
        spec.health.path = path.to_owned();
        spec.health.timeout_seconds = 1;
        engine.start(&spec).await.unwrap();
    }
    ready(&engine, &name(0)).await;
    let seen_as = |phase: &InstancePhase, expected: &str| match phase {
        InstancePhase::Starting { last_probe: Some(words), elsewhere: None } => words.starts_with(expected),
        InstancePhase::Created
        | InstancePhase::Starting { .. }
        | InstancePhase::Ready
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping
        | InstancePhase::Exited(_) => false,
    };
    for (slot, expected) in [
        (1, "GET /missing on port 8080 answered 404; only 200 is healthy"),
        (2, "GET /health on port 8080 not answered within 1 s"),
    ] {
        until(&engine, &name(slot), |seen| seen_as(&seen.phase, expected)).await;
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_taken_over_bit_by_bit_and_none_is_lost() {
    use model::log_line::LogCursor;
    let bench = Bench::new();
    let engine = bench.open().await;
    let words: Vec<String> = (0..500).map(|n| format!("say=line {n}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let image = bench.resident("lines", &words).await;
    let began = Instant::now();
    engine.start(&spec(0, &image)).await.unwrap();
    exited(&engine, &name(0)).await;
    let mut rung = Vec::new();
    while !rung.contains(&Ring::Output(name(0).service)) {
        assert!(began.elapsed() < Duration::from_secs(10), "whoever takes the log over is told: {rung:?}");
        rung.extend(bench.bell.take_rung());
        tokio::task::yield_now().await;
    }
    let mut cursor = LogCursor::default();
    let mut taken = Vec::new();
    loop {
        let batch = engine.lines(&name(0), cursor, 64).await.unwrap();
        if batch.lines.is_empty() {
            break;
        }
        taken.extend(batch.lines.iter().map(|line| String::from_utf8_lossy(&line.bytes).into_owned()));
        cursor = batch.next;
        engine.absorbed(&name(0), cursor).await.unwrap();
    }
    let expected: Vec<String> = (0..500).map(|n| format!("line {n}")).collect();
    assert_eq!(taken, expected);
    assert_eq!(printed(&engine, &name(0)).await.len(), 500);
    engine.discard(&name(0)).await.unwrap();
    assert_eq!(engine.lines(&name(0), cursor, 64).await.unwrap().next, cursor, "a cursor outlives its instance");
    drop(engine);
    bench.remove().await;
}
