//! OTLP: finished spans as protobuf, sent to a collector.
//! Never holds up anything: it reads the queue that others fill without waiting, and gives up what a collector does not take.
//! Source of truth: opentelemetry-proto 1.x, `trace/v1/trace.proto` for numbers and types; the OTLP specification for what to try again.
//!
//! The few messages are written down here, not taken from a crate of generated ones: those bring a gRPC stack along.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use outside::{Collector, Taken};
use prost::Message;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};

use super::trace::{Finished, Traces};
use crate::limit::{SPAN_BATCH, SPAN_BATCH_WAIT, SPAN_TRIES, SPAN_TRY_PAUSE, SPAN_TRY_PAUSE_MAX};
use crate::run_file::RunFile;

#[derive(Clone, PartialEq, Message)]
struct ExportRequest {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, optional, tag = "1")]
    scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Clone, PartialEq, Message)]
struct Scope {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    version: String,
}

#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(fixed64, tag = "7")]
    start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    end_time_unix_nano: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(string, tag = "2")]
    message: String,
    #[prost(int32, tag = "3")]
    code: i32,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "Any", tags = "1, 2, 3, 4")]
    value: Option<Any>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum Any {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(bool, tag = "2")]
    Truth(bool),
    #[prost(int64, tag = "3")]
    Whole(i64),
    #[prost(double, tag = "4")]
    Number(f64),
}

#[derive(Clone, PartialEq, Message)]
struct ExportResponse {
    #[prost(message, optional, tag = "1")]
    partial_success: Option<PartialSuccess>,
}

#[derive(Clone, PartialEq, Message)]
struct PartialSuccess {
    #[prost(int64, tag = "1")]
    rejected_spans: i64,
}

/// `SPAN_KIND_INTERNAL` and `SPAN_KIND_SERVER`.
const INTERNAL: i32 = 1;
const SERVER: i32 = 2;
/// `STATUS_CODE_ERROR`; 0 is "unset", which means well.
const ERROR: i32 = 2;

/// Sends what is over until the future is dropped.
pub async fn export(mut finished: mpsc::Receiver<Finished>, collector: Collector, traces: Arc<Traces>, run: RunFile) {
    while let Some(first) = finished.recv().await {
        let mut batch = vec![first];
        let until = Instant::now() + SPAN_BATCH_WAIT;
        while batch.len() < SPAN_BATCH
            && let Ok(Some(next)) = timeout_at(until, finished.recv()).await
        {
            batch.push(next);
        }
        let count = batch.len() as u64;
        let refused = send(&collector, &encode(&batch, &run), count).await;
        traces.dropped_refused.fetch_add(refused, Ordering::Relaxed);
        traces.exported.fetch_add(count - refused, Ordering::Relaxed);
    }
}

/// Sends a batch, again if that is worthwhile; answers how many of its spans were not taken.
async fn send(collector: &Collector, body: &[u8], count: u64) -> u64 {
    let mut pause = SPAN_TRY_PAUSE;
    for attempt in 1..=SPAN_TRIES {
        match collector.post(body).await {
            Taken::Yes(answer) => {
                // A body that is no answer of OTLP says nothing of spans that were not taken.
                let partial = ExportResponse::decode(answer).ok().and_then(|answer| answer.partial_success);
                return partial.map_or(0, |partial| u64::try_from(partial.rejected_spans).unwrap_or(0).min(count));
            }
            Taken::Never(words) => {
                tracing::debug!(cause = words, spans = count, "a collector refuses spans");
                return count;
            }
            Taken::Later { words, wait } => {
                tracing::debug!(cause = words, spans = count, attempt, "a collector did not take spans");
                if attempt < SPAN_TRIES {
                    sleep(wait.unwrap_or(pause).min(SPAN_TRY_PAUSE_MAX)).await;
                    pause = (pause * 2).min(SPAN_TRY_PAUSE_MAX);
                }
            }
        }
    }
    count
}

fn encode(batch: &[Finished], run: &RunFile) -> Vec<u8> {
    let text = |key: &str, value: String| KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(Any::Text(value)) }) };
    let resource = Resource {
        attributes: vec![
            text("service.name", "outrunner".to_owned()),
            text("service.version", env!("CARGO_PKG_VERSION").to_owned()),
            text("service.instance.id", format!("{}/{}", run.domain, run.started)),
            text("cloud.region", run.region.clone()),
        ],
    };
    let scope = Scope { name: "outrunner".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    let scope_spans = vec![ScopeSpans { scope: Some(scope), spans: batch.iter().map(span).collect() }];
    ExportRequest { resource_spans: vec![ResourceSpans { resource: Some(resource), scope_spans }] }.encode_to_vec()
}

fn span(finished: &Finished) -> Span {
    let Finished { name, traced, began_at, took, facts } = finished;
    let name = match *name {
        "api_call" => facts.text("call").to_owned(),
        "effect" => format!("effect {}", facts.text("effect")),
        "start_phase" => format!("start {}", facts.text("phase")),
        "operation" => format!("operation {}", facts.text("kind").to_lowercase()),
        name => name.to_owned(),
    };
    let is_call = matches!(finished.name, "api_call" | "registry_request");
    // A refused call is the caller's matter; ours are the 500s.
    let has_failed = if is_call {
        facts.number("status").is_some_and(|status| status >= 500.0)
    } else {
        facts.get("cause").is_some_and(|cause| !cause.is_null())
    };
    Span {
        trace_id: traced.context.trace.to_vec(),
        span_id: traced.context.span.to_vec(),
        parent_span_id: traced.parent.map_or_else(Vec::new, |parent| parent.to_vec()),
        name,
        kind: if is_call { SERVER } else { INTERNAL },
        start_time_unix_nano: nanos(*began_at),
        end_time_unix_nano: nanos(*began_at).saturating_add(whole_nanos(*took)),
        attributes: facts.iter().filter(|(name, _)| *name != "message").map(attribute).collect(),
        status: has_failed.then(|| Status { message: facts.text("cause").to_owned(), code: ERROR }),
    }
}

fn attribute((key, value): (&str, &Value)) -> KeyValue {
    let value = match value {
        Value::String(text) => Any::Text(text.clone()),
        Value::Bool(truth) => Any::Truth(*truth),
        Value::Number(number) => number.as_i64().map_or_else(|| Any::Number(number.as_f64().unwrap_or(0.0)), Any::Whole),
        Value::Null | Value::Array(_) | Value::Object(_) => Any::Text(value.to_string()),
    };
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }) }
}

fn nanos(at: SystemTime) -> u64 {
    whole_nanos(at.duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn whole_nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
