//! Ends that nobody waits for: they go on without the platform that began them.

use std::time::{Duration, Instant};

use model::instance::{ExitCause, InstancePhase, StopOrder};
use model::port::{Engine, Ring};

use crate::adoption::ended;
use crate::bench::{Bench, exited, init, kill_9, name, ready, see, spec, state};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_at_once_and_its_end_is_rung_for() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let deaf = bench.resident("deaf", &["deaf", "serve"]).await;
    engine.start(&spec(0, &deaf)).await.unwrap();
    ready(&engine, &name(0)).await;
    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(3_600) }).await.unwrap();
    assert_eq!(see(&engine, &name(0)).await.unwrap().phase, InstancePhase::Stopping);
    bench.bell.take_rung();
    engine.stop(&name(0), StopOrder { grace: Duration::ZERO }).await.unwrap();
    exited(&engine, &name(0)).await;
    let since = Instant::now();
    let mut rung = Vec::new();
    while !rung.contains(&Ring::Service(name(0).service)) {
        assert!(since.elapsed() < Duration::from_secs(10), "whoever keeps the service is told");
        rung.extend(bench.bell.take_rung());
        tokio::task::yield_now().await;
    }
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_whose_platform_died_is_killed_when_its_grace_is_over() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let deaf = bench.resident("deaf", &["deaf", "serve"]).await;
    engine.start(&spec(0, &deaf)).await.unwrap();
    ready(&engine, &name(0)).await;
    let (process, shim) = (init(&bench, 0), state(&bench, 0).shim_pid);
    let began = Instant::now();
    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(2) }).await.unwrap();
    drop(engine);
    ended(process).await;
    ended(shim).await;
    assert!(began.elapsed() >= Duration::from_secs(2), "not before its grace was over");
    let engine = bench.open().await;
    let exit = exited(&engine, &name(0)).await;
    assert_eq!((exit.how, exit.asked), (ExitCause::Signal(9), true));
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_platform_sees_an_end_through_that_an_earlier_one_began() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let deaf = bench.resident("deaf", &["deaf", "serve"]).await;
    for slot in 0..2 {
        engine.start(&spec(slot, &deaf)).await.unwrap();
        ready(&engine, &name(slot)).await;
        engine.stop(&name(slot), StopOrder { grace: Duration::from_secs(3_600) }).await.unwrap();
    }
    drop(engine);
    let engine = bench.open().await;
    for slot in 0..2 {
        assert_eq!(see(&engine, &name(slot)).await.unwrap().phase, InstancePhase::Stopping, "as before");
    }
    engine.stop(&name(0), StopOrder { grace: Duration::from_millis(100) }).await.unwrap();
    let exit = exited(&engine, &name(0)).await;
    assert_eq!((exit.how, exit.asked), (ExitCause::Signal(9), true));
    kill_9(state(&bench, 1).shim_pid);
    let lost = exited(&engine, &name(1)).await;
    assert_eq!((lost.how, lost.asked), (ExitCause::Lost, true), "with whomever it was lost, it was to end");
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_ended_by_itself_was_not_asked_whoever_asks_later() {
    let bench = Bench::new();
    let engine = bench.open().await;
    let brief = bench.resident("brief", &["exit=3"]).await;
    engine.start(&spec(0, &brief)).await.unwrap();
    let exit = exited(&engine, &name(0)).await;
    assert!(!exit.asked);
    engine.stop(&name(0), StopOrder { grace: Duration::ZERO }).await.unwrap();
    assert_eq!(exited(&engine, &name(0)).await, exit);
    drop(engine);
    bench.remove().await;
}
