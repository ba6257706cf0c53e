//! Reading expressions: operands, operators, and how tightly they bind: `or`, `and`, `not`, comparisons, sums, products, signs.
//!
//! Never goes deeper than a named limit, so that no query costs more stack than there is. Source: Amazon CloudWatch Logs User Guide, "Supported operations
//! and functions".

use super::{
    QueryError,
    aggregate::{Aggregate, Kind},
    expression::{Comparison, Expression, Operator},
    function::Function,
    grammar::Parser,
    token::Token,
    value::Value,
};
use crate::limit::{LOG_QUERY_CALLS, LOG_QUERY_DEPTH, LOG_QUERY_REGEX_BYTES, LOG_QUERY_REGEXES};
use regex::{Regex, RegexBuilder};
use std::ops::Range;

/// An expression, and how deep it is.
pub struct Node {
    pub expression: Expression,
    depth: usize,
}

impl Node {
    fn leaf(expression: Expression) -> Self {
        Self { expression, depth: 1 }
    }
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("!=", Comparison::Different),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];
const SUMS: [(&str, Operator); 2] = [("+", Operator::Add), ("-", Operator::Subtract)];
const PRODUCTS: [(&str, Operator); 3] = [("*", Operator::Multiply), ("/", Operator::Divide), ("%", Operator::Remainder)];

