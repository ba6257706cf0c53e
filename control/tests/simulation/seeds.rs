//! Seeds: each is a world with a storm and a calm after it. A seed that breaks a promise is told again, with all that happened in it.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use model::testbed::block_on;

use super::scheduler::{Run, Scheduler};
use super::world::World;

/// Within this much time after the last fault everything is as promised: the longest that an operation may take, and how far the clock may be off.
const CALM_MAX: Duration = Duration::from_secs(3 * 3600);
/// How often the promises are looked at in calm. Between two looks that find nothing everybody has looked at everything.
const LOOK: Duration = Duration::from_secs(31);

/// Within this much time a burst is met, where all instances together can take it.
const BURST: Duration = Duration::from_secs(20);

/// What became of a seed.
pub struct Told {
    pub seed: u64,
    /// The promise that was broken.
    pub broken: Option<String>,
    /// Of all that happened, in its order.
    pub hash: u64,
    pub story: Vec<String>,
    pub counts: BTreeMap<String, u64>,
}

/// Lives through one seed. `tells`: with its story.
pub fn live(seed: u64, tells: bool) -> Told {
    let world = World::new(seed, tells);
    let fell = catch_unwind(AssertUnwindSafe(|| run(&world))).err();
    let (mut broken, hash, story) = world.outcome();
    if let Some(fell) = fell {
        broken.get_or_insert_with(|| format!("it fell: {}", words(&*fell)));
    }
    let counts = std::mem::take(&mut world.record().counts);
    world.time.end();
    if broken.is_none() {
        // A desk holds its world, which holds the desk.
        world.customers().desks.clear();
        if Arc::strong_count(&world) > 1 {
            broken = Some("it is over, and somebody holds its world: an hour of worlds would not be given back".to_owned());
        }
    }
    Told { seed, broken, hash, story, counts }
}

fn words(fell: &(dyn Any + Send)) -> String {
    let text = fell.downcast_ref::<String>().cloned();
    text.or_else(|| fell.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_else(|| "without a word".to_owned())
}

fn run(world: &Arc<World>) {
    let mut scheduler = Scheduler::new(world.time.clone());
    block_on(world.open_registry());
    world.boot();
    world.let_loose();
    let storm = *world.chance.pick(&[20, 60, 150]);
    let mut until = Duration::from_secs(storm);
    if !pass(&mut scheduler, world, until) {
        return;
    }
    world.note("the storm is over", String::new);
    world.calm_down();
    let end = until + CALM_MAX;
    let (mut right, mut bursts) = (0, world.chance.below(3) == 0);
    while right < 2 {
        until += LOOK;
        if !pass(&mut scheduler, world, until) {
            return;
        }
        match block_on(world.look_at_rest()) {
            Ok(()) => right += 1,
            Err(why) if until >= end => return world.broken(|| format!("{CALM_MAX:?} after the last fault: {why}")),
            Err(_) => right = 0,
        }
        if right == 1 && std::mem::take(&mut bursts) {
            block_on(world.burst());
            until += BURST;
            if !pass(&mut scheduler, world, until) {
                return;
            }
            block_on(world.look_at_burst());
            right = 0;
        }
    }
}

/// Answers whether the world may go on.
fn pass(scheduler: &mut Scheduler, world: &Arc<World>, until: Duration) -> bool {
    let ran = scheduler.run(until, &world.chance, &|| world.bury(), &|| !world.is_broken());
    if ran == Run::Circling {
        world.broken(|| "tasks wake each other for ever, and no time goes by".to_owned());
    }
    ran == Run::Over
}

/// What became of many seeds.
#[derive(Default)]
pub struct Tally {
    pub seeds: u64,
    pub broken: Option<Told>,
    pub counts: BTreeMap<String, u64>,
}

/// Lives through seeds from `first` on, as many as `goes_on` lets, on every core. Each seed has one thread alone. Ends at the first broken promise.
pub fn live_many(first: u64, goes_on: &(dyn Fn(u64) -> bool + Sync)) -> Tally {
    let (next, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let worker = || {
        let mut tally = Tally::default();
        while !is_over.load(Ordering::SeqCst) && tally.broken.is_none() {
            let nth = next.fetch_add(1, Ordering::SeqCst);
            if !goes_on(nth) {
                break;
            }
            let told = live(first + nth, false);
            tally.seeds += 1;
            for (what, count) in &told.counts {
                *tally.counts.entry(what.clone()).or_default() += count;
            }
            if told.broken.is_some() {
                is_over.store(true, Ordering::SeqCst);
                tally.broken = Some(told);
            }
        }
        tally
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a seed's fall is caught")).fold(Tally::default(), Tally::with)
    })
}

impl Tally {
    fn with(mut self, other: Self) -> Self {
        self.seeds += other.seeds;
        for (what, count) in other.counts {
            *self.counts.entry(what).or_default() += count;
        }
        // Of two, the one that comes first in every run.
        self.broken = [self.broken, other.broken].into_iter().flatten().min_by_key(|told| told.seed);
        self
    }
}
