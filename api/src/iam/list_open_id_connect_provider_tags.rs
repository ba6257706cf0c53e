//! ListOpenIDConnectProviderTags: parse, ask, render.
//! Source of truth: the IAM API reference.

use super::{identity_provider, marker::Marked, tags};
use crate::{call::Call, fault::Wrong, shape::iam as shape};
use model::{port::Facts, wish::Page};

/// Answers ListOpenIDConnectProviderTags.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListOpenIDConnectProviderTagsResponse, Wrong> {
    let shape::ListOpenIDConnectProviderTagsRequest { marker, max_items, open_id_connect_provider_arn } = call.input()?;
    let found = identity_provider::find(call, open_id_connect_provider_arn, Facts::default()).await?;
    let marked = Marked::read(call, found.arn(), marker.as_deref(), max_items)?;
    let Page { items, next } =
        marked.cut(tags::render(&found.tags).into_iter().map(|tag| (tag.key.clone().unwrap_or_default(), tag)));
    Ok(shape::ListOpenIDConnectProviderTagsResponse {
        is_truncated: Some(next.is_some()),
        marker: marked.marker(call, next),
        tags: items,
    })
}
