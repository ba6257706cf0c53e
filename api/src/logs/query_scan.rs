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
    time::Timestamp,
    wish::LogPosition,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    log: String,
}

type Shared = Arc<Mutex<Stage>>;

/// How far the evaluation is.
enum Stage {
    Going(Evaluation),
    Failed(TooMuch),
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
            let line = Line {
                bytes: line.bytes,
                at: line.at.millis(),
                ingested_at: part.ingested_at.millis(),
                stream: part.stream,
                log: &self.log,
                place: Place { group: self.group, position: line.position.0 },
            };
            if let Err(too_much) = evaluation.take(&line) {
                *stage = Stage::Failed(too_much);
                return Reading::Enough;
            }
        }
        Reading::More
    }
}

/// Takes a query through all lines that it is about.
pub async fn scan(sources: &Sources, query: &Arc<LogQuery>, read: Query, asked: Asked) -> Progress {
    let began = sources.clock.now();
    let stage = Arc::new(Mutex::new(Stage::Going(Evaluation::new(Arc::new(read)))));
    for (group, key) in query.groups.iter().enumerate() {
        let log = format!("{}:{}", key.scope.account, key.name);
        let reader = Arc::new(Reader { query: Arc::clone(query), stage: Arc::clone(&stage), group, log });
        let mut after = Some(LogPosition(0));
        while let Some(from) = after {
            if sources.clock.now().since(began) >= limit::LOG_QUERY_TIME {
                return Progress::TimedOut;
            }
            let search = LogSearch {
                group: key.clone(),
                streams: Streams::All,
                from: Some(asked.from),
                until: Some(asked.until),
                pattern: LogPattern::default(),
                way: Way::Forward { after: from },
                lines_max: u32::MAX,
            };
            let scanned = match sources.lines.scan(&search, reader.clone()).await {
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
                Stage::Over => unreachable!("it is taken away behind the last line"),
            }
            if query.is_stopped() {
                return Progress::Cancelled;
            }
            after = scanned.stopped_at;
            tokio::task::yield_now().await;
        }
    }
    finish(query, stage).await
}

/// Gathers the rows, where it may take its time.
async fn finish(query: &LogQuery, stage: Shared) -> Progress {
    let evaluation = match std::mem::replace(&mut *locked(&stage), Stage::Over) {
        Stage::Going(evaluation) => evaluation,
        Stage::Failed(too_much) => return failed(query, &too_much),
        Stage::Over => unreachable!("it is taken away once"),
    };
    match tokio::task::spawn_blocking(move || evaluation.finish()).await {
        Ok(Ok(rows)) => Progress::Complete { bytes: rows.bytes(), rows: Arc::new(rows) },
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
