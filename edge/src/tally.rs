//! What the front door counts about itself: one set of counters for each carrying core, written by that core alone, read by whoever asks.
//! Never takes a lock, never allocates and never decides anything. Source of truth: this file; `document.rs` for how it crosses the socket.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_utils::CachePadded;
use serde::{Deserialize, Serialize};

/// One thing that is counted. Numbers are places in [`Figures::counts`]: new ones go to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Connections taken in, by what they speak.
    AcceptedHttp,
    AcceptedHttps,
    /// Of these, connections that are over.
    ClosedHttp,
    ClosedHttps,
    /// `accept` failed: out of descriptors, mostly.
    AcceptFailed,
    HandshakeBegun,
    HandshakeDone,
    /// Broken off, or in no language of ours.
    HandshakeFailed,
    /// Not over in time.
    HandshakeLate,
    Answer1xx,
    Answer2xx,
    Answer3xx,
    Answer4xx,
    Answer5xx,
    /// The head breaks a rule.
    RefusedHead,
    RefusedUnknownHost,
    RefusedMisdirected,
    /// As many wait already as may.
    RefusedQueueFull,
    /// No instance had room in time.
    RefusedHeldTooLong,
    /// The service left the table while its request waited.
    RefusedServiceGone,
    /// No instance let us connect.
    RefusedNoConnection,
    /// The platform's own door is not there.
    RefusedDoorAway,
    /// The instance, or the platform, broke off before it answered.
    RefusedBrokenInstance,
    /// No answer in time.
    RefusedInstanceTooSlow,
    RefusedClientTooSlow,
    RefusedClientBroke,
    /// Requests that waited for an instance.
    Held,
    /// Microseconds that they waited, all together.
    HeldMicros,
    UpstreamNew,
    UpstreamReused,
    /// An instance refused a connection, and another one was tried.
    RetriedElsewhere,
    /// A kept connection had died: the request went out once more.
    Resent,
    /// A connection that was closed at once: its client had as many as one may have.
    ClientShareFull,
}

impl Count {
    /// In the order of their places.
    pub const ALL: [Self; 33] = [
        Self::AcceptedHttp,
        Self::AcceptedHttps,
        Self::ClosedHttp,
        Self::ClosedHttps,
        Self::AcceptFailed,
        Self::HandshakeBegun,
        Self::HandshakeDone,
        Self::HandshakeFailed,
        Self::HandshakeLate,
        Self::Answer1xx,
        Self::Answer2xx,
        Self::Answer3xx,
        Self::Answer4xx,
        Self::Answer5xx,
        Self::RefusedHead,
        Self::RefusedUnknownHost,
        Self::RefusedMisdirected,
        Self::RefusedQueueFull,
        Self::RefusedHeldTooLong,
        Self::RefusedServiceGone,
        Self::RefusedNoConnection,
        Self::RefusedDoorAway,
        Self::RefusedBrokenInstance,
        Self::RefusedInstanceTooSlow,
        Self::RefusedClientTooSlow,
        Self::RefusedClientBroke,
        Self::Held,
        Self::HeldMicros,
        Self::UpstreamNew,
        Self::UpstreamReused,
        Self::RetriedElsewhere,
        Self::Resent,
        Self::ClientShareFull,
    ];

    fn of_status(status: u16) -> Self {
        match status {
            ..200 => Self::Answer1xx,
            200..300 => Self::Answer2xx,
            300..400 => Self::Answer3xx,
            400..500 => Self::Answer4xx,
            500.. => Self::Answer5xx,
        }
    }
}

/// Upper ends of the ranges in which times until an answer's head are counted, in microseconds; one more range has no end.
pub const BOUNDS_US: [u64; 14] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 30_000_000, 120_000_000];

/// One core's counters. Only its own core writes, so that a count is a load and a store, and no core waits for another's cache.
#[derive(Debug)]
pub struct Tally {
    counts: [AtomicU64; Count::ALL.len()],
    times: [AtomicU64; BOUNDS_US.len() + 1],
    time_us: AtomicU64,
}

