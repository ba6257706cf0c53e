//! Texts of a policy with wildcards and variables, and whether another text matches.
//! Never reads what was put in for a variable as a pattern: a user named `*` is not everybody.
//! Source of truth: IAM User Guide, "Policy variables" and the string operators of conditions.

use super::{
    context::Context,
    rule::{Rule, broken},
};
use std::str::Chars;

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// This character.
    Char(char),
    /// `?`: any one character.
    One,
    /// `*`: any characters, also none.
    Any,
}

/// Whether `*` and `?` are wildcards in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stars {
    Wild,
    Plain,
}

/// Whether letters of another case match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Kept,
    Folded,
}

/// A pattern, made for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Vec<Piece>);

impl Glob {
    /// A text without variables.
    pub fn plain(text: &str, stars: Stars) -> Self {
        Self(text.chars().map(|letter| piece(letter, stars)).collect())
    }

    /// A text whose variables are put in. `None`: a variable has no value and no default, and so nothing matches.
    pub fn expand(text: &str, context: &Context, stars: Stars) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${").filter(|_| !broken(Rule::VariablesArePutIn)) {
            let end = at + rest[at..].find('}')?;
            pieces.extend(rest[..at].chars().map(|letter| piece(letter, stars)));
            let name = &rest[at + 2..end];
            match name {
                // The three characters that could not be said otherwise.
                "*" | "?" | "$" if !broken(Rule::EscapedCharacters) => pieces.extend(name.chars().map(Piece::Char)),
                "*" | "?" | "$" => pieces.extend(name.chars().map(|letter| piece(letter, stars))),
                _ => match value(name, context) {
                    Some(value) if broken(Rule::VariableValueIsNoPattern) => {
                        pieces.extend(value.chars().map(|letter| piece(letter, stars)));
                    }
                    Some(value) => pieces.extend(value.chars().map(Piece::Char)),
                    None if broken(Rule::VariableWithoutValueMatchesNothing) => {}
                    None => return None,
                },
            }
            rest = &rest[end + 1..];
        }
        pieces.extend(rest.chars().map(|letter| piece(letter, stars)));
        Some(Self(pieces))
    }

    /// Whether the whole of `text` matches. Takes no longer than both lengths multiplied, whatever the pattern.
    pub fn matches(&self, text: &str, case: Case) -> bool {
        let letters: Vec<char> = text.chars().collect();
        matches(&self.0, &letters, case)
    }

    /// Whether `arn` matches part by part: a wildcard reaches over none of the first five colons.
    pub fn matches_arn(&self, arn: &str) -> bool {
        let parts: Vec<&str> = arn.splitn(ARN_PARTS, ':').collect();
        let patterns: Vec<&[Piece]> = self.0.splitn(ARN_PARTS, |piece| *piece == Piece::Char(':')).collect();
        let alike = |(pattern, part): (&&[Piece], &&str)| {
            let letters: Vec<char> = part.chars().collect();
            matches(pattern, &letters, Case::Kept)
        };
        // A lone star stands for any ARN.
        self.0 == [Piece::Any] || (parts.len() == patterns.len() && patterns.iter().zip(&parts).all(alike))
    }
}

const ARN_PARTS: usize = 6;

fn piece(letter: char, stars: Stars) -> Piece {
    match (letter, stars) {
        ('*', Stars::Wild) if !broken(Rule::Star) => Piece::Any,
        ('?', Stars::Wild) if !broken(Rule::QuestionMark) => Piece::One,
        (letter, Stars::Wild | Stars::Plain) => Piece::Char(letter),
    }
}

/// Whether the whole of `text` matches a pattern without variables. Makes nothing, so that a long policy costs little.
/// Letters of another case match where they are ASCII, which names of actions and ARNs of services are.
pub fn wild(pattern: &str, text: &str, case: Case) -> bool {
    let (mut p, mut t) = (pattern.chars(), text.chars());
    let mut last_star: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let here = t.clone();
        let (wanted, letter) = (p.next(), t.next());
        let fits = match (wanted.map(|wanted| piece(wanted, Stars::Wild)), letter) {
            (Some(Piece::Any), _) => {
                // A star at the end takes what is left.
                if p.as_str().is_empty() {
                    return true;
                }
                t = here;
                last_star = Some((p.clone(), t.clone()));
                continue;
            }
            (None, None) => return true,
            (Some(Piece::One), Some(_)) => true,
            (Some(Piece::Char(wanted)), Some(letter)) => {
                wanted == letter || (case == Case::Folded && wanted.eq_ignore_ascii_case(&letter))
            }
            (Some(Piece::One | Piece::Char(_)), None) | (None, Some(_)) => false,
        };
        if !fits {
            let Some((star, taken)) = last_star.as_mut() else { return false };
            if taken.next().is_none() {
                return false;
            }
            p = star.clone();
            t = taken.clone();
        }
    }
}

