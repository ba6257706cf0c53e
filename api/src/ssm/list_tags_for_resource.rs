//! ListTagsForResource: the tags of a parameter.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{call::Call, fault::Wrong, shape::ssm as shape};
use model::port::Facts;

/// Answers ListTagsForResource.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListTagsForResourceResult, Wrong> {
    let shape::ListTagsForResourceRequest { resource_type, resource_id } = call.input()?;
    let found = parameter::tagged(call, resource_type, resource_id, Facts::default()).await?;
    let tags = found.tags.0.into_iter().map(|(key, value)| shape::Tag { key: Some(key), value: Some(value) });
    Ok(shape::ListTagsForResourceResult { tag_list: Some(tags.collect()) })
}
