//! Writes what the front door carried into the log groups of its services, one line for each request, each once.
//!
//! The store keeps the cursor together with the lines, and the front door forgets a batch only when it is told that cursor: a crash of the platform loses
//! and doubles nothing. A front door that dies takes along what was not fetched yet: then one line says so in each group. One that drains is asked until
//! it has no more. Lines are JSON, written by hand: every text in them is one of ours but method and path, which are escaped.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use model::access_log::{AccessBatch, AccessLog, AccessRecord};
use model::log_line::{LogCursor, LogLine, LogSource, LogStream};
use model::port::AccessRecords;
use model::service::ServiceId;
use model::time::Timestamp;
use model::trouble::Trouble;

use crate::ports::Ports;

/// Fetches and writes.
pub struct AccessWriter {
    ports: Ports,
    records: Arc<dyn AccessRecords>,
    /// Where it is, for as long as nothing comes: whoever rests asks the disk for nothing.
    at_rest: Option<LogCursor>,
}

/// Whether to go on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// There may be more already.
    Some,
    /// What there was.
    All,
    /// There was nothing.
    Nothing,
}

impl AccessWriter {
    pub fn new(ports: Ports, records: Arc<dyn AccessRecords>) -> Self {
        Self { ports, records, at_rest: None }
    }

    /// Writes down what came since the last time.
    pub async fn step(&mut self) -> Fetched {
        self.round().await.unwrap_or_else(|trouble| {
            tracing::warn!(cause = %trouble.chain(), "requests could not be written down; it will be tried again");
            Fetched::All
        })
    }

    /// Says that the front door has ended and that all it carried is written down: the next one replaces nothing.
    pub async fn finish(&mut self) {
        self.at_rest = None;
        let finished = async {
            let read = self.ports.lines.copied(&LogSource::FrontDoor).await?;
            self.ports.lines.copy(&[], &LogSource::FrontDoor, read, LogCursor::default()).await
        };
        if let Err(trouble) = finished.await {
            tracing::warn!(cause = %trouble.chain(), "the next platform will say that the front door was replaced");
        }
    }

    async fn round(&mut self) -> Result<Fetched, Trouble> {
        let read = match self.at_rest.take() {
            Some(read) => read,
            None => self.ports.lines.copied(&LogSource::FrontDoor).await?,
        };
        let AccessBatch { records, lost, next, is_full } = self.records.fetch(read).await?;
        if next == read || (records.is_empty() && lost.is_empty()) {
            self.at_rest = Some(read);
            return Ok(Fetched::Nothing);
        }
        let now = self.ports.clock.now();
        let mut lines: BTreeMap<ServiceId, Vec<LogLine>> = BTreeMap::new();
        if read.run != 0 && next.run != read.run {
            for service in self.ports.services.kept().await? {
                if service.tags.service_options().is_ok_and(|options| options.access_log != AccessLog::Off) {
                    lines.insert(service.id, vec![LogLine { at: now, bytes: replaced_line(now).into() }]);
                }
            }
        }
        let lost_notes: u64 = lost.iter().map(|(_, count)| count).sum();
        if lost_notes > 0 {
            tracing::info!(name: "access_notes_lost", notes = lost_notes, "notes of requests went before they were fetched");
        }
        for (service, count) in lost {
            lines.entry(service).or_default().push(LogLine { at: now, bytes: lost_line(count, now).into() });
        }
        for record in records {
            let at = Timestamp::from_millis(now.millis() - i64::try_from(record.ago.as_millis()).unwrap_or(0));
            let line = LogLine { at, bytes: line(&record, at).into() };
            lines.entry(record.service).or_default().push(line);
        }
        self.ports.spares.used(lines.keys());
        let mut parts = Vec::with_capacity(lines.len());
        for (service, mut lines) in lines {
            // One that is forgotten has nobody who would read it.
            if let Some(service) = self.ports.services.by_id(&service).await? {
                lines.sort_by_key(|line| line.at);
                parts.push((LogStream::of_requests(&service.value), lines));
            }
        }
        self.ports.lines.copy(&parts, &LogSource::FrontDoor, read, next).await?;
        Ok(if is_full { Fetched::Some } else { Fetched::All })
    }
}

