//! One row on its way through a query: a line of a log with what was computed from it, or what is left of some lines.
//!
//! A line is looked into as late as possible: as JSON only when somebody asks for a field of it. Never copies a line. Source: Amazon CloudWatch Logs User
//! Guide, "Supported logs and discovered fields".

use super::{discovered::discover, expression::Slot, value::Value};
use std::{borrow::Cow, cell::OnceCell, cmp::Ordering};

/// A line of a log.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub bytes: &'a [u8],
    /// Milliseconds since the epoch, as the next.
    pub at: i64,
    pub ingested_at: i64,
    pub stream: &'a str,
    /// `<account>:<group>`.
    pub log: &'a str,
    /// Where it is found again.
    pub place: Place,
}

/// Where a line is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which of the query's groups.
    pub group: usize,
    pub position: u64,
}

/// Where a name's values come from, if nothing was computed under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Message,
    Timestamp,
    IngestionTime,
    Stream,
    Log,
    /// A field of JSON, by its place in the list of those that the query asks for.
    Discovered(usize),
    /// A name with an `@` that is none of ours, or one that only a command of the query gives.
    Nowhere,
}

/// What a query calls its fields.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: Vec<String>,
    origins: Vec<Origin>,
    /// Fields of JSON that are asked for.
    pub discovered: Vec<String>,
}

impl Names {
    /// The place of a name, which is new or not.
    pub fn slot(&mut self, name: &str) -> Slot {
        if let Some(slot) = self.names.iter().position(|known| known == name) {
            return slot;
        }
        let origin = match name {
            "@message" => Origin::Message,
            "@timestamp" => Origin::Timestamp,
            "@ingestionTime" => Origin::IngestionTime,
            "@logStream" => Origin::Stream,
            "@log" => Origin::Log,
            other if other.starts_with('@') => Origin::Nowhere,
            _ => Origin::Discovered(self.discovered.len()),
        };
        self.names.push(name.to_owned());
        self.origins.push(origin);
        if let Origin::Discovered(_) = origin {
            self.discovered.push(name.to_owned());
        }
        self.names.len() - 1
    }

    pub fn name(&self, slot: Slot) -> &str {
        &self.names[slot]
    }

    /// How many names there are.
    pub fn count(&self) -> usize {
        self.names.len()
    }
}

/// What rows are sorted by, the first first.
pub type Ranks = Vec<(Value<'static>, Direction)>;

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Which of two rows comes first.
pub fn ranked(left: &Ranks, right: &Ranks) -> Ordering {
    let orders = left.iter().zip(right).map(|((left, direction), (right, _))| match direction {
        Direction::Ascending => left.order(right),
        Direction::Descending => right.order(left),
    });
    orders.fold(Ordering::Equal, Ordering::then)
}

/// A row.
#[derive(Debug)]
pub struct Row<'a> {
    names: &'a Names,
    line: Option<&'a Line<'a>>,
    pub place: Option<Place>,
    /// What was computed, by slot; shorter where nothing was.
    cells: Vec<Option<Value<'static>>>,
    pub ranks: Ranks,
    message: OnceCell<Cow<'a, str>>,
    discovered: OnceCell<Vec<Value<'a>>>,
}

impl<'a> Row<'a> {
    /// The row of a line.
    pub fn of_line(names: &'a Names, line: &'a Line<'a>) -> Self {
        Self { line: Some(line), place: Some(line.place), ..Self::of_cells(names, Vec::new()) }
    }

    /// A row of values by slot.
    pub fn of_cells(names: &'a Names, cells: Vec<Option<Value<'static>>>) -> Self {
        Self { names, line: None, place: None, cells, ranks: Vec::new(), message: OnceCell::new(), discovered: OnceCell::new() }
    }

    /// When its line was written.
    pub fn at(&self) -> Option<i64> {
        self.line.map(|line| line.at)
    }

    /// The value of a field.
    pub fn value(&self, slot: Slot) -> Value<'_> {
        if let Some(Some(value)) = self.cells.get(slot) {
            return value.borrowed();
        }
        let Some(line) = self.line else { return Value::Missing };
        match self.names.origins[slot] {
            Origin::Message => Value::Text(Cow::Borrowed(self.message(line))),
            Origin::Timestamp => Value::Time(line.at),
            Origin::IngestionTime => Value::Time(line.ingested_at),
            Origin::Stream => Value::text_of(line.stream),
            Origin::Log => Value::text_of(line.log),
            Origin::Discovered(number) => {
                let found = self.discovered.get_or_init(|| discover(line.bytes, &self.names.discovered));
                found.get(number).map_or(Value::Missing, Value::borrowed)
            }
            Origin::Nowhere => Value::Missing,
        }
    }

    fn message(&self, line: &Line<'a>) -> &str {
        // Most lines are text, and looking for what is not is slow.
        self.message.get_or_init(|| match std::str::from_utf8(line.bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(line.bytes),
        })
    }

    /// Computes a field.
    pub fn set(&mut self, slot: Slot, value: Value<'static>) {
        if self.cells.len() <= slot {
            self.cells.resize(slot + 1, None);
        }
        self.cells[slot] = Some(value);
    }

    /// What it is under some names, to be kept.
    pub fn kept(&self, kept: &[bool]) -> Vec<Option<Value<'static>>> {
        let value = |(slot, kept): (Slot, &bool)| kept.then(|| self.value(slot).into_owned()).filter(|value| !value.is_missing());
        let end = kept.iter().rposition(|kept| *kept).map_or(0, |last| last + 1);
        kept[..end].iter().enumerate().map(value).collect()
    }
}
