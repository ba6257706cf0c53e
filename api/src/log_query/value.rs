//! What a query computes with: texts, numbers, moments, truths, and nothing.
//!
//! A log line has no types: a text that spells a number is one wherever a number is asked for. Where the two-valued answer of a comparison with nothing
//! is not documented, it is `false`, so `!=` and `not` are `true` (unconfirmed). Source: Amazon CloudWatch Logs User Guide, "CloudWatch Logs Insights
//! language query syntax"; for the order of values its page on `sort`.

use std::{borrow::Cow, cmp::Ordering};

/// A value; a text may stand in the line that it came from.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Missing,
    Text(Cow<'a, str>),
    Number(f64),
    /// Milliseconds since the epoch.
    Time(i64),
    Truth(bool),
}

/// Numbers up to this are written without a point.
const WHOLE_MAX: f64 = 1e15;

impl<'a> Value<'a> {
    pub fn text_of(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number; what is none (a division by zero) is nothing.
    pub fn number_of(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Missing }
    }

    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// As it is written; nothing for nothing.
    pub fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Missing => None,
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(Cow::Owned(written(number))),
            Self::Time(millis) => Some(Cow::Owned(moment(millis))),
            // As Insights shows them (unconfirmed for fields of JSON).
            Self::Truth(truth) => Some(Cow::Borrowed(if truth { "1" } else { "0" })),
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Missing => None,
            Self::Text(text) => spelled(text),
            Self::Number(number) => Some(*number),
            Self::Time(millis) => Some(*millis as f64),
            Self::Truth(truth) => Some(f64::from(u8::from(*truth))),
        }
    }

    /// Whether a filter lets it through.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Missing => false,
            Self::Text(text) => text == "true" || spelled(text).is_some_and(|number| number != 0.0),
            Self::Number(number) => *number != 0.0,
            Self::Time(_) => true,
            Self::Truth(truth) => *truth,
        }
    }

    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Missing => Value::Missing,
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Number(number) => Value::Number(*number),
            Self::Time(millis) => Value::Time(*millis),
            Self::Truth(truth) => Value::Truth(*truth),
        }
    }

    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Missing => Value::Missing,
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Number(number) => Value::Number(number),
            Self::Time(millis) => Value::Time(millis),
            Self::Truth(truth) => Value::Truth(truth),
        }
    }

    /// What it takes in memory, about.
    pub fn bytes(&self) -> usize {
        let text = match self {
            Self::Text(text) => text.len(),
            Self::Missing | Self::Number(_) | Self::Time(_) | Self::Truth(_) => 0,
        };
        size_of::<Self>() + text
    }

    /// No more of a text than so many bytes, owned.
    pub fn cut(self, most: usize) -> Value<'static> {
        match self {
            Self::Text(text) if text.len() > most => Value::Text(Cow::Owned(text[..text.floor_char_boundary(most)].to_owned())),
            Self::Missing | Self::Text(_) | Self::Number(_) | Self::Time(_) | Self::Truth(_) => self.into_owned(),
        }
    }

    /// `=`: two texts letter by letter, else as numbers.
    pub fn equals(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Value::Missing, _) | (_, Value::Missing) => false,
            (Value::Text(left), Value::Text(right)) => left == right,
            (Value::Truth(truth), Value::Text(text)) | (Value::Text(text), Value::Truth(truth)) if spelled(text).is_none() => {
                **text == *truth.to_string()
            }
            _ => self.number().zip(other.number()).is_some_and(|(left, right)| left == right),
        }
    }

    /// For `<` and its kin: as numbers where both are, else letter by letter; with nothing not at all.
    pub fn compared(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            _ => {
                let (left, right) = (self.borrowed().into_text()?, other.borrowed().into_text()?);
                Some(left.cmp(&right))
            }
        }
    }

    /// For `sort`: nothing, then texts, then numbers. In texts, runs of digits count as numbers. Source: the page on `sort`; where nothing stands there
    /// is not said (unconfirmed).
    pub fn order(&self, other: &Value<'_>) -> Ordering {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.total_cmp(&right),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => match (self, other) {
                (Value::Text(left), Value::Text(right)) => by_runs(left, right),
                (Value::Text(_), _) => Ordering::Greater,
                (_, Value::Text(_)) => Ordering::Less,
                _ => Ordering::Equal,
            },
        }
    }
}

