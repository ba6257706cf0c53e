//! A query's text as words, texts, numbers, expressions and signs, each with its place.
//!
//! Never looks at what they mean, but for one thing: whether a `/` begins a regular expression or divides depends on the word before it. Source: Amazon
//! CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax".

use super::QueryError;
use std::ops::Range;
use winnow::{
    LocatingSlice, ModalResult, Parser,
    ascii::digit1,
    combinator::{alt, opt},
    stream::{Location, Stream},
    token::{any, one_of, take_while},
};

/// What a query is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name of a field, a command, a function.
    Word(String),
    /// A name between backticks: never a command.
    Quoted(String),
    Text(String),
    Number(f64),
    /// A number with a unit, such as `5m`.
    Span(f64, String),
    /// Between slashes.
    Regex(String),
    Sign(&'static str),
}

/// A token and where it stands, in bytes.
#[derive(Clone, Debug)]
pub struct Lexeme {
    pub token: Token,
    pub span: Range<usize>,
}

type Input<'i> = LocatingSlice<&'i str>;

/// The longer ones first.
const SIGNS: [&str; 18] = ["!=", "<=", ">=", "=~", "=", "<", ">", "(", ")", "[", "]", ",", "|", "+", "-", "*", "/", "%"];

/// Reads a query's tokens.
///
/// # Errors
/// A text, a name or an expression that is not closed, and letters that mean nothing.
pub fn tokens(text: &str) -> Result<Vec<Lexeme>, QueryError> {
    let mut input = Input::new(text);
    let mut lexemes: Vec<Lexeme> = Vec::new();
    let mut parses = false;
    loop {
        blank(&mut input);
        let start = input.current_token_start();
        let rest = &text[start..];
        let Some(first) = rest.chars().next() else { return Ok(lexemes) };
        let last = lexemes.last().map(|lexeme| &lexeme.token);
        let begins_a_command = last.is_none_or(|token| *token == Token::Sign("|"));
        let regex = first == '/' && (parses || last.is_some_and(expects_regex));
        let token = if regex { regular_expression(&mut input) } else { other(&mut input) };
        let token = token.map_err(|_| QueryError::at(text, start..start + first.len_utf8(), unread(first)))?;
        if begins_a_command {
            parses = matches!(&token, Token::Word(word) if word.eq_ignore_ascii_case("parse"));
        }
        lexemes.push(Lexeme { token, span: start..input.previous_token_end() });
    }
}

/// Behind `like` and `=~`.
fn expects_regex(token: &Token) -> bool {
    match token {
        Token::Word(word) => word.eq_ignore_ascii_case("like"),
        Token::Sign(sign) => *sign == "=~",
        Token::Quoted(_) | Token::Text(_) | Token::Number(_) | Token::Span(..) | Token::Regex(_) => false,
    }
}

fn unread(first: char) -> String {
    match first {
        '"' | '\'' => "This text is not closed.".to_owned(),
        '`' => "This name is empty or not closed.".to_owned(),
        '/' => "This regular expression is empty or not closed.".to_owned(),
        other => format!(
            "'{other}' means nothing here. Names with other letters than A-Z, a-z, 0-9, '_', '@' and '.' stand in backticks."
        ),
    }
}

/// White space, and comments up to the line's end.
fn blank(input: &mut Input<'_>) {
    loop {
        let before = input.current_token_start();
        let space: ModalResult<&str> = take_while(0.., char::is_whitespace).parse_next(input);
        let comment: ModalResult<Option<_>> = opt(('#', take_while(0.., |letter| letter != '\n'))).parse_next(input);
        debug_assert!(space.is_ok() && comment.is_ok(), "what may be empty is always read");
        if input.current_token_start() == before {
            return;
        }
    }
}

fn other(input: &mut Input<'_>) -> ModalResult<Token> {
    alt((number, word, quoted, text, sign)).parse_next(input)
}

fn number(input: &mut Input<'_>) -> ModalResult<Token> {
    let digits = (digit1, opt(('.', digit1))).take().parse_to::<f64>();
    let (number, unit) = (digits, take_while(0.., |letter: char| letter.is_ascii_alphabetic())).parse_next(input)?;
    Ok(if unit.is_empty() { Token::Number(number) } else { Token::Span(number, unit.to_owned()) })
}

