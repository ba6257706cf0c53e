//! A live tail that goes on: once a second it looks what is new in its groups, and tells it. It is the body of its answer, so it lives for as long as
//! somebody takes it, and nothing of it is left when the connection ends; a client that takes nothing is waited for by nobody but its connection.
//!
//! Never tells more than some hundred lines at once: of more it leaves out the last, says so, and goes on with what is new then. Source: CloudWatch Logs
//! API reference, `StartLiveTail`, `LiveTailSessionUpdate`.

use super::message;
use crate::{codec::event_stream, limit, shape::logs as shape};
use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;
use model::{
    account::AccountId,
    log_group::LogGroupKey,
    log_pattern::LogPattern,
    log_search::{FoundLine, LogSearch, Streams, Way},
    port::{Clock, LogGroups, LogLines},
    refusal::{Refusal, RefusalKind},
    time::Timestamp,
    trouble::Trouble,
    wish::LogPosition,
};
use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

/// How many sessions each account has.
#[derive(Clone, Debug, Default)]
pub struct LiveTails(Arc<Mutex<HashMap<AccountId, usize>>>);

/// A session's place among those of its account, until it is dropped.
#[derive(Debug)]
pub struct Place {
    tails: LiveTails,
    account: AccountId,
}

impl LiveTails {
    /// How many sessions the account with most of them has.
    pub fn most(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().max().copied().unwrap_or_default()
    }

    /// A place for one more.
    ///
    /// # Errors
    /// Refused (`Quota`) where the account has as many as it may.
    pub fn enter(&self, account: &AccountId) -> Result<Place, Refusal> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = sessions.entry(account.clone()).or_default();
        if *count >= limit::LIVE_TAILS {
            let message = format!("Your account has {} live tail sessions already. End one.", limit::LIVE_TAILS);
            return Err(Refusal::new(RefusalKind::Quota, message));
        }
        *count += 1;
        Ok(Place { tails: self.clone(), account: account.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sessions = self.tails.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = sessions.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                sessions.remove(&self.account);
            }
        }
    }
}

/// A group, and behind which line its new ones begin.
pub struct Tailed {
    pub key: LogGroupKey,
    /// Another one: it was deleted, and made anew.
    pub created_at: Timestamp,
    pub after: LogPosition,
}

/// One session.
pub struct LiveTail {
    pub groups_kept: Arc<dyn LogGroups>,
    pub lines: Arc<dyn LogLines>,
    pub clock: Arc<dyn Clock>,
    pub began: Timestamp,
    pub groups: Vec<Tailed>,
    pub streams: Streams,
    pub pattern: LogPattern,
    pub _place: Place,
}

/// What one look has found.
#[derive(Default)]
struct Update {
    lines: Vec<(String, FoundLine)>,
    bytes: usize,
    sampled: bool,
}

impl LiveTail {
    /// The body of the answer.
    pub fn body(self, start: &shape::LiveTailSessionStart) -> Body {
        let first = [event_stream::initial_response(), event_stream::event("sessionStart", start)].concat();
        Body::new(Events { first: Some(Bytes::from(first)), next: Some(Box::pin(self.next())) })
    }

    /// Waits for its time and looks; answers itself too, unless it is over.
    async fn next(mut self) -> (Option<Self>, Bytes) {
        tokio::time::sleep(limit::LIVE_TAIL_PACE).await;
        if self.clock.now().since(self.began) >= limit::LIVE_TAIL_TIME {
            let over = shape::SessionTimeoutException { message: Some("The session has lasted for three hours.".to_owned()) };
            return (None, event_stream::exception("SessionTimeoutException", &over));
        }
        match self.look().await {
            Ok(update) => (Some(self), event_stream::event("sessionUpdate", &render(update))),
            Err(trouble) => {
                tracing::warn!(cause = trouble.chain(), "a live tail of log lines broke off");
                let over =
                    shape::SessionStreamingException { message: Some("Lines cannot be read at present. Try again.".to_owned()) };
                (None, event_stream::exception("SessionStreamingException", &over))
            }
        }
    }

    async fn look(&mut self) -> Result<Update, Trouble> {
        let mut update = Update::default();
        for tailed in &mut self.groups {
            let Tailed { key, created_at, after } = tailed;
            let Some(group) = self.groups_kept.get(key).await? else { continue };
            let newest = self.lines.tail(&key.scope, &key.name, 0).await?;
            // Positions alone do not tell: the new one may have more lines already.
            if newest < *after || group.created_at != *created_at {
                *after = LogPosition(0);
                *created_at = group.created_at;
            }
            while *after < newest {
                let Some(room) = update.room() else {
                    update.sampled = true;
                    *after = newest;
                    break;
                };
                let search = LogSearch {
                    group: key.clone(),
                    streams: self.streams.clone(),
                    from: None,
                    until: None,
                    pattern: self.pattern.clone(),
                    way: Way::Forward { after: *after },
                    lines_max: room,
                };
                let Ok(found) = self.lines.find(&search).await? else { break };
                // What came since this look began is told too, and not once more.
                let last = found.lines.last().map_or(*after, |line| line.position);
                *after = found.stopped_at.unwrap_or(newest).max(last);
                for line in found.lines {
                    if update.bytes >= limit::LIVE_TAIL_BYTES {
                        update.sampled = true;
                        break;
                    }
                    update.bytes += line.line.bytes.len();
                    update.lines.push((format!("{}:{}", key.scope.account, key.name), line));
                }
            }
        }
        Ok(update)
    }
}

impl Update {
    /// How many lines more it may have.
    fn room(&self) -> Option<u32> {
        let left = limit::LIVE_TAIL_LINES.saturating_sub(u32::try_from(self.lines.len()).unwrap_or(u32::MAX));
        (left > 0 && self.bytes < limit::LIVE_TAIL_BYTES).then_some(left)
    }
}

fn render(update: Update) -> shape::LiveTailSessionUpdate {
    let line = |(group, found): (String, FoundLine)| shape::LiveTailSessionLogEvent {
        ingestion_time: Some(found.ingested_at.millis()),
        // `<account>:<name>` (unconfirmed: the reference says "the name or ARN").
        log_group_identifier: Some(group),
        message: Some(message(&found.line)),
        timestamp: Some(found.line.at.millis()),
        log_stream_name: Some(found.stream),
    };
    shape::LiveTailSessionUpdate {
        session_metadata: Some(shape::LiveTailSessionMetadata { sampled: Some(update.sampled) }),
        session_results: Some(update.lines.into_iter().map(line).collect()),
    }
}

type Next = Pin<Box<dyn Future<Output = (Option<LiveTail>, Bytes)> + Send>>;

/// A body whose pieces are made when they are asked for.
struct Events {
    first: Option<Bytes>,
    next: Option<Next>,
}

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        let Some(next) = &mut self.next else { return Poll::Ready(None) };
        let Poll::Ready((session, message)) = next.as_mut().poll(context) else { return Poll::Pending };
        self.next = session.map(|session| -> Next { Box::pin(session.next()) });
        Poll::Ready(Some(Ok(Frame::data(message))))
    }
}
