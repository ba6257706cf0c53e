//! Worlds of one seed each: the real rules and the real keepers over ports in memory, in virtual time, with everything that can go wrong. A seed that
//! breaks a promise is printed and replays: `OUTRUNNER_SEED=<seed> cargo test -p control --test simulation -- --nocapture`.
//!
//! `OUTRUNNER_SEEDS` says how many seeds, `OUTRUNNER_SIMULATION_SECONDS` for how long instead, `OUTRUNNER_FIRST_SEED` where to begin.

#[path = "simulation/bells.rs"]
mod bells;
#[path = "simulation/chance.rs"]
mod chance;
#[path = "simulation/customers.rs"]
mod customers;
#[path = "simulation/engine.rs"]
mod engine;
#[path = "simulation/faults.rs"]
mod faults;
#[path = "simulation/front_door.rs"]
mod front_door;
#[path = "simulation/ledger.rs"]
mod ledger;
#[path = "simulation/platform.rs"]
mod platform;
#[path = "simulation/promises.rs"]
mod promises;
#[path = "simulation/registry.rs"]
mod registry;
#[path = "simulation/scheduler.rs"]
mod scheduler;
#[path = "simulation/seeds.rs"]
mod seeds;
#[path = "simulation/world.rs"]
mod world;

use seeds::{Told, live, live_many};

/// Seeds of every run that is not told otherwise.
const SEEDS: u64 = 1_000;
/// Lines of a story that are printed: its end.
const STORY_LINES: usize = 120;

#[expect(clippy::disallowed_methods, reason = "a test is told by its caller how long it may take")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}: '{text}' is not a number")))
}

fn tell(told: &Told) -> String {
    let story = &told.story[told.story.len().saturating_sub(STORY_LINES)..];
    let broken = told.broken.as_deref().unwrap_or("every promise held");
    format!("{}\nseed {}: {broken}\nreplay it: OUTRUNNER_SEED={}", story.join("\n"), told.seed, told.seed)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long a soak lasts is no part of any world")]
fn whatever_goes_wrong_every_promise_holds() {
    if let Some(seed) = number("OUTRUNNER_SEED") {
        let told = live(seed, true);
        println!("{}", tell(&told));
        assert!(told.broken.is_none());
        return;
    }
    let (began, seconds) = (std::time::Instant::now(), number("OUTRUNNER_SIMULATION_SECONDS"));
    let seeds = number("OUTRUNNER_SEEDS").unwrap_or(SEEDS);
    let tally = live_many(number("OUTRUNNER_FIRST_SEED").unwrap_or(1), &|nth| match seconds {
        Some(seconds) => began.elapsed().as_secs() < seconds,
        None => nth < seeds,
    });
    println!("{} seeds in {:?}", tally.seeds, began.elapsed());
    for (what, count) in &tally.counts {
        println!("{count:10} × {what}");
    }
    let (everywhere, is_enough) = (tally.seeds >= SEEDS, |what: &str| tally.counts.get(what).is_some_and(|count| *count > 0));
    if let Some(told) = tally.broken {
        let again = live(told.seed, true);
        assert_eq!(again.hash, told.hash, "seed {} does not replay", told.seed);
        panic!("after {} seeds:\n{}", tally.seeds, tell(&again));
    }
    let rare = [
        "an operation was cancelled",
        "a wish was granted",
        "a rollback was granted",
        "the power was lost",
        "a version started again",
    ];
    for what in rare {
        assert!(!everywhere || is_enough(what), "in {} seeds never: {what}", tally.seeds);
    }
    for point in world::CHANGES.iter().flat_map(|point| [format!("died before {point}"), format!("died after {point}")]) {
        assert!(!everywhere || is_enough(&point), "in {} seeds no platform {point}", tally.seeds);
    }
}

#[test]
fn a_seed_is_the_same_story_every_time() {
    for seed in 1..=20 {
        let (one, again) = (live(seed, false), live(seed, true));
        assert_eq!((one.hash, &one.broken), (again.hash, &again.broken), "seed {seed}");
    }
    assert_ne!(live(1, false).hash, live(2, false).hash);
}
