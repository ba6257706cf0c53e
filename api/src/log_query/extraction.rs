//! `parse`: pieces of a text under names of their own, by a pattern with stars or by a regular expression with named groups.
//!
//! Never fails: where the pattern does not fit, the names stand for nothing. Source: Amazon CloudWatch Logs User Guide, the page on `parse`.

use super::{expression::Slot, row::Row, value::Value};
use regex::Regex;

/// A `parse` command.
#[derive(Clone, Debug)]
pub struct Extraction {
    /// What is looked into.
    pub from: Slot,
    pub pattern: Pattern,
    /// One for each star or named group, in their order.
    pub names: Vec<Slot>,
}

/// What a text is held against.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// The texts around the stars: one more than there are stars.
    Stars(Vec<String>),
    /// With the numbers of the named groups.
    Groups(Regex, Vec<usize>),
}

impl Extraction {
    /// Gives a row its pieces.
    pub fn apply(&self, row: &mut Row<'_>) {
        let pieces = row.value(self.from).into_text().and_then(|text| self.pattern.pieces(&text));
        let mut pieces = pieces.into_iter().flatten();
        for slot in &self.names {
            let piece = pieces.next().flatten();
            row.set(*slot, piece.map_or(Value::Missing, Value::text_of));
        }
    }
}

impl Pattern {
    /// A pattern with stars.
    pub fn stars(text: &str) -> Self {
        Self::Stars(text.split('*').map(str::to_owned).collect())
    }

    /// The pieces of a text; nothing where the pattern does not fit.
    fn pieces(&self, text: &str) -> Option<Vec<Option<String>>> {
        match self {
            Self::Stars(texts) => {
                let (first, others) = texts.split_first()?;
                let mut rest = &text[text.find(first)? + first.len()..];
                let mut pieces = Vec::with_capacity(others.len());
                for (number, next) in others.iter().enumerate() {
                    // A star at the very end takes all that is left.
                    let end = if next.is_empty() && number + 1 == others.len() { rest.len() } else { rest.find(next.as_str())? };
                    pieces.push(Some(rest[..end].to_owned()));
                    rest = &rest[end + next.len()..];
                }
                Some(pieces)
            }
            Self::Groups(regex, numbers) => {
                let found = regex.captures(text)?;
                Some(numbers.iter().map(|number| found.get(*number).map(|piece| piece.as_str().to_owned())).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<&[&str]>) {
        let found = Pattern::stars(pattern).pieces(text);
        let found: Option<Vec<String>> = found.map(|pieces| pieces.into_iter().flatten().collect());
        assert_eq!(found, expected.map(|pieces| pieces.iter().map(|piece| (*piece).to_owned()).collect()), "{pattern} {text}");
    }

    #[test]
    fn stars_take_as_little_as_they_can_and_the_last_one_the_rest() {
        check("user=*, method:*, latency := *", "25 May user=foo, method:bar, latency := 12 ms", Some(&["foo", "bar", "12 ms"]));
        check("[*] *", "x [a] [b] c", Some(&["a", "[b] c"]));
        check("*:*;", "a:b;c;", Some(&["a", "b"]));
        check("* *", "one", None);
        check("x*", "y", None);
        check("*", "", Some(&[""]));
        check("ü*ö", "äüßö", Some(&["ß"]));
    }
}
