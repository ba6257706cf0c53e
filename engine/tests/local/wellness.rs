//! Instances that were healthy and fall ill, and those that get well again.

use std::fs;
use std::time::{Duration, Instant};

use model::health::HealthProtocol;
use model::instance::{InstancePhase, InstanceSpec};
use model::port::{Engine, Ring};

use crate::bench::{Bench, init, name, ready, see, spec, until};

/// Asked every second; ill and well again after two answers in a row.
async fn patient(bench: &Bench) -> InstanceSpec {
    let image = bench.resident("patient", &["serve"]).await;
    let mut spec = spec(0, &image);
    spec.health.protocol = HealthProtocol::Http;
    spec.health.interval_seconds = 1;
    spec.health.healthy_threshold = 2;
    spec.health.unhealthy_threshold = 2;
    spec
}

fn is_unwell(phase: &InstancePhase) -> bool {
    match phase {
        InstancePhase::Unwell { last_probe } => last_probe.starts_with("GET / on port 8080 answered 503"),
        InstancePhase::Created
        | InstancePhase::Starting { .. }
        | InstancePhase::Ready
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping
        | InstancePhase::Exited(_) => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_fails_its_checks_in_a_row_is_unwell_until_it_passes_them_in_a_row() {
    let bench = Bench::new();
    let engine = bench.open().await;
    engine.start(&patient(&bench).await).await.unwrap();
    ready(&engine, &name(0)).await;
    let sick = format!("/proc/{}/root/tmp/sick", init(&bench, 0));
    let rung = || bench.bell.take_rung().contains(&Ring::Service(name(0).service));
    rung();

    let since = Instant::now();
    fs::write(&sick, "").unwrap();
    until(&engine, &name(0), |seen| is_unwell(&seen.phase)).await;
    assert!(since.elapsed() >= Duration::from_secs(1), "one failure is not two");
    let since = Instant::now();
    while !rung() {
        assert!(since.elapsed() < Duration::from_secs(5), "whoever keeps the service is told");
        tokio::task::yield_now().await;
    }
    let seen = see(&engine, &name(0)).await.unwrap();
    assert!(seen.address.is_some(), "it runs as before");

    // The next platform measures anew.
    drop(engine);
    let engine = bench.open().await;
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Ready);
    until(&engine, &name(0), |seen| is_unwell(&seen.phase)).await;

    rung();
    let since = Instant::now();
    fs::remove_file(&sick).unwrap();
    until(&engine, &name(0), |seen| seen.phase == InstancePhase::Ready).await;
    assert!(since.elapsed() >= Duration::from_secs(1), "one success is not two");
    let since = Instant::now();
    while !rung() {
        assert!(since.elapsed() < Duration::from_secs(5), "whoever keeps the service is told");
        tokio::task::yield_now().await;
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_start_too_so_many_successes_in_a_row_are_wanted_but_without_their_interval() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let mut spec = patient(&bench).await;
    spec.health.healthy_threshold = 20;
    spec.health.interval_seconds = 20;
    let since = Instant::now();
    engine.start(&spec).await.unwrap();
    ready(&engine, &name(0)).await;
    let took = since.elapsed();
    assert!(took >= 19 * engine::limit::PROBE_PAUSE_MIN, "twenty questions take their time: {took:?}");
    assert!(took < Duration::from_secs(20), "but not the service's interval: {took:?}");
    drop(engine);
    bench.remove().await;
}
