//! When an image counts as pinned: by a clock that does not go back while the platform lives.
//!
//! A sweep says "what was pinned before I began to read may go", and whoever pins says "now". By the machine's clock, which somebody may set back between the
//! two, a pin of after the sweep's beginning could look like one of before, and an image would be gone that is about to run.

use std::sync::atomic::{AtomicI64, Ordering};

use model::port::Clock;
use model::time::Timestamp;

/// The latest moment that anybody was told.
#[derive(Debug, Default)]
pub struct PinDates(AtomicI64);

impl PinDates {
    /// Now, or the latest moment told before if the clock was set back since.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        let now = clock.now().millis();
        Timestamp::from_millis(self.0.fetch_max(now, Ordering::SeqCst).max(now))
    }
}

#[cfg(test)]
mod tests {
    use model::testbed::TurnedClock;

    use super::*;

    #[test]
    fn a_clock_that_is_set_back_makes_no_pin_older() {
        let dates = PinDates::default();
        let at = |millis| dates.now(&TurnedClock::at_millis(millis)).millis();
        assert_eq!([at(1_000), at(400), at(900), at(1_001)], [1_000, 1_000, 1_000, 1_001]);
    }
}
