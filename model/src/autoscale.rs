//! How many instances a service wants: up at once, down only after less was wanted for a while.
//!
//! Never counts a request or starts an instance. The window is memory that nothing has to survive: a new platform begins with as many as it finds.
//! Source of truth: App Runner Developer Guide, "Managing App Runner automatic scaling": requests in flight are the only signal.

use std::collections::VecDeque;

use crate::demand::ServiceDemand;
use crate::limit::SCALE_DOWN_AFTER;
use crate::scaling_configuration::ScalingConfiguration;
use crate::time::Timestamp;

/// Instances for what is in flight and what waits now.
pub fn wanted(demand: &ServiceDemand, scaling: &ScalingConfiguration) -> u16 {
    let requests = demand.in_flight.saturating_add(demand.waiting);
    let instances = requests.div_ceil(scaling.concurrency_max.max(1));
    clamped(u16::try_from(instances).unwrap_or(u16::MAX), scaling)
}

/// Between the least and the most. The least holds where a configuration says more than its most.
pub fn clamped(instances: u16, scaling: &ScalingConfiguration) -> u16 {
    instances.min(scaling.instances_max).max(scaling.instances_min)
}

/// What was wanted of late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// When each number was wanted last, oldest first. Numbers fall strictly, so there are never more than instances may be.
    wants: VecDeque<(Timestamp, u16)>,
}

impl Window {
    pub fn is_empty(&self) -> bool {
        self.wants.is_empty()
    }

    /// So many are wanted now.
    pub fn note(&mut self, instances: u16, now: Timestamp) {
        while self.wants.back().is_some_and(|(_, before)| *before <= instances) {
            self.wants.pop_back();
        }
        // A clock that was set back must not hold instances until it has caught up.
        for (at, _) in &mut self.wants {
            *at = now.min(*at);
        }
        self.wants.push_back((now, instances));
    }

    /// The most that was wanted within the last `SCALE_DOWN_AFTER`, and what was wanted last, however long ago; zero before the first note.
    pub fn wanted(&mut self, now: Timestamp) -> u16 {
        while let [(at, _), _, ..] = self.wants.make_contiguous()
            && now.since(*at) >= SCALE_DOWN_AFTER
        {
            self.wants.pop_front();
        }
        self.wants.front().map_or(0, |(_, instances)| *instances)
    }

    /// The service serves nobody any more.
    pub fn forget(&mut self) {
        self.wants.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaling(concurrency_max: u32, instances_min: u16, instances_max: u16) -> ScalingConfiguration {
        ScalingConfiguration { concurrency_max, instances_min, instances_max, ..ScalingConfiguration::default() }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn requests_in_flight_and_waiting_decide_between_least_and_most() {
        for (in_flight, waiting, scaling, expected) in [
            (0, 0, scaling(100, 1, 25), 1),
            (100, 0, scaling(100, 1, 25), 1),
            (100, 1, scaling(100, 1, 25), 2),
            (3, 4, scaling(2, 1, 25), 4),
            (10_000, 0, scaling(1, 1, 25), 25),
            (0, 0, scaling(1, 3, 25), 3),
            (u32::MAX, u32::MAX, scaling(1, 1, u16::MAX), u16::MAX),
            (9, 0, scaling(0, 1, 25), 9),
            (9, 0, scaling(1, 5, 2), 5),
        ] {
            let demand = ServiceDemand { in_flight, waiting, requests: 7 };
            assert_eq!(wanted(&demand, &scaling), expected, "{in_flight}+{waiting} of {scaling:?}");
        }
    }

    #[test]
    fn more_are_wanted_at_once_and_fewer_after_a_minute_step_by_step() {
        let mut window = Window::default();
        assert_eq!(window.wanted(at(0)), 0);
        for (second, want, expected) in
            [(0, 1, 1), (1, 5, 5), (2, 3, 5), (30, 4, 5), (60, 1, 5), (61, 1, 4), (89, 1, 4), (90, 1, 1), (91, 2, 2)]
        {
            window.note(want, at(second));
            assert_eq!(window.wanted(at(second)), expected, "at {second}");
        }
        assert_eq!(window.wanted(at(100_000)), 2, "as long as nobody says otherwise");
        window.forget();
        assert!(window.is_empty());
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_for_longer_than_a_minute() {
        let mut window = Window::default();
        window.note(9, at(1_000_000));
        window.note(1, at(10));
        assert_eq!(window.wanted(at(69)), 9);
        window.note(1, at(70));
        assert_eq!(window.wanted(at(70)), 1);
    }

    #[test]
    fn a_window_holds_no_more_than_instances_may_be() {
        let mut window = Window::default();
        for n in 0..10_000_i64 {
            window.note(u16::try_from(n * 7_919 % 25).expect("small"), at(n / 1000));
        }
        assert!(window.wants.len() <= 25, "{window:?}");
    }
}
