//! Functions of a query: each of its arguments for one row.
//!
//! Never reads a clock: `now()` is a number that stands in the query since it was read. Source: Amazon CloudWatch Logs User Guide, "Supported operations
//! and functions".

use super::value::Value;
use crate::limit::LOG_QUERY_TEXT_BYTES;
use std::{borrow::Cow, cmp::Ordering};

/// A function. How many arguments each takes is in [`Function::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Abs,
    Ceil,
    Coalesce,
    Concat,
    DateCeil,
    DateFloor,
    Floor,
    FromMillis,
    Greatest,
    IsBlank,
    IsEmpty,
    IsPresent,
    Least,
    LeftTrim,
    Length,
    Log,
    Lower,
    Replace,
    RightTrim,
    SquareRoot,
    Substring,
    TextContains,
    ToMillis,
    Trim,
    Upper,
}

/// Any number of arguments, from one on.
const MANY: usize = usize::MAX;

impl Function {
    /// By name, with how many arguments they take at least and at most.
    pub const ALL: [(&'static str, Self, usize, usize); 25] = [
        ("abs", Self::Abs, 1, 1),
        ("ceil", Self::Ceil, 1, 1),
        ("coalesce", Self::Coalesce, 1, MANY),
        ("concat", Self::Concat, 1, MANY),
        ("dateceil", Self::DateCeil, 2, 2),
        ("datefloor", Self::DateFloor, 2, 2),
        ("floor", Self::Floor, 1, 1),
        ("frommillis", Self::FromMillis, 1, 1),
        ("greatest", Self::Greatest, 1, MANY),
        ("isblank", Self::IsBlank, 1, 1),
        ("isempty", Self::IsEmpty, 1, 1),
        ("ispresent", Self::IsPresent, 1, 1),
        ("least", Self::Least, 1, MANY),
        ("log", Self::Log, 1, 1),
        ("ltrim", Self::LeftTrim, 1, 2),
        ("replace", Self::Replace, 3, 3),
        ("rtrim", Self::RightTrim, 1, 2),
        ("sqrt", Self::SquareRoot, 1, 1),
        ("strcontains", Self::TextContains, 2, 2),
        ("strlen", Self::Length, 1, 1),
        ("substr", Self::Substring, 2, 3),
        ("tolower", Self::Lower, 1, 1),
        ("tomillis", Self::ToMillis, 1, 1),
        ("toupper", Self::Upper, 1, 1),
        ("trim", Self::Trim, 1, 2),
    ];

    /// The function of a name, whatever its letters' case, with how many arguments it takes.
    pub fn named(name: &str) -> Option<(Self, usize, usize)> {
        let found = Self::ALL.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        Some((found.1, found.2, found.3))
    }

    /// What it gives; a function of nothing is nothing, unless it is asked about that.
    pub fn of<'r>(self, arguments: &mut dyn Iterator<Item = Value<'r>>) -> Value<'r> {
        let first = arguments.next().unwrap_or(Value::Missing);
        match self {
            Self::Abs => numeric(&first, f64::abs),
            Self::Ceil => numeric(&first, f64::ceil),
            Self::Floor => numeric(&first, f64::floor),
            Self::Log => numeric(&first, f64::ln),
            Self::SquareRoot => numeric(&first, f64::sqrt),
            Self::Greatest => most(first, arguments, Ordering::Greater),
            Self::Least => most(first, arguments, Ordering::Less),
            Self::DateFloor => moment(&first, arguments.next(), f64::floor),
            Self::DateCeil => moment(&first, arguments.next(), f64::ceil),
            Self::FromMillis => first.number().map_or(Value::Missing, |millis| Value::Time(millis as i64)),
            Self::ToMillis => first.number().map_or(Value::Missing, Value::number_of),
            Self::IsPresent => Value::Truth(!first.is_missing()),
            Self::IsEmpty => Value::Truth(first.into_text().is_none_or(|text| text.is_empty())),
            Self::IsBlank => Value::Truth(first.into_text().is_none_or(|text| text.trim().is_empty())),
            Self::Coalesce => std::iter::once(first).chain(arguments).find(|value| !value.is_missing()).unwrap_or(Value::Missing),
            Self::Concat => {
                let texts = std::iter::once(first).chain(arguments).filter_map(Value::into_text);
                Value::text_of(texts.fold(String::new(), |whole, text| joined(whole, &text)))
            }
            Self::Trim | Self::LeftTrim | Self::RightTrim => {
                let letters = arguments.next().and_then(Value::into_text);
                textual(first, |text| self.trimmed(&text, letters.as_deref()).to_owned().into())
            }
            Self::Length => first.into_text().map_or(Value::Missing, |text| Value::number_of(text.chars().count() as f64)),
            Self::Lower => textual(first, |text| cut(text.to_lowercase()).into()),
            Self::Upper => textual(first, |text| cut(text.to_uppercase()).into()),
            Self::Substring => {
                let place =
                    |value: Option<Value<'r>>| value.and_then(|value| value.number()).map(|number| number.max(0.0) as usize);
                let (start, length) = (place(arguments.next()).unwrap_or(0), place(arguments.next()));
                textual(first, |text| text.chars().skip(start).take(length.unwrap_or(usize::MAX)).collect::<String>().into())
            }
            Self::Replace => {
                let searched = arguments.next().and_then(Value::into_text);
                let replacement = arguments.next().and_then(Value::into_text);
                match searched.zip(replacement) {
                    Some((searched, replacement)) => textual(first, |text| replaced(&text, &searched, &replacement).into()),
                    None => first,
                }
            }
            Self::TextContains => {
                let part = arguments.next().and_then(Value::into_text);
                let contains = first.into_text().zip(part).is_some_and(|(text, part)| text.contains(&*part));
                // 1 or 0, and not a truth. Source: the page on functions.
                Value::Number(f64::from(u8::from(contains)))
            }
        }
    }

    /// White space, unless letters are named.
    fn trimmed<'t>(self, text: &'t str, letters: Option<&str>) -> &'t str {
        let goes = |letter: char| letters.map_or_else(|| letter.is_whitespace(), |letters| letters.contains(letter));
        match self {
            Self::LeftTrim => text.trim_start_matches(goes),
            Self::RightTrim => text.trim_end_matches(goes),
            _ => text.trim_matches(goes),
        }
    }
}

