//! Which lines a search is for: CloudWatch's filter patterns, those of terms.
//!
//! Never interprets a line as JSON or as columns: patterns that ask for it are refused by name. Source: Amazon CloudWatch Logs User Guide, "Filter
//! pattern syntax". Terms are found anywhere in a line, upper and lower case differ. Where optional terms stand beside others, both must hold
//! (unconfirmed).

use crate::refusal::Refusal;

/// A parsed pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPattern {
    all: Vec<String>,
    /// At least one of these, if there are any.
    any: Vec<String>,
    none: Vec<String>,
}

impl LogPattern {
    /// Parses `term "a phrase" ?either ?or -never`. Blank is every line.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut pattern = Self::default();
        let mut rest = text.trim_start();
        if rest.starts_with(['{', '[', '%']) {
            return Err(Refusal::invalid(
                "Patterns of JSON members ({ $.a = … }), columns ([a, b]) and regular expressions (%…%) are not available in this version of \
                 Outrunner. Use terms: ERROR \"a phrase\" ?either ?or -never.",
            ));
        }
        while !rest.is_empty() {
            let (kind, unmarked) = match rest.as_bytes()[0] {
                b'?' => (&mut pattern.any, &rest[1..]),
                b'-' => (&mut pattern.none, &rest[1..]),
                _ => (&mut pattern.all, rest),
            };
            let (term, after) = term(unmarked)?;
            kind.push(term);
            rest = after.trim_start();
        }
        Ok(pattern)
    }

    /// Whether every line is meant.
    pub fn is_everything(&self) -> bool {
        self.all.is_empty() && self.any.is_empty() && self.none.is_empty()
    }

    pub fn accepts(&self, line: &[u8]) -> bool {
        if self.is_everything() {
            return true;
        }
        let text = std::str::from_utf8(line);
        let has = |term: &String| match text {
            Ok(text) => text.contains(term.as_str()),
            Err(_) => line.windows(term.len()).any(|part| part == term.as_bytes()),
        };
        self.all.iter().all(has) && !self.none.iter().any(has) && (self.any.is_empty() || self.any.iter().any(has))
    }
}

/// One term, and what stands behind it.
fn term(text: &str) -> Result<(String, &str), Refusal> {
    let wrong = |why: &str| Refusal::invalid(format!("Invalid filter pattern: {why}."));
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        return if word.is_empty() || word.contains('"') {
            Err(wrong("a term is missing, or a quote stands inside of one"))
        } else {
            Ok((word.to_owned(), rest))
        };
    };
    let mut phrase = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if phrase.is_empty() => return Err(wrong("a phrase is empty")),
            '"' => return Ok((phrase, &quoted[at + 1..])),
            '\\' => phrase.extend(letters.next().map(|(_, letter)| letter)),
            _ => phrase.push(letter),
        }
    }
    Err(wrong("a quote is not closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, line: &[u8], accepted: bool) {
        assert_eq!(LogPattern::parse(pattern).unwrap().accepts(line), accepted, "{pattern} {}", String::from_utf8_lossy(line));
    }

    #[test]
    fn terms_phrases_alternatives_and_exclusions() {
        for blank in ["", "  "] {
            check(blank, b"", true);
            check(blank, b"x", true);
        }
        check("ERROR", b"an ERROR here", true);
        check("ERROR", b"an error here", false);
        check("GET 404", b"404 GET", true);
        check("GET 404", b"GET 200", false);
        check("\"GET /health\"", b"GET /health", true);
        check("\"GET /health\"", b"GET  /health", false);
        check(r#""say \"hi\"" x"#, br#"x say "hi""#, true);
        check("?one ?two", b"two", true);
        check("?one ?two", b"three", false);
        check("GET -health", b"GET /health", false);
        check("GET -\"/health \"", b"GET /healthy", true);
        check("-x", b"", true);
        check("fee", b"cof\xfffee", true);
        check("fee -\"\u{e9}\"", b"cof\xfffee \xc3\xa9", false);
    }

    #[test]
    fn what_is_not_understood_is_refused_and_never_matches_by_chance() {
        for pattern in ["{ $.a = 1 }", " [a, b]", "%x%", "\"open", "\"\"", "?", "- x", "a\"b"] {
            assert!(LogPattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
