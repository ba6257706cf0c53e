//! Expressions of a query, and what they are for one row.
//!
//! Never fails: what cannot be computed is nothing, as a field that a line does not have. The same expression and the same row give the same value.

use super::{function::Function, row::Row, value::Value};
use regex::Regex;
use std::cmp::Ordering;

/// A field's place in a query's list of names.
pub type Slot = usize;

/// An expression.
#[derive(Clone, Debug)]
pub enum Expression {
    Literal(Value<'static>),
    Field(Slot),
    /// What the aggregate of this number has come to.
    Aggregate(usize),
    Not(Box<Expression>),
    /// Flat, however many stand in a row: depth costs stack.
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Compare(Box<Expression>, Comparison, Box<Expression>),
    Compute(Box<Expression>, Operator, Box<Expression>),
    Negate(Box<Expression>),
    Like(Box<Expression>, Regex),
    In(Box<Expression>, Vec<Expression>),
    Call(Function, Vec<Expression>),
}

/// What two values are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What two numbers become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Comparison {
    fn holds(self, left: &Value<'_>, right: &Value<'_>) -> bool {
        let compared = |accepted: fn(Ordering) -> bool| left.compared(right).is_some_and(accepted);
        match self {
            Self::Equal => left.equals(right),
            Self::Different => !left.equals(right),
            Self::Less => compared(Ordering::is_lt),
            Self::LessOrEqual => compared(Ordering::is_le),
            Self::Greater => compared(Ordering::is_gt),
            Self::GreaterOrEqual => compared(Ordering::is_ge),
        }
    }
}

impl Operator {
    fn of(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
        }
    }
}

impl Expression {
    /// What it is for a row; `aggregates` are those of a group, if the row is one.
    pub fn of<'r>(&'r self, row: &'r Row<'_>, aggregates: &'r [Value<'static>]) -> Value<'r> {
        let value = |expression: &'r Self| expression.of(row, aggregates);
        match self {
            Self::Literal(literal) => literal.borrowed(),
            Self::Field(slot) => row.value(*slot),
            Self::Aggregate(number) => aggregates.get(*number).map_or(Value::Missing, Value::borrowed),
            Self::Not(inner) => Value::Truth(!value(inner).is_true()),
            Self::All(parts) => Value::Truth(parts.iter().all(|part| value(part).is_true())),
            Self::Any(parts) => Value::Truth(parts.iter().any(|part| value(part).is_true())),
            Self::Compare(left, comparison, right) => Value::Truth(comparison.holds(&value(left), &value(right))),
            Self::Compute(left, operator, right) => match (value(left).number(), value(right).number()) {
                (Some(left), Some(right)) => Value::number_of(operator.of(left, right)),
                _ => Value::Missing,
            },
            Self::Negate(inner) => value(inner).number().map_or(Value::Missing, |number| Value::number_of(-number)),
            Self::Like(inner, regex) => Value::Truth(value(inner).into_text().is_some_and(|text| regex.is_match(&text))),
            Self::In(inner, list) => {
                let inner = value(inner);
                Value::Truth(list.iter().any(|item| inner.equals(&value(item))))
            }
            Self::Call(function, arguments) => function.of(&mut arguments.iter().map(value)),
        }
    }

    /// Adds what a field must be like in every row that it is true for.
    pub fn needles(&self, field: Slot, found: &mut Vec<Regex>) {
        match self {
            Self::Like(inner, regex) if matches!(**inner, Self::Field(slot) if slot == field) => found.push(regex.clone()),
            Self::All(parts) => parts.iter().for_each(|part| part.needles(field, found)),
            Self::Literal(_)
            | Self::Field(_)
            | Self::Aggregate(_)
            | Self::Not(_)
            | Self::Any(_)
            | Self::Compare(..)
            | Self::Compute(..)
            | Self::Negate(_)
            | Self::Like(..)
            | Self::In(..)
            | Self::Call(..) => {}
        }
    }

    /// Calls `each` with every field that it reads.
    pub fn fields(&self, each: &mut impl FnMut(Slot)) {
        match self {
            Self::Literal(_) | Self::Aggregate(_) => {}
            Self::Field(slot) => each(*slot),
            Self::Not(inner) | Self::Negate(inner) | Self::Like(inner, _) => inner.fields(each),
            Self::Compare(left, _, right) | Self::Compute(left, _, right) => {
                left.fields(each);
                right.fields(each);
            }
            Self::In(inner, list) => {
                inner.fields(each);
                list.iter().for_each(|item| item.fields(each));
            }
            Self::All(parts) | Self::Any(parts) | Self::Call(_, parts) => parts.iter().for_each(|part| part.fields(each)),
        }
    }
}
