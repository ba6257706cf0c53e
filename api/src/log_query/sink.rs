//! Where rows are gathered: the best of all, the best of each kind, or numbers of groups. Between two of these, rows go through one by one.
//!
//! Everything here is bounded: rows by their number and by their bytes, groups by their number and by all that they hold. What a query's rows are in
//! excess of their bytes is dropped from the end, as if its limit were lower; a `stats` that holds too much fails, and so does a query that would go on
//! to compute with rows of which some were dropped.

use super::{
    aggregate::{Aggregate, State},
    expression::{Expression, Slot},
    row::{Direction, Names, Place, Ranks, Row, ranked},
    value::Value,
};
use crate::limit::{LOG_QUERY_GROUPS, LOG_QUERY_RESULT_BYTES, LOG_QUERY_ROWS, LOG_QUERY_STATE_BYTES};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// A query has more groups, or longer ones, than it may; the words say which limit it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooMuch(pub String);

/// What a gathering command does.
#[derive(Clone, Debug)]
pub enum Gather {
    /// So many rows.
    First(usize),
    /// The first row of each kind.
    Distinct(Vec<Expression>),
    Stats(Stats),
}

/// A `stats` command.
#[derive(Clone, Debug)]
pub struct Stats {
    pub aggregates: Vec<Aggregate>,
    /// What is shown of each group, in order: a later one may name an earlier one.
    pub shown: Vec<(Slot, Expression)>,
    pub by: Vec<(Slot, Expression)>,
}

/// A row that is kept.
#[derive(Debug)]
pub struct Kept {
    pub cells: Vec<Option<Value<'static>>>,
    pub place: Option<Place>,
    bytes: usize,
    /// Where only the first of its kind is kept.
    kind: Option<Vec<u8>>,
}

/// What one gathering command holds.
#[derive(Debug)]
pub enum Sink {
    Rows(Rows),
    Groups(Groups),
}

impl Sink {
    pub fn new(gather: &Gather) -> Self {
        match gather {
            Gather::First(most) => Self::Rows(Rows { most: *most, asked_for: true, ..Rows::default() }),
            Gather::Distinct(_) => Self::Rows(Rows { most: LOG_QUERY_ROWS, ..Rows::default() }),
            Gather::Stats(_) => Self::Groups(Groups::default()),
        }
    }

    /// Takes a row. `kept` says which of its fields are needed later.
    ///
    /// # Errors
    /// Where it holds more than it may.
    pub fn take(&mut self, gather: &Gather, row: &Row<'_>, kept: &[bool]) -> Result<(), TooMuch> {
        match (self, gather) {
            (Self::Rows(rows), Gather::First(_)) => rows.take(row, kept, None)?,
            (Self::Rows(rows), Gather::Distinct(by)) => {
                // A row that lacks one of the fields is no duplicate of anything: AWS keeps every one.
                let mut key = Some(Vec::new());
                for expression in by {
                    let value = expression.of(row, &[]);
                    key = key.filter(|_| !value.is_missing());
                    key.iter_mut().for_each(|key| write_key(key, &value));
                }
                rows.take(row, kept, key)?;
            }
            (Self::Groups(groups), Gather::Stats(stats)) => groups.take(stats, row)?,
            (Self::Rows(_), Gather::Stats(_)) | (Self::Groups(_), Gather::First(_) | Gather::Distinct(_)) => {
                unreachable!("a sink is made of its command")
            }
        }
        Ok(())
    }

    /// The rows that have come together, in order. `kept` says which of their fields are needed later, `shown` that nothing is computed of how many
    /// they are.
    ///
    /// # Errors
    /// Where they hold more than they may, or are fewer than whoever computes with them would think.
    pub fn finish(
        self,
        gather: &Gather,
        names: &Names,
        kept: &[bool],
        shown: bool,
        is_over: &dyn Fn() -> bool,
    ) -> Result<Vec<Kept>, TooMuch> {
        match (self, gather) {
            (Self::Groups(groups), Gather::Stats(stats)) => groups.finish(stats, names, kept, is_over),
            (Self::Rows(rows), _) => rows.finish(shown),
            (Self::Groups(_), Gather::First(_) | Gather::Distinct(_)) => unreachable!("a sink is made of its command"),
        }
    }
}

