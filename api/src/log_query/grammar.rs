//! Reading commands: what stands between the bars of a query, in order.
//!
//! Commands that Insights has and that are not here are refused by name, never passed over. Source: Amazon CloudWatch Logs User Guide, "CloudWatch Logs
//! Insights language query syntax".

use super::{
    Query, QueryError, Segment, Step,
    aggregate::Aggregate,
    expression::{Expression, Slot},
    extraction::{Extraction, Pattern},
    row::{Direction, Names},
    sink::{Gather, Stats},
    token::{Lexeme, Token, tokens},
};
use crate::limit::{LOG_QUERY_FIELDS, LOG_QUERY_ROWS};
use std::ops::Range;

/// What CloudWatch gives every line: nothing else is ever called so. Other names may begin with '@', as in AWS's own examples of `parse`.
const GIVEN: [&str; 6] = ["@message", "@timestamp", "@ingestionTime", "@logStream", "@log", "@ptr"];

/// Commands of Insights that are not here.
const ABSENT: [&str; 9] = ["pattern", "diff", "anomaly", "unmask", "unnest", "filterindex", "source", "lookup", "join"];

/// Reads tokens one after another.
pub struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Lexeme>,
    at: usize,
    pub names: Names,
    pub now_millis: i64,
    /// Those of the `stats` command that is read; nothing: another command is.
    pub aggregates: Option<Vec<Aggregate>>,
    pub nesting: usize,
    pub regexes: usize,
    pub calls: usize,
    /// Columns of the last `stats`, by how they were written, without white space.
    stats_columns: Vec<(String, Slot)>,
}

/// A query as far as it was read.
struct Draft {
    segments: Vec<Segment>,
    steps: Vec<Step>,
    /// Nothing: no command has said what is shown.
    columns: Option<Vec<Slot>>,
    /// What `parse` has given names to.
    parsed: Vec<Slot>,
}

/// Reads a whole query.
pub fn query(text: &str, rows_max: usize, now_millis: i64) -> Result<Query, QueryError> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        names: Names::default(),
        now_millis,
        aggregates: None,
        nesting: 0,
        regexes: 0,
        calls: 0,
        stats_columns: Vec::new(),
    };
    let mut draft = Draft { segments: Vec::new(), steps: Vec::new(), columns: None, parsed: Vec::new() };
    loop {
        let start = parser.span().start;
        parser.command(&mut draft)?;
        if parser.names.count() > LOG_QUERY_FIELDS {
            let message = format!("A query names at most {LOG_QUERY_FIELDS} fields.");
            return Err(parser.wrong(start..parser.end_of_last(), message));
        }
        if parser.peek().is_none() {
            break;
        }
        parser.expect("|")?;
    }
    draft.gather(Gather::First(rows_max));
    let Draft { mut segments, columns, parsed, .. } = draft;
    let columns = columns.unwrap_or_else(|| {
        // Whether Insights shows what `parse` found where no command says what is shown is not documented (unconfirmed).
        let shown = ["@timestamp", "@message"].map(|name| parser.names.slot(name));
        shown.into_iter().chain(parsed).collect()
    });
    let mut needed = vec![false; parser.names.count()];
    columns.iter().for_each(|slot| needed[*slot] = true);
    for segment in segments.iter_mut().rev() {
        segment.kept.clone_from(&needed);
        segment.fields(&mut |slot| needed[slot] = true);
    }
    // No line's own text is ever computed, so every filter before the first gathering command is about the line's own text.
    let message = parser.names.slot("@message");
    let mut needles = Vec::new();
    for step in &segments[0].steps {
        if let Step::Filter(expression) = step {
            expression.needles(message, &mut needles);
        }
    }
    Ok(Query { names: parser.names, segments, columns, needles })
}

impl Draft {
    fn gather(&mut self, gather: Gather) {
        self.segments.push(Segment { steps: std::mem::take(&mut self.steps), gather, kept: Vec::new() });
    }

    fn show(&mut self, slot: Slot) {
        let columns = self.columns.get_or_insert_default();
        if !columns.contains(&slot) {
            columns.push(slot);
        }
    }
}

