//! The one mechanism of validation: walks what a caller sent and collects every violation of the model.
//! Never decides what a call means, never stops at the first finding. Source of truth: the generated rules; the
//! words are App Runner's own.

use crate::{limit, pattern::Pattern, shape::Blob};
use std::{collections::BTreeMap, fmt::Write as _};

/// What the model says of one shape.
pub struct Rule {
    /// Least length in characters, least number of members, or least value.
    pub min: Option<i64>,
    /// Greatest length in characters, greatest number of members, or greatest value.
    pub max: Option<i64>,
    /// What the whole text must match.
    pub pattern: Option<Pattern>,
    /// The only values; empty where the shape is no enumeration.
    pub values: &'static [&'static str],
    /// Never repeated in a message.
    pub sensitive: bool,
}

/// A structure that knows its own constraints.
pub trait Checked {
    /// Reports every violation of this structure and of what is inside.
    fn check(&self, walk: &mut Walk);
}

/// One way to break one constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// A required member is not there.
    Null,
    /// The value is none of the enumeration.
    Value(&'static [&'static str]),
    /// The number is less than this.
    Least(i64),
    /// The number is greater than this.
    Greatest(i64),
    /// The text or list is shorter than this.
    Shortest(i64),
    /// The text or list is longer than this.
    Longest(i64),
    /// The text does not match.
    Pattern(&'static str),
    /// Keys of a map break these.
    Keys(Vec<Breach>),
    /// Values of a map break these.
    Values(Vec<Breach>),
}

/// A breach, where it was found and what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// `sourceConfiguration.imageRepository.imageIdentifier`, `tags.1.member.key`.
    pub at: String,
    /// The offending value, shortened; `None` where it may not or cannot be shown.
    pub shown: Option<String>,
    /// The broken constraint.
    pub breach: Breach,
}

/// Whose words a service uses for violations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `2 validation errors detected: Value 'x' at 'y' failed to satisfy constraint: Member must …; …`
    Classic,
    /// `Invalid parameter at 'y' failed to satisfy constraint: 'must …'`
    Ecr,
}

/// The walk through one call's members.
#[derive(Default)]
pub struct Walk {
    path: Vec<String>,
    found: Vec<Violation>,
    /// Violations beyond `limit::VIOLATIONS_SHOWN`.
    unnamed: usize,
}

/// Every violation of `input` in the words of `dialect`; `None` when there is none.
pub fn violations(input: &impl Checked, dialect: Dialect) -> Option<String> {
    let mut walk = Walk::default();
    input.check(&mut walk);
    walk.into_words(dialect)
}

impl Walk {
    /// Everything that was found, in the words of `dialect`; `None` when that is nothing.
    pub fn into_words(self, dialect: Dialect) -> Option<String> {
        (!self.found.is_empty()).then(|| self.words(dialect))
    }

    /// A required member; `present` says whether the caller sent it.
    pub fn required(&mut self, member: &str, present: bool) {
        if !present {
            let at = self.at(member);
            self.report(at, Some("null".to_owned()), Breach::Null);
        }
    }

    /// A text.
    pub fn text(&mut self, member: &str, value: Option<&str>, rule: &'static Rule) {
        let Some(value) = value else { return };
        let breaches = text_breaches(value, rule);
        if !breaches.is_empty() {
            self.report_all(self.at(member), quoted(value, rule), breaches);
        }
    }

    /// A whole number.
    pub fn number(&mut self, member: &str, value: Option<impl Into<i64>>, rule: &'static Rule) {
        let Some(value) = value.map(Into::<i64>::into) else { return };
        let least = rule.min.filter(|least| value < *least).map(Breach::Least);
        let greatest = rule.max.filter(|greatest| value > *greatest).map(Breach::Greatest);
        let breaches: Vec<Breach> = least.into_iter().chain(greatest).collect();
        if !breaches.is_empty() {
            self.report_all(self.at(member), Some(format!("'{value}'")), breaches);
        }
    }

