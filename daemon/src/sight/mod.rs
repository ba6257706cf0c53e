//! Seeing ourselves: what the rooms say in spans and events becomes log lines, figures and traces here, and nowhere else.
//!
//! A room opens a span around what it does and says what happened in events; it knows no clock, no metric and no collector. Never decides anything,
//! and never fails whoever speaks. Source of truth: docs/logging.md, docs/metrics.md.

mod fact;
mod lines;
pub mod otlp;
pub mod tally;
mod trace;

use std::sync::Arc;

use model::port::Clock;
use tokio::sync::mpsc;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, FilterFn, LevelFilter};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::clock::SystemClock;
use fact::{Facts, Opened};
use lines::{KeptLines, Lines, Wanted};
use tally::Tally;
use trace::{Finished, TraceContext, Traced};

pub use lines::LogFormat;
pub use trace::Traces;

/// What filters log lines: an `EnvFilter` in words, `info` unless it says otherwise.
pub const FILTER: &str = "OUTRUNNER_LOG";
/// How they are written, for the front door, which has no flags.
pub const FORMAT: &str = "OUTRUNNER_LOG_FORMAT";
/// What every program with traces of its own understands. Source: OpenTelemetry, "OTLP exporter configuration".
pub const COLLECTOR: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// Whose spans and events are ours.
const ROOMS: [&str; 9] = ["api", "control", "daemon", "edge", "engine", "outrunner", "outside", "registry", "store"];

/// What a platform sees of itself.
#[derive(Clone, Default)]
pub struct Sight {
    pub tally: Arc<Tally>,
    /// Only where somebody asked for them.
    pub traces: Option<Arc<Traces>>,
    pub kept: Arc<KeptLines>,
}

/// The collector that the environment names for every program, if it does.
pub fn collector_of_environment() -> Option<String> {
    std::env::var(COLLECTOR).ok().filter(|address| !address.is_empty())
}

/// The format that the environment asks for.
pub fn format_of_environment() -> LogFormat {
    std::env::var(FORMAT).ok().and_then(|text| LogFormat::parse(&text)).unwrap_or_default()
}

/// What is seen, and the spans to export.
pub type Seeing = (Sight, Option<mpsc::Receiver<Finished>>);

/// Whether spans are kept for a collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracing {
    On,
    Off,
}

/// From here on everything that the rooms say is counted and written down. Called once. Answers the spans to export, if traces are on.
pub fn open(format: LogFormat, tracing: Tracing) -> Seeing {
    let (traces, finished) = match tracing {
        Tracing::On => {
            let (traces, finished) = Traces::new();
            (Some(Arc::new(traces)), Some(finished))
        }
        Tracing::Off => (None, None),
    };
    let sight = Sight { tally: Arc::default(), traces, kept: Arc::default() };
    let ours = FilterFn::new(is_ours).with_max_level_hint(LevelFilter::INFO);
    tracing_subscriber::registry()
        .with(Spans { sight: sight.clone() }.with_filter(ours))
        .with(Lines::new(format, Arc::clone(&sight.kept)).with_filter(Wanted(filter())))
        .init();
    (sight, finished)
}

/// Log lines alone, for a process that counts by itself.
pub fn open_lines(format: LogFormat) {
    tracing_subscriber::registry().with(Lines::new(format, Arc::default()).with_filter(filter())).init();
}

fn filter() -> EnvFilter {
    let filter = EnvFilter::try_from_env(FILTER).unwrap_or_else(|_| EnvFilter::new("info"));
    // At TRACE the signature crate prints what a right signature would be: never, whatever the filter says.
    filter.add_directive("scratchstack_aws_signature=info".parse().expect("a directive"))
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO && ROOMS.contains(&room(metadata))
}

fn room(metadata: &Metadata<'_>) -> &'static str {
    let target = metadata.target().split("::").next().unwrap_or_default();
    ROOMS.into_iter().find(|room| *room == target).unwrap_or("other")
}

/// Counts spans and events, and places them in traces.
struct Spans {
    sight: Sight,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut facts = Facts::default();
        attributes.record(&mut facts);
        self.sight.tally.begun(span.name());
        let traced = self.sight.traces.as_ref().and_then(|traces| {
            let above = span.scope().skip(1).find_map(|above| above.extensions().get::<Traced>().map(|traced| traced.context));
            traces.place(span.name(), &facts, above)
        });
        let mut extensions = span.extensions_mut();
        extensions.insert(Opened::now(facts));
        if let Some(traced) = traced {
            extensions.insert(traced);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(opened) = span.extensions_mut().get_mut::<Opened>()
        {
            values.record(&mut opened.facts);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        // Most events are lines and nothing else: they have the name that their place in the source gives them.
        if *metadata.level() > Level::WARN && metadata.name().starts_with("event ") {
            return;
        }
        let mut facts = Facts::default();
        event.record(&mut facts);
        self.sight.tally.event(metadata.name(), room(metadata), *metadata.level(), &facts);
        if let Some(traces) = &self.sight.traces {
            let around = context.event_scope(event).and_then(|mut scope| scope.find_map(|span| context_of(&span.extensions())));
            traces.event(metadata.name(), &facts, around);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let extensions = span.extensions();
        let Some(opened) = extensions.get::<Opened>() else { return };
        self.sight.tally.over(span.name(), &opened.facts, opened.began.elapsed(), SystemClock.now());
        if let (Some(traces), Some(traced)) = (&self.sight.traces, extensions.get::<Traced>()) {
            traces.finish(span.name(), *traced, opened);
        }
    }
}

fn context_of(extensions: &tracing_subscriber::registry::Extensions<'_>) -> Option<TraceContext> {
    extensions.get::<Traced>().map(|traced| traced.context)
}
