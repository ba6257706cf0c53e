//! The query part of a URL, decoded once.
//!
//! Source of truth: the WHATWG form encoding that all registry clients write (`+` is a space).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Decoded parameters, in the order they came.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Parameters that are not UTF-8 once decoded become replacement characters, which no name, tag or digest contains.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decoded(key), decoded(value)))
                .collect(),
        )
    }

    /// The first value of a parameter.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

fn decoded(text: &str) -> String {
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_once() {
        let query = Query::parse("digest=sha256%3Aab&from=a%2Fb&from=c&empty&x=%252f&plus=a+b%2Bc&bad=%ff");
        let expected =
            [("digest", "sha256:ab"), ("from", "a/b"), ("empty", ""), ("x", "%2f"), ("plus", "a b+c"), ("bad", "\u{fffd}")];
        for (key, value) in expected {
            assert_eq!(query.get(key), Some(value), "{key}");
        }
        assert_eq!(query.get("missing"), None);
    }
}
