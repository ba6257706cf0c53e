//! Host names as routing reads them: lower case, without port and trailing dot.
//! Never resolves a name. Source of truth: RFC 9110 section 7.2, RFC 3986 section 3.2.2.

use std::borrow::Cow;

use crate::limit::HOST_LENGTH_MAX;

/// The name in an authority (`Host`, `:authority`, the target of an absolute-form request), or `None` if it is not one.
pub fn routing_name(authority: &str) -> Option<Cow<'_, str>> {
    let (name, port) = split_port(authority)?;
    if !port.bytes().all(|b| b.is_ascii_digit()) || port.len() > 5 {
        return None;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let literal = name.starts_with('[');
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_') || (literal && matches!(b, b'[' | b']' | b':'));
    if name.is_empty() || name.len() > HOST_LENGTH_MAX || !name.bytes().all(fits) {
        return None;
    }
    Some(lower_case(name))
}

/// ASCII lower case, without a copy where it is that already.
pub fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) }
}

/// `*.rest` for `first.rest`: the one level that a wildcard stands for (RFC 6125 section 6.4.3).
pub fn wildcard_of(name: &str) -> Option<String> {
    let (first, rest) = name.split_once('.')?;
    (!first.is_empty() && !rest.is_empty()).then(|| format!("*.{rest}"))
}

fn split_port(authority: &str) -> Option<(&str, &str)> {
    let after_literal = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (name, port) = authority.split_at(after_literal);
    match port.strip_prefix(':') {
        Some(digits) => Some((name, digits)),
        None => port.is_empty().then_some((name, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_port_and_trailing_dot_make_no_difference() {
        for (written, read) in [
            ("a.example", "a.example"),
            ("A.Example:443", "a.example"),
            ("a.example.", "a.example"),
            ("a.example.:8443", "a.example"),
            ("a.example:", "a.example"),
            ("[::1]:80", "[::1]"),
            ("[2001:DB8::1]", "[2001:db8::1]"),
            ("127.0.0.1:80", "127.0.0.1"),
            ("under_score.example", "under_score.example"),
        ] {
            assert_eq!(routing_name(written).as_deref(), Some(read), "{written}");
        }
    }

    #[test]
    fn what_is_no_host_is_none() {
        let long = "a".repeat(HOST_LENGTH_MAX + 1);
        for written in [
            "",
            ".",
            ":80",
            "a:b",
            "a:80:90",
            "::1",
            "user@a.example",
            "a b",
            "a/b",
            "[::1",
            "[::1]x",
            "a:123456",
            "a\u{e9}",
            &long,
        ] {
            assert_eq!(routing_name(written), None, "{written:?}");
        }
    }

    #[test]
    fn a_wildcard_stands_for_exactly_one_level() {
        assert_eq!(wildcard_of("x.us-east-1.a.example").as_deref(), Some("*.us-east-1.a.example"));
        assert_eq!(wildcard_of("example"), None);
        assert_eq!(wildcard_of(".example"), None);
    }
}
