//! Tags of a repository, as calls carry them.
//! Source of truth: the ECR API reference; ECR's rules for tags, which its model leaves out.

use crate::{fault::Wrong, limit, shape::ecr as shape};
use model::tag::Tags;
use serde::Serialize;
use std::collections::BTreeMap;

/// An answer without members.
#[derive(Serialize)]
pub struct Nothing {}

/// Reads tags. ECR's model has no constraints for them, and two faults of their own.
///
/// # Errors
/// `InvalidTagParameterException` and `TooManyTagsException`.
pub fn parse(tags: Vec<shape::Tag>) -> Result<Tags, Wrong> {
    let wrong = |message: String| Wrong::Declared(shape::INVALID_TAG_PARAMETER_EXCEPTION, message);
    let mut map = BTreeMap::new();
    for shape::Tag { key, value } in tags {
        let key = key.expect("validation refuses a tag without a required member");
        let value = value.expect("validation refuses a tag without a required member");
        let length = key.chars().count();
        if length == 0 || length > limit::REPOSITORY_TAG_KEY_CHARS || key.starts_with("aws:") {
            return Err(wrong(format!(
                "A tag key has 1 to {} characters and does not begin with 'aws:'.",
                limit::REPOSITORY_TAG_KEY_CHARS
            )));
        }
        if value.chars().count() > limit::REPOSITORY_TAG_VALUE_CHARS {
            return Err(wrong(format!(
                "The value of tag '{key}' is longer than {} characters.",
                limit::REPOSITORY_TAG_VALUE_CHARS
            )));
        }
        if map.insert(key.clone(), value).is_some() {
            return Err(wrong(format!("The tag key '{key}' occurs twice.")));
        }
    }
    if map.len() > model::limit::TAGS {
        let message = format!("A repository can have {} tags at most.", model::limit::TAGS);
        return Err(Wrong::Declared(shape::TOO_MANY_TAGS_EXCEPTION, message));
    }
    Ok(Tags(map))
}

/// Writes tags.
pub fn render(tags: &Tags) -> Vec<shape::Tag> {
    tags.0.iter().map(|(key, value)| shape::Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}
