//! What `stats` counts, adds and compares, a value at a time.
//!
//! Never keeps a row. Percentiles come from a sketch, within one part in a hundred; all others are exact. Source: Amazon CloudWatch Logs User Guide,
//! "Supported operations and functions", aggregation functions.

use super::{expression::Expression, row::Row, sketch::Sketch, value::Value};
use std::{cmp::Ordering, collections::HashSet};

/// One aggregate of a `stats` command.
#[derive(Clone, Debug)]
pub struct Aggregate {
    pub kind: Kind,
    /// What it is of; nothing: of rows.
    pub of: Option<Expression>,
}

/// What becomes of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Count,
    CountDistinct,
    Sum,
    Average,
    Least,
    Greatest,
    /// The value below which so many in a hundred lie.
    Percentile(f64),
    /// Of a whole population or of a sample is not said (unconfirmed): of a population.
    Deviation,
    Earliest,
    Latest,
    FirstSorted,
    LastSorted,
}

impl Kind {
    /// By name, in small letters.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "count" => Self::Count,
            "count_distinct" => Self::CountDistinct,
            "sum" => Self::Sum,
            "avg" => Self::Average,
            "min" => Self::Least,
            "max" => Self::Greatest,
            "median" => Self::Percentile(50.0),
            // The number is an argument.
            "pct" | "percentile" => Self::Percentile(f64::NAN),
            "stddev" => Self::Deviation,
            "earliest" => Self::Earliest,
            "latest" => Self::Latest,
            "sortsfirst" => Self::FirstSorted,
            "sortslast" => Self::LastSorted,
            _ => return None,
        })
    }
}

/// How far one aggregate of one group has come.
#[derive(Debug)]
pub enum State {
    Count(u64),
    Distinct(HashSet<String>),
    Numbers {
        kind: Kind,
        count: u64,
        sum: f64,
    },
    Deviation {
        count: f64,
        mean: f64,
        squares: f64,
    },
    Sketch(f64, Box<Sketch>),
    /// The best value, by its own order…
    Extreme {
        wanted: Ordering,
        best: Value<'static>,
    },
    /// …or by when its line was written.
    Dated {
        wanted: Ordering,
        best: Option<(i64, Value<'static>)>,
    },
}

impl State {
    pub fn new(kind: Kind) -> Self {
        let extreme = |wanted| Self::Extreme { wanted, best: Value::Missing };
        match kind {
            Kind::Count => Self::Count(0),
            Kind::CountDistinct => Self::Distinct(HashSet::new()),
            Kind::Sum | Kind::Average => Self::Numbers { kind, count: 0, sum: 0.0 },
            Kind::Deviation => Self::Deviation { count: 0.0, mean: 0.0, squares: 0.0 },
            Kind::Percentile(part) => Self::Sketch(part, Box::default()),
            Kind::Least | Kind::FirstSorted => extreme(Ordering::Less),
            Kind::Greatest | Kind::LastSorted => extreme(Ordering::Greater),
            Kind::Earliest => Self::Dated { wanted: Ordering::Less, best: None },
            Kind::Latest => Self::Dated { wanted: Ordering::Greater, best: None },
        }
    }

    /// What it takes in memory from the start, about.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + if matches!(self, Self::Sketch(..)) { Sketch::BYTES } else { 0 }
    }

    /// Takes a row's value; nothing is left out. Answers how much more memory it takes.
    pub fn take(&mut self, value: Option<Value<'_>>, row: &Row<'_>, sequence: u64) -> usize {
        let Some(value) = value else {
            if let Self::Count(count) = self {
                *count += 1;
            }
            return 0;
        };
        if value.is_missing() {
            return 0;
        }
        match self {
            Self::Count(count) => *count += 1,
            Self::Distinct(seen) => {
                let text = value.into_text().expect("it is not missing").into_owned();
                let bytes = text.len() + size_of::<String>() * 2;
                return if seen.insert(text) { bytes } else { 0 };
            }
            Self::Numbers { kind: _, count, sum } => {
                if let Some(number) = value.number() {
                    *count += 1;
                    *sum += number;
                }
            }
            Self::Deviation { count, mean, squares } => {
                if let Some(number) = value.number() {
                    *count += 1.0;
                    let before = number - *mean;
                    *mean += before / *count;
                    *squares += before * (number - *mean);
                }
            }
            Self::Sketch(_, sketch) => value.number().into_iter().for_each(|number| sketch.add(number)),
            Self::Extreme { wanted, best } => {
                if best.is_missing() || value.order(best) == *wanted {
                    return replace(best, value);
                }
            }
            Self::Dated { wanted, best } => {
                let at = row.at().unwrap_or(i64::try_from(sequence).unwrap_or(i64::MAX));
                match best {
                    Some((known, _)) if at.cmp(known) != *wanted => {}
                    Some((known, kept)) => {
                        *known = at;
                        return replace(kept, value);
                    }
                    None => {
                        let value = value.into_owned();
                        let bytes = value.bytes();
                        *best = Some((at, value));
                        return bytes;
                    }
                }
            }
        }
        0
    }

    /// What it has come to.
    pub fn value(&self) -> Value<'static> {
        match self {
            Self::Count(count) => Value::number_of(*count as f64),
            Self::Distinct(seen) => Value::number_of(seen.len() as f64),
            Self::Numbers { count: 0, .. } => Value::Missing,
            Self::Numbers { kind: Kind::Average, count, sum } => Value::number_of(sum / *count as f64),
            Self::Numbers { sum, .. } => Value::number_of(*sum),
            Self::Deviation { count, squares, .. } => Value::number_of((squares / count).sqrt()),
            Self::Sketch(part, sketch) => sketch.quantile(part / 100.0).map_or(Value::Missing, Value::number_of),
            Self::Extreme { best, .. } => best.clone(),
            Self::Dated { best, .. } => best.as_ref().map_or(Value::Missing, |(_, value)| value.clone()),
        }
    }
}

/// Puts a value in the place of another. Answers how much more memory it takes.
fn replace(kept: &mut Value<'static>, value: Value<'_>) -> usize {
    let before = kept.bytes();
    *kept = value.into_owned();
    kept.bytes().saturating_sub(before)
}