/// The number that a text spells, if it is one in digits.
fn spelled(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    // `inf`, `nan` and `infinity` are words, and `1e999` is beyond all numbers.
    let spelled = digits.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.').then(|| text.parse().ok());
    spelled.flatten().filter(|number: &f64| number.is_finite())
}

fn written(number: f64) -> String {
    // How many digits Insights shows is not said (unconfirmed): as many as the number has.
    if number.fract() == 0.0 && number.abs() < WHOLE_MAX { format!("{number:.0}") } else { number.to_string() }
}

/// As Insights writes a moment: UTC, with milliseconds.
pub fn moment(millis: i64) -> String {
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
        Err(_) => millis.to_string(),
    }
}

/// Runs of digits by their length, then by their digits; what stands between letter by letter.
fn by_runs(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        if left.is_empty() || right.is_empty() {
            return left.len().cmp(&right.len());
        }
        let ((first, rest), (second, others)) = (run(left), run(right));
        let digits = first.as_bytes()[0].is_ascii_digit() && second.as_bytes()[0].is_ascii_digit();
        let by_length = if digits { first.len().cmp(&second.len()) } else { Ordering::Equal };
        let order = by_length.then_with(|| first.cmp(second));
        if order.is_ne() {
            return order;
        }
        (left, right) = (rest, others);
    }
}

/// The digits that a text begins with, or what stands before the first one.
fn run(text: &str) -> (&str, &str) {
    let digits = text.as_bytes()[0].is_ascii_digit();
    let end = text.bytes().position(|byte| byte.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::text_of(text)
    }

    #[test]
    fn a_text_that_spells_a_number_is_one_and_words_are_not() {
        for (spelling, number) in [("5", 5.0), (" -1.5 ", -1.5), ("1e3", 1000.0), (".5", 0.5), ("+2", 2.0)] {
            assert_eq!(text(spelling).number(), Some(number), "{spelling}");
        }
        for word in ["", "-", "1e999", "-1e999", "inf", "NaN", "infinity", "0x10", "5 ms", "."] {
            assert_eq!(text(word).number(), None, "{word}");
        }
    }

    #[test]
    fn texts_are_equal_by_letters_and_numbers_by_value() {
        assert!(text("500").equals(&Value::Number(500.0)) && Value::Number(0.5).equals(&text("0.50")));
        assert!(!text("007").equals(&text("7")), "both are texts");
        assert!(!Value::Missing.equals(&Value::Missing));
        assert!(Value::Truth(true).equals(&text("true")) && Value::Truth(false).equals(&Value::Number(0.0)));
        assert_eq!(text("10").compared(&text("9")), Some(Ordering::Greater));
        assert_eq!(text("a10").compared(&text("a9")), Some(Ordering::Less), "letter by letter");
        assert_eq!(text("x").compared(&Value::Missing), None);
    }

    #[test]
    fn sorting_puts_nothing_before_texts_before_numbers_and_reads_numbers_in_texts() {
        let mut values =
            vec![text("10"), text("r1-10"), Value::Number(2.0), text("r1-9"), Value::Missing, text("r"), text("b"), text("")];
        values.sort_by(Value::order);
        let texts: Vec<_> = values.into_iter().map(|value| value.into_text().unwrap_or(Cow::Borrowed("-"))).collect();
        assert_eq!(texts, ["-", "", "b", "r", "r1-9", "r1-10", "2", "10"]);
    }

    #[test]
    fn values_are_written_as_insights_does() {
        let written = |value: Value<'static>| value.into_text().unwrap().into_owned();
        assert_eq!(written(Value::Number(3.0)), "3");
        assert_eq!(written(Value::Number(-0.25)), "-0.25");
        assert_eq!(written(Value::Time(1_800_000_000_250)), "2027-01-15 08:00:00.250");
        assert_eq!(written(Value::Time(i64::MAX)), i64::MAX.to_string(), "beyond all calendars");
        assert!(Value::number_of(1.0 / 0.0).is_missing());
    }
}
