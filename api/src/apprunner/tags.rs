//! Tags of an App Runner resource, in and out.
//! Source of truth: the App Runner API reference.

use crate::shape::apprunner as shape;
use model::{limit, refusal::Refusal, tag::Tags};
use std::collections::BTreeMap;

/// Reads the tags of a call.
///
/// # Errors
/// A refusal where a key is missing or occurs twice, or there are too many.
pub fn parse(tags: Option<Vec<shape::Tag>>) -> Result<Tags, Refusal> {
    let mut map = BTreeMap::new();
    for shape::Tag { key, value } in tags.unwrap_or_default() {
        let key = key.ok_or_else(|| Refusal::invalid("Tags: every tag needs a Key."))?;
        // An absent value is an empty one: that is what the console sends for a bare key.
        if map.insert(key.clone(), value.unwrap_or_default()).is_some() {
            return Err(Refusal::invalid(format!("Tags: the key '{key}' occurs twice.")));
        }
    }
    if map.len() > limit::TAGS {
        return Err(Refusal::invalid(format!("Tags: a resource can have {} tags at most.", limit::TAGS)));
    }
    Ok(Tags(map))
}

/// Writes them.
pub fn render(Tags(tags): Tags) -> Vec<shape::Tag> {
    tags.into_iter().map(|(key, value)| shape::Tag { key: Some(key), value: Some(value) }).collect()
}
