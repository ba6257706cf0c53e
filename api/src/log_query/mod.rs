//! CloudWatch Logs Insights: its query language, and what a query makes of lines.
//!
//! A query is read once, and says where it is wrong. Then it is given line after line, keeps a bounded number of rows or groups, and at the end says its
//! rows. Never reads a clock, a port or a file; never fails on a line. It stands in this room and not in `model` because it is AWS's own language, and
//! because `model` may use neither JSON nor regular expressions; policies are here for the same reasons. Source: Amazon CloudWatch Logs User Guide,
//! "CloudWatch Logs Insights language query syntax"; `docs/logs.md` says what of it is here.

mod aggregate;
mod discovered;
mod expression;
mod extraction;
mod function;
mod grammar;
mod operand;
mod row;
mod sink;
mod sketch;
#[cfg(test)]
mod tests;
mod token;
mod value;

pub use row::{Line, Place};
pub use sink::TooMuch;

use crate::limit::LOG_QUERY_SORT_BYTES;
use expression::{Expression, Slot};
use extraction::Extraction;
use regex::Regex;
use row::{Direction, Names, Row};
use sink::{Gather, Kept, Sink};
use std::{ops::Range, sync::Arc};
use value::Value;

/// Why a text is no query, and where: letters from the first one that is wrong to behind the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub start: usize,
    pub end: usize,
    pub message: String,
}

impl QueryError {
    /// At a place in bytes.
    fn at(text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let letters = |end: usize| text[..end].chars().count();
        Self { start: letters(span.start), end: letters(span.end), message: message.into() }
    }
}

/// A query that was read.
#[derive(Debug)]
pub struct Query {
    names: Names,
    /// The last one ends in the rows that are shown.
    segments: Vec<Segment>,
    columns: Vec<Slot>,
    /// What `@message` must be like, whatever else a line is: looked for before a row is made of it.
    needles: Vec<Regex>,
}

/// Commands that rows go through one by one, and the one that gathers them behind.
#[derive(Debug)]
struct Segment {
    steps: Vec<Step>,
    gather: Gather,
    /// Which fields are needed behind it, by slot.
    kept: Vec<bool>,
}

/// A command that looks at one row.
#[derive(Debug)]
enum Step {
    Filter(Expression),
    Compute(Slot, Expression),
    Extract(Extraction),
    Order(Vec<(Expression, Direction)>),
}

/// What a query has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    pub columns: Vec<String>,
    pub rows: Vec<ResultRow>,
}

/// One row, a value or nothing for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    pub values: Vec<Option<String>>,
    /// The line that it is; nothing: it was made of several.
    pub place: Option<Place>,
}

impl Query {
    /// Reads a query. It has at most `rows_max` rows unless it says less; `now`, in milliseconds, is what `now()` is.
    ///
    /// # Errors
    /// Where the text is no query, or one that asks for what is not here; with the place.
    pub fn parse(text: &str, rows_max: usize, now_millis: i64) -> Result<Self, QueryError> {
        grammar::query(text, rows_max, now_millis)
    }
}

impl Rows {
    /// What their texts take in memory, about.
    pub fn bytes(&self) -> usize {
        let row = |row: &ResultRow| size_of::<ResultRow>() + row.values.iter().flatten().map(|text| text.len() + 48).sum::<usize>();
        self.rows.iter().map(row).sum()
    }
}

/// A query on its way through lines.
#[derive(Debug)]
pub struct Evaluation {
    query: Arc<Query>,
    sink: Sink,
    matched: u64,
}

impl Evaluation {
    pub fn new(query: Arc<Query>) -> Self {
        Self { sink: Sink::new(&query.segments[0].gather), matched: 0, query }
    }

    /// Looks at a line.
    ///
    /// # Errors
    /// Where the query holds more than it may; it is over then.
    pub fn take(&mut self, line: &Line<'_>) -> Result<(), TooMuch> {
        let query = &*self.query;
        // A line that is no text is left to the filters themselves.
        if std::str::from_utf8(line.bytes).is_ok_and(|text| query.needles.iter().any(|needle| !needle.is_match(text))) {
            return Ok(());
        }
        let mut row = Row::of_line(&query.names, line);
        let segment = &query.segments[0];
        if !segment.go_through(&mut row) {
            return Ok(());
        }
        // Unless it is sorted, the newest comes first.
        row.ranks.push((Value::Time(line.at), Direction::Descending));
        row.ranks.push((Value::Number(line.place.position as f64), Direction::Descending));
        self.matched += 1;
        self.sink.take(&segment.gather, &row, &segment.kept)
    }