/// `key`, or `key, 'default'`.
fn value<'a>(name: &'a str, context: &'a Context) -> Option<&'a str> {
    let (key, default) = name.split_once(',').map_or((name, None), |(key, default)| (key, Some(default.trim())));
    let default = || default?.strip_prefix('\'')?.strip_suffix('\'');
    context.variable(key.trim()).or_else(|| if broken(Rule::VariableDefault) { None } else { default() })
}

/// Goes back to the last star only: what an earlier one could take, the last one can.
fn matches(pattern: &[Piece], letters: &[char], case: Case) -> bool {
    let (mut p, mut l) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while l < letters.len() {
        match pattern.get(p) {
            Some(Piece::Any) => {
                last_star = Some((p, l));
                p += 1;
            }
            Some(piece) if is(*piece, letters[l], case) => {
                p += 1;
                l += 1;
            }
            Some(_) | None => match last_star {
                Some((star, taken)) => {
                    last_star = Some((star, taken + 1));
                    p = star + 1;
                    l = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|piece| *piece == Piece::Any)
}

fn is(piece: Piece, letter: char, case: Case) -> bool {
    match piece {
        Piece::One | Piece::Any => true,
        Piece::Char(wanted) => match case {
            Case::Kept => wanted == letter,
            Case::Folded => wanted == letter || wanted.to_lowercase().eq(letter.to_lowercase()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let context = Context::default().with("aws:username", "*").with_all("aws:TagKeys", vec!["a".into(), "b".into()]);
        let glob = Glob::expand(pattern, &context, Stars::Wild);
        for (texts, wanted) in [(yes, true), (no, false)] {
            for text in texts {
                let found = glob.as_ref().is_some_and(|glob| glob.matches(text, Case::Kept));
                assert_eq!(found, wanted, "{pattern} and {text}");
            }
        }
    }

    #[test]
    fn stars_and_question_marks_stand_for_letters() {
        check("*", &["", "a", "a:b/c"], &[]);
        check("a*c", &["ac", "abc", "abcbc"], &["a", "ab", "acb", "xac"]);
        check("a?c", &["abc", "aéc"], &["ac", "abbc"]);
        check("*a*b*", &["ab", "xaxbx", "aab"], &["ba", ""]);
        check("", &[""], &["a"]);
    }

    #[test]
    fn what_is_put_in_for_a_variable_is_no_pattern() {
        check("home/${aws:username}/x", &["home/*/x"], &["home/a/x", "home/${aws:username}/x"]);
        check("${aws:absent}", &[], &["", "${aws:absent}"]);
        check("${aws:TagKeys}", &[], &["a", "b", "a,b"]);
        check("${aws:absent, 'nobody'}", &["nobody"], &["", "'nobody'"]);
        check("${*}${?}${$}", &["*?$"], &["abc"]);
        check("${unclosed", &[], &["${unclosed", ""]);
    }

    #[test]
    fn a_pattern_full_of_stars_is_answered_at_once() {
        let glob = Glob::plain(&"a*".repeat(200), Stars::Wild);
        assert!(!glob.matches(&"a".repeat(2_000).replace('a', "ab").repeat(2)[1..], Case::Kept));
    }

    #[test]
    fn an_arn_is_compared_part_by_part() {
        for (pattern, arn, wanted) in [
            ("arn:aws:ecr:*:000000000000:repository/*", "arn:aws:ecr:us-east-1:000000000000:repository/a/b:c", true),
            ("arn:aws:*:repository/*", "arn:aws:ecr:us-east-1:000000000000:repository/a", false),
            ("arn:aws:ecr:us-east-1:*", "arn:aws:ecr:us-east-1:000000000000:repository/a", false),
            ("*", "arn:aws:ecr:us-east-1:000000000000:repository/a", true),
            ("arn:aws:iam::000000000000:role/x", "arn:aws:iam::000000000000:role/x", true),
        ] {
            assert_eq!(Glob::plain(pattern, Stars::Wild).matches_arn(arn), wanted, "{pattern} and {arn}");
        }
    }
}