    /// A number with a fraction.
    pub fn real(&mut self, member: &str, value: Option<f64>, rule: &'static Rule) {
        let Some(value) = value else { return };
        // A bound of a model is far below 2^53, so it is the same number here.
        let least = rule.min.filter(|least| value < *least as f64).map(Breach::Least);
        let greatest = rule.max.filter(|greatest| value > *greatest as f64).map(Breach::Greatest);
        let breaches: Vec<Breach> = least.into_iter().chain(greatest).collect();
        if !breaches.is_empty() {
            self.report_all(self.at(member), Some(format!("'{value}'")), breaches);
        }
    }

    /// Bytes, which are never repeated; a length is theirs, not that of the base64.
    pub fn blob(&mut self, member: &str, value: Option<&Blob>, rule: &'static Rule) {
        let Some(Blob(bytes)) = value else { return };
        self.report_all(self.at(member), None, length_breaches(bytes.len(), rule));
    }

    /// A structure.
    pub fn nested<T: Checked>(&mut self, member: &str, value: Option<&T>) {
        let Some(value) = value else { return };
        self.path.push(camel(member));
        value.check(self);
        self.path.pop();
    }

    /// A list of structures; `rule` bounds how many there may be.
    pub fn structures<T: Checked>(&mut self, member: &str, values: Option<&[T]>, rule: Option<&'static Rule>) {
        let Some(values) = values else { return };
        self.count(member, values.len(), rule);
        for (n, value) in values.iter().enumerate() {
            // Lists are counted from one. Source: App Runner API reference.
            self.path.push(format!("{}.{}.member", camel(member), n + 1));
            value.check(self);
            self.path.pop();
        }
    }

    /// A list of texts; `rule` bounds how many there may be, `each` is what holds for one.
    pub fn texts(&mut self, member: &str, values: Option<&[String]>, rule: Option<&'static Rule>, each: &'static Rule) {
        let Some(values) = values else { return };
        self.count(member, values.len(), rule);
        for (n, value) in values.iter().enumerate() {
            let breaches = text_breaches(value, each);
            if !breaches.is_empty() {
                let at = format!("{}.{}.member", self.at(member), n + 1);
                self.report_all(at, quoted(value, each), breaches);
            }
        }
    }

    /// A map of texts.
    pub fn map(&mut self, member: &str, map: Option<&BTreeMap<String, String>>, key: &'static Rule, value: &'static Rule) {
        let Some(map) = map else { return };
        let keys = distinct(map.keys().flat_map(|text| text_breaches(text, key)));
        let values = distinct(map.values().flat_map(|text| text_breaches(text, value)));
        // Neither keys nor values are repeated: what an application is told is nobody else's business.
        if !keys.is_empty() {
            self.report(self.at(member), None, Breach::Keys(keys));
        }
        if !values.is_empty() {
            self.report(self.at(member), None, Breach::Values(values));
        }
    }

    fn count(&mut self, member: &str, length: usize, rule: Option<&'static Rule>) {
        let Some(rule) = rule else { return };
        let breaches = length_breaches(length, rule);
        self.report_all(self.at(member), None, breaches);
    }

    fn at(&self, member: &str) -> String {
        let mut at = self.path.join(".");
        if !at.is_empty() {
            at.push('.');
        }
        at.push_str(&camel(member));
        at
    }

    fn report_all(&mut self, at: String, shown: Option<String>, breaches: Vec<Breach>) {
        for breach in breaches {
            self.report(at.clone(), shown.clone(), breach);
        }
    }

    fn report(&mut self, at: String, shown: Option<String>, breach: Breach) {
        if self.found.len() == limit::VIOLATIONS_SHOWN {
            self.unnamed += 1;
        } else {
            self.found.push(Violation { at, shown, breach });
        }
    }

    fn words(&self, dialect: Dialect) -> String {
        let count = self.found.len() + self.unnamed;
        let mut text = match dialect {
            Dialect::Classic if count == 1 => "1 validation error detected: ".to_owned(),
            Dialect::Classic => format!("{count} validation errors detected: "),
            Dialect::Ecr => String::new(),
        };
        let found: Vec<String> = self.found.iter().map(|violation| violation.words(dialect)).collect();
        text.push_str(&found.join("; "));
        if self.unnamed > 0 {
            let _ = write!(text, "; and {} more", self.unnamed);
        }
        text
    }
}

