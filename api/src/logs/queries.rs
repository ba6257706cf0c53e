//! Queries over log lines that are open, and what those that are over came to.
//!
//! A query is looked after by a task that this room owns; two look at lines at once, of an account one, the others wait for their turn, as their texts
//! alone. What a query came to is in memory, for
//! a day at most, and a restart forgets it: whoever asks for it then is told that it is not there, and starts it anew. Never reads a clock but the port.
//! Source of truth: the CloudWatch Logs API reference, `StartQuery`.

use super::query_scan::{Asked, scan};
use crate::{
    limit,
    log_query::{Query, Rows},
};
use model::{
    account::{AccountId, Scope},
    log_group::LogGroupKey,
    log_scan::Scanned,
    port::{Clock, LogLines},
    refusal::{Refusal, RefusalKind},
    time::Timestamp,
};
use std::collections::HashMap;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
};

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
    /// It was stopped while it waited.
    given_up: Notify,
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
        let (state, stopped, given_up) = (Mutex::new(state), AtomicBool::new(false), Notify::new());
        Self { id, scope, text, groups, created_at, caller, state, stopped, given_up }
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
        self.given_up.notify_one();
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
    /// One of each account that waits or runs: an account with many queries waits for itself.
    account_turns: Mutex<HashMap<AccountId, Arc<Semaphore>>>,
    tasks: Mutex<JoinSet<()>>,
}

/// What a query waits for.
struct Turns {
    account: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

impl Default for LogQueries {
    fn default() -> Self {
        let turns = Arc::new(Semaphore::new(limit::LOG_QUERIES_AT_ONCE));
        Self { known: Mutex::default(), turns, account_turns: Mutex::default(), tasks: Mutex::default() }
    }
}

/// Whom a query asks.
#[derive(Clone)]
pub struct Sources {
    pub lines: Arc<dyn LogLines>,
    pub clock: Arc<dyn Clock>,
}

impl LogQueries {
    /// How many run at this moment, and how many open ones the account with most of them has.
    pub fn under_way(&self) -> (usize, usize) {
        let running = limit::LOG_QUERIES_AT_ONCE - self.turns.available_permits();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open: HashMap<&AccountId, usize> = HashMap::new();
        for query in known.iter().filter(|query| query.locked().progress.is_open()) {
            *open.entry(&query.scope.account).or_default() += 1;
        }
        (running, open.into_values().max().unwrap_or_default())
    }

    /// Starts a query, whose text was read once and is right.
    ///
    /// # Errors
    /// Refused (`Quota`) where its account has as many open ones as it may.
    pub fn start(&self, sources: Sources, query: LogQuery, rows_max: usize, asked: Asked) -> Result<(), Refusal> {
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
        let turns = Turns { account: self.account_turn(&query.scope.account), all: Arc::clone(&self.turns) };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(look_after(sources, turns, query, rows_max, asked));
        Ok(())
    }