impl Parser<'_> {
    /// Any expression.
    pub fn expression(&mut self) -> Result<Node, QueryError> {
        self.nesting += 1;
        if self.nesting > LOG_QUERY_DEPTH {
            return Err(self.wrong_here(format!("Expressions stand within each other more than {LOG_QUERY_DEPTH} times.")));
        }
        let node = self.many("or", Expression::Any, |parser| parser.many("and", Expression::All, Self::negation));
        self.nesting -= 1;
        node
    }

    /// One or more operands with a word between them.
    fn many(
        &mut self,
        word: &str,
        whole: fn(Vec<Expression>) -> Expression,
        operand: impl Fn(&mut Self) -> Result<Node, QueryError>,
    ) -> Result<Node, QueryError> {
        let first = operand(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let (mut parts, mut depth) = (vec![first.expression], first.depth);
        while self.take_word(word) {
            let next = operand(self)?;
            parts.push(next.expression);
            depth = depth.max(next.depth);
        }
        self.deeper(whole(parts), depth)
    }

    fn negation(&mut self) -> Result<Node, QueryError> {
        let mut negated = 0_usize;
        while self.take_word("not") {
            negated += 1;
        }
        let inner = self.comparison()?;
        if negated.is_multiple_of(2) { Ok(inner) } else { self.not(inner) }
    }

    fn not(&self, Node { expression, depth }: Node) -> Result<Node, QueryError> {
        self.deeper(Expression::Not(Box::new(expression)), depth)
    }

    fn comparison(&mut self) -> Result<Node, QueryError> {
        let left = self.sum()?;
        let negated = self.is_word("not") && (self.is_word_ahead("like") || self.is_word_ahead("in")) && self.take_word("not");
        let node = if self.take_word("like") || self.take_sign("=~") {
            let regex = self.matcher()?;
            self.deeper(Expression::Like(Box::new(left.expression), regex), left.depth)?
        } else if self.take_word("in") {
            self.list(left)?
        } else if let Some(comparison) = self.take_one_of(&COMPARISONS) {
            let right = self.sum()?;
            let whole = Expression::Compare(Box::new(left.expression), comparison, Box::new(right.expression));
            self.deeper(whole, left.depth.max(right.depth))?
        } else {
            left
        };
        if negated { self.not(node) } else { Ok(node) }
    }

    /// What stands behind `like`: a text that is found anywhere, or a regular expression.
    fn matcher(&mut self) -> Result<Regex, QueryError> {
        let span = self.span();
        match self.next() {
            Some(Token::Text(text)) => self.regex(&regex::escape(&text), span),
            Some(Token::Regex(text)) => {
                self.count_regex(span.clone())?;
                self.regex(&text, span)
            }
            _ => Err(self.wrong(span, "Behind 'like' or '=~' a text in quotes or a /regular expression/ is expected.")),
        }
    }

    /// One more of the regular expressions that a query may have.
    pub fn count_regex(&mut self, span: Range<usize>) -> Result<(), QueryError> {
        self.regexes += 1;
        if self.regexes > LOG_QUERY_REGEXES {
            return Err(self.wrong(span, format!("A query has at most {LOG_QUERY_REGEXES} regular expressions.")));
        }
        Ok(())
    }

    /// A regular expression of linear time: look-around and back references are refused by name.
    pub fn regex(&self, text: &str, span: Range<usize>) -> Result<Regex, QueryError> {
        let built = RegexBuilder::new(text).size_limit(LOG_QUERY_REGEX_BYTES).dfa_size_limit(LOG_QUERY_REGEX_BYTES).build();
        built.map_err(|error| {
            let words = match error {
                regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
            };
            self.wrong(span, format!("This regular expression cannot be used: {words}."))
        })
    }

    fn list(&mut self, left: Node) -> Result<Node, QueryError> {
        self.expect("[")?;
        let (mut items, mut depth) = (Vec::new(), left.depth);
        while !self.take_sign("]") {
            if !items.is_empty() {
                self.expect(",")?;
            }
            let item = self.sum()?;
            depth = depth.max(item.depth);
            items.push(item.expression);
        }
        self.deeper(Expression::In(Box::new(left.expression), items), depth)
    }

    fn sum(&mut self) -> Result<Node, QueryError> {
        self.chain(&SUMS, |parser| parser.chain(&PRODUCTS, Self::signed))
    }

    fn chain(
        &mut self,
        operators: &[(&'static str, Operator)],
        operand: impl Fn(&mut Self) -> Result<Node, QueryError>,
    ) -> Result<Node, QueryError> {
        let mut left = operand(self)?;
        while let Some(operator) = self.take_one_of(operators) {
            let right = operand(self)?;
            let whole = Expression::Compute(Box::new(left.expression), operator, Box::new(right.expression));
            left = self.deeper(whole, left.depth.max(right.depth))?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Node, QueryError> {
        let mut negated = false;
        while self.take_sign("-") {
            negated = !negated;
        }
        let inner = self.operand()?;
        if negated { self.deeper(Expression::Negate(Box::new(inner.expression)), inner.depth) } else { Ok(inner) }
    }

    fn operand(&mut self) -> Result<Node, QueryError> {
        let span = self.span();
        let literal = |value: Value<'static>| Ok(Node::leaf(Expression::Literal(value)));
        match self.next() {
            Some(Token::Number(number)) => literal(Value::Number(number)),
            Some(Token::Text(text)) => literal(Value::text_of(text)),
            Some(Token::Span(number, unit)) => literal(Value::Number(self.millis(number, &unit, span)?)),
            Some(Token::Quoted(name)) => Ok(Node::leaf(Expression::Field(self.names.slot(&name)))),
            Some(Token::Sign("(")) => {
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Some(Token::Word(name)) if self.is_sign("(") => self.call(&name, span),
            Some(Token::Word(name)) => match name.as_str() {
                "true" => literal(Value::Truth(true)),
                "false" => literal(Value::Truth(false)),
                _ => Ok(Node::leaf(Expression::Field(self.names.slot(&name)))),
            },
            Some(Token::Regex(_) | Token::Sign(_)) | None => {
                Err(self.wrong(span, "A field, a number, a text or a function is expected here."))
            }
        }
    }

    /// A function or an aggregate; the next token is the opening parenthesis.
    fn call(&mut self, name: &str, span: Range<usize>) -> Result<Node, QueryError> {
        // Behind `stats` a column may be called by what it was computed with: `sort count(*)`.
        if let Some(slot) = self.column_of_stats(span.start) {
            return Ok(Node::leaf(Expression::Field(slot)));
        }
        if let Some(kind) = Kind::named(name) {
            return self.aggregate(kind, span);
        }
        let lower = name.to_ascii_lowercase();
        let known = Function::named(name);
        if known.is_none() && !["bin", "now"].contains(&lower.as_str()) {
            return Err(self.wrong(span, format!("There is no function '{name}' here.")));
        }
        self.calls += 1;
        if self.calls > LOG_QUERY_CALLS {
            return Err(self.wrong(span, format!("A query has at most {LOG_QUERY_CALLS} calls of functions.")));
        }
        self.expect("(")?;
        let (arguments, depth) = self.arguments()?;
        let whole = span.start..self.end_of_last();
        let count = arguments.len();
        match (known, lower.as_str()) {
            (None, "now") if count == 0 => Ok(Node::leaf(Expression::Literal(Value::Number((self.now_millis / 1000) as f64)))),
            (None, "bin") if count == 1 => {
                let at = Expression::Field(self.names.slot("@timestamp"));
                let arguments = std::iter::once(at).chain(arguments).collect();
                self.deeper(Expression::Call(Function::DateFloor, arguments), depth)
            }
            (Some((function, least, most)), _) if (least..=most).contains(&count) => {
                self.deeper(Expression::Call(function, arguments), depth)
            }
            _ => Err(self.wrong(whole, format!("'{name}' does not take {count} arguments."))),
        }
    }

    /// Up to the closing parenthesis.
    fn arguments(&mut self) -> Result<(Vec<Expression>, usize), QueryError> {
        let (mut arguments, mut depth) = (Vec::new(), 0);
        while !self.take_sign(")") {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            let argument = self.expression()?;
            depth = depth.max(argument.depth);
            arguments.push(argument.expression);
        }
        Ok((arguments, depth))
    }

    fn aggregate(&mut self, kind: Kind, span: Range<usize>) -> Result<Node, QueryError> {
        let Some(mut aggregates) = self.aggregates.take() else {
            return Err(self.wrong(span, "Aggregates such as count(*) stand in 'stats' only, and not within each other."));
        };
        self.expect("(")?;
        let star = kind == Kind::Count && self.take_sign("*");
        let (arguments, _) = self.arguments()?;
        let whole = span.start..self.end_of_last();
        let mut arguments = arguments.into_iter();
        let (of, part) = (arguments.next(), arguments.next());
        let kind = match (kind, &part) {
            (Kind::Percentile(part), Some(Expression::Literal(Value::Number(number)))) if part.is_nan() => {
                Kind::Percentile(*number)
            }
            (kind, None) => kind,
            (_, Some(_)) => return Err(self.wrong(whole, "This aggregate does not take these arguments.")),
        };
        let is_percentile = !matches!(kind, Kind::Percentile(part) if !(0.0..=100.0).contains(&part));
        if arguments.next().is_some() || !is_percentile || (of.is_none() && kind != Kind::Count) || (star && of.is_some()) {
            return Err(self.wrong(whole, "This aggregate takes a field; 'pct' a number from 0 to 100 beside it."));
        }
        aggregates.push(Aggregate { kind, of });
        let number = aggregates.len() - 1;
        self.aggregates = Some(aggregates);
        Ok(Node::leaf(Expression::Aggregate(number)))
    }

    /// A period in milliseconds. Months and longer have no fixed length.
    fn millis(&self, number: f64, unit: &str, span: Range<usize>) -> Result<f64, QueryError> {
        let millis = match unit {
            "ms" | "msec" | "millisecond" | "milliseconds" => 1.0,
            "s" | "sec" | "second" | "seconds" => 1_000.0,
            "m" | "min" | "minute" | "minutes" => 60_000.0,
            "h" | "hr" | "hour" | "hours" => 3_600_000.0,
            "d" | "day" | "days" => 86_400_000.0,
            "w" | "week" | "weeks" => 604_800_000.0,
            _ => {
                let message = format!("'{unit}' is not a period here: ms, s, m, h, d and w are.");
                return Err(self.wrong(span, message));
            }
        };
        Ok(number * millis)
    }

    /// A node of which the deepest part has this depth.
    fn deeper(&self, expression: Expression, depth: usize) -> Result<Node, QueryError> {
        if depth >= LOG_QUERY_DEPTH {
            return Err(self.wrong_here(format!("An expression is more than {LOG_QUERY_DEPTH} operations deep.")));
        }
        Ok(Node { expression, depth: depth + 1 })
    }
}