impl Violation {
    fn words(&self, dialect: Dialect) -> String {
        let Self { at, shown, breach } = self;
        match dialect {
            Dialect::Classic => {
                let shown = shown.as_ref().map(|shown| format!("{shown} ")).unwrap_or_default();
                format!("Value {shown}at '{at}' failed to satisfy constraint: {}", breach.words(dialect))
            }
            Dialect::Ecr => {
                format!("Invalid parameter at '{at}' failed to satisfy constraint: '{}'", breach.words(dialect))
            }
        }
    }
}

impl Breach {
    fn words(&self, dialect: Dialect) -> String {
        let member = match dialect {
            Dialect::Classic => "Member ",
            Dialect::Ecr => "",
        };
        let all = |breaches: &[Self]| {
            let words: Vec<String> = breaches.iter().map(|breach| breach.words(dialect)).collect();
            words.join(", ")
        };
        match self {
            Self::Null => format!("{member}must not be null"),
            Self::Value(values) => format!("{member}must satisfy enum value set: [{}]", values.join(", ")),
            Self::Least(bound) => format!("{member}must have value greater than or equal to {bound}"),
            Self::Greatest(bound) => format!("{member}must have value less than or equal to {bound}"),
            Self::Shortest(bound) => format!("{member}must have length greater than or equal to {bound}"),
            Self::Longest(bound) => format!("{member}must have length less than or equal to {bound}"),
            Self::Pattern(pattern) => match dialect {
                Dialect::Classic => format!("Member must satisfy regular expression pattern: {pattern}"),
                Dialect::Ecr => format!("must satisfy regular expression '{pattern}'"),
            },
            Self::Keys(breaches) => format!("Map keys must satisfy constraint: [{}]", all(breaches)),
            Self::Values(breaches) => format!("Map value must satisfy constraint: [{}]", all(breaches)),
        }
    }
}

fn text_breaches(value: &str, rule: &'static Rule) -> Vec<Breach> {
    let mut breaches = Vec::new();
    if !rule.values.is_empty() && !rule.values.contains(&value) {
        breaches.push(Breach::Value(rule.values));
    }
    if let Some(pattern) = rule.pattern.as_ref().filter(|pattern| !pattern.accepts(value)) {
        breaches.push(Breach::Pattern(pattern.text()));
    }
    breaches.extend(length_breaches(value.chars().count(), rule));
    breaches
}

fn length_breaches(length: usize, rule: &'static Rule) -> Vec<Breach> {
    let length = i64::try_from(length).expect("a body of 1 MiB has no longer text");
    let shortest = rule.min.filter(|least| length < *least).map(Breach::Shortest);
    let longest = rule.max.filter(|greatest| length > *greatest).map(Breach::Longest);
    shortest.into_iter().chain(longest).collect()
}

fn distinct(breaches: impl Iterator<Item = Breach>) -> Vec<Breach> {
    let mut seen = Vec::new();
    for breach in breaches {
        if !seen.contains(&breach) {
            seen.push(breach);
        }
    }
    seen
}

/// For the elements of a list whose model says nothing about them.
pub static NO_RULE: Rule = Rule { min: None, max: None, pattern: None, values: &[], sensitive: false };

/// The value in quotes, shortened; nothing of a sensitive one.
fn quoted(value: &str, rule: &Rule) -> Option<String> {
    if rule.sensitive {
        return None;
    }
    let shown: String = value.chars().take(limit::SHOWN_VALUE_CHARS).collect();
    let more = if shown.len() < value.len() { "..." } else { "" };
    Some(format!("'{shown}{more}'"))
}

/// Paths are in the camel case of AWS's Java names, whatever the wire has: `serviceName`.
fn camel(member: &str) -> String {
    let mut letters = member.chars();
    letters.next().into_iter().map(|first| first.to_ascii_lowercase()).chain(letters).collect()
}
