//! Spans of the rooms as spans of traces: which trace each belongs to, and a bounded queue of those that are over.
//! Never waits and never fails: what finds no room is dropped and counted. Nothing is kept unless somebody asked for traces.
//!
//! An operation is carried out by tasks that know nothing of the call that began it: bells carry no data. So whoever begins one says so in an event,
//! within the call's span, and everything that names the operation later belongs to the call's trace. After a restart of the platform the rest of an
//! operation is a trace of its own, whose id is the operation's.
//! Source of truth: W3C Trace Context for ids and `traceparent`; docs/logging.md for names of spans.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use model::port::{Dice, draw};
use tokio::sync::mpsc;

use super::fact::{Facts, Opened};
use crate::clock::SystemDice;
use crate::limit::{OPERATIONS_TRACED, SPANS_QUEUED};

/// Spans that begin a trace where nothing else does; others without a trace are nobody's.
const ROOTS: [&str; 5] = ["api_call", "registry_request", "effect", "instance_start", "image_pull"];
/// A keeper's step goes on for good, and belongs to no operation: what it does may.
const NEVER: &str = "keeper_step";

/// Where a span stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    pub trace: [u8; 16],
    pub span: [u8; 8],
}

/// A span's own place, and its parent's span if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traced {
    pub context: TraceContext,
    pub parent: Option<[u8; 8]>,
}

/// A span that is over.
#[derive(Clone, Debug)]
pub struct Finished {
    pub name: &'static str,
    pub traced: Traced,
    pub began_at: SystemTime,
    pub took: Duration,
    pub facts: Facts,
}

/// Where an operation's trace came from.
#[derive(Clone, Copy, Debug)]
struct Origin {
    trace: [u8; 16],
    parent: Option<[u8; 8]>,
}

#[derive(Default)]
struct Operations {
    origins: HashMap<String, Origin>,
    /// The oldest first.
    order: VecDeque<String>,
}

/// All traces of this platform.
pub struct Traces {
    queue: mpsc::Sender<Finished>,
    operations: Mutex<Operations>,
    /// Spans that were sent and taken.
    pub exported: AtomicU64,
    /// Spans that found no room in the queue.
    pub dropped_full: AtomicU64,
    /// Spans that the collector did not take.
    pub dropped_refused: AtomicU64,
}

impl Traces {
    /// The traces, and the end of the queue that an exporter reads.
    pub fn new() -> (Self, mpsc::Receiver<Finished>) {
        let (queue, finished) = mpsc::channel(SPANS_QUEUED);
        let zero = || AtomicU64::new(0);
        let operations = Mutex::default();
        (Self { queue, operations, exported: zero(), dropped_full: zero(), dropped_refused: zero() }, finished)
    }

    /// Spans that wait for the exporter.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// The place of a new span below `parent`; nothing for one that no trace has.
    pub fn place(&self, name: &str, facts: &Facts, parent: Option<TraceContext>) -> Option<Traced> {
        if name == NEVER {
            return None;
        }
        let own = |trace, parent| Some(Traced { context: TraceContext { trace, span: fresh() }, parent });
        if let Some(parent) = parent {
            return own(parent.trace, Some(parent.span));
        }
        if let Some(operation) = OperationIds::of(facts.text("operation")) {
            return own(self.origin(&operation).trace, Some(operation.span));
        }
        if let Some(above) = traceparent(facts.text("traceparent")) {
            return own(above.trace, Some(above.span));
        }
        if ROOTS.contains(&name) { own(fresh(), None) } else { None }
    }

    /// A span is over.
    pub fn finish(&self, name: &'static str, traced: Traced, opened: &Opened) {
        self.put(Finished { name, traced, began_at: opened.began_at, took: opened.began.elapsed(), facts: opened.facts.clone() });
    }

