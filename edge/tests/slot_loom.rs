//! Every interleaving of claims, releases, cancellations, closings and dismissals over the slots, tried by loom.
//! Includes the real `src/slot.rs`; only its primitives are loom's (the module `sync` below).
//! Never touches a socket. Source of truth: the promises in `src/slot.rs`; loom's manual for what it can see.

#[path = "../src/slot.rs"]
#[expect(dead_code, reason = "the room uses more of it than these tests do")]
mod slot;

mod sync {
    pub use loom::sync::atomic::{AtomicU32, AtomicUsize, Ordering, fence};
    pub use loom::sync::{Mutex, MutexGuard};
    use std::sync::Arc;

    /// loom has no `ArcSwap`: a lock is a stronger order than the real one, and the seats are set before the threads start.
    pub struct Swap<T>(std::sync::RwLock<Arc<T>>);

    impl<T> Swap<T> {
        pub fn new(value: T) -> Self {
            Self(std::sync::RwLock::new(Arc::new(value)))
        }

        pub fn load(&self) -> Arc<T> {
            self.0.read().expect("no test panics in here").clone()
        }

        pub fn store(&self, value: T) {
            *self.0.write().expect("no test panics in here") = Arc::new(value);
        }
    }
}

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use loom::thread;
use slot::{Asked, Claim, Line, Occupant, Seat, Slot};

/// Plain std counter: it only records, so loom need not order it.
struct Chair(Arc<AtomicU32>);

impl Occupant for Chair {
    fn emptied(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn shunned(&self) -> bool {
        false
    }
}

struct World {
    line: Arc<Line<Chair>>,
    seat: Arc<Seat<Chair>>,
    emptied: Arc<AtomicU32>,
}

fn one_seat_of_one() -> World {
    let emptied = Arc::new(AtomicU32::new(0));
    let seat = Arc::new(Seat::new(Chair(Arc::clone(&emptied))));
    let line = Arc::new(Line::new(1, 8));
    line.set(vec![Arc::clone(&seat)], 1, 8);
    World { line, seat, emptied }
}

fn explore(preemptions: usize, world: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(world);
}

/// Wakes the thread that waits for a claim.
struct Alarm {
    rung: loom::sync::Mutex<bool>,
    ring: loom::sync::Condvar,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().expect("no test panics in here") = true;
        self.ring.notify_one();
    }
}

fn wait_for(claim: Claim<Chair>) -> Slot<Chair> {
    answer_of(claim).expect("nobody dismisses this line")
}

fn answer_of(mut claim: Claim<Chair>) -> Option<Slot<Chair>> {
    let alarm = Arc::new(Alarm { rung: loom::sync::Mutex::new(false), ring: loom::sync::Condvar::new() });
    let waker = Waker::from(Arc::clone(&alarm));
    loop {
        if let Poll::Ready(answer) = Pin::new(&mut claim).poll(&mut Context::from_waker(&waker)) {
            return answer;
        }
        let mut rung = alarm.rung.lock().expect("no test panics in here");
        while !*rung {
            rung = alarm.ring.wait(rung).expect("no test panics in here");
        }
        *rung = false;
    }
}

/// Waits as long as it takes: a lost wake-up is a deadlock, and loom reports it.
fn take_and_give_back(line: &Arc<Line<Chair>>) {
    match Line::ask(line, 0) {
        Asked::Slot(slot) => assert!(slot.seat().in_flight() <= 1),
        Asked::Queued(claim) => assert!(wait_for(claim).seat().in_flight() <= 1),
        Asked::Full => panic!("the line has room for eight"),
    }
}

#[test]
fn whoever_waits_is_given_the_slot_that_comes_free() {
    explore(3, || {
        let world = one_seat_of_one();
        let line = Arc::clone(&world.line);
        let other = thread::spawn(move || take_and_give_back(&line));
        take_and_give_back(&world.line);
        other.join().expect("the other gets its turn");
        assert_eq!((world.seat.in_flight(), world.line.waiting()), (0, 0));
    });
}