fn word(input: &mut Input<'_>) -> ModalResult<Token> {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '@' | '.');
    take_while(1.., letters).map(|word: &str| Token::Word(word.to_owned())).parse_next(input)
}

fn quoted(input: &mut Input<'_>) -> ModalResult<Token> {
    let name = ('`', take_while(1.., |letter| letter != '`'), '`');
    name.map(|(_, name, _): (_, &str, _)| Token::Quoted(name.to_owned())).parse_next(input)
}

fn text(input: &mut Input<'_>) -> ModalResult<Token> {
    let quote = one_of(['"', '\'']).parse_next(input)?;
    // A backslash before a quote or another backslash takes its meaning away; others stand for themselves.
    until(input, quote, |next| matches!(next, '"' | '\'' | '\\')).map(Token::Text)
}

fn regular_expression(input: &mut Input<'_>) -> ModalResult<Token> {
    let slash = one_of('/').parse_next(input)?;
    let inner = until(input, slash, |next| next == '/')?;
    if inner.is_empty() {
        return winnow::combinator::fail(input);
    }
    Ok(Token::Regex(inner))
}

/// What stands before the closing letter.
fn until(input: &mut Input<'_>, close: char, loses_its_backslash: impl Fn(char) -> bool) -> ModalResult<String> {
    let mut inner = String::new();
    loop {
        match any(input)? {
            '\\' => {
                let next = any(input)?;
                if !loses_its_backslash(next) {
                    inner.push('\\');
                }
                inner.push(next);
            }
            letter if letter == close => return Ok(inner),
            letter => inner.push(letter),
        }
    }
}

fn sign(input: &mut Input<'_>) -> ModalResult<Token> {
    let text = *input.as_ref();
    match SIGNS.into_iter().find(|sign| text.starts_with(sign)) {
        Some(sign) => {
            input.next_slice(sign.len());
            Ok(Token::Sign(sign))
        }
        None => winnow::combinator::fail(input),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Token]) {
        let found: Vec<Token> = tokens(text).unwrap().into_iter().map(|lexeme| lexeme.token).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn word(word: &str) -> Token {
        Token::Word(word.to_owned())
    }

    #[test]
    fn words_texts_numbers_spans_and_signs() {
        check("", &[]);
        check(
            "fields @message, a.b as `my field` # the rest | is a comment\n| limit 20",
            &[
                word("fields"),
                word("@message"),
                Token::Sign(","),
                word("a.b"),
                word("as"),
                Token::Quoted("my field".to_owned()),
                Token::Sign("|"),
                word("limit"),
                Token::Number(20.0),
            ],
        );
        check(
            "bin(5m)<=1.5",
            &[
                word("bin"),
                Token::Sign("("),
                Token::Span(5.0, "m".to_owned()),
                Token::Sign(")"),
                Token::Sign("<="),
                Token::Number(1.5),
            ],
        );
        check(r#""say \"hi\" \d \\" 'it"s'"#, &[Token::Text(r#"say "hi" \d \"#.to_owned()), Token::Text("it\"s".to_owned())]);
    }

    #[test]
    fn a_slash_is_an_expression_behind_like_and_in_parse_and_divides_elsewhere() {
        let regex = |text: &str| Token::Regex(text.to_owned());
        check(r"x like /a|b\/c\d/", &[word("x"), word("like"), regex(r"a|b/c\d")]);
        check(
            "x =~ /a/ | fields a/b",
            &[word("x"), Token::Sign("=~"), regex("a"), Token::Sign("|"), word("fields"), word("a"), Token::Sign("/"), word("b")],
        );
        check("parse @message /a/", &[word("parse"), word("@message"), regex("a")]);
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_place_in_letters() {
        for (text, start, words) in [
            ("fields \"äö", 7, "not closed"),
            ("ö", 0, "backticks"),
            ("'ä' ~", 4, "means nothing"),
            ("x like /a", 7, "expression"),
            ("`", 0, "name"),
        ] {
            let error = tokens(text).unwrap_err();
            assert_eq!((error.start, error.end), (start, start + 1), "{text}: {error:?}");
            assert!(error.message.contains(words), "{error:?}");
        }
    }
}