impl Parser<'_> {
    fn command(&mut self, draft: &mut Draft) -> Result<(), QueryError> {
        let span = self.span();
        let Some(Token::Word(command)) = self.next() else {
            return Err(
                self.wrong(span, "A command is expected here: fields, filter, stats, sort, limit, parse, display or dedup.")
            );
        };
        match command.to_ascii_lowercase().as_str() {
            "fields" => self.fields(draft),
            "display" => {
                draft.columns = Some(Vec::new());
                self.fields(draft)
            }
            "filter" => {
                let expression = self.expression()?.expression;
                draft.steps.push(Step::Filter(expression));
                Ok(())
            }
            "sort" => self.sort(draft),
            "limit" => self.limit(draft),
            "dedup" => {
                let mut by = Vec::new();
                self.list_of(|parser| {
                    by.push(parser.expression()?.expression);
                    Ok(())
                })?;
                draft.gather(Gather::Distinct(by));
                Ok(())
            }
            "stats" => self.stats(draft),
            "parse" => self.parse(draft),
            absent if ABSENT.contains(&absent) => {
                Err(self.wrong(span, format!("The command '{command}' is not available in this version of Outrunner.")))
            }
            _ => Err(self.wrong(span, format!("There is no command '{command}'."))),
        }
    }

    /// Things with commas between them.
    fn list_of(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), QueryError>) -> Result<(), QueryError> {
        loop {
            each(self)?;
            if !self.take_sign(",") {
                return Ok(());
            }
        }
    }

    /// An expression with the name that it has, or is given: how it is written, unless `as` says otherwise.
    fn named(&mut self) -> Result<(Slot, Expression), QueryError> {
        let start = self.span().start;
        let expression = self.expression()?.expression;
        let written = self.text[start..self.end_of_last()].to_owned();
        if self.take_word("as") {
            let name = self.name()?;
            return Ok((self.names.slot(&name), expression));
        }
        match expression {
            Expression::Field(slot) => Ok((slot, expression)),
            _ => Ok((self.names.slot(&written), expression)),
        }
    }

    fn name(&mut self) -> Result<String, QueryError> {
        let span = self.span();
        match self.next() {
            Some(Token::Word(name) | Token::Quoted(name)) if !GIVEN.contains(&name.as_str()) => Ok(name),
            Some(Token::Word(name) | Token::Quoted(name)) => {
                Err(self.wrong(span, format!("{name} is what CloudWatch gives every line: take another name.")))
            }
            _ => Err(self.wrong(span, "A name is expected here.")),
        }
    }

    fn fields(&mut self, draft: &mut Draft) -> Result<(), QueryError> {
        self.list_of(|parser| {
            let (slot, expression) = parser.named()?;
            draft.show(slot);
            if !matches!(expression, Expression::Field(field) if field == slot) {
                draft.steps.push(Step::Compute(slot, expression));
            }
            Ok(())
        })
    }

    fn sort(&mut self, draft: &mut Draft) -> Result<(), QueryError> {
        let mut keys = Vec::new();
        self.list_of(|parser| {
            let expression = parser.expression()?.expression;
            let direction = if parser.take_word("desc") {
                Direction::Descending
            } else {
                parser.take_word("asc");
                Direction::Ascending
            };
            keys.push((expression, direction));
            Ok(())
        })?;
        draft.steps.push(Step::Order(keys));
        Ok(())
    }

    fn limit(&mut self, draft: &mut Draft) -> Result<(), QueryError> {
        let span = self.span();
        match self.next() {
            Some(Token::Number(rows)) if rows >= 1.0 && rows.fract() == 0.0 && rows <= LOG_QUERY_ROWS as f64 => {
                draft.gather(Gather::First(rows as usize));
                Ok(())
            }
            _ => Err(self.wrong(span, format!("'limit' takes a whole number, from 1 to {LOG_QUERY_ROWS}."))),
        }
    }

    fn stats(&mut self, draft: &mut Draft) -> Result<(), QueryError> {
        self.aggregates = Some(Vec::new());
        let (mut shown, mut by, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        self.stats_columns.clear();
        self.list_of(|parser| {
            let start = parser.span().start;
            shown.push(parser.named()?);
            columns.push((start, parser.end_of_last(), shown.last().expect("it was pushed").0));
            Ok(())
        })?;
        let aggregates = self.aggregates.take().unwrap_or_default();
        if self.take_word("by") {
            self.list_of(|parser| {
                let start = parser.span().start;
                by.push(parser.named()?);
                columns.push((start, parser.end_of_last(), by.last().expect("it was pushed").0));
                Ok(())
            })?;
        }
        self.stats_columns = columns.into_iter().map(|(start, end, slot)| (dense(&self.text[start..end]), slot)).collect();
        draft.columns = Some(Vec::new());
        by.iter().chain(&shown).for_each(|(slot, _)| draft.show(*slot));
        draft.parsed.clear();
        draft.gather(Gather::Stats(Stats { aggregates, shown, by }));
        Ok(())
    }

    /// The column of the last `stats` that was computed by what stands from here on.
    pub fn column_of_stats(&mut self, start: usize) -> Option<Slot> {
        let rest = dense(&self.text[start..]);
        let mut begun: Vec<_> =
            self.stats_columns.iter().filter(|(column, _)| column.contains('(') && rest.starts_with(column.as_str())).collect();
        begun.sort_by_key(|(column, _)| std::cmp::Reverse(column.len()));
        let (end, slot) = begun.into_iter().find_map(|(column, slot)| Some((self.end_of_column(column.len())?, *slot)))?;
        self.at = end;
        Some(slot)
    }

    /// Behind which tokens so many letters end that begin with the last token; nothing: within one, as `count(*)+1` does within `count(*)+10`.
    fn end_of_column(&self, length: usize) -> Option<usize> {
        let (mut end, mut seen) = (self.at - 1, 0);
        while seen < length {
            seen += dense(&self.text[self.tokens.get(end)?.span.clone()]).len();
            end += 1;
        }
        (seen == length).then_some(end)
    }

    fn parse(&mut self, draft: &mut Draft) -> Result<(), QueryError> {
        let from = match self.peek() {
            Some(Token::Word(name) | Token::Quoted(name)) => {
                let name = name.clone();
                self.next();
                self.names.slot(&name)
            }
            _ => self.names.slot("@message"),
        };
        let span = self.span();
        let (pattern, names) = match self.next() {
            Some(Token::Text(text)) => {
                let pattern = Pattern::stars(&text);
                let mut names = Vec::new();
                if self.take_word("as") {
                    self.list_of(|parser| {
                        let name = parser.name()?;
                        names.push(parser.names.slot(&name));
                        Ok(())
                    })?;
                }
                let stars = text.matches('*').count();
                if stars == 0 || stars != names.len() {
                    let message = format!(
                        "This pattern has {stars} stars, and {} names stand behind 'as': each star takes one.",
                        names.len()
                    );
                    return Err(self.wrong(span, message));
                }
                (pattern, names)
            }
            Some(Token::Regex(text)) => {
                self.count_regex(span.clone())?;
                let regex = self.regex(&text, span.clone())?;
                let named: Vec<(usize, String)> =
                    regex.capture_names().enumerate().filter_map(|(number, name)| Some((number, name?.to_owned()))).collect();
                if named.is_empty() || self.is_word("as") {
                    let message = "The groups of a regular expression are named within it, as in /(?<name>[a-z]+)/.";
                    return Err(self.wrong(span, message));
                }
                let names = named.iter().map(|(_, name)| self.names.slot(name)).collect();
                (Pattern::Groups(regex, named.iter().map(|(number, _)| *number).collect()), names)
            }
            _ => return Err(self.wrong(span, "'parse' takes a text with stars in quotes, or a /regular expression/.")),
        };
        if draft.columns.is_none() {
            draft.parsed.extend(&names);
        }
        draft.steps.push(Step::Extract(Extraction { from, pattern, names }));
        Ok(())
    }
}

