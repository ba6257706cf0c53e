//! Slots: who may send a request to which instance now, and who is next when there is room.
//! One `Line` a service, one `Seat` an instance, counted over all cores, so MaxConcurrency is a hard limit.
//! Never waits, reads a clock or touches a socket. Source of truth: this file, and `tests/slot_loom.rs`, which tries every interleaving.
//!
//! The two `fence(SeqCst)` carry the whole weight: a waiter writes *waiting* and then reads the counts, a release writes
//! a count and then reads *waiting*. Without a fence on both sides each may miss the other's write and a waiter sleeps
//! beside a free slot. `tests/slot_loom.rs` includes this file and finds that at once when a fence is taken away.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::sync::{AtomicU32, AtomicUsize, Mutex, MutexGuard, Ordering, Swap, fence};

/// Marks a seat that takes nobody any more. In the same word as the count, so that "closed and empty" is final: no claim
/// that began before the closing can slip in after it.
const CLOSED: u32 = 1 << 31;

/// Up to this many seats are compared one by one; of more, two drawn at random.
const COMPARED_MAX: usize = 8;

/// Wakers called per turn of the pump, outside the lock.
const WAKES_PER_TURN: usize = 16;

const UNPOISONED: &str = "nothing under this lock can panic";

/// What a seat belongs to.
pub trait Occupant {
    /// The last request has left a closed seat. Called by whoever carried that request: must return at once.
    fn emptied(&self);

    /// It failed a moment ago: taken only when no other seat has room.
    fn shunned(&self) -> bool;
}

/// One instance's count of requests in flight, and whatever else belongs to the instance.
pub struct Seat<P> {
    /// Address, pools, name: the slots do not look at it.
    pub payload: P,
    /// Not on a cache line of its own: whoever takes a place reads the payload next, so that one line brings both.
    taken: AtomicU32,
}

impl<P> Seat<P> {
    /// An open seat with nothing in flight.
    pub fn new(payload: P) -> Self {
        Self { payload, taken: AtomicU32::new(0) }
    }

    /// Requests in flight at this moment.
    pub fn in_flight(&self) -> u32 {
        self.taken.load(Ordering::Acquire) & !CLOSED
    }

    /// No request is given to it from now on. Answers what is still in flight; 0 is final until [`Seat::open`].
    pub fn close(&self) -> u32 {
        self.taken.fetch_or(CLOSED, Ordering::AcqRel) & !CLOSED
    }

    /// Takes requests again.
    pub fn open(&self) {
        self.taken.fetch_and(!CLOSED, Ordering::AcqRel);
    }

    fn take(&self, limit: u32) -> bool {
        // A closed seat's word is larger than any limit.
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |n| (n < limit).then_some(n + 1)).is_ok()
    }
}

/// The answer to "may I send a request?".
pub enum Asked<P: Occupant> {
    /// Yes, there.
    Slot(Slot<P>),
    /// Not yet: await the claim.
    Queued(Claim<P>),
    /// No, and the line is as long as it may be.
    Full,
}

/// All seats of one service and those who wait for one.
pub struct Line<P> {
    seats: Swap<Vec<Arc<Seat<P>>>>,
    limit: AtomicU32,
    waiting_max: AtomicUsize,
    /// How many in the queue still want a slot. Written under the queue's lock, read without it.
    waiting: AtomicUsize,
    queue: Mutex<Queue<P>>,
}

struct Queue<P> {
    line: VecDeque<Arc<Waiter<P>>>,
    gone: usize,
    dice: u32,
}

impl<P> Queue<P> {
    fn waiting(&self) -> usize {
        self.line.len() - self.gone
    }
}

struct Waiter<P>(Mutex<Turn<P>>);

enum Turn<P> {
    Waiting(Option<Waker>),
    Given(Arc<Seat<P>>),
    /// There is no line any more.
    Dismissed,
    /// The slot was collected, or nobody wants it any more.
    Gone,
}

