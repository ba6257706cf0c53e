//! One query's way through the lines of its groups: a piece after another, so that others have their turn, and a stop or a time-out is heard.
//!
//! Lines are evaluated where the store has them, and never copied. Never answers a caller. Source of truth: `log_query`.

use super::queries::{LogQuery, Progress, Sources};
use crate::{
    limit,
    log_query::{Evaluation, Line, Place, Query, TooMuch},
};
use model::{
    log_pattern::LogPattern,
    log_scan::{LineReader, Reading, ScannedLine, ScannedPart},
    log_search::{LogSearch, Streams, Way},
    port::Clock,
    time::Timestamp,
    wish::LogPosition,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering},
};

/// Which lines a query is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub from: Timestamp,
    /// The first moment that is not meant any more.
    pub until: Timestamp,
}

/// An evaluation that is given lines by the store.
struct Reader {
    query: Arc<LogQuery>,
    stage: Shared,
    /// Of the group that is read.
    group: usize,
    log: Arc<str>,
    clock: Arc<dyn Clock>,
    /// When others have their turn at the lines.
    pause_at: Timestamp,
    deadline: Timestamp,
    read: AtomicU32,
}

type Shared = Arc<Mutex<Stage>>;

/// How far the evaluation is.
enum Stage {
    Going(Evaluation),
    Failed(TooMuch),
    TimedOut,
    /// It was taken away to be finished.
    Over,
}

impl LineReader for Reader {
    fn read<'b>(&self, part: ScannedPart<'b>, lines: &mut (dyn Iterator<Item = ScannedLine<'b>> + '_)) -> Reading {
        let mut stage = locked(&self.stage);
        for line in lines {
            if self.query.is_stopped() {
                return Reading::Enough;
            }
            let Stage::Going(evaluation) = &mut *stage else { return Reading::Enough };
            // A line may take milliseconds, so a piece must not end by its bytes alone.
            let looks = self.read.fetch_add(1, Ordering::Relaxed).is_multiple_of(limit::LOG_QUERY_CLOCK_LINES);
            let now = looks.then(|| self.clock.now());
            if now.is_some_and(|now| now >= self.deadline) {
                *stage = Stage::TimedOut;
                return Reading::Enough;
            }
            let position = line.position;
            let line = Line {
                bytes: line.bytes,
                at: line.at.millis(),
                ingested_at: part.ingested_at.millis(),
                stream: part.stream,
                log: &self.log,
                place: Place { group: self.group, position: position.0 },
            };
            if let Err(too_much) = evaluation.take(&line) {
                *stage = Stage::Failed(too_much);
                return Reading::Enough;
            }
            if now.is_some_and(|now| now >= self.pause_at) {
                return Reading::EnoughAt(position);
            }
        }
        Reading::More
    }
}

/// Takes a query through all lines that it is about.
pub async fn scan(sources: &Sources, query: &Arc<LogQuery>, read: Query, asked: Asked, deadline: Timestamp) -> Progress {
    let stage = Arc::new(Mutex::new(Stage::Going(Evaluation::new(Arc::new(read)))));
    for (group, key) in query.groups.iter().enumerate() {
        let log: Arc<str> = format!("{}:{}", key.scope.account, key.name).into();
        let mut after = Some(LogPosition(0));
        while let Some(from) = after {
            let now = sources.clock.now();
            if now >= deadline {
                return Progress::TimedOut;
            }
            let reader = Reader {
                query: Arc::clone(query),
                stage: Arc::clone(&stage),
                group,
                log: Arc::clone(&log),
                clock: Arc::clone(&sources.clock),
                pause_at: now.plus(limit::LOG_QUERY_PIECE),
                deadline,
                read: AtomicU32::new(0),
            };
            let search = LogSearch {
                group: key.clone(),
                streams: Streams::All,
                from: Some(asked.from),
                until: Some(asked.until),
                pattern: LogPattern::default(),
                way: Way::Forward { after: from },
                lines_max: u32::MAX,
            };
            let scanned = match sources.lines.scan(&search, Arc::new(reader)).await {
                Ok(Ok(scanned)) => scanned,
                // Its group was deleted meanwhile: what it had is gone.
                Ok(Err(_)) => break,
                Err(trouble) => {
                    let cause = trouble.chain();
                    tracing::warn!(query = query.id, cause, "a query over log lines failed on our side");
                    return Progress::Failed;
                }
            };
            match &*locked(&stage) {
                Stage::Going(evaluation) => query.note(scanned, evaluation.matched()),
                Stage::Failed(too_much) => return failed(query, too_much),
                Stage::TimedOut => return Progress::TimedOut,
                Stage::Over => unreachable!("it is taken away behind the last line"),
            }
            if query.is_stopped() {
                return Progress::Cancelled;
            }
            after = scanned.stopped_at;
            tokio::task::yield_now().await;
        }
    }
    finish(sources, query, stage, deadline).await
}

