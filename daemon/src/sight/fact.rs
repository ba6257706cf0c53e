//! What a span or an event says of itself: fields by name, as text or number, and when a span began.
//! Never keeps more of a text than a log line should have. Source of truth: docs/logging.md for the names.

use std::fmt::{Debug, Write};
use std::time::{Instant, SystemTime};

use serde_json::Value;
use tracing::field::{Field, Visit};

use crate::limit::FACT_BYTES;

/// Fields in the order in which they came. A field that comes again replaces the first.
#[derive(Clone, Debug, Default)]
pub struct Facts(Vec<(&'static str, Value)>);

impl Facts {
    fn put(&mut self, field: &Field, value: Value) {
        self.set(field.name(), value);
    }

    /// One field.
    pub fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// A field that is not there yet.
    pub fn add(&mut self, name: &'static str, value: &Value) {
        if !self.0.iter().any(|(known, _)| *known == name) {
            self.0.push((name, value.clone()));
        }
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// A field's text, or nothing where it has none.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(Value::as_f64)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl Visit for Facts {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put(field, u64::try_from(value).unwrap_or(u64::MAX).into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, shortened(value).into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        // Writing to a string fails only if the value does, and then what came of it is as good.
        let _ = write!(text, "{value:?}");
        self.put(field, shortened(&text).into());
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().find(|(at, _)| *at >= FACT_BYTES) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A span's own, kept with it while it is open.
pub struct Opened {
    pub began: Instant,
    pub began_at: SystemTime,
    pub facts: Facts,
}

impl Opened {
    pub fn now(facts: Facts) -> Self {
        Self { began: Instant::now(), began_at: SystemTime::now(), facts }
    }
}
