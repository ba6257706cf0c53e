//! Queries over log lines that are open, and what those that are over came to.
//!
//! A query is looked after by a task that this room owns; two look at lines at once, the others wait for their turn. What a query came to is in memory, for
//! a day at most, and a restart forgets it: whoever asks for it then is told that it is not there, and starts it anew. Never reads a clock but the port.
//! Source of truth: the CloudWatch Logs API reference, `StartQuery`.

use super::query_scan::{Asked, scan};
use crate::{
    limit,
    log_query::{Query, Rows},
};
use model::{
    account::Scope,
    log_group::LogGroupKey,
    log_scan::Scanned,
    port::{Clock, LogLines},
    refusal::{Refusal, RefusalKind},
    time::Timestamp,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::{sync::Semaphore, task::JoinSet};

/// What a caller asked.
#[derive(Debug)]
pub struct LogQuery {
    pub id: String,
    pub scope: Scope,
    pub text: String,
    pub groups: Vec<LogGroupKey>,
    pub created_at: Timestamp,
    /// The ARN of who asked.
    pub caller: String,
    state: Mutex<State>,
    stopped: AtomicBool,
}

/// How far a query is.
#[derive(Clone, Debug)]
pub struct State {
    pub progress: Progress,
    pub scanned: Scanned,
    /// Lines that went through its filters.
    pub matched: u64,
    pub ended_at: Option<Timestamp>,
}

/// What a query does, or came to.
#[derive(Clone, Debug)]
pub enum Progress {
    Scheduled,
    Running,
    /// With the bytes that its rows take in memory.
    Complete {
        rows: Arc<Rows>,
        bytes: usize,
    },
    Failed,
    Cancelled,
    TimedOut,
}

impl Progress {
    /// As the API calls it.
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Scheduled => "Scheduled",
            Self::Running => "Running",
            Self::Complete { .. } => "Complete",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
            Self::TimedOut => "Timeout",
        }
    }

    const fn is_open(&self) -> bool {
        match self {
            Self::Scheduled | Self::Running => true,
            Self::Complete { .. } | Self::Failed | Self::Cancelled | Self::TimedOut => false,
        }
    }
}

impl LogQuery {
    pub fn new(id: String, scope: Scope, text: String, groups: Vec<LogGroupKey>, created_at: Timestamp, caller: String) -> Self {
        let state = State { progress: Progress::Scheduled, scanned: Scanned::default(), matched: 0, ended_at: None };
        Self { id, scope, text, groups, created_at, caller, state: Mutex::new(state), stopped: AtomicBool::new(false) }
    }

    pub fn state(&self) -> State {
        self.locked().clone()
    }

    /// Whether nobody wants it any more.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Notes what more was looked at.
    pub fn note(&self, scanned: Scanned, matched: u64) {
        let mut state = self.locked();
        state.scanned.lines += scanned.lines;
        state.scanned.bytes += scanned.bytes;
        state.matched = matched;
    }

    /// Ends it, if it is open. Whether it was.
    fn end(&self, progress: Progress, at: Timestamp) -> bool {
        let mut state = self.locked();
        let was_open = state.progress.is_open();
        if was_open {
            state.progress = progress;
            state.ended_at = Some(at);
        }
        was_open
    }

    /// Stops it. Whether there was something to stop.
    pub fn stop(&self, at: Timestamp) -> bool {
        self.stopped.store(true, Ordering::Relaxed);
        self.end(Progress::Cancelled, at)
    }

    fn run(&self) {
        let mut state = self.locked();
        if state.progress.is_open() {
            state.progress = Progress::Running;
        }
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every query that is known.
#[derive(Debug)]
pub struct LogQueries {
    /// The oldest first.
    known: Mutex<Vec<Arc<LogQuery>>>,
    turns: Arc<Semaphore>,
    tasks: Mutex<JoinSet<()>>,
}

impl Default for LogQueries {
    fn default() -> Self {
        Self { known: Mutex::default(), turns: Arc::new(Semaphore::new(limit::LOG_QUERIES_AT_ONCE)), tasks: Mutex::default() }
    }
}

/// Whom a query asks.
#[derive(Clone)]
pub struct Sources {
    pub lines: Arc<dyn LogLines>,
    pub clock: Arc<dyn Clock>,
}

impl LogQueries {
    /// Starts a query.
    ///
    /// # Errors
    /// Refused (`Quota`) where its account has as many open ones as it may.
    pub fn start(&self, sources: Sources, query: LogQuery, read: Query, asked: Asked) -> Result<(), Refusal> {
        let query = Arc::new(query);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut known, query.created_at);
        let is_open = |other: &&Arc<LogQuery>| other.scope.account == query.scope.account && other.locked().progress.is_open();
        if known.iter().filter(is_open).count() >= limit::LOG_QUERIES_OPEN {
            let message =
                format!("Your account has {} queries that are not over yet. Wait for one, or stop it.", limit::LOG_QUERIES_OPEN);
            return Err(Refusal::new(RefusalKind::Quota, message));
        }
        known.push(Arc::clone(&query));
        drop(known);
        let turns = Arc::clone(&self.turns);
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(look_after(sources, turns, query, read, asked));
        Ok(())
    }

    /// The query of an id, if it is this account's and region's.
    pub fn get(&self, scope: &Scope, id: &str, now: Timestamp) -> Option<Arc<LogQuery>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut known, now);
        known.iter().find(|query| query.id == id && query.scope == *scope).cloned()
    }

    /// Those of an account and region, the newest first.
    pub fn list(&self, scope: &Scope, now: Timestamp) -> Vec<Arc<LogQuery>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut known, now);
        known.iter().rev().filter(|query| query.scope == *scope).cloned().collect()
    }
}

/// Forgets what is over and too old, and the oldest that are over while there is too much.
fn forget(known: &mut Vec<Arc<LogQuery>>, now: Timestamp) {
    let over = |query: &LogQuery| query.locked().ended_at;
    known.retain(|query| over(query).is_none_or(|ended_at| now.since(ended_at) < limit::LOG_QUERY_KEPT));
    let bytes_of = |query: &LogQuery| match &query.locked().progress {
        Progress::Complete { bytes, .. } => *bytes,
        Progress::Scheduled | Progress::Running | Progress::Failed | Progress::Cancelled | Progress::TimedOut => 0,
    };
    let mut bytes: usize = known.iter().map(|query| bytes_of(query)).sum();
    let mut surplus = known.len().saturating_sub(limit::LOG_QUERIES_KEPT);
    known.retain(|query| {
        let goes = (surplus > 0 || bytes > limit::LOG_QUERIES_BYTES) && over(query).is_some();
        if goes {
            surplus = surplus.saturating_sub(1);
            bytes -= bytes_of(query);
        }
        !goes
    });
}

/// Takes a query to its end, whatever happens.
async fn look_after(sources: Sources, turns: Arc<Semaphore>, query: Arc<LogQuery>, read: Query, asked: Asked) {
    // A bug in the evaluation must not leave a query that never ends.
    let left = Left(&query, &sources);
    let _turn = turns.acquire().await.expect("the semaphore is never closed");
    if query.is_stopped() {
        return;
    }
    query.run();
    let progress = scan(&sources, &query, read, asked).await;
    query.end(progress, sources.clock.now());
    drop(left);
}

/// Ends a query that was left open as failed.
struct Left<'a>(&'a LogQuery, &'a Sources);

impl Drop for Left<'_> {
    fn drop(&mut self) {
        self.0.end(Progress::Failed, self.1.clock.now());
    }
}