/// Gathers the rows, where it may take its time.
async fn finish(sources: &Sources, query: &Arc<LogQuery>, stage: Shared, deadline: Timestamp) -> Progress {
    let evaluation = match std::mem::replace(&mut *locked(&stage), Stage::Over) {
        Stage::Going(evaluation) => evaluation,
        Stage::Failed(too_much) => return failed(query, &too_much),
        Stage::TimedOut => return Progress::TimedOut,
        Stage::Over => unreachable!("it is taken away once"),
    };
    let (asked, clock) = (Arc::clone(query), Arc::clone(&sources.clock));
    let is_over = move || asked.is_stopped() || clock.now() >= deadline;
    match tokio::task::spawn_blocking(move || evaluation.finish(&is_over)).await {
        Ok(Ok(rows)) => Progress::Complete { bytes: rows.bytes(), rows: Arc::new(rows) },
        Ok(Err(_)) if query.is_stopped() => Progress::Cancelled,
        Ok(Err(_)) if sources.clock.now() >= deadline => Progress::TimedOut,
        Ok(Err(too_much)) => failed(query, &too_much),
        Err(_) => {
            tracing::error!(query = query.id, "a query over log lines broke off; see the log before this line");
            Progress::Failed
        }
    }
}

/// The API has no word for why a query failed: whoever runs the platform reads it in its log.
fn failed(query: &LogQuery, TooMuch(words): &TooMuch) -> Progress {
    tracing::info!(
        query = query.id,
        account = query.scope.account.as_str(),
        cause = words,
        "a query over log lines holds more than it may"
    );
    Progress::Failed
}

fn locked(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::testbed::caller;
    use std::sync::atomic::AtomicI64;

    /// Each look takes so many milliseconds.
    struct Ticking(AtomicI64, i64);

    impl Clock for Ticking {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.fetch_add(self.1, Ordering::Relaxed))
        }
    }

    /// How many lines are read of 1,000, and what is said then.
    fn read(tick: i64) -> (u64, Reading, bool) {
        let query =
            LogQuery::new("q".to_owned(), caller().scope, String::new(), Vec::new(), Timestamp::from_millis(0), String::new());
        let read = Query::parse("fields @message", 10_000, 0).expect("a query");
        let stage = Arc::new(Mutex::new(Stage::Going(Evaluation::new(Arc::new(read)))));
        let reader = Reader {
            query: Arc::new(query),
            stage: Arc::clone(&stage),
            group: 0,
            log: "l".into(),
            clock: Arc::new(Ticking(AtomicI64::new(0), tick)),
            pause_at: Timestamp::from_millis(200),
            deadline: Timestamp::from_millis(900_000),
            read: AtomicU32::new(0),
        };
        let part = ScannedPart { stream: "s", ingested_at: Timestamp::from_millis(0) };
        let mut given = 0;
        let mut lines = (1..=1_000).map(|position| {
            given = position;
            ScannedLine { position: LogPosition(position), at: Timestamp::from_millis(0), bytes: b"x" }
        });
        let reading = reader.read(part, &mut lines);
        let is_over = matches!(*locked(&stage), Stage::TimedOut);
        (given, reading, is_over)
    }

    #[test]
    fn others_have_their_turn_within_a_block_and_the_time_ends_there_too() {
        assert_eq!(read(1), (1_000, Reading::More, false));
        assert_eq!(read(50), (33, Reading::EnoughAt(LogPosition(33)), false), "4 x 8 lines take 200 ms");
        let (given, _, is_over) = read(900_000);
        assert!(is_over && given <= 9, "{given}");
    }
}
