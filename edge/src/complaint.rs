//! What fails again and again as log lines: the first at once, then at most one in a pause ([`COMPLAINT_PAUSE`] for a service's failed requests) that says
//! how many it stands for.
//! Never keeps what failed, and never decides what a failure is. Source of truth: `limit.rs`: a log that a client can fill is a door.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::limit::COMPLAINT_PAUSE;

/// Complaints about one thing.
pub struct Complaints {
    began: Instant,
    pause: Duration,
    /// Milliseconds after `began`.
    quiet_until: AtomicU64,
    unsaid: AtomicU64,
}

impl Complaints {
    /// Nothing to complain of, of one service.
    pub fn new() -> Self {
        Self::every(COMPLAINT_PAUSE)
    }

    /// The same with another pause between two lines.
    pub fn every(pause: Duration) -> Self {
        Self { began: Instant::now(), pause, quiet_until: AtomicU64::new(0), unsaid: AtomicU64::new(0) }
    }

    /// Counts a failure. Answers how many the line stands for, if one is due; those after the last line are told with the next.
    pub fn line(&self) -> Option<u64> {
        self.unsaid.fetch_add(1, Ordering::Relaxed);
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let now = millis(self.began.elapsed());
        let until = self.quiet_until.load(Ordering::Relaxed);
        let next = now.saturating_add(millis(self.pause));
        // Of several cores at the same moment, one speaks.
        let mine = now >= until && self.quiet_until.compare_exchange(until, next, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        mine.then(|| self.unsaid.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_thousand_failures_in_a_second_are_two_lines_that_count_them_all() {
        let complaints = Complaints::new();
        let said: Vec<_> = (0..1000).filter_map(|_| complaints.line()).collect();
        assert_eq!(said, [1]);
        tokio::time::advance(COMPLAINT_PAUSE).await;
        assert_eq!((complaints.line(), complaints.line()), (Some(1000), None));
    }
}