    fn account_turn(&self, account: &AccountId) -> Arc<Semaphore> {
        let mut turns = self.account_turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(account.clone()).or_insert_with(|| Arc::new(Semaphore::new(1))))
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

/// Forgets what is over and too old, and while there is too much the oldest that is over of the account that has most.
fn forget(known: &mut Vec<Arc<LogQuery>>, now: Timestamp) {
    known.retain(|query| query.locked().ended_at.is_none_or(|ended_at| now.since(ended_at) < limit::LOG_QUERY_KEPT));
    // Queries end meanwhile: each is looked at once. Nothing: it is not over.
    let bytes_of = |query: &Arc<LogQuery>| match &query.locked().progress {
        Progress::Complete { bytes, .. } => Some(*bytes),
        Progress::Failed | Progress::Cancelled | Progress::TimedOut => Some(0),
        Progress::Scheduled | Progress::Running => None,
    };
    let mut over: Vec<Option<usize>> = known.iter().map(bytes_of).collect();
    let mut bytes: usize = over.iter().flatten().sum();
    let mut gone = vec![false; known.len()];
    let mut left = known.len();
    while left > limit::LOG_QUERIES_KEPT || bytes > limit::LOG_QUERIES_BYTES {
        let is_room = bytes > limit::LOG_QUERIES_BYTES;
        let weight = |bytes: usize| if is_room { bytes } else { 1 };
        let mut shares: HashMap<&AccountId, usize> = HashMap::new();
        for (query, bytes) in known.iter().zip(&over) {
            *shares.entry(&query.scope.account).or_default() += bytes.map_or(0, weight);
        }
        let Some((most, _)) = shares.into_iter().max_by_key(|(account, share)| (*share, *account)) else { break };
        let goes = |(query, bytes): (&Arc<LogQuery>, &Option<usize>)| {
            query.scope.account == *most && bytes.is_some_and(|bytes| weight(bytes) > 0)
        };
        let Some(oldest) = known.iter().zip(&over).position(goes) else { break };
        bytes -= over[oldest].take().unwrap_or_default();
        gone[oldest] = true;
        left -= 1;
    }
    let mut gone = gone.into_iter();
    known.retain(|_| !gone.next().unwrap_or_default());
}

/// Takes a query to its end, whatever happens.
async fn look_after(sources: Sources, turns: Turns, query: Arc<LogQuery>, rows_max: usize, asked: Asked) {
    // A bug in the evaluation must not leave a query that never ends.
    let left = Left(&query, &sources);
    let turn = async {
        let account = turns.account.acquire().await.expect("the semaphore is never closed");
        (account, turns.all.acquire().await.expect("the semaphore is never closed"))
    };
    let _turn = tokio::select! {
        turn = turn => turn,
        () = query.given_up.notified() => return,
    };
    if query.is_stopped() {
        return;
    }
    query.run();
    let deadline = sources.clock.now().plus(limit::LOG_QUERY_TIME);
    let waiting = Arc::clone(&query);
    let read = tokio::task::spawn_blocking(move || Query::parse(&waiting.text, rows_max, waiting.created_at.millis()));
    // It was read before: what is nothing now is a bug, and its end is that of one.
    let Ok(Ok(read)) = read.await else { return };
    let progress = scan(&sources, &query, read, asked, deadline).await;
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::testbed::{MemoryLogs, TurnedClock, caller};

    const AT: Timestamp = Timestamp::from_millis(1_000);

    fn query(id: usize, account: &str) -> LogQuery {
        let mut scope = caller().scope;
        scope.account = AccountId::parse(account).expect("an account");
        let group = LogGroupKey { scope: scope.clone(), name: "g".to_owned() };
        LogQuery::new(id.to_string(), scope, "filter a like /x/".to_owned(), vec![group], AT, "arn".to_owned())
    }

    #[tokio::test]
    async fn what_is_stopped_while_it_waits_is_gone_and_one_account_keeps_no_other_from_its_turn() {
        let lines = Arc::new(MemoryLogs::default());
        lines.hold_scans(true);
        let sources = Sources { lines, clock: Arc::new(TurnedClock::at_millis(1_000)) };
        let queries = LogQueries::default();
        let start = |query| queries.start(sources.clone(), query, 10, Asked { from: AT, until: AT });
        let (one, other) = ("000000000001", "000000000002");
        for id in 0..20 {
            start(query(id, one)).expect("there is room");
        }
        start(query(20, other)).expect("there is room");
        tokio::task::yield_now().await;
        let of_other = queries.get(&query(20, other).scope, "20", AT).expect("it is there");
        assert!(matches!(of_other.state().progress, Progress::Running));
        for id in 100..1_000 {
            start(query(id, one)).expect("those that were stopped make room");
            tokio::task::yield_now().await;
            queries.get(&query(id, one).scope, &id.to_string(), AT).expect("it is there").stop(AT);
            tokio::task::yield_now().await;
        }
        start(query(1_001, other)).expect("there is room");
        assert!(queries.tasks.lock().expect("nobody panics").len() <= 30);
    }

    #[test]
    fn the_account_that_has_most_makes_room() {
        let done = |id, account, bytes| {
            let query = query(id, account);
            query.end(Progress::Complete { rows: Arc::new(Rows { columns: Vec::new(), rows: Vec::new() }), bytes }, AT);
            Arc::new(query)
        };
        let (one, other) = ("000000000001", "000000000002");
        let ids = |known: &[Arc<LogQuery>]| known.iter().map(|query| query.id.clone()).collect::<Vec<_>>();
        let mut known = vec![done(1, other, 8 << 20)];
        known.extend((2..11).map(|id| done(id, one, 8 << 20)));
        forget(&mut known, AT);
        assert_eq!(ids(&known), ["1", "4", "5", "6", "7", "8", "9", "10"]);
        let mut known = vec![done(1, other, 0)];
        known.extend((2..1_100).map(|id| done(id, one, 0)));
        forget(&mut known, AT);
        assert_eq!((known.len(), &*known[0].id, &*known[1].id), (1_000, "1", "101"));
    }
}
