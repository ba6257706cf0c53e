//! Holding a request until an instance has room for it: a bounded line and a deadline.
//! Never reads the request's body: flow control keeps it with the client. Source of truth:
//! `ARCHITECTURE.md`, "a request reaches a service at zero".

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

use crate::slot::{Asked, Line, Occupant, Slot};

/// Why a request was not given a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHeld {
    /// As many wait already as may.
    Full,
    /// Nobody had room until the deadline.
    Late,
    /// The service left the table while the request waited.
    Gone,
}

/// Takes a slot now, or waits for one until `until`. `waits` is called once if it has to wait: a bell.
pub async fn hold<P: Occupant>(line: &Arc<Line<P>>, dice: u32, until: Instant, waits: impl FnOnce()) -> Result<Slot<P>, NotHeld> {
    match Line::ask(line, dice) {
        Asked::Slot(slot) => Ok(slot),
        Asked::Full => Err(NotHeld::Full),
        Asked::Queued(claim) => {
            waits();
            timeout_at(until, claim).await.map_err(|_| NotHeld::Late)?.ok_or(NotHeld::Gone)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
    use std::task::{Context, Waker};
    use std::time::Duration;

    use super::*;
    use crate::slot::Seat;

    struct Plain;

    impl Occupant for Plain {
        fn emptied(&self) {}
        fn shunned(&self) -> bool {
            false
        }
    }

    fn line(seats: usize, limit: u32, waiting_max: usize) -> (Arc<Line<Plain>>, Vec<Arc<Seat<Plain>>>) {
        let seats: Vec<_> = (0..seats).map(|_| Arc::new(Seat::new(Plain))).collect();
        let line = Arc::new(Line::new(limit, waiting_max));
        line.set(seats.clone(), limit, waiting_max);
        (line, seats)
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(20)
    }

    #[tokio::test(start_paused = true)]
    async fn one_too_many_is_full_and_one_too_late_is_late_and_both_leave_no_trace() {
        let (line, seats) = line(1, 1, 1);
        let held = hold(&line, 0, soon(), || {}).await.expect("free");
        let start = Instant::now();
        let mut rung = 0;
        let late = hold(&line, 0, start + Duration::from_secs(3), || rung += 1);
        let full = hold(&line, 0, soon(), || unreachable!("it does not wait"));
        let (late, full) = futures_util::future::join(late, full).await;
        assert_eq!((late.err(), full.err()), (Some(NotHeld::Late), Some(NotHeld::Full)));
        assert_eq!((rung, line.waiting(), start.elapsed().as_secs()), (1, 0, 3));
        drop(held);
        assert_eq!(seats[0].in_flight(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_in_a_line_that_is_dismissed_is_told_at_once_and_newcomers_find_no_room() {
        let (line, _seats) = line(0, 1, 8);
        let began = Instant::now();
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(hold(&line, 0, soon(), || {}))).collect();
        let left = waiting.pop();
        for one in &mut waiting {
            assert!(one.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        drop(left);
        line.set(Vec::new(), 0, 0);
        line.dismiss();
        for one in waiting {
            assert_eq!(one.await.err(), Some(NotHeld::Gone));
        }
        assert_eq!(hold(&line, 0, soon(), || {}).await.err(), Some(NotHeld::Full));
        assert_eq!((line.waiting(), began.elapsed()), (0, Duration::ZERO));
    }

    #[tokio::test]
    async fn requests_spread_over_the_least_loaded_of_a_few() {
        let (line, seats) = line(4, 10, 1);
        let mut slots = Vec::new();
        for dice in 0..20 {
            slots.push(hold(&line, dice, soon(), || {}).await.expect("room"));
        }
        assert!(seats.iter().all(|seat| seat.in_flight() == 5));
    }

    #[tokio::test]
    async fn many_instances_are_filled_to_the_last_place() {
        let (line, seats) = line(100, 2, 1);
        let mut slots = Vec::new();
        for dice in 0..200_u32 {
            slots.push(hold(&line, dice.wrapping_mul(2_654_435_761), soon(), || {}).await.expect("room"));
        }
        assert!(seats.iter().all(|seat| seat.in_flight() == 2));
    }

    #[test]
    fn two_cores_never_pass_the_limit_and_leave_nothing_behind() {
        const LIMIT: u32 = 3;
        let (line, seats) = line(2, LIMIT, 10_000);
        let over = Arc::new(AtomicU32::new(0));
        let done = Arc::new(AtomicU64::new(0));
        let threads: Vec<_> = (0..2_u32)
            .map(|core| {
                let (line, over, done) = (Arc::clone(&line), Arc::clone(&over), Arc::clone(&done));
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
                    runtime.block_on(async {
                        let mut tasks = tokio::task::JoinSet::new();
                        for n in 0..200_u32 {
                            let (line, over, done) = (Arc::clone(&line), Arc::clone(&over), Arc::clone(&done));
                            tasks.spawn(async move {
                                for turn in 0..200_u32 {
                                    // Every fifth is impatient: it leaves the line at once, or holds a slot and drops it.
                                    let patience = if (n + turn) % 5 == 0 { Duration::ZERO } else { Duration::from_secs(20) };
                                    let dice = n.wrapping_mul(7919).wrapping_add(turn) ^ core;
                                    if let Ok(slot) = hold(&line, dice, Instant::now() + patience, || {}).await {
                                        if slot.seat().in_flight() > LIMIT {
                                            over.fetch_add(1, Ordering::Relaxed);
                                        }
                                        done.fetch_add(1, Ordering::Relaxed);
                                        tokio::task::yield_now().await;
                                    }
                                }
                            });
                        }
                        while tasks.join_next().await.transpose().expect("no task panics").is_some() {}
                    });
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        assert_eq!(over.load(Ordering::Relaxed), 0, "over the limit");
        assert!(done.load(Ordering::Relaxed) >= 2 * 200 * 160, "the patient ones are all served");
        assert_eq!(line.waiting(), 0);
        assert!(seats.iter().all(|seat| seat.in_flight() == 0));
    }
}
