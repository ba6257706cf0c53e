//! The machine's clock jumps, and nobody is late or early for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use engine::local::{LocalEngine, Ports};
use model::instance::InstancePhase;
use model::port::{Clock, Engine};
use model::time::Timestamp;

use crate::bench::{Bench, RealClock, name, see, spec, until};

/// The real clock, set forward or back.
#[derive(Default)]
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(RealClock.now().millis() + self.0.load(Ordering::SeqCst))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_makes_no_instance_older_or_younger() {
    let bench = Bench::new();
    let clock = Arc::new(SetClock::default());
    let ports = || Ports { clock: clock.clone(), ..bench.ports() };
    let mut engine = LocalEngine::open(bench.settings.clone(), ports()).await.unwrap();
    let image = bench.resident("elsewhere", &["elsewhere=9999"]).await;
    engine.start(&spec(0, &image)).await.unwrap();
    engine.create(&spec(1, &image)).await.unwrap();
    engine.start(&spec(1, &image)).await.unwrap();
    let elsewhere = |phase: &InstancePhase| match phase {
        InstancePhase::Starting { elsewhere, .. } => elsewhere.clone(),
        InstancePhase::Created
        | InstancePhase::Ready
        | InstancePhase::Unwell { .. }
        | InstancePhase::Dormant(_)
        | InstancePhase::Stopping
        | InstancePhase::Exited(_) => None,
    };
    until(&engine, &name(0), |seen| elsewhere(&seen.phase).is_some()).await;
    let hour = 3_600_000;
    for jump in [hour, -hour, 0] {
        clock.0.store(jump, Ordering::SeqCst);
        let seen = see(&engine, &name(0)).await.unwrap();
        let since = elsewhere(&seen.phase).expect("it is where it was").since;
        let made_ahead = see(&engine, &name(1)).await.unwrap();
        for moment in [seen.started_at, since, made_ahead.started_at] {
            let age = clock.now().millis() - moment.millis();
            assert!((0..1_800_000).contains(&age), "after a jump of {jump} ms it is {age} ms old: {seen:?}");
        }
        if jump == -hour {
            drop(engine);
            engine = LocalEngine::open(bench.settings.clone(), ports()).await.unwrap();
            until(&engine, &name(0), |seen| elsewhere(&seen.phase).is_some()).await;
        }
    }
    for slot in [0, 1] {
        tokio::time::timeout(Duration::from_secs(60), engine.discard(&name(slot))).await.unwrap().unwrap();
    }
    drop(engine);
    bench.remove().await;
}
