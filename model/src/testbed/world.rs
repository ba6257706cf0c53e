//! Time, chance and bells that a test turns by hand, and a small executor for the suites' own run.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use crate::port::{Bell, Clock, Dice, Ring, Wait, Woken};
use crate::time::Timestamp;

/// A clock that stands still until it is turned.
#[derive(Debug, Default)]
pub struct TurnedClock(AtomicI64);

impl TurnedClock {
    pub fn at_millis(millis: i64) -> Self {
        Self(AtomicI64::new(millis))
    }

    pub fn turn(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).expect("tests turn clocks by less than ages"), Ordering::SeqCst);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Dice of one seed: the same numbers in every run (xorshift).
#[derive(Debug)]
pub struct SeededDice(AtomicU64);

impl SeededDice {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }
}

impl Dice for SeededDice {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut x = self.0.load(Ordering::SeqCst);
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            self.0.store(x, Ordering::SeqCst);
            *byte = (x >> 32) as u8;
        }
    }
}

/// A bell in virtual time: who waits and is not rung finds the clock turned to the end of the wait.
#[derive(Debug)]
pub struct JumpingBell {
    clock: Arc<TurnedClock>,
    rung: Mutex<Vec<Ring>>,
}

impl JumpingBell {
    pub fn new(clock: Arc<TurnedClock>) -> Self {
        Self { clock, rung: Mutex::default() }
    }

    /// Everyone rung since the last call of this who has not waited since.
    pub fn take_rung(&self) -> Vec<Ring> {
        std::mem::take(&mut self.rung.lock().expect("no test panics while it rings"))
    }
}

impl Bell for JumpingBell {
    fn ring(&self, whom: &Ring) {
        self.rung.lock().expect("no test panics while it rings").push(whom.clone());
    }

    fn wait<'a>(&'a self, whom: &'a Ring, at_most: Duration) -> Wait<'a> {
        Box::pin(async move {
            let mut rung = self.rung.lock().expect("no test panics while it rings");
            let before = rung.len();
            rung.retain(|ring| ring != whom);
            if rung.len() < before {
                return Woken::Rung;
            }
            self.clock.turn(at_most);
            Woken::Late
        })
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}
