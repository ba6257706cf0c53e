//! What a load came to: how many answers of which version, how long they took in which phase, and of each failure everything that the client saw.
//! Never judges: whether a failure may be is for the test that knows what it did at that time. Source of truth: the JSON that `report` makes.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

/// Failures that are told in full; of the rest there is a number.
const FAILURES_TOLD: usize = 5_000;
/// Of an answer that is not as it should be, so much is told.
const BODY_TOLD: usize = 200;

/// What a client saw of one request, as far as it came.
#[derive(Debug, Default)]
pub struct Sight {
    /// The connection, and which request on it.
    pub connection: String,
    pub status: Option<u16>,
    /// What the answer said of itself.
    pub request_id: Option<String>,
    pub instance: Option<String>,
    pub version: Option<String>,
    /// Bytes of the answer's body.
    pub bytes: u64,
    /// Their beginning, if it was not what was asked for.
    pub body: String,
    /// When the connection was there, its handshake not yet over.
    pub opened: Option<SystemTime>,
    /// When the request was given to a connection.
    pub given: Option<SystemTime>,
    /// How often a connection handed it back untouched.
    pub handed_back: u32,
}

impl Sight {
    pub fn read_head(&mut self, head: &http::response::Parts) {
        let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        self.status = Some(head.status.as_u16());
        self.request_id = text("x-request-id");
        self.instance = text("x-instance");
        self.version = text("x-version");
    }

    pub fn keep_beginning(&mut self, body: &[u8]) {
        self.body = String::from_utf8_lossy(&body[..body.len().min(BODY_TOLD)]).into_owned();
    }
}

/// One request that was begun.
pub struct Outcome {
    pub way: &'static str,
    pub path: String,
    pub phase: usize,
    /// When it should have been sent, and was over.
    pub intended: SystemTime,
    pub ended: SystemTime,
    pub took: Duration,
    pub sight: Sight,
    /// Why it failed.
    pub failed: Option<String>,
}

#[derive(Default)]
struct Latencies(Vec<u32>);

impl Latencies {
    fn report(&mut self) -> Value {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let at = |share: f64| self.0.get((last as f64 * share) as usize).copied().unwrap_or(0);
        json!({"ok": self.0.len(), "p50_us": at(0.5), "p99_us": at(0.99), "max_us": at(1.0)})
    }
}

/// Everything, from the first request to the last.
#[derive(Default)]
pub struct Tally {
    /// By way and phase.
    latencies: BTreeMap<(&'static str, usize), Latencies>,
    versions: BTreeMap<String, u64>,
    failures: Vec<Value>,
    failed: BTreeMap<&'static str, u64>,
    /// Requests that went to another connection before a byte of them was written.
    handed_back: u64,
}

impl Tally {
    pub fn note(&mut self, outcome: Outcome) {
        let Outcome { way, path, phase, intended, ended, took, sight, failed } = outcome;
        self.handed_back += u64::from(sight.handed_back);
        let Some(why) = failed else {
            let took_us = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
            self.latencies.entry((way, phase)).or_default().0.push(took_us);
            *self.versions.entry(sight.version.unwrap_or_default()).or_default() += 1;
            return;
        };
        *self.failed.entry(way).or_default() += 1;
        if self.failures.len() < FAILURES_TOLD {
            self.failures.push(json!({
                "way": way,
                "path": path,
                "why": why,
                "intended": seconds(intended),
                "opened": sight.opened.map(seconds),
                "given": sight.given.map(seconds),
                "ended": seconds(ended),
                "connection": sight.connection,
                "handed_back": sight.handed_back,
                "status": sight.status,
                "request_id": sight.request_id,
                "instance": sight.instance,
                "version": sight.version,
                "bytes": sight.bytes,
                "body": sight.body,
            }));
        }
    }

    /// By way: `ok`, `failed`, percentiles over all phases, and `phases`; beside the ways `versions`, `failures` and `handed_back`.
    pub fn report(mut self, ways: &[&'static str], phases: &[String], took: Duration) -> Value {
        let mut answer = serde_json::Map::new();
        for way in ways {
            let mut all = Latencies::default();
            let mut by_phase = serde_json::Map::new();
            for (number, phase) in phases.iter().enumerate() {
                if let Some(mut one) = self.latencies.remove(&(*way, number)) {
                    by_phase.insert(phase.clone(), one.report());
                    all.0.append(&mut one.0);
                }
            }
            let mut report = all.report();
            let of_it = self.failures.iter().filter(|failure| failure["way"] == *way);
            let words: Vec<String> = of_it.take(10).map(|failure| format!("{}: {}", failure["path"], failure["why"])).collect();
            report["failed"] = json!(self.failed.get(way).copied().unwrap_or(0));
            report["failures"] = json!(words);
            report["phases"] = Value::Object(by_phase);
            answer.insert((*way).to_owned(), report);
        }
        answer.insert("versions".to_owned(), json!(self.versions));
        answer.insert("failures".to_owned(), json!(self.failures));
        answer.insert("handed_back".to_owned(), json!(self.handed_back));
        answer.insert("took_ms".to_owned(), json!(took.as_millis() as u64));
        Value::Object(answer)
    }
}

/// Of the calendar, so that a test can compare it with what it did.
fn seconds(at: SystemTime) -> f64 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
