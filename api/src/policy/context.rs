//! What is known of a request beyond who, what and on what: condition keys and their values.
//! Never has a key twice: keys are not told apart by case. Source of truth: IAM User Guide, "AWS global condition context keys".

use super::rule::{Rule, broken};
use std::collections::BTreeMap;

/// Condition keys in small letters, each with its values. A key that is not here is absent, which is not the same as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// With a key of one value.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<String>) -> Self {
        self.with_all(key, vec![value.into()])
    }

    /// With a key of many values.
    #[must_use]
    pub fn with_all(mut self, key: &str, values: Vec<String>) -> Self {
        self.0.insert(key.to_ascii_lowercase(), values);
        self
    }

    /// Without a key.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.0.remove(&key.to_ascii_lowercase());
        self
    }

    /// All keys, in small letters.
    #[cfg(test)]
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The values of a key.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        if broken(Rule::KeyCase) && key.bytes().any(|b| b.is_ascii_uppercase()) {
            return self.0.iter().find(|(known, _)| known.as_str() == key).map(|(_, values)| values.as_slice());
        }
        self.0.get(&key.to_ascii_lowercase()).map(Vec::as_slice)
    }

    /// The value that is put in for a policy variable: only a key with exactly one value can be one.
    pub fn variable(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            [value] => Some(value),
            [value, ..] if broken(Rule::VariableOfManyValuesIsNone) => Some(value),
            _ => None,
        }
    }
}
