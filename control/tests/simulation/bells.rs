//! Bells and the clock of a world. Bells get lost and are rung twice; the clock is set back and forth. Both as the faults say, and never in calm.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;

use model::port::{Bell, Clock, Dice, Ring, Wait, Woken};
use model::time::Timestamp;

use super::scheduler::Group;
use super::world::World;

/// When every world begins.
const BEGINNING: i64 = 1_800_000_000_000;
/// How far from the truth the clock is set, at most. What it dated must be over within the calm of a seed.
const OFF_MILLIS: u64 = 3_600_000;

/// Who was rung, and who waits.
#[derive(Default)]
pub struct Bells {
    rung: BTreeSet<Ring>,
    waiting: BTreeMap<Ring, Vec<Waker>>,
}

/// How far the clock is off.
#[derive(Default)]
pub struct Offset {
    millis: i64,
    /// How far it was set forward, and when.
    forward: Vec<(Duration, Duration)>,
}

impl World {
    /// A new platform's bells: nobody was rung.
    pub fn hang_bells(&self) {
        *self.bells() = Bells::default();
    }

    /// Rings for sure.
    pub fn ring_surely(&self, whom: &Ring) {
        let mut bells = self.bells();
        bells.rung.insert(whom.clone());
        let waiting = bells.waiting.remove(whom).unwrap_or_default();
        drop(bells);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Sets the clock somewhere else, within an hour of the truth.
    pub fn set_clock(&self) {
        let to = i64::try_from(self.chance.below(2 * OFF_MILLIS)).expect("hours") - i64::try_from(OFF_MILLIS).expect("an hour");
        let mut offset = self.offset();
        let by = to - std::mem::replace(&mut offset.millis, to);
        if let Ok(forward) = u64::try_from(by) {
            offset.forward.push((self.time.now(), Duration::from_millis(forward)));
        }
        drop(offset);
        self.note("the clock is set", || format!("by {by} ms"));
    }

    /// How much longer than it was a span can seem to a clock that was set forward meanwhile.
    pub fn set_forward_since(&self, since: Duration) -> Duration {
        self.offset().forward.iter().filter(|(at, _)| *at >= since).map(|(_, by)| *by).sum()
    }
}

impl Bell for World {
    fn ring(&self, whom: &Ring) {
        if self.is_stormy() {
            if self.chance.happens(self.faults.bell_lost) {
                return self.note("a bell is lost", || format!("{whom:?}"));
            }
            if self.chance.happens(self.faults.bell_doubled) {
                let (world, whom, later) = (self.me(), whom.clone(), self.chance.millis(0, 5_000));
                self.time.spawn(Group::World, async move {
                    world.sleep(later).await;
                    world.ring_surely(&whom);
                });
            }
        }
        self.ring_surely(whom);
    }

    fn wait<'a>(&'a self, whom: &'a Ring, at_most: Duration) -> Wait<'a> {
        let until = self.time.now() + at_most;
        let mut is_set = false;
        Box::pin(poll_fn(move |context| {
            let mut bells = self.bells();
            if bells.rung.remove(whom) {
                return Poll::Ready(Woken::Rung);
            }
            if self.time.now() >= until {
                return Poll::Ready(Woken::Late);
            }
            bells.waiting.entry(whom.clone()).or_default().push(context.waker().clone());
            if !std::mem::replace(&mut is_set, true) {
                self.time.wake_at(until, context.waker());
            }
            Poll::Pending
        }))
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        let since = i64::try_from(self.time.now().as_millis()).expect("days");
        Timestamp::from_millis(BEGINNING + since + self.offset().millis)
    }
}

impl Dice for World {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.chance.next().to_le_bytes()[..part.len()]);
        }
    }
}