impl Default for Tally {
    fn default() -> Self {
        let zero = |_| AtomicU64::new(0);
        Self { counts: std::array::from_fn(zero), times: std::array::from_fn(zero), time_us: AtomicU64::new(0) }
    }
}

fn add(place: &AtomicU64, more: u64) {
    place.store(place.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

impl Tally {
    /// One more.
    pub fn one(&self, count: Count) {
        add(&self.counts[count as usize], 1);
    }

    /// A request has waited for an instance.
    pub fn held(&self, time: Duration) {
        self.one(Count::Held);
        add(&self.counts[Count::HeldMicros as usize], micros(time));
    }

    /// A request has the head of its answer, whoever gave it.
    pub fn answered(&self, status: u16, time: Duration) {
        self.one(Count::of_status(status));
        let time = micros(time);
        let range = BOUNDS_US.iter().position(|bound| time <= *bound).unwrap_or(BOUNDS_US.len());
        add(&self.times[range], 1);
        add(&self.time_us, time);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// All cores' counters.
#[derive(Debug)]
pub struct Tallies(Box<[CachePadded<Tally>]>);

impl Tallies {
    /// Nothing is counted yet.
    pub fn new(cores: usize) -> Self {
        Self((0..cores).map(|_| CachePadded::default()).collect())
    }

    /// A core's own.
    pub fn of(&self, core: usize) -> &Tally {
        &self.0[core]
    }

    /// All together. Cores go on counting meanwhile: each number is right, two of them may be a moment apart.
    pub fn sum(&self) -> Figures {
        let sum = |of: fn(&Tally) -> &[AtomicU64]| {
            let width = self.0.first().map_or(0, |tally| of(tally).len());
            (0..width)
                .map(|n| self.0.iter().fold(0, |sum: u64, core| sum.wrapping_add(of(core)[n].load(Ordering::Relaxed))))
                .collect()
        };
        Figures {
            counts: sum(|tally| &tally.counts),
            times: sum(|tally| &tally.times),
            time_us: self.0.iter().fold(0, |sum: u64, core| sum.wrapping_add(core.time_us.load(Ordering::Relaxed))),
            cores: u32::try_from(self.0.len()).unwrap_or(u32::MAX),
            notes_waiting: 0,
            connections_max: 0,
        }
    }
}

/// What a front door has counted since it began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// By the place of each [`Count`].
    pub counts: Vec<u64>,
    /// Answers by the time until their head, by [`BOUNDS_US`].
    pub times: Vec<u64>,
    /// The sum of these times, in microseconds.
    pub time_us: u64,
    pub cores: u32,
    /// Notes of requests that wait to be fetched.
    pub notes_waiting: u64,
    /// So many connections may be open.
    pub connections_max: u64,
}

impl Figures {
    /// One count.
    pub fn count(&self, count: Count) -> u64 {
        self.counts.get(count as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_has_the_place_that_its_order_says() {
        for (place, count) in Count::ALL.into_iter().enumerate() {
            assert_eq!(count as usize, place, "{count:?}");
        }
    }

    #[test]
    fn cores_count_apart_and_are_summed_when_somebody_asks() {
        let tallies = Tallies::new(2);
        tallies.of(0).answered(200, Duration::from_micros(700));
        tallies.of(1).answered(204, Duration::from_secs(600));
        tallies.of(1).answered(503, Duration::ZERO);
        tallies.of(1).held(Duration::from_millis(2));
        let figures = tallies.sum();
        assert_eq!((figures.count(Count::Answer2xx), figures.count(Count::Answer5xx), figures.count(Count::Answer4xx)), (2, 1, 0));
        assert_eq!((figures.count(Count::Held), figures.count(Count::HeldMicros)), (1, 2_000));
        assert_eq!((figures.times[0], figures.times[1], figures.times[BOUNDS_US.len()]), (1, 1, 1));
        assert_eq!((figures.times.iter().sum::<u64>(), figures.time_us, figures.cores), (3, 600_000_700, 2));
    }
}
