//! Filters of `DescribeParameters` and `GetParametersByPath`: all of them must hold, of each one of its values.
//! Source of truth: the Systems Manager API reference, `ParameterStringFilter`.

use super::parameter::key_of;
use crate::{fault::Wrong, shape::ssm as shape};
use model::parameter::Parameter;

/// A filter that was read.
pub struct Filter {
    key: Key,
    option: How,
    values: Vec<String>,
}

enum Key {
    Name,
    Type,
    Sealing,
    Path,
    Label,
    Tier,
    DataType,
    Tag(String),
}

#[derive(Clone, Copy)]
enum How {
    Equals,
    BeginsWith,
    Contains,
    Recursive,
    OneLevel,
}

/// Which list is filtered: each has keys of its own.
#[derive(Clone, Copy)]
pub enum Of {
    /// `DescribeParameters`: all but `Label`.
    Descriptions,
    /// `GetParametersByPath`: `Type`, `KeyId` and `Label`.
    Path,
}

impl Of {
    const fn takes(self, key: &Key) -> bool {
        match key {
            Key::Type | Key::Sealing => true,
            Key::Label => matches!(self, Self::Path),
            Key::Name | Key::Path | Key::Tier | Key::DataType | Key::Tag(_) => matches!(self, Self::Descriptions),
        }
    }
}

/// Reads filters of the newer form.
///
/// # Errors
/// `InvalidFilterKey`, `InvalidFilterOption`.
pub fn parse(filters: Vec<shape::ParameterStringFilter>, of: Of) -> Result<Vec<Filter>, Wrong> {
    let read = filters.into_iter().map(|filter| {
        let shape::ParameterStringFilter { key, option, values } = filter;
        let name = key.expect("validation refuses a filter without a required member");
        let wrong = || Wrong::Declared(shape::INVALID_FILTER_KEY, format!("The filter key {name} is not valid."));
        let key = match name.as_str() {
            "Name" => Key::Name,
            "Type" => Key::Type,
            "KeyId" => Key::Sealing,
            "Path" => Key::Path,
            "Label" => Key::Label,
            "Tier" => Key::Tier,
            "DataType" => Key::DataType,
            other => other.strip_prefix("tag:").map(|tag| Key::Tag(tag.to_owned())).ok_or_else(wrong)?,
        };
        if !of.takes(&key) {
            return Err(wrong());
        }
        let option = match (option.as_deref(), &key) {
            (None | Some("OneLevel"), Key::Path) => How::OneLevel,
            (Some("Recursive"), Key::Path) => How::Recursive,
            (None | Some("Equals"), _) => How::Equals,
            (Some("BeginsWith"), _) => How::BeginsWith,
            (Some("Contains"), Key::Name) => How::Contains,
            (Some(other), _) => {
                let words = format!("The filter option {other} is not valid. Valid options include: [BeginsWith, Equals].");
                return Err(Wrong::Declared(shape::INVALID_FILTER_OPTION, words));
            }
        };
        Ok(Filter { key, option, values: values.unwrap_or_default() })
    });
    read.collect()
}

/// Reads filters of the older form: names by how they begin, the others whole.
pub fn parse_older(filters: Vec<shape::ParametersFilter>) -> Vec<Filter> {
    let read = filters.into_iter().map(|filter| {
        let shape::ParametersFilter { key, values } = filter;
        let (key, option) = match key.as_deref() {
            Some("Type") => (Key::Type, How::Equals),
            Some("KeyId") => (Key::Sealing, How::Equals),
            // Name: validation refuses all others.
            _ => (Key::Name, How::BeginsWith),
        };
        Filter { key, option, values: values.unwrap_or_default() }
    });
    read.collect()
}

/// Whether all filters hold.
pub fn holds(parameter: &Parameter, filters: &[Filter]) -> bool {
    filters.iter().all(|filter| fits(parameter, filter))
}

fn fits(parameter: &Parameter, filter: &Filter) -> bool {
    let (_, newest) = parameter.newest();
    let one = |text: &str| match filter.option {
        How::Equals => filter.values.iter().any(|value| value == text),
        How::BeginsWith => filter.values.iter().any(|value| text.starts_with(value.as_str())),
        How::Contains => filter.values.iter().any(|value| text.contains(value.as_str())),
        How::Recursive => filter.values.iter().any(|path| is_below(text, path, true)),
        How::OneLevel => filter.values.iter().any(|path| is_below(text, path, false)),
    };
    match &filter.key {
        Key::Name | Key::Path => one(&parameter.name),
        Key::Type => one(newest.kind.as_str()),
        Key::Tier => one(newest.tier.as_str()),
        Key::DataType => one("text"),
        Key::Sealing => key_of(newest.kind).is_some_and(|key| one(&key)),
        Key::Label => parameter.versions.values().flat_map(|version| &version.labels).any(|label| one(label)),
        Key::Tag(key) => parameter.tags.0.get(key).is_some_and(|value| filter.values.is_empty() || one(value)),
    }
}

/// Whether a name is under a path: directly, or however deep.
pub fn is_below(name: &str, path: &str, recursive: bool) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    let rest = name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| !rest.is_empty() && (recursive || !rest.contains('/')))
}
