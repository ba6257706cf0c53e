//! The real clock and the real dice.

use std::time::{SystemTime, UNIX_EPOCH};

use model::port::{Clock, Dice};
use model::time::Timestamp;
use rustix::rand::{GetRandomFlags, getrandom};

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemDice;

impl Dice for SystemDice {
    fn fill(&self, bytes: &mut [u8]) {
        // The kernel's own: a generator of the crypto library costs 50 ms of gathering noise at its first draw, at every start.
        let mut filled = 0;
        while filled < bytes.len() {
            filled += getrandom(&mut bytes[filled..], GetRandomFlags::empty()).expect("the operating system has random numbers");
        }
    }
}
