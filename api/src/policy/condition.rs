//! Conditions: operators, and whether one holds for a request.
//! Never fails: a value that cannot be read matches nothing, and is refused when a policy is written. Source of truth: IAM User Guide, "Condition operators" and "Multivalued
//! context keys".

use super::{
    context::Context,
    glob::{Case, Glob, Stars},
    rule::{Rule, broken},
};
use std::net::IpAddr;

/// One line of a condition block: an operator, a key, and the values that the policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub operator: Operator,
    pub key: String,
    pub values: Vec<String>,
}

/// `ForAllValues:StringNotLikeIfExists`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    set: Option<Set>,
    /// The comparison's name says `Not`.
    negated: bool,
    compare: Compare,
    if_exists: bool,
}

/// How many of a key's values must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    All,
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    /// Exactly the same text.
    Text(Case),
    /// With wildcards.
    Like,
    /// With wildcards, part by part. `ArnEquals` is the same as `ArnLike`.
    Arn,
    Number(Order),
    Date(Order),
    Bool,
    /// Base64 text.
    Binary,
    /// A CIDR block, or an address.
    Ip,
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// Reads an operator's name; `None` where there is no such operator.
    pub fn parse(name: &str) -> Option<Self> {
        let (set, name) = match name.split_once(':') {
            Some(("ForAllValues", name)) => (Some(Set::All), name),
            Some(("ForAnyValue", name)) => (Some(Set::Any), name),
            Some(_) => return None,
            None => (None, name),
        };
        let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
        let (compare, negated) = comparison(name)?;
        // To ask whether an absent key is absent makes no sense. Source: IAM User Guide, "...IfExists condition operators".
        let senseless = compare == Compare::Null && (if_exists || set.is_some());
        (!senseless).then_some(Self { set, negated, compare, if_exists })
    }

    /// Why a value of a policy means nothing to this operator, such as `no number`; `None` where it does mean something.
    pub fn misread(self, value: &str) -> Option<&'static str> {
        let (good, wanted) = match self.compare {
            Compare::Text(_) | Compare::Like | Compare::Arn | Compare::Binary => return None,
            Compare::Number(_) => (number(value).is_some(), "no number"),
            Compare::Date(_) => (date_millis(value).is_some(), "no date, such as 2026-03-01T12:00:00Z"),
            Compare::Bool | Compare::Null => {
                (["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(value)), "neither true nor false")
            }
            Compare::Ip => {
                // Any address does: what is wrong with the block shows with each of its family.
                let any = if value.contains(':') { "::1" } else { "127.0.0.1" };
                (within(value, any).is_some(), "no address and no block of some, such as 203.0.113.0/24")
            }
        };
        (!good).then_some(wanted)
    }
}

fn comparison(name: &str) -> Option<(Compare, bool)> {
    Some(match name {
        "StringEquals" => (Compare::Text(Case::Kept), false),
        "StringNotEquals" => (Compare::Text(Case::Kept), true),
        "StringEqualsIgnoreCase" => (Compare::Text(Case::Folded), false),
        "StringNotEqualsIgnoreCase" => (Compare::Text(Case::Folded), true),
        "StringLike" => (Compare::Like, false),
        "StringNotLike" => (Compare::Like, true),
        "ArnEquals" | "ArnLike" => (Compare::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Compare::Arn, true),
        "Bool" => (Compare::Bool, false),
        "BinaryEquals" => (Compare::Binary, false),
        "IpAddress" => (Compare::Ip, false),
        "NotIpAddress" => (Compare::Ip, true),
        "Null" => (Compare::Null, false),
        _ => match (name.strip_prefix("Numeric"), name.strip_prefix("Date")) {
            (Some(order), _) => order_of(order).map(|(order, negated)| (Compare::Number(order), negated))?,
            (_, Some(order)) => order_of(order).map(|(order, negated)| (Compare::Date(order), negated))?,
            (None, None) => return None,
        },
    })
}

fn order_of(name: &str) -> Option<(Order, bool)> {
    Some(match name {
        "Equals" => (Order::Equal, false),
        "NotEquals" => (Order::Equal, true),
        "LessThan" => (Order::Less, false),
        "LessThanEquals" => (Order::LessOrEqual, false),
        "GreaterThan" => (Order::Greater, false),
        "GreaterThanEquals" => (Order::GreaterOrEqual, false),
        _ => return None,
    })
}

