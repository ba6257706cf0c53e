//! The platform's half of the access log: asks the front door for the notes that follow a cursor.
//! Never formats a line. Source of truth: `model::port::AccessRecords`.

use std::time::Duration;

use model::access_log::{AccessBatch, AccessRecord};
use model::log_line::LogCursor;
use model::port::{AccessRecords, Answer};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::document::{Access, Carried, Protocol};
use crate::front_door::FrontDoor;
use crate::link::Carrying;

impl AccessRecords for FrontDoor {
    fn fetch(&self, have: LogCursor) -> Answer<'_, AccessBatch> {
        Box::pin(async move {
            let nothing = AccessBatch { next: have, ..AccessBatch::default() };
            let (answer, answered) = oneshot::channel();
            {
                let mut outbox = self.link.outbox();
                match outbox.carrying {
                    Carrying::Living => outbox.access = Some((have, answer)),
                    Carrying::Nobody | Carrying::LetGo => return Ok(nothing),
                }
            }
            self.link.changed.notify_one();
            // A conversation that ended says no more: the next one is asked from the same cursor.
            Ok(answered.await.unwrap_or(nothing))
        })
    }
}

/// What the front door said, in our nouns.
pub fn batch(access: Access) -> AccessBatch {
    let Access { run, number, now_us, carried, lost, is_full } = access;
    let records = carried.into_iter().map(|carried| record(carried, now_us)).collect();
    AccessBatch { records, lost, next: LogCursor { run, segment: 0, offset: number }, is_full }
}

fn record(carried: Carried, now_us: u64) -> AccessRecord {
    let Carried {
        service,
        began_us,
        duration_us,
        held_us,
        method,
        path,
        status,
        request_bytes,
        response_bytes,
        request_id,
        instance,
        protocol,
        client,
    } = carried;
    AccessRecord {
        service,
        ago: Duration::from_micros(now_us.saturating_sub(began_us)),
        method,
        path,
        status,
        duration: Duration::from_micros(duration_us),
        held: Duration::from_micros(held_us),
        request_bytes,
        response_bytes,
        request_id: Uuid::from_bytes(request_id).hyphenated().to_string(),
        instance,
        protocol: match protocol {
            Protocol::Http1 => "HTTP/1.1",
            Protocol::Http2 => "HTTP/2",
        }
        .to_owned(),
        client,
    }
}