/// Without white space.
fn dense(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The tokens.
impl Parser<'_> {
    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|lexeme| &lexeme.token)
    }

    pub fn next(&mut self) -> Option<Token> {
        let next = self.peek().cloned();
        self.at += usize::from(next.is_some());
        next
    }

    /// Where the next token stands; behind the last one the text's end.
    pub fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.text.len()..self.text.len(), |lexeme| lexeme.span.clone())
    }

    /// Where the last token that was read ends.
    pub fn end_of_last(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |lexeme| lexeme.span.end)
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    /// Whether the token behind the next one is this word.
    pub fn is_word_ahead(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Lexeme { token: Token::Word(found), .. }) if found.eq_ignore_ascii_case(word))
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    pub fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    pub fn take_one_of<T: Copy>(&mut self, signs: &[(&'static str, T)]) -> Option<T> {
        let found = signs.iter().find(|(sign, _)| self.is_sign(sign)).map(|(_, meaning)| *meaning);
        self.at += usize::from(found.is_some());
        found
    }

    pub fn expect(&mut self, sign: &str) -> Result<(), QueryError> {
        let span = self.span();
        if self.take_sign(sign) { Ok(()) } else { Err(self.wrong(span, format!("'{sign}' is expected here."))) }
    }

    pub fn wrong(&self, span: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError::at(self.text, span, message)
    }

    pub fn wrong_here(&self, message: impl Into<String>) -> QueryError {
        self.wrong(self.span(), message)
    }
}
