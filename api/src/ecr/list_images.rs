//! ListImages: parse, authorize, ask, render. A row for each tag, and one for each image without a tag.
//! Source of truth: the ECR API reference.

use super::{
    image_identifier,
    image_list::{page_of, wanted},
    repository::key,
};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};
use model::wish::Page;

/// Answers ListImages.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListImagesResponse, Wrong> {
    let shape::ListImagesRequest { registry_id, repository_name, next_token, max_results, filter } = call.input()?;
    let shape::ListImagesFilter { tag_status, image_status } = filter.unwrap_or_default();
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let wanted = wanted(tag_status.as_deref(), image_status.as_deref());
    let parameters = wanted.parameters(&key);
    let page = page_of(call, &parameters, next_token.as_deref(), max_results)?;
    let Page { items, next } = call.ports.repository_images.rows(&key, wanted.tags, &page).await??;
    if !wanted.active {
        return Ok(shape::ListImagesResponse { image_ids: Some(Vec::new()), next_token: None });
    }
    Ok(shape::ListImagesResponse {
        image_ids: Some(items.iter().map(image_identifier::render).collect()),
        next_token: next.map(|after| call.list(&parameters).token(&after)),
    })
}
