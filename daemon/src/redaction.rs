//! What a text that leaves the machine must not hold, and how it is taken out.
//!
//! Two ways at once: what is known to be secret is looked for letter by letter, and what looks like a secret goes whether it is known or not. Never decides
//! that something may be shown: whoever writes a bundle chooses that; this is the second net.

use serde_json::Value;

/// What stands in its place.
const GONE: &str = "[left out]";
/// Shorter values ("8080", "true") stand in every text for other reasons.
const SECRET_BYTES_MIN: usize = 6;
/// Names whose value is somebody's secret, up to the next blank, comma or quote: behind `=` or `:`, in quotes or not.
const NAMES_OF_SECRETS: [&str; 10] =
    ["password", "passwd", "passphrase", "secret", "secretaccesskey", "token", "api_key", "apikey", "authorization", "signature"];
/// What may stand before the secret in a value.
const SCHEMES: [&str; 2] = ["basic ", "bearer "];
const QUOTES: [char; 3] = ['"', '\\', '\''];
/// Behind these words in our own sentences stands what an app printed.
const BEFORE_OUTPUT: &str = "Last lines: ";

/// Secrets of this machine that are known by value.
#[derive(Default)]
pub struct Redaction(Vec<String>);

impl Redaction {
    /// One more that must never be seen, in each form in which it may be written.
    pub fn know(&mut self, secret: &str) {
        for line in secret.lines().map(str::trim) {
            let quoted = Value::from(line).to_string();
            for form in [line, quoted.trim_matches('"')] {
                if form.len() >= SECRET_BYTES_MIN && !self.0.iter().any(|known| known == form) {
                    self.0.push(form.to_owned());
                }
            }
        }
        // The longest first: a shorter one may be a part of it.
        self.0.sort_by_key(|known| std::cmp::Reverse(known.len()));
    }

    /// A text without secrets.
    pub fn apply(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        let mut in_key = false;
        for line in text.lines() {
            // Keys in PEM take many lines.
            in_key |= line.contains("-----BEGIN") && line.contains("PRIVATE KEY-----");
            let ends = line.contains("-----END");
            clean.push_str(&if in_key { GONE.to_owned() } else { self.line(line) });
            clean.push('\n');
            in_key &= !ends;
        }
        clean
    }

    fn line(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for known in &self.0 {
            if line.contains(known.as_str()) {
                line = line.replace(known.as_str(), GONE);
            }
        }
        if let Some(at) = line.find(BEFORE_OUTPUT) {
            line.truncate(at + BEFORE_OUTPUT.len());
            line.push_str(GONE);
        }
        for name in NAMES_OF_SECRETS {
            line = without_values_of(&line, name);
        }
        without_passwords_in_urls(&line)
    }
}

/// Takes out the values of what has this name, wherever it stands.
fn without_values_of(line: &str, name: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let (mut clean, mut from) = (String::new(), 0);
    while let Some(found) = lower[from..].find(name) {
        let end = from + found + name.len();
        let begin = value_of(&lower, end);
        clean.push_str(&line[from..begin.unwrap_or(end)]);
        from = begin.unwrap_or(end);
        if begin.is_some() {
            let value = &line[from..];
            let length = value.find([' ', ',', '"', '\'', '&', '}', '\\', '|']).unwrap_or(value.len());
            if length > 0 {
                clean.push_str(GONE);
            }
            from += length;
        }
    }
    clean.push_str(&line[from..]);
    clean
}

/// Where the value begins that belongs to a name which ends here, if it has one.
fn value_of(lower: &str, end: usize) -> Option<usize> {
    let rest = lower[end..].trim_start_matches(QUOTES).trim_start();
    let rest = rest.strip_prefix([':', '='])?.trim_start().trim_start_matches(QUOTES);
    let rest = SCHEMES.iter().find_map(|scheme| rest.strip_prefix(scheme)).unwrap_or(rest);
    Some(lower.len() - rest.len())
}

/// `https://user:password@host` keeps its host.
fn without_passwords_in_urls(line: &str) -> String {
    let (mut clean, mut rest) = (String::new(), line);
    while let Some(found) = rest.find("://") {
        let (before, after) = rest.split_at(found + 3);
        clean.push_str(before);
        let authority = after.find(|letter: char| "/ \"'<>,|".contains(letter)).unwrap_or(after.len());
        match after[..authority].rfind('@') {
            Some(at) => {
                clean.push_str(GONE);
                rest = &after[at..];
            }
            None => rest = after,
        }
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_goes_in_every_form_and_short_values_stay() {
        let mut redaction = Redaction::default();
        redaction.know("s3cret\"value");
        redaction.know("8080");
        assert_eq!(redaction.apply("a s3cret\"value b"), "a [left out] b\n");
        assert_eq!(redaction.apply(r#"{"a":"s3cret\"value"}"#), "{\"a\":\"[left out]\"}\n");
        assert_eq!(redaction.apply("port 8080"), "port 8080\n");
    }

    #[test]
    fn what_looks_like_a_secret_goes_although_nobody_knows_it() {
        let redaction = Redaction::default();
        for (text, clean) in [
            ("PASSWORD=hunter22 next", "PASSWORD=[left out] next"),
            ("x token: 'abc', y", "x token: '[left out]', y"),
            ("pull https://me:pw@r.example/x failed", "pull https://[left out]@r.example/x failed"),
            ("see https://r.example/x", "see https://r.example/x"),
            ("It ended. Last lines: key=42 | more", "It ended. Last lines: [left out]"),
            ("Authorization: Basic QVdTOmE= end", "Authorization: Basic [left out] end"),
            ("password=", "password="),
            (r#"{"password":"hunter22","a":1}"#, r#"{"password":"[left out]","a":1}"#),
            (
                r#"{"SecretAccessKey": "abc/def", "SessionToken":"x"}"#,
                r#"{"SecretAccessKey": "[left out]", "SessionToken":"[left out]"}"#,
            ),
            (r#"cause="{\"token\":\"abc\"}""#, r#"cause="{\"token\":\"[left out]\"}""#),
            (r#"{"authorization":"Bearer abc"}"#, r#"{"authorization":"Bearer [left out]"}"#),
            ("5 tokens, no secrets: none", "5 tokens, no secrets: none"),
        ] {
            assert_eq!(redaction.apply(text), format!("{clean}\n"), "{text}");
        }
    }

    #[test]
    fn a_private_key_goes_with_all_its_lines() {
        let text = "before\n-----BEGIN PRIVATE KEY-----\nMIIE\nAAAA\n-----END PRIVATE KEY-----\nafter";
        let clean = Redaction::default().apply(text);
        assert!(clean.starts_with("before\n") && clean.ends_with("after\n") && !clean.contains("MIIE"), "{clean}");
    }
}