/// The first rows by their ranks.
#[derive(Debug, Default)]
pub struct Rows {
    most: usize,
    /// Whether the query itself says how many.
    asked_for: bool,
    /// Whether some were dropped that the query wants.
    cut: bool,
    /// By rank; the last one goes when there are too many.
    rows: BTreeMap<Rank, Kept>,
    /// Which kinds are there, where only the first of each is kept.
    kinds: HashMap<Vec<u8>, Rank>,
    bytes: usize,
    taken: u64,
}

/// What rows are ordered by: their ranks, then who came first.
#[derive(Clone, Debug)]
struct Rank(Arc<Ranks>, u64);

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        ranked(&self.0, &other.0).then(self.1.cmp(&other.1))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rank {}

impl Rows {
    fn take(&mut self, row: &Row<'_>, kept: &[bool], kind: Option<Vec<u8>>) -> Result<(), TooMuch> {
        self.taken += 1;
        let full = self.rows.len() >= self.most || self.bytes >= LOG_QUERY_RESULT_BYTES;
        if full && self.rows.last_key_value().is_none_or(|(last, _)| ranked(&last.0, &row.ranks).is_le()) {
            let is_new = kind.as_ref().is_none_or(|kind| !self.kinds.contains_key(kind));
            self.cut |= is_new && !(self.asked_for && self.rows.len() >= self.most);
            return Ok(());
        }
        let rank = Rank(Arc::new(row.ranks.clone()), self.taken);
        if let Some(kind) = &kind {
            if let Some(known) = self.kinds.get(kind) {
                if *known <= rank {
                    return Ok(());
                }
                let gone = self.rows.remove(known).expect("every kind has its row");
                self.bytes -= gone.bytes;
            }
            self.kinds.insert(kind.clone(), rank.clone());
        }
        let cells = row.kept(kept);
        let ranks: usize = rank.0.iter().map(|(value, _)| value.bytes() + size_of::<Direction>()).sum();
        let bytes =
            size_of::<Kept>() + size_of::<Rank>() + bytes_of(&cells) + ranks + kind.as_ref().map_or(0, |kind| 2 * kind.len());
        if bytes > LOG_QUERY_RESULT_BYTES {
            return Err(TooMuch(format!("one of its rows takes more than {LOG_QUERY_RESULT_BYTES} bytes")));
        }
        self.bytes += bytes;
        self.rows.insert(rank, Kept { cells, place: row.place, bytes, kind });
        while self.rows.len() > self.most || self.bytes > LOG_QUERY_RESULT_BYTES {
            self.cut |= !(self.asked_for && self.rows.len() > self.most);
            let (_, gone) = self.rows.pop_last().expect("there are more than none");
            self.bytes -= gone.bytes;
            gone.kind.inspect(|kind| drop(self.kinds.remove(kind)));
        }
        Ok(())
    }

    fn finish(self, shown: bool) -> Result<Vec<Kept>, TooMuch> {
        if self.cut && !shown {
            let words = format!("it computes with more than {LOG_QUERY_ROWS} rows, or {LOG_QUERY_RESULT_BYTES} bytes of them");
            return Err(TooMuch(words));
        }
        Ok(self.rows.into_values().collect())
    }
}

/// What `stats` holds.
#[derive(Debug, Default)]
pub struct Groups {
    groups: HashMap<Box<[u8]>, Group>,
    bytes: usize,
    taken: u64,
    key: Vec<u8>,
}

#[derive(Debug)]
struct Group {
    by: Vec<Value<'static>>,
    states: Vec<State>,
}