    fn put(&self, finished: Finished) {
        if self.queue.try_send(finished).is_err() {
            self.dropped_full.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Somebody began an operation, or ended one: then it was a span too.
    pub fn event(&self, name: &str, facts: &Facts, around: Option<TraceContext>) {
        let Some(operation) = OperationIds::of(facts.text("operation")) else { return };
        match name {
            "operation_begun" => {
                let origin =
                    Origin { trace: around.map_or_else(fresh, |around| around.trace), parent: around.map(|around| around.span) };
                self.remember(operation.text, origin);
            }
            "operation_ended" => {
                let Origin { trace, parent } = self.origin(&operation);
                let took = Duration::from_secs_f64(facts.number("seconds").unwrap_or(0.0).clamp(0.0, 1e9));
                let traced = Traced { context: TraceContext { trace, span: operation.span }, parent };
                let began_at = SystemTime::now().checked_sub(took).unwrap_or(SystemTime::UNIX_EPOCH);
                self.put(Finished { name: "operation", traced, began_at, took, facts: facts.clone() });
            }
            // Of no operation.
            _ => {}
        }
    }

    fn remember(&self, operation: String, origin: Origin) {
        let mut operations = self.operations.lock().expect("nothing panics while it holds the origins");
        if operations.order.len() >= OPERATIONS_TRACED
            && let Some(oldest) = operations.order.pop_front()
        {
            operations.origins.remove(&oldest);
        }
        operations.order.push_back(operation.clone());
        operations.origins.insert(operation, origin);
    }

    fn origin(&self, operation: &OperationIds) -> Origin {
        let operations = self.operations.lock().expect("nothing panics while it holds the origins");
        operations.origins.get(&operation.text).copied().unwrap_or(Origin { trace: operation.trace, parent: None })
    }
}

/// What ids an operation's own id gives: the same after every restart.
struct OperationIds {
    text: String,
    trace: [u8; 16],
    span: [u8; 8],
}

impl OperationIds {
    fn of(text: &str) -> Option<Self> {
        let trace: [u8; 16] = bytes(&text.replace('-', ""))?;
        let span = *trace.last_chunk().expect("eight of sixteen");
        Some(Self { text: text.to_owned(), trace, span })
    }
}

/// Where the caller stands in a trace of his. Source: W3C Trace Context, section 3.2.2: what is not understood is as good as nothing.
fn traceparent(text: &str) -> Option<TraceContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    // A later version may say more, and version 0 may not; 255 is none.
    let known = version.len() == 2 && version != "ff" && flags.len() == 2 && (version != "00" || parts.next().is_none());
    let context = TraceContext { trace: bytes(trace)?, span: bytes(span)? };
    (known && context.trace != [0; 16] && context.span != [0; 8]).then_some(context)
}

/// Bytes written as so many lower-case hexadecimal digits.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let plain = text.len() == 2 * N && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    plain.then(|| std::array::from_fn(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).expect("hexadecimal digits")))
}

fn fresh<const N: usize>() -> [u8; N] {
    let dice: &dyn Dice = &SystemDice;
    draw(dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATION: &str = "0af76519-16cd-43dd-8448-eb211c80319c";

    fn facts(fields: &[(&'static str, &str)]) -> Facts {
        let mut facts = Facts::default();
        fields.iter().for_each(|(name, value)| facts.set(name, (*value).into()));
        facts
    }

    #[test]
    fn a_callers_trace_goes_on_in_the_operation_that_his_call_began() {
        let (traces, mut finished) = Traces::new();
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let call = traces.place("api_call", &facts(&[("traceparent", parent)]), None).expect("a root");
        assert_eq!((call.context.trace[0], call.parent.map(|span| span[7])), (0x4b, Some(0xb7)));
        traces.event("operation_begun", &facts(&[("operation", OPERATION)]), Some(call.context));
        let effect = traces.place("effect", &facts(&[("operation", OPERATION)]), None).expect("of an operation");
        let inside = traces.place("ledger_write", &facts(&[]), Some(effect.context)).expect("below it");
        assert_eq!((effect.context.trace, inside.context.trace), (call.context.trace, call.context.trace));
        assert_eq!(inside.parent, Some(effect.context.span));
        traces.event("operation_ended", &facts(&[("operation", OPERATION)]), None);
        let operation = finished.try_recv().expect("it is a span").traced;
        assert_eq!((operation.context.span, operation.parent), (effect.parent.expect("the operation"), Some(call.context.span)));
    }

    #[test]
    fn after_a_restart_an_operation_is_a_trace_by_its_own_id_and_a_keepers_step_is_none() {
        let (traces, _finished) = Traces::new();
        let effect = traces.place("effect", &facts(&[("operation", OPERATION)]), None).expect("of an operation");
        assert_eq!(effect.context.trace, bytes("0af7651916cd43dd8448eb211c80319c").expect("digits"));
        assert!(traces.place("keeper_step", &facts(&[]), None).is_none());
        assert!(traces.place("ledger_write", &facts(&[]), None).is_none(), "nobody's");
    }

    #[test]
    fn what_is_no_traceparent_begins_a_trace_of_our_own() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert!(traceparent(good).is_some() && traceparent(&format!("cc{}-more", &good[2..])).is_some());
        for bad in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        ] {
            assert_eq!(traceparent(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_full_queue_drops_and_counts_and_old_operations_are_forgotten() {
        let (traces, _finished) = Traces::new();
        let traced = traces.place("api_call", &facts(&[]), None).expect("a root");
        for _ in 0..SPANS_QUEUED + 3 {
            traces.finish("api_call", traced, &Opened::now(Facts::default()));
        }
        assert_eq!((traces.waiting(), traces.dropped_full.load(Ordering::Relaxed)), (SPANS_QUEUED, 3));
        for n in 0..OPERATIONS_TRACED + 5 {
            traces.event("operation_begun", &facts(&[("operation", &format!("{n:08x}-16cd-43dd-8448-eb211c80319c"))]), None);
        }
        assert_eq!(traces.operations.lock().expect("whole").origins.len(), OPERATIONS_TRACED);
    }
}