impl Condition {
    /// Whether it holds. `variables`: whether the policy's language version knows variables.
    pub fn holds(&self, context: &Context, variables: bool) -> bool {
        let Operator { set, negated, compare, if_exists } = self.operator;
        let if_exists = if_exists && !broken(Rule::IfExists);
        let found = context.get(&self.key);
        if compare == Compare::Null {
            let absent = found.is_none() != broken(Rule::NullAsksForAbsence);
            return self.values.iter().any(|value| value.eq_ignore_ascii_case("true") == absent);
        }
        let fits = |value: &String| {
            let mut each = self.values.iter().map(|wanted| fits(compare, wanted, value, context, variables));
            let every = broken(Rule::AnyValueFits) || (negated && broken(Rule::NegatedRefusesEveryValue));
            if every { each.all(|fits| fits) } else { each.any(|fits| fits) }
        };
        match (found, set) {
            (None, Some(Set::All)) => !broken(Rule::ForAllValuesOfNone),
            (None, Some(Set::Any)) => if_exists || broken(Rule::ForAnyValueOfNone),
            // "Not equal" is true of what is not there.
            (None, None) if negated => !broken(Rule::MissingKeySuitsNegated),
            (None, None) => if_exists || broken(Rule::MissingKeyFails),
            (Some(values), Some(Set::All)) if broken(Rule::ForAllValuesNeedsEach) => {
                values.iter().any(|value| fits(value) != negated)
            }
            (Some(values), Some(Set::All)) => values.iter().all(|value| fits(value) != negated),
            (Some(values), Some(Set::Any)) if broken(Rule::ForAnyValueNeedsOne) => {
                values.iter().all(|value| fits(value) != negated)
            }
            (Some(values), Some(Set::Any)) => values.iter().any(|value| fits(value) != negated),
            (Some(values), None) => values.iter().any(fits) != negated,
        }
    }
}

fn fits(compare: Compare, wanted: &str, value: &str, context: &Context, variables: bool) -> bool {
    let glob = |stars| if variables { Glob::expand(wanted, context, stars) } else { Some(Glob::plain(wanted, stars)) };
    match compare {
        Compare::Text(case) => {
            let case = match case {
                Case::Kept if broken(Rule::TextCase) => Case::Folded,
                Case::Folded if broken(Rule::IgnoreCase) => Case::Kept,
                Case::Kept | Case::Folded => case,
            };
            let stars = if broken(Rule::TextIsExact) { Stars::Wild } else { Stars::Plain };
            glob(stars).is_some_and(|glob| glob.matches(value, case))
        }
        Compare::Like => {
            let stars = if broken(Rule::LikeHasWildcards) { Stars::Plain } else { Stars::Wild };
            glob(stars).is_some_and(|glob| glob.matches(value, Case::Kept))
        }
        Compare::Arn if broken(Rule::ArnPartByPart) => glob(Stars::Wild).is_some_and(|glob| glob.matches(value, Case::Kept)),
        Compare::Arn => glob(Stars::Wild).is_some_and(|glob| glob.matches_arn(value)),
        Compare::Bool if broken(Rule::BoolCase) => wanted == value,
        Compare::Bool => wanted.eq_ignore_ascii_case(value),
        Compare::Binary if broken(Rule::BinaryIsExact) => wanted.eq_ignore_ascii_case(value),
        Compare::Binary => wanted == value,
        Compare::Number(order) if broken(Rule::NumberNotText) => is(order, value, wanted),
        Compare::Number(order) => match (number(value), number(wanted)) {
            (Some(value), Some(wanted)) => is(turned(order, Rule::NumberOrder), value, wanted),
            _ => false,
        },
        Compare::Date(order) => match (date_millis(value), date_millis(wanted)) {
            (Some(value), Some(wanted)) => is(turned(order, Rule::DateOrder), value, wanted),
            _ => false,
        },
        Compare::Ip => within(wanted, value).unwrap_or(false),
        // Answered before anything is compared.
        Compare::Null => false,
    }
}

/// The order, or with `rule` broken one that holds at equality where it must not, and the other way round.
fn turned(order: Order, rule: Rule) -> Order {
    match (order, broken(rule)) {
        (order, false) => order,
        (Order::Equal, true) => Order::LessOrEqual,
        (Order::Less, true) => Order::LessOrEqual,
        (Order::LessOrEqual, true) => Order::Less,
        (Order::Greater, true) => Order::GreaterOrEqual,
        (Order::GreaterOrEqual, true) => Order::Greater,
    }
}

fn is<T: PartialOrd>(order: Order, value: T, wanted: T) -> bool {
    match order {
        Order::Equal => value == wanted,
        Order::Less => value < wanted,
        Order::LessOrEqual => value <= wanted,
        Order::Greater => value > wanted,
        Order::GreaterOrEqual => value >= wanted,
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// ISO 8601 (a day, or a time with its offset), or seconds since the epoch.
fn date_millis(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    if let Ok(day) = text.parse::<jiff::civil::Date>() {
        return Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond());
    }
    if broken(Rule::DateEpoch) {
        return None;
    }
    jiff::Timestamp::from_second(text.parse().ok()?).ok().map(|time| time.as_millisecond())
}

/// Whether an address is in a block.
fn within(block: &str, address: &str) -> Option<bool> {
    let (network, length) = block.trim().split_once('/').map_or((block.trim(), None), |(network, length)| (network, Some(length)));
    let (network, address): (IpAddr, IpAddr) = (network.parse().ok()?, address.trim().parse().ok()?);
    let (network, address, bits) = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => (u128::from(network.to_bits()), u128::from(address.to_bits()), 32),
        (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits(), address.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return Some(broken(Rule::IpFamily)),
    };
    if broken(Rule::IpBlock) {
        return Some(network == address);
    }
    let length: u32 = length.map_or(Some(bits), |length| length.parse().ok())?;
    let dropped = bits.checked_sub(length)?;
    // A shift by all 128 bits leaves nothing to compare.
    Some(network.checked_shr(dropped).unwrap_or(0) == address.checked_shr(dropped).unwrap_or(0))
}
