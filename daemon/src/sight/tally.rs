//! Counts what the rooms' spans and events say: how often, how long, with what end. One stopwatch for all rooms, which have no clock.
//! Never grows without end: a family has so many series, and what comes after them is counted as `other`.
//! Source of truth: docs/metrics.md for names, docs/logging.md for the spans and events that are read here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use model::time::Timestamp;
use tracing::Level;

use super::fact::Facts;
use crate::limit::SERIES_PER_FAMILY;
use crate::metrics::family as f;
use crate::metrics::family::Family;

/// Upper ends of the ranges in which times are counted, in seconds; one more has no end.
pub const BOUNDS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];

/// Label values, in the order of their family's labels.
pub type Labels = Vec<String>;

/// A series' value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Times { counts: [u64; BOUNDS.len() + 1], sum_seconds: f64 },
}

/// Everything counted so far.
#[derive(Default)]
pub struct Tally {
    families: Mutex<HashMap<&'static str, BTreeMap<Labels, Value>>>,
    open: Mutex<BTreeMap<&'static str, u64>>,
}

impl Tally {
    fn with(&self, family: &'static Family, labels: &[&str], new: impl FnOnce() -> Value, change: impl FnOnce(&mut Value)) {
        debug_assert_eq!(family.labels.len(), labels.len(), "{}", family.name);
        let mut families = self.families.lock().expect("nothing panics while it counts");
        let series = families.entry(family.name).or_default();
        let mut labels: Labels = labels.iter().map(|label| (*label).to_owned()).collect();
        if series.len() >= SERIES_PER_FAMILY && !series.contains_key(&labels) {
            labels = vec!["other".to_owned(); labels.len()];
        }
        change(series.entry(labels).or_insert_with(new));
    }

    /// So many more.
    pub fn count(&self, family: &'static Family, labels: &[&str], more: f64) {
        self.with(
            family,
            labels,
            || Value::Number(0.0),
            |value| {
                if let Value::Number(number) = value {
                    *number += more;
                }
            },
        );
    }

    /// A time.
    pub fn time(&self, family: &'static Family, labels: &[&str], seconds: f64) {
        let nothing = || Value::Times { counts: [0; BOUNDS.len() + 1], sum_seconds: 0.0 };
        self.with(family, labels, nothing, |value| {
            if let Value::Times { counts, sum_seconds } = value {
                let range = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
                counts[range] += 1;
                *sum_seconds += seconds;
            }
        });
    }

    /// A family's series.
    pub fn series(&self, family: &Family) -> Vec<(Labels, Value)> {
        let families = self.families.lock().expect("nothing panics while it counts");
        families.get(family.name).into_iter().flatten().map(|(labels, value)| (labels.clone(), value.clone())).collect()
    }

    /// How many spans of a name are open.
    pub fn open(&self, span: &str) -> u64 {
        self.open.lock().expect("nothing panics while it counts").get(span).copied().unwrap_or(0)
    }

    /// A span has begun.
    pub fn begun(&self, span: &'static str) {
        *self.open.lock().expect("nothing panics while it counts").entry(span).or_default() += 1;
    }