fn numeric<'r>(value: &Value<'_>, function: impl Fn(f64) -> f64) -> Value<'r> {
    value.number().map_or(Value::Missing, |number| Value::number_of(function(number)))
}

fn textual<'r>(value: Value<'r>, function: impl FnOnce(Cow<'r, str>) -> Cow<'r, str>) -> Value<'r> {
    value.into_text().map_or(Value::Missing, |text| Value::Text(function(text)))
}

fn most<'r>(first: Value<'r>, others: &mut dyn Iterator<Item = Value<'r>>, wanted: Ordering) -> Value<'r> {
    others.fold(first, |best, other| {
        let better = !other.is_missing() && (best.is_missing() || other.order(&best) == wanted);
        if better { other } else { best }
    })
}

/// A moment at the border of a period that it lies in; the epoch is one.
fn moment<'r>(at: &Value<'_>, period: Option<Value<'_>>, border: impl Fn(f64) -> f64) -> Value<'r> {
    let period = period.and_then(|period| period.number()).filter(|millis| *millis >= 1.0);
    match at.number().zip(period) {
        Some((millis, period)) => Value::Time((border(millis / period) * period) as i64),
        None => Value::Missing,
    }
}

/// No text becomes longer than a line may be.
fn cut(mut text: String) -> String {
    if text.len() > LOG_QUERY_TEXT_BYTES {
        text.truncate(text.floor_char_boundary(LOG_QUERY_TEXT_BYTES));
    }
    text
}

fn joined(mut whole: String, text: &str) -> String {
    let room = LOG_QUERY_TEXT_BYTES.saturating_sub(whole.len());
    whole.push_str(&text[..text.floor_char_boundary(room)]);
    whole
}

fn replaced(text: &str, searched: &str, replacement: &str) -> String {
    if searched.is_empty() {
        return text.to_owned();
    }
    let mut pieces = text.split(searched);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(cut(first), |whole, piece| joined(joined(whole, replacement), piece))
}