#[test]
fn two_who_wait_are_both_served() {
    explore(2, || {
        let world = one_seat_of_one();
        let others: Vec<_> = (0..2)
            .map(|_| {
                let line = Arc::clone(&world.line);
                thread::spawn(move || take_and_give_back(&line))
            })
            .collect();
        take_and_give_back(&world.line);
        for other in others {
            other.join().expect("everybody gets a turn");
        }
        assert_eq!((world.seat.in_flight(), world.line.waiting()), (0, 0));
    });
}

#[test]
fn a_claim_that_is_dropped_passes_its_slot_on() {
    explore(2, || {
        let world = one_seat_of_one();
        let Asked::Slot(held) = Line::ask(&world.line, 0) else { panic!("the seat is free") };
        let Asked::Queued(mut impatient) = Line::ask(&world.line, 0) else { panic!("the seat is taken") };
        let Asked::Queued(patient) = Line::ask(&world.line, 0) else { panic!("the seat is taken") };
        // Registered once and then given up, while another thread gives the slot away.
        let waker = std::task::Waker::noop();
        assert!(Pin::new(&mut impatient).poll(&mut Context::from_waker(waker)).is_pending());
        let other = thread::spawn(move || drop(held));
        drop(impatient);
        drop(wait_for(patient));
        other.join().expect("giving back cannot fail");
        assert_eq!((world.seat.in_flight(), world.line.waiting()), (0, 0));
    });
}

#[test]
fn closed_and_empty_is_final_and_is_told_once() {
    explore(3, || {
        let world = one_seat_of_one();
        let line = Arc::clone(&world.line);
        let other = thread::spawn(move || match Line::ask(&line, 0) {
            Asked::Slot(slot) => drop(slot),
            Asked::Queued(claim) => drop(claim),
            Asked::Full => panic!("the line has room for eight"),
        });
        let left = world.seat.close();
        let empty_at_once = left == 0;
        if empty_at_once {
            assert_eq!(world.seat.in_flight(), 0, "nobody came in after the closing");
        }
        other.join().expect("the other comes or goes");
        assert_eq!(world.seat.in_flight(), 0);
        assert_eq!(world.emptied.load(Ordering::SeqCst), u32::from(!empty_at_once));
    });
}

#[test]
fn a_seat_that_is_added_is_given_to_those_who_wait() {
    explore(2, || {
        let world = one_seat_of_one();
        world.line.set(Vec::new(), 1, 8);
        let line = Arc::clone(&world.line);
        let other = thread::spawn(move || take_and_give_back(&line));
        world.line.set(vec![Arc::clone(&world.seat)], 1, 8);
        other.join().expect("the other is served");
        assert_eq!((world.seat.in_flight(), world.line.waiting()), (0, 0));
    });
}

#[test]
fn nobody_waits_on_in_a_line_that_is_dismissed() {
    explore(3, || {
        let world = one_seat_of_one();
        let Asked::Slot(held) = Line::ask(&world.line, 0) else { panic!("the seat is free") };
        let line = Arc::clone(&world.line);
        let other = thread::spawn(move || match Line::ask(&line, 0) {
            Asked::Slot(slot) => drop(slot),
            Asked::Queued(claim) => drop(answer_of(claim)),
            Asked::Full => {}
        });
        world.line.set(Vec::new(), 0, 0);
        world.line.dismiss();
        drop(held);
        other.join().expect("the other is answered, whatever it is told");
        assert_eq!((world.seat.in_flight(), world.line.waiting()), (0, 0));
        assert!(matches!(Line::ask(&world.line, 0), Asked::Full));
    });
}

#[test]
fn a_claim_that_is_dropped_while_its_line_is_dismissed_leaves_the_line_empty() {
    explore(3, || {
        let world = one_seat_of_one();
        let Asked::Slot(held) = Line::ask(&world.line, 0) else { panic!("the seat is free") };
        let Asked::Queued(claim) = Line::ask(&world.line, 0) else { panic!("the seat is taken") };
        let other = thread::spawn(move || drop(claim));
        world.line.set(Vec::new(), 0, 0);
        world.line.dismiss();
        other.join().expect("it leaves");
        drop(held);
        assert_eq!((world.seat.in_flight(), world.line.waiting()), (0, 0));
    });
}
