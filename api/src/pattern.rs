//! A pattern of the service model, compiled once. Patterns are ASCII and speak of the whole value.
//! Never consulted for a length. Source of truth: the models; what is hand-written here is listed here.

use model::quota::QuotaSetting;
use regex::bytes::{Regex, RegexBuilder};
use std::sync::OnceLock;

/// A pattern as the model writes it.
pub struct Pattern {
    text: &'static str,
    /// What is accepted beside the pattern.
    also: Option<fn(&str) -> bool>,
    compiled: OnceLock<Matcher>,
}

enum Matcher {
    Anything,
    Regex(Regex),
    ByHand(fn(&str) -> bool),
}

/// A pattern's text, and the function that says the same.
type ByHand = (&'static str, fn(&str) -> bool);

/// Patterns with a look-ahead, which the regex engine does not have (it promises linear time instead), and those that speak of all languages.
const BY_HAND: &[ByHand] = &[
    ("^(?!aws:).+", tag_key),
    ("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", account_alias),
    ("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$", any_language_or_more),
    ("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$", any_language),
];

impl Pattern {
    /// The pattern `text`.
    pub const fn new(text: &'static str) -> Self {
        Self { text, also: None, compiled: OnceLock::new() }
    }

    /// The pattern `text`, or whatever `also` accepts.
    pub const fn wider(text: &'static str, also: fn(&str) -> bool) -> Self {
        Self { text, also: Some(also), compiled: OnceLock::new() }
    }

    /// The pattern as the model writes it, for the message.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Whether the whole of `value` matches, or is fine beside the pattern where the platform's wider limits hold.
    pub fn accepts(&self, value: &str, whose: QuotaSetting) -> bool {
        let matches = match self.compiled.get_or_init(|| compile(self.text)) {
            Matcher::Anything => true,
            Matcher::Regex(regex) => regex.is_match(value.as_bytes()),
            Matcher::ByHand(accepts) => accepts(value),
        };
        matches || (whose == QuotaSetting::Lifted && self.also.is_some_and(|also| also(value)))
    }
}

fn compile(text: &'static str) -> Matcher {
    // Line breaks are fine: environment variables carry certificates. Source: App Runner API reference, String.
    if text == ".*" {
        return Matcher::Anything;
    }
    if let Some((_, accepts)) = BY_HAND.iter().find(|(pattern, _)| *pattern == text) {
        return Matcher::ByHand(*accepts);
    }
    let whole = format!(r"\A(?:{text})\z");
    // Without Unicode: `\w` and `\d` are ASCII to AWS, and a negated class still spans whole characters because
    // everything outside it is ASCII. IAM's and STS's patterns name other characters; none of those has a negated class.
    let unicode = text.contains(r"\p{") || text.contains(r"\u00");
    let regex = RegexBuilder::new(&whole).unicode(unicode).build();
    Matcher::Regex(regex.expect("a test compiles every pattern of the models"))
}

/// `^(?!aws:).+`: not empty, no line break, and the prefix `aws:` is AWS's own.
fn tag_key(value: &str) -> bool {
    !value.is_empty() && !value.contains('\n') && !value.starts_with("aws:")
}

/// `^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`: 3 to 63 small letters, digits and dashes, no dash at an end or beside another.
fn account_alias(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    // The last character of the repetition may not be a dash before a dash, and what follows the repetition is none: so no two stand together.
    (3..=63).contains(&value.len()) && value.split('-').all(|part| !part.is_empty() && part.bytes().all(plain))
}

/// `^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`: letters and digits of any language, spaces, and a few signs.
fn any_language(value: &str) -> bool {
    value
        .chars()
        .all(|letter| letter.is_alphanumeric() || (letter.is_whitespace() && !letter.is_control()) || "_.:/=+-@".contains(letter))
}

/// The same, not empty.
fn any_language_or_more(value: &str) -> bool {
    !value.is_empty() && any_language(value)
}

/// Images of any registry, ours as it is reached on this machine among them. What is no image's name is let through to the parser: it says what to
/// write instead, which the pattern does not.
pub fn any_registry(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape;

    #[test]
    fn every_pattern_of_the_offered_operations_compiles() {
        let rules = shape::apprunner::RULES.iter().chain(shape::ecr::RULES).chain(shape::iam::RULES);
        let rules = rules.chain(shape::logs::RULES).chain(shape::service_quotas::RULES).chain(shape::sts::RULES);
        let rules = rules.chain(shape::secretsmanager::RULES).chain(shape::ssm::RULES).chain(shape::cloudtrail::RULES);
        let patterns = rules.filter_map(|rule| rule.pattern.as_ref());
        let mut count = 0;
        for pattern in patterns {
            pattern.accepts("x", QuotaSetting::Lifted);
            count += 1;
        }
        assert!(count > 15, "the models have more patterns than {count}");
    }

    /// Every pattern of a document, wherever it stands.
    fn patterns(document: &serde_json::Value, found: &mut Vec<String>) {
        match document {
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    match value.as_str().filter(|_| name == "pattern") {
                        Some(pattern) => found.push(pattern.to_owned()),
                        None => patterns(value, found),
                    }
                }
            }
            serde_json::Value::Array(elements) => elements.iter().for_each(|element| patterns(element, found)),
            _ => {}
        }
    }

    #[test]
    fn every_pattern_of_the_models_compiles_whether_its_operation_is_offered_or_not() {
        let mut found = Vec::new();
        for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/models")).expect("the models") {
            let text = std::fs::read_to_string(file.expect("a model").path()).expect("it is readable");
            patterns(&serde_json::from_str(&text).expect("it is JSON"), &mut found);
        }
        assert!(found.len() > 90, "the models have more patterns than {}", found.len());
        for pattern in found {
            let pattern: &'static str = pattern.leak();
            let by_hand = BY_HAND.iter().any(|(text, _)| *text == pattern);
            let looks_around = ["(?!", "(?=", "(?<"].iter().any(|sign| pattern.contains(sign));
            assert!(by_hand || !looks_around, "{pattern} has a look-around, and is not in BY_HAND");
            let _ = Pattern::new(pattern).accepts("x", QuotaSetting::Lifted);
        }
    }

    #[track_caller]
    fn check(pattern: &Pattern, yes: &[&str], no: &[&str]) {
        for value in yes {
            assert!(pattern.accepts(value, QuotaSetting::Lifted), "{} refuses {value:?}", pattern.text());
        }
        for value in no {
            assert!(!pattern.accepts(value, QuotaSetting::Lifted), "{} accepts {value:?}", pattern.text());
        }
    }

    #[test]
    fn a_pattern_speaks_of_the_whole_value_and_of_ascii() {
        check(&Pattern::new(r"\w+"), &["a_1"], &["", "a b", "é", "a\n", " a"]);
        check(&Pattern::new("a|bb"), &["a", "bb"], &["ab", "ba", "abb"]);
        check(&Pattern::new(r"[^\x0a\x0d]+"), &["sh -c 'é 日本'"], &["", "a\nb", "a\r"]);
    }

    #[test]
    fn a_pattern_that_names_other_characters_knows_them() {
        let document = r"[\u0009\u000A\u000D\u0020-\u00FF]+";
        check(&Pattern::new(document), &["{\"a\": \"é\"}\n"], &["", "日本", "\0"]);
        check(&Pattern::new(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"), &["", "équipe 7", "日本"], &["a\n", "a*"]);
    }

    #[test]
    fn a_tag_key_may_not_begin_with_the_prefix_of_aws() {
        check(&Pattern::new("^(?!aws:).+"), &["team", "aws", "AWS:x", "outrunner:reach"], &["", "aws:x", "a\nb"]);
    }

    #[test]
    fn an_account_alias_has_single_dashes_inside() {
        let longest = "a".repeat(63);
        check(
            &Pattern::new("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"),
            &["abc", "a-b", "my-own-7", &longest],
            &["", "ab", "-ab", "ab-", "a--b", "A-b", "a_b", &format!("{longest}a")],
        );
    }

    #[test]
    fn line_breaks_are_fine_where_anything_is() {
        check(&Pattern::new(".*"), &["", "-----BEGIN\nCERTIFICATE-----\r\n"], &[]);
    }

    #[test]
    fn an_image_may_be_named_by_account_and_region_or_by_any_registry() {
        let pattern = shape::apprunner::IMAGE_IDENTIFIER.pattern.as_ref().expect("it has a pattern");
        check(
            pattern,
            &[
                "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1",
                "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello",
                "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello@sha256:0123",
                "public.ecr.aws/nginx/nginx:latest",
                "localhost:4566/hello:v1",
                "docker.io/library/nginx",
                "hello",
            ],
            &["", "docker.io/a b", "docker.io/a\n", "docker.io/é"],
        );
    }
}