impl<P: Occupant> Line<P> {
    /// A line without seats: everybody waits.
    pub fn new(limit: u32, waiting_max: usize) -> Self {
        Self {
            seats: Swap::new(Vec::new()),
            limit: AtomicU32::new(limit.min(CLOSED - 1)),
            waiting_max: AtomicUsize::new(waiting_max),
            waiting: AtomicUsize::new(0),
            queue: Mutex::new(Queue { line: VecDeque::new(), gone: 0, dice: 1 }),
        }
    }

    /// Changes what the line is made of and sends on whoever finds room now. `limit` is per seat; a limit below what is in
    /// flight takes nothing back.
    pub fn set(&self, seats: Vec<Arc<Seat<P>>>, limit: u32, waiting_max: usize) {
        self.seats.store(seats);
        self.limit.store(limit.min(CLOSED - 1), Ordering::Release);
        self.waiting_max.store(waiting_max, Ordering::Release);
        fence(Ordering::SeqCst);
        self.pump();
    }

    /// Sends away everybody who waits. Whoever comes later finds what [`Line::set`] says: call that first.
    pub fn dismiss(&self) {
        let mut wakers = Vec::new();
        {
            let mut queue = self.lock();
            for waiter in queue.line.drain(..) {
                let mut turn = waiter.0.lock().expect(UNPOISONED);
                if let Turn::Waiting(waker) = &mut *turn {
                    wakers.extend(waker.take());
                    *turn = Turn::Dismissed;
                }
            }
            queue.gone = 0;
            self.waiting.store(0, Ordering::Release);
        }
        for waker in wakers {
            waker.wake();
        }
    }

    /// The seats of this moment.
    pub fn seats(&self) -> Arc<Vec<Arc<Seat<P>>>> {
        self.seats.load()
    }

    /// How many wait for a slot.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Asks for a slot. `dice` is any number, a different one each time: it breaks ties and draws the two candidates.
    pub fn ask(line: &Arc<Self>, dice: u32) -> Asked<P> {
        // Newcomers never pass those who wait.
        if line.waiting.load(Ordering::Acquire) == 0
            && let Some(seat) = line.grab(dice)
        {
            return Asked::Slot(Slot { line: Arc::clone(line), seat });
        }
        let waiter = Arc::new(Waiter(Mutex::new(Turn::Waiting(None))));
        {
            let mut queue = line.lock();
            if queue.waiting() >= line.waiting_max.load(Ordering::Acquire) {
                return Asked::Full;
            }
            queue.line.push_back(Arc::clone(&waiter));
            line.waiting.store(queue.waiting(), Ordering::Release);
        }
        fence(Ordering::SeqCst);
        line.pump();
        Asked::Queued(Claim { line: Arc::clone(line), waiter, collected: false })
    }

