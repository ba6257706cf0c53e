//! When an image counts as pinned: while a sweep is under way, not before it began, wherever the clock is set meanwhile.
//!
//! A sweep says "what was pinned before I began to read may go", and whoever pins says "now". By the machine's clock, which somebody may set back between the
//! two, a pin of after the sweep's beginning could look like one of before, and an image would be gone that is about to run. Remembers nothing beyond the
//! sweep: a clock that was wrong for a moment must not date pins for good.

use std::sync::atomic::{AtomicI64, Ordering};

use model::port::Clock;
use model::time::Timestamp;

/// When the sweep that is under way began.
#[derive(Debug)]
pub struct PinDates(AtomicI64);

/// No sweep is under way: every moment is later.
const NONE: i64 = i64::MIN;

impl Default for PinDates {
    fn default() -> Self {
        Self(AtomicI64::new(NONE))
    }
}

impl PinDates {
    /// A sweep begins; it is under way as long as this is held. There is one at a time.
    pub(crate) fn sweep(&self, clock: &dyn Clock) -> Sweep<'_> {
        let began = clock.now();
        self.0.store(began.millis(), Ordering::SeqCst);
        Sweep { dates: self, began }
    }

    /// Now, or when the sweep that is under way began if the clock was set back since.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        clock.now().max(Timestamp::from_millis(self.0.load(Ordering::SeqCst)))
    }
}

/// A sweep that is under way.
pub(crate) struct Sweep<'a> {
    dates: &'a PinDates,
    pub(crate) began: Timestamp,
}

impl Drop for Sweep<'_> {
    fn drop(&mut self) {
        self.dates.0.store(NONE, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use model::testbed::TurnedClock;

    use super::*;

    #[test]
    fn while_a_sweep_is_under_way_no_pin_is_older_than_it_and_afterwards_the_clock_alone_counts() {
        let dates = PinDates::default();
        let at = |millis| dates.now(&TurnedClock::at_millis(millis)).millis();
        assert_eq!([at(9_000), at(400)], [9_000, 400], "no sweep");
        let sweep = dates.sweep(&TurnedClock::at_millis(1_000));
        assert_eq!([at(1_000), at(400), at(1_001)], [1_000, 1_000, 1_001]);
        drop(sweep);
        assert_eq!(at(400), 400);
    }
}
