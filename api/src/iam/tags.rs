//! Tags of IAM's nouns, in and out. IAM does not tell their keys apart by case.
//! Source of truth: the IAM API reference, `Tag`.

use crate::shape::iam as shape;
use model::{
    limit,
    refusal::{Refusal, RefusalKind},
    tag::Tags,
};

/// Adds tags to those of a `noun`; a key in another case replaces the one that is there.
///
/// # Errors
/// A refusal where a key occurs twice, is AWS's own, or is one too many.
pub fn added(to: &Tags, tags: Vec<shape::Tag>, noun: &str) -> Result<Tags, Refusal> {
    let mut sum = to.clone();
    let mut seen: Vec<String> = Vec::new();
    for shape::Tag { key, value } in tags {
        let key = key.expect("validation refuses a tag without a required member");
        let value = value.expect("validation refuses a tag without a required member");
        let folded = key.to_lowercase();
        if folded.starts_with("aws:") {
            return Err(Refusal::invalid(format!("The tag key '{key}' begins with 'aws:', which is AWS's own prefix.")));
        }
        if seen.contains(&folded) {
            return Err(Refusal::invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
        }
        sum.0.retain(|kept, _| kept.to_lowercase() != folded);
        sum.0.insert(key, value);
        seen.push(folded);
    }
    if sum.0.len() > limit::TAGS {
        let message = format!("The number of tags has exceeded the limit of {} for the {noun}.", limit::TAGS);
        return Err(Refusal::new(RefusalKind::Quota, message));
    }
    Ok(sum)
}

/// Takes tags away; absence is success.
pub fn removed(from: &Tags, keys: &[String]) -> Tags {
    let gone: Vec<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    let mut rest = from.clone();
    rest.0.retain(|kept, _| !gone.contains(&kept.to_lowercase()));
    rest
}

/// Writes them.
pub fn render(Tags(tags): &Tags) -> Vec<shape::Tag> {
    tags.iter().map(|(key, value)| shape::Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}