impl Groups {
    fn take(&mut self, stats: &Stats, row: &Row<'_>) -> Result<(), TooMuch> {
        self.taken += 1;
        self.key.clear();
        for (_, expression) in &stats.by {
            write_key(&mut self.key, &expression.of(row, &[]));
        }
        if !self.groups.contains_key(self.key.as_slice()) {
            if self.groups.len() >= LOG_QUERY_GROUPS {
                return Err(TooMuch(format!("its stats have more than {LOG_QUERY_GROUPS} groups")));
            }
            let group = Group {
                by: stats.by.iter().map(|(_, expression)| expression.of(row, &[]).into_owned()).collect(),
                states: stats.aggregates.iter().map(|aggregate| State::new(aggregate.kind)).collect(),
            };
            let values: usize = group.by.iter().map(Value::bytes).sum();
            let states: usize = group.states.iter().map(State::bytes).sum();
            self.bytes += size_of::<Group>() + self.key.len() + values + states;
            self.groups.insert(self.key.clone().into_boxed_slice(), group);
        }
        let group = self.groups.get_mut(self.key.as_slice()).expect("it is there now");
        for (state, aggregate) in group.states.iter_mut().zip(&stats.aggregates) {
            let value = aggregate.of.as_ref().map(|expression| expression.of(row, &[]));
            self.bytes += state.take(value, row, self.taken);
        }
        if self.bytes > LOG_QUERY_STATE_BYTES {
            return Err(TooMuch(format!("its stats take more than {LOG_QUERY_STATE_BYTES} bytes")));
        }
        Ok(())
    }

    /// By what they are grouped by, moments from the newest on, all others from the first on. What Insights does where there is no `sort` is not said
    /// (unconfirmed). Where nothing is grouped there is one row, also of no lines.
    fn finish(mut self, stats: &Stats, names: &Names, needed: &[bool], is_over: &dyn Fn() -> bool) -> Result<Vec<Kept>, TooMuch> {
        if stats.by.is_empty() && self.groups.is_empty() {
            let states = stats.aggregates.iter().map(|aggregate| State::new(aggregate.kind)).collect();
            self.groups.insert(Box::default(), Group { by: Vec::new(), states });
        }
        let mut groups: Vec<Group> = self.groups.into_values().collect();
        groups.sort_by(|left, right| {
            let orders = left.by.iter().zip(&right.by).map(|(left, right)| match (left, right) {
                (Value::Time(left), Value::Time(right)) => right.cmp(left),
                _ => left.order(right),
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
        let mut bytes = 0;
        let kept = |group: Group| {
            go_on(is_over)?;
            let aggregates: Vec<Value<'static>> = group.states.iter().map(State::value).collect();
            let mut row = Row::of_cells(names, Vec::new());
            for ((slot, _), value) in stats.by.iter().zip(group.by) {
                row.set(*slot, value);
            }
            for (slot, expression) in &stats.shown {
                let value = expression.of(&row, &aggregates).into_owned();
                row.set(*slot, value);
            }
            let cells = row.kept(needed);
            bytes += size_of::<Kept>() + bytes_of(&cells);
            if bytes > LOG_QUERY_STATE_BYTES {
                return Err(TooMuch(format!("the rows of its stats take more than {LOG_QUERY_STATE_BYTES} bytes")));
            }
            Ok(Kept { cells, place: None, bytes: 0, kind: None })
        };
        groups.into_iter().map(kept).collect()
    }
}

/// Breaks off where nobody waits any more.
pub fn go_on(is_over: &dyn Fn() -> bool) -> Result<(), TooMuch> {
    if is_over() { Err(TooMuch("nobody waits for it any more".to_owned())) } else { Ok(()) }
}

/// What a row's cells take in memory, about.
fn bytes_of(cells: &[Option<Value<'static>>]) -> usize {
    cells.iter().map(|cell| cell.as_ref().map_or(size_of::<Value<'_>>(), Value::bytes)).sum()
}

/// A value's kind and text, with its length: no two differ and are written alike.
fn write_key(key: &mut Vec<u8>, value: &Value<'_>) {
    if let Value::Time(millis) = value {
        // To write a moment costs more than all else.
        key.push(2);
        key.extend_from_slice(&millis.to_le_bytes());
        return;
    }
    match value.borrowed().into_text() {
        None => key.push(0),
        Some(text) => {
            key.push(1);
            key.extend_from_slice(&(text.len() as u64).to_le_bytes());
            key.extend_from_slice(text.as_bytes());
        }
    }
}