    /// A span is over.
    pub fn over(&self, span: &'static str, facts: &Facts, took: Duration, now: Timestamp) {
        if let Some(open) = self.open.lock().expect("nothing panics while it counts").get_mut(span) {
            *open = open.saturating_sub(1);
        }
        let (seconds, has_failed) = (took.as_secs_f64(), facts.get("cause").is_some());
        let outcome = if has_failed { "failed" } else { "done" };
        let ahead = if facts.get("ahead").is_some_and(|ahead| ahead == true) { "true" } else { "false" };
        match span {
            "api_call" => {
                self.time(&f::API_CALL_SECONDS, &[facts.text("call")], seconds);
                self.count(&f::API_CALLS, &[facts.text("call"), facts.text("fault")], 1.0);
            }
            "keeper_step" => {
                self.time(&f::KEEPER_STEP_SECONDS, &[], seconds);
                self.count(&f::KEEPER_FAILURES, &[], f64::from(u8::from(has_failed)));
            }
            "effect" => self.time(&f::EFFECT_SECONDS, &[facts.text("effect"), outcome], seconds),
            "commit" => self.time(&f::COMMIT_SECONDS, &[facts.text("point"), outcome], seconds),
            "ledger_wait" => self.time(&f::DATABASE_WAIT_SECONDS, &[facts.text("database")], seconds),
            "ledger_write" => self.time(&f::DATABASE_WRITE_SECONDS, &[facts.text("database"), outcome], seconds),
            "instance_start" => {
                self.time(&f::INSTANCE_START_SECONDS, &[ahead], seconds);
                let cause = if has_failed { facts.text("cause") } else { "none" };
                self.count(&f::INSTANCE_STARTS, &[ahead, cause], 1.0);
            }
            "start_phase" => self.time(&f::INSTANCE_START_PHASE_SECONDS, &[facts.text("phase")], seconds),
            "layer_unpack" => self.time(&f::LAYER_UNPACK_SECONDS, &[], seconds),
            "image_pull" => self.time(&f::IMAGE_PULL_SECONDS, &[], seconds),
            "registry_request" => {
                let status = facts.number("status").map_or(0, |status| status as u64 / 100);
                self.time(&f::REGISTRY_SECONDS, &[facts.text("part"), facts.text("verb")], seconds);
                self.count(&f::REGISTRY_REQUESTS, &[facts.text("part"), facts.text("verb"), &format!("{status}xx")], 1.0);
            }
            "log_batch" => {
                self.count(&f::LOG_LINES, &[], facts.number("lines").unwrap_or(0.0));
                self.count(&f::LOG_BYTES, &[], facts.number("bytes").unwrap_or(0.0));
                if let Some(newest) = facts.number("newest_ms") {
                    self.time(&f::LOG_LAG_SECONDS, &[], (now.millis() as f64 - newest).max(0.0) / 1000.0);
                }
            }
            // A span that only lends its fields to lines and traces.
            _ => {}
        }
    }

    /// An event.
    pub fn event(&self, name: &str, room: &str, level: Level, facts: &Facts) {
        if level <= Level::WARN {
            let level = if level == Level::ERROR { "error" } else { "warn" };
            self.count(&f::LOG_EVENTS, &[room, level], 1.0);
        }
        let number = |name| facts.number(name).unwrap_or(0.0);
        match name {
            "operation_begun" => self.count(&f::OPERATIONS_BEGUN, &[&facts.text("kind").to_lowercase()], 1.0),
            "operation_ended" => {
                let kind = facts.text("kind").to_lowercase();
                self.time(&f::OPERATION_SECONDS, &[&kind, facts.text("outcome")], number("seconds"));
            }
            "instance_ready" => self.time(&f::INSTANCE_READY_SECONDS, &[], number("seconds")),
            "instance_ended" => {
                let asked = if facts.get("asked").is_some_and(|asked| asked == true) { "true" } else { "false" };
                self.count(&f::INSTANCE_ENDS, &[facts.text("cause"), asked], 1.0);
            }
            "access_notes_lost" => self.count(&f::ACCESS_NOTES_LOST, &[], number("notes")),
            "store_swept" => {
                for kind in ["uploads", "blobs", "services", "log_segments"] {
                    self.count(&f::SWEPT, &[kind], number(kind));
                }
            }
            // A line and no figure.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_so_many_series_and_what_comes_after_them_is_other() {
        let tally = Tally::default();
        for n in 0..SERIES_PER_FAMILY + 10 {
            tally.count(&f::API_CALLS, &[&format!("call {n}"), ""], 1.0);
        }
        let series = tally.series(&f::API_CALLS);
        assert_eq!(series.len(), SERIES_PER_FAMILY + 1);
        let other = vec!["other".to_owned(), "other".to_owned()];
        assert_eq!(series.iter().find(|(labels, _)| *labels == other).map(|(_, value)| value), Some(&Value::Number(10.0)));
    }

    #[test]
    fn a_span_is_open_until_it_is_over_and_its_failure_is_counted() {
        let tally = Tally::default();
        tally.begun("keeper_step");
        assert_eq!(tally.open("keeper_step"), 1);
        let mut facts = Facts::default();
        facts.set("cause", "the disk is full".into());
        tally.over("keeper_step", &facts, Duration::from_millis(3), Timestamp::from_millis(0));
        assert_eq!(tally.open("keeper_step"), 0);
        assert_eq!(tally.series(&f::KEEPER_FAILURES), [(Vec::new(), Value::Number(1.0))]);
        let Some((_, Value::Times { counts, .. })) = tally.series(&f::KEEPER_STEP_SECONDS).pop() else { panic!("it was timed") };
        assert_eq!((counts[2], counts.iter().sum::<u64>()), (1, 1));
    }
}
