//! What goes wrong in a world, and how often. Each seed has a weather of its own: one has hardly a fault, another nothing but one kind.
//!
//! Never decides when: `World` draws for every call.

use super::chance::Chance;

/// Calls that may be the one that fails all the time.
const SICK: [&str; 12] =
    ["commit", "read", "look", "start", "stop", "discard", "publish", "publish", "gauge", "prepare", "append", "create"];
/// How often that one fails.
const SICK_FAILS: u64 = 300;

/// The most services of a world.
pub const SERVICES_MAX: usize = 8;

/// Out of a thousand times, while the storm lasts.
#[derive(Clone, Debug)]
pub struct Faults {
    /// How many services are asked for, by name. In most worlds few, so that much happens to each.
    pub services: usize,
    /// The platform dies at a point: before something is done, or right after it.
    pub crash: u64,
    /// A call fails before anything is done.
    pub fail: u64,
    /// A call did what it was asked to do, and says that it failed.
    pub fail_after: u64,
    /// One call fails all the time, before it does what it shall, or after.
    pub sick: Option<&'static str>,
    /// A call takes its time.
    pub slow: u64,
    /// …and how long at most, in milliseconds.
    pub slow_millis: u64,
    pub bell_lost: u64,
    pub bell_doubled: u64,
    /// A start that is said to have succeeded leaves a dead instance, or none.
    pub lie: u64,
    /// Something befalls an instance in half a minute of its life.
    pub misfortune: u64,
    /// An instance that is asked to end hears nothing of it: it is there until its grace is over.
    pub deaf: u64,
    /// In ten seconds each: the front door dies, the platform dies for no reason, the machine loses its power with both and every instance, the clock is set.
    pub edge_dies: u64,
    pub dies: u64,
    pub power: u64,
    pub clock: u64,
    /// The clock is set at a point: while somebody is in the middle of something.
    pub clock_at: u64,
    /// Seconds between two sweeps of images.
    pub sweep_seconds: u64,
}

impl Faults {
    /// How often a call fails that would fail so often.
    pub fn of(&self, point: &str, per_mille: u64) -> u64 {
        if self.sick == Some(point) { SICK_FAILS } else { per_mille }
    }

    pub fn drawn(chance: &Chance) -> Self {
        Self {
            services: *chance.pick(&[2, 2, 3, SERVICES_MAX]),
            crash: *chance.pick(&[0, 1, 2, 5]),
            fail: *chance.pick(&[0, 0, 5, 30]),
            fail_after: *chance.pick(&[0, 0, 5, 30]),
            sick: chance.happens(400).then(|| *chance.pick(&SICK)),
            slow: *chance.pick(&[20, 100, 300]),
            slow_millis: *chance.pick(&[50, 500, 5_000]),
            bell_lost: *chance.pick(&[0, 0, 100, 1_000]),
            bell_doubled: *chance.pick(&[0, 100, 500]),
            lie: *chance.pick(&[0, 0, 50, 200]),
            misfortune: *chance.pick(&[0, 50, 200, 500]),
            deaf: *chance.pick(&[0, 200, 1_000]),
            edge_dies: *chance.pick(&[0, 0, 50, 200]),
            dies: *chance.pick(&[0, 20, 100]),
            power: *chance.pick(&[0, 0, 20, 100]),
            clock: *chance.pick(&[0, 0, 100]),
            clock_at: *chance.pick(&[0, 0, 0, 20]),
            sweep_seconds: *chance.pick(&[3, 60, 60]),
        }
    }
}