    fn lock(&self) -> MutexGuard<'_, Queue<P>> {
        self.queue.lock().expect(UNPOISONED)
    }

    /// Takes a place on the seat with the least in flight, or on any seat that has room.
    fn grab(&self, dice: u32) -> Option<Arc<Seat<P>>> {
        let seats = self.seats.load();
        if seats.is_empty() {
            return None;
        }
        let limit = self.limit.load(Ordering::Acquire);
        let start = dice as usize % seats.len();
        let around = || (0..seats.len()).map(|n| &seats[(start + n) % seats.len()]);
        let compared = if seats.len() <= COMPARED_MAX { seats.len() } else { 2 };
        // Two drawn at random of many: the second is half of the dice away from the first.
        let second = &seats[(start + 1 + (dice >> 16) as usize % (seats.len() - 1).max(1)) % seats.len()];
        let first = around().take(if compared == 2 { 1 } else { compared });
        let best = first
            .chain((compared == 2).then_some(second))
            .filter(|seat| !seat.payload.shunned())
            .min_by_key(|seat| seat.taken.load(Ordering::Relaxed));
        if let Some(seat) = best
            && seat.take(limit)
        {
            return Some(Arc::clone(seat));
        }
        let willing = around().filter(|seat| !seat.payload.shunned());
        let reluctant = around().filter(|seat| seat.payload.shunned());
        willing.chain(reluctant).find(|seat| seat.take(limit)).cloned()
    }

    fn release(&self, seat: &Seat<P>) {
        if seat.taken.fetch_sub(1, Ordering::AcqRel) == CLOSED | 1 {
            seat.payload.emptied();
        }
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::Relaxed) != 0 {
            self.pump();
        }
    }

    /// Hands slots to the head of the line while there are both. A slot is given, never freed to be fought for: first come,
    /// first served, and nobody is woken in vain.
    fn pump(&self) {
        let mut wakers = Vec::new();
        loop {
            let more = self.give(&mut wakers);
            for waker in wakers.drain(..) {
                waker.wake();
            }
            if !more {
                return;
            }
        }
    }

    /// One turn of the pump; answers whether there may be more to give.
    fn give(&self, wakers: &mut Vec<Waker>) -> bool {
        let mut queue = self.lock();
        while wakers.len() < WAKES_PER_TURN {
            let Some(head) = queue.line.front().cloned() else { return false };
            let mut turn = head.0.lock().expect(UNPOISONED);
            if let Turn::Waiting(waker) = &mut *turn {
                let waker = waker.take();
                queue.dice = queue.dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let Some(seat) = self.grab(queue.dice) else {
                    *turn = Turn::Waiting(waker);
                    return false;
                };
                *turn = Turn::Given(seat);
                wakers.extend(waker);
            } else {
                queue.gone -= 1;
            }
            queue.line.pop_front();
            self.waiting.store(queue.waiting(), Ordering::Release);
        }
        true
    }
}

/// A place in the line; answers `None` if the line was dismissed. Dropping it leaves the line; a slot that was already given to it passes
/// on to the next.
pub struct Claim<P: Occupant> {
    line: Arc<Line<P>>,
    waiter: Arc<Waiter<P>>,
    collected: bool,
}

impl<P: Occupant> Future for Claim<P> {
    type Output = Option<Slot<P>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Slot<P>>> {
        let given = {
            let mut turn = self.waiter.0.lock().expect(UNPOISONED);
            match std::mem::replace(&mut *turn, Turn::Gone) {
                Turn::Waiting(_) => {
                    *turn = Turn::Waiting(Some(context.waker().clone()));
                    return Poll::Pending;
                }
                Turn::Given(seat) => Some(seat),
                Turn::Dismissed => None,
                Turn::Gone => unreachable!("a claim is not polled after it was answered"),
            }
        };
        self.collected = true;
        Poll::Ready(given.map(|seat| Slot { line: Arc::clone(&self.line), seat }))
    }
}

impl<P: Occupant> Drop for Claim<P> {
    fn drop(&mut self) {
        if self.collected {
            return;
        }
        let given = {
            let mut queue = self.line.lock();
            let turn = std::mem::replace(&mut *self.waiter.0.lock().expect(UNPOISONED), Turn::Gone);
            match turn {
                Turn::Given(seat) => Some(seat),
                Turn::Waiting(_) => {
                    queue.gone += 1;
                    // The dead are swept when they are the majority: leaving costs little however long the line is.
                    if queue.gone * 2 > queue.line.len() {
                        queue.line.retain(|w| matches!(*w.0.lock().expect(UNPOISONED), Turn::Waiting(_)));
                        queue.gone = 0;
                    }
                    self.line.waiting.store(queue.waiting(), Ordering::Release);
                    None
                }
                Turn::Dismissed => None,
                Turn::Gone => unreachable!("only the claim itself collects or leaves"),
            }
        };
        if let Some(seat) = given {
            self.line.release(&seat);
        }
    }
}

/// The right to have one request in flight on one instance, given back by dropping it.
pub struct Slot<P: Occupant> {
    line: Arc<Line<P>>,
    seat: Arc<Seat<P>>,
}

impl<P: Occupant> Slot<P> {
    /// The instance to send to.
    pub fn seat(&self) -> &Arc<Seat<P>> {
        &self.seat
    }
}

impl<P: Occupant> Drop for Slot<P> {
    fn drop(&mut self) {
        self.line.release(&self.seat);
    }
}