fn line(record: &AccessRecord, at: Timestamp) -> String {
    let mut line = format!("{{\"time\":\"{}\",\"method\":", moment(at));
    quote(&mut line, &record.method);
    line.push_str(",\"path\":");
    quote(&mut line, &record.path);
    let AccessRecord { status, request_bytes, response_bytes, request_id, protocol, client, .. } = record;
    let _ = write!(line, ",\"status\":{status},\"duration_ms\":{}", millis(record.duration));
    let _ = write!(line, ",\"held_ms\":{},\"request_bytes\":{request_bytes}", millis(record.held));
    let _ = write!(line, ",\"response_bytes\":{response_bytes},\"request_id\":\"{request_id}\",\"instance\":");
    match &record.instance {
        Some(instance) => quote(&mut line, &instance.short()),
        None => line.push_str("null"),
    }
    let _ = write!(line, ",\"protocol\":\"{protocol}\",\"client\":\"{client}\"}}");
    line
}

fn lost_line(count: u64, at: Timestamp) -> String {
    format!(
        "{{\"time\":\"{}\",\"lost\":{count},\"message\":\"{count} requests are not written down: the platform was away, or slower than they came.\"}}",
        moment(at)
    )
}

fn replaced_line(at: Timestamp) -> String {
    format!(
        "{{\"time\":\"{}\",\"lost\":null,\"message\":\"The front door was replaced: requests that it had just carried may not be written down.\"}}",
        moment(at)
    )
}

/// `2027-01-15T08:00:00.250Z`.
fn moment(at: Timestamp) -> String {
    let nanos = i128::from(at.millis()) * 1_000_000;
    let Ok(date) = time::OffsetDateTime::from_unix_timestamp_nanos(nanos) else { return at.millis().to_string() };
    let (year, month, day) = date.to_calendar_date();
    let (hour, minute, second, milli) = date.to_hms_milli();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z", u8::from(month))
}

/// With three digits behind the point.
fn millis(span: std::time::Duration) -> String {
    let micros = span.as_micros();
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// A JSON text.
fn quote(line: &mut String, text: &str) {
    line.push('"');
    for letter in text.chars() {
        match letter {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(line, "\\u{:04x}", u32::from(control));
            }
            plain => line.push(plain),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::instance::InstanceName;
    use model::testbed::service_id;

    use super::*;

    fn record() -> AccessRecord {
        AccessRecord {
            service: service_id(1),
            ago: Duration::from_millis(5),
            method: "GET".to_owned(),
            path: "/a\"b\\c\u{1}ü".to_owned(),
            status: 200,
            duration: Duration::from_micros(12_345),
            held: Duration::from_micros(7),
            request_bytes: 3,
            response_bytes: 1_000_000,
            request_id: "00000000-0000-4000-8000-000000000000".to_owned(),
            instance: Some(InstanceName { service: service_id(1), revision: 1, slot: 0 }),
            protocol: "HTTP/2".to_owned(),
            client: "::1".parse().unwrap(),
        }
    }

    #[test]
    fn a_request_is_one_json_object_and_nothing_of_it_breaks_out() {
        let at = Timestamp::from_millis(1_800_000_000_250);
        assert_eq!(
            line(&record(), at),
            "{\"time\":\"2027-01-15T08:00:00.250Z\",\"method\":\"GET\",\"path\":\"/a\\\"b\\\\c\\u0001ü\",\"status\":200,\"duration_ms\":12.345,\
             \"held_ms\":0.007,\"request_bytes\":3,\"response_bytes\":1000000,\"request_id\":\"00000000-0000-4000-8000-000000000000\",\
             \"instance\":\"r1-0\",\"protocol\":\"HTTP/2\",\"client\":\"::1\"}"
        );
        let refused = line(&AccessRecord { instance: None, status: 503, ..record() }, at);
        assert!(refused.contains("\"status\":503") && refused.contains("\"instance\":null"), "{refused}");
        assert!(lost_line(3, at).contains("\"lost\":3,\"message\":\"3 requests are not written down"));
    }
}
