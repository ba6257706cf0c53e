//! When an image counts as pinned: so that no sweep takes it before a revision names it, wherever the clock is set meanwhile.
//!
//! A sweep says "what was pinned before I began to read may go", and whoever pins says "now". By the machine's clock, which somebody may set back between the
//! two, a pin of after the sweep's beginning could look like one of before, and an image would be gone that is about to run. The same would happen to one that
//! was pinned before and is named later: its date is held until then. Remembers nothing beyond that: a clock that was wrong for a moment must not date pins for good.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use model::port::Clock;
use model::time::Timestamp;

/// Dates that sweep and pins agree on.
#[derive(Debug, Default)]
pub struct PinDates(Mutex<Dates>);

#[derive(Debug, Default)]
struct Dates {
    /// When the sweep that is under way began.
    sweep: Option<Timestamp>,
    /// Of pins that no revision names yet, and how many have each date.
    held: BTreeMap<Timestamp, usize>,
}

impl PinDates {
    fn dates(&self) -> MutexGuard<'_, Dates> {
        self.0.lock().expect("nothing panics while it holds the dates")
    }

    /// A sweep begins; it is under way as long as this is held. There is one at a time.
    pub(crate) fn sweep(&self, clock: &dyn Clock) -> Sweep<'_> {
        let mut dates = self.dates();
        let began = clock.now();
        dates.sweep = Some(began);
        let before = dates.held.keys().next().map_or(began, |first| began.min(*first));
        Sweep { dates: self, before }
    }

    /// Now, or when the sweep that is under way began if the clock was set back since.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        self.dates().now(clock)
    }

    /// The same for a pin that a revision is about to name: no sweep that begins while this is held takes it.
    pub(crate) fn hold(&self, clock: &dyn Clock) -> Held<'_> {
        let mut dates = self.dates();
        let date = dates.now(clock);
        *dates.held.entry(date).or_default() += 1;
        Held { dates: self, date }
    }
}

impl Dates {
    fn now(&self, clock: &dyn Clock) -> Timestamp {
        let now = clock.now();
        self.sweep.map_or(now, |began| now.max(began))
    }
}

/// A sweep that is under way.
pub(crate) struct Sweep<'a> {
    dates: &'a PinDates,
    /// What was pinned before that may go.
    pub(crate) before: Timestamp,
}

impl Drop for Sweep<'_> {
    fn drop(&mut self) {
        self.dates.dates().sweep = None;
    }
}

/// A pin that no revision names yet.
pub(crate) struct Held<'a> {
    dates: &'a PinDates,
    pub(crate) date: Timestamp,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut dates = self.dates.dates();
        if let Some(count) = dates.held.get_mut(&self.date) {
            *count -= 1;
            if *count == 0 {
                dates.held.remove(&self.date);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::testbed::TurnedClock;

    use super::*;

    fn clock(millis: i64) -> TurnedClock {
        TurnedClock::at_millis(millis)
    }

    #[test]
    fn while_a_sweep_is_under_way_no_pin_is_older_than_it_and_afterwards_the_clock_alone_counts() {
        let dates = PinDates::default();
        let at = |millis| dates.now(&clock(millis)).millis();
        assert_eq!([at(9_000), at(400)], [9_000, 400], "no sweep");
        let sweep = dates.sweep(&clock(1_000));
        assert_eq!([at(1_000), at(400), at(1_001)], [1_000, 1_000, 1_001]);
        drop(sweep);
        assert_eq!(at(400), 400);
    }

    #[test]
    fn a_sweep_takes_nothing_that_was_pinned_since_the_oldest_pin_without_a_revision() {
        let dates = PinDates::default();
        let before = |millis| dates.sweep(&clock(millis)).before.millis();
        let (first, again, later) = (dates.hold(&clock(1_000)), dates.hold(&clock(1_000)), dates.hold(&clock(2_000)));
        assert_eq!([first.date.millis(), later.date.millis()], [1_000, 2_000]);
        assert_eq!([before(90_000), before(500)], [1_000, 500], "however far the clock was set");
        drop(first);
        assert_eq!(before(90_000), 1_000, "another one has the same date");
        drop(again);
        assert_eq!(before(90_000), 2_000);
        drop(later);
        assert_eq!(before(90_000), 90_000);
        let sweep = dates.sweep(&clock(5_000));
        assert_eq!(dates.hold(&clock(400)).date.millis(), 5_000, "a sweep is under way");
        drop(sweep);
    }
}