    /// Lines that went through all filters so far, those behind a gathering command apart.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// The rows, once all lines were looked at.
    ///
    /// # Errors
    /// Where the query holds more than it may, or `is_over` says that nobody waits for it any more.
    pub fn finish(self, is_over: &dyn Fn() -> bool) -> Result<Rows, TooMuch> {
        let Self { query, sink, .. } = self;
        let shown = |behind: usize| query.segments[behind..].iter().all(Segment::only_shows);
        let first = &query.segments[0];
        let mut rows = sink.finish(&first.gather, &query.names, &first.kept, shown(1), is_over)?;
        for (number, segment) in query.segments.iter().enumerate().skip(1) {
            rows = segment.gathered(rows, &query.names, shown(number + 1), is_over)?;
        }
        let columns = query.columns.iter().map(|slot| query.names.name(*slot).to_owned()).collect();
        let text = |value: &Option<Value<'static>>| value.clone().and_then(Value::into_text).map(|text| text.into_owned());
        let row = |kept: Kept| ResultRow {
            values: query.columns.iter().map(|slot| kept.cells.get(*slot).and_then(text)).collect(),
            place: kept.place,
        };
        Ok(Rows { columns, rows: rows.into_iter().map(row).collect() })
    }
}

impl Segment {
    /// Whether a row gets to the gathering command.
    fn go_through(&self, row: &mut Row<'_>) -> bool {
        for step in &self.steps {
            match step {
                Step::Filter(expression) => {
                    if !expression.of(row, &[]).is_true() {
                        return false;
                    }
                }
                Step::Compute(slot, expression) => {
                    let value = expression.of(row, &[]).into_owned();
                    row.set(*slot, value);
                }
                Step::Extract(extraction) => extraction.apply(row),
                Step::Order(keys) => {
                    let key = |(expression, direction): &(Expression, Direction)| {
                        (expression.of(row, &[]).cut(LOG_QUERY_SORT_BYTES), *direction)
                    };
                    let ranks: row::Ranks = keys.iter().map(key).collect();
                    // The last sort counts most.
                    let before = std::mem::replace(&mut row.ranks, ranks);
                    row.ranks.extend(before);
                }
            }
        }
        true
    }

    fn gathered(&self, rows: Vec<Kept>, names: &Names, shown: bool, is_over: &dyn Fn() -> bool) -> Result<Vec<Kept>, TooMuch> {
        let mut sink = Sink::new(&self.gather);
        for (number, kept) in rows.into_iter().enumerate() {
            sink::go_on(is_over)?;
            let mut row = Row::of_cells(names, kept.cells);
            row.place = kept.place;
            if self.go_through(&mut row) {
                row.ranks.push((Value::Number(number as f64), Direction::Ascending));
                sink.take(&self.gather, &row, &self.kept)?;
            }
        }
        sink.finish(&self.gather, names, &self.kept, shown, is_over)
    }

    /// Whether it only shows rows, so that it does not matter that there are fewer than there would be.
    fn only_shows(&self) -> bool {
        let shows = |step: &Step| match step {
            Step::Compute(..) | Step::Extract(_) => true,
            Step::Filter(_) | Step::Order(_) => false,
        };
        matches!(self.gather, Gather::First(_)) && self.steps.iter().all(shows)
    }

    /// Calls `each` with every field that it reads.
    fn fields(&self, each: &mut impl FnMut(Slot)) {
        for step in &self.steps {
            match step {
                Step::Filter(expression) | Step::Compute(_, expression) => expression.fields(each),
                Step::Extract(extraction) => each(extraction.from),
                Step::Order(keys) => keys.iter().for_each(|(expression, _)| expression.fields(each)),
            }
        }
        match &self.gather {
            Gather::First(_) => {}
            Gather::Distinct(by) => by.iter().for_each(|expression| expression.fields(each)),
            Gather::Stats(stats) => {
                stats.by.iter().for_each(|(_, expression)| expression.fields(each));
                stats.aggregates.iter().filter_map(|aggregate| aggregate.of.as_ref()).for_each(|of| of.fields(each));
            }
        }
    }
}
