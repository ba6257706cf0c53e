//! Counters of instances: of those that run and of no others, and never backwards.

use crate::instance::InstanceName;
use crate::instance_usage::InstanceUsage;
use crate::port::{Engine, Pause, Stats};
use crate::testbed::conformance::engine::{LOOKS_MAX, kill};

/// Memory that an instance of the suite has: 512 MiB.
const MEMORY_BYTES: u64 = 512 << 20;

async fn of(stats: &dyn Stats, name: &InstanceName) -> Option<InstanceUsage> {
    let usage = stats.usage().await.unwrap();
    assert!(usage.is_sorted_by(|one, other| one.name < other.name), "by name, each once");
    usage.into_iter().find(|usage| usage.name == *name)
}

/// All promises of the port. `instance` runs, has 512 MiB, has been connected to, and is ended by the suite.
pub async fn stats(engine: &dyn Engine, stats: &dyn Stats, instance: &InstanceName, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    let first = of(stats, instance).await.expect("it runs");
    let second = of(stats, instance).await.expect("it still runs");
    assert!(first.cpu_micros.is_some_and(|micros| micros > 0) && second.cpu_micros >= first.cpu_micros, "{first:?} {second:?}");
    let memory = second.memory.expect("memory is counted everywhere");
    assert_eq!(memory.bytes_max, Some(MEMORY_BYTES));
    assert!(memory.bytes > 0 && memory.bytes <= MEMORY_BYTES, "{memory:?}");
    assert!(memory.bytes_peak.is_none_or(|peak| peak > 0 && peak <= MEMORY_BYTES), "{memory:?}");
    assert!(memory.killed.is_none_or(|killed| killed == 0), "{memory:?}");
    assert!(second.processes.is_some_and(|processes| processes > 0), "{second:?}");
    let (before, after) = (first.network.expect("it has a link"), second.network.expect("it has a link"));
    assert!(before.received_packets > 0 && before.received_bytes > before.received_packets, "{before:?}");
    assert!(after.received_bytes >= before.received_bytes && after.sent_bytes >= before.sent_bytes, "{before:?} {after:?}");

    kill(engine, instance, pause).await;
    let mut looks = 0;
    while let Some(used) = of(stats, instance).await {
        looks += 1;
        assert!(looks < LOOKS_MAX, "one that has ended uses nothing: {used:?}");
        pause().await;
    }
    engine.discard(instance).await.unwrap();
    assert_eq!(of(stats, instance).await, None);
}
