//! ListRevisions: what was ever deployed, newest first.
//! Source of truth: `outrunner/shape.rs`.

use super::shape;
use crate::{
    apprunner::service_arn,
    call::{Call, page},
    fault::Wrong,
    limit,
};
use model::{
    revision::{Revision, RevisionView},
    wish::Page,
};

/// Answers ListRevisions.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListRevisionsResponse, Wrong> {
    let shape::ListRevisionsRequest { service_arn, max_results, next_token } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let resource = arn.to_string();
    call.authorize(&resource).await?;
    let list = call.list(&resource);
    let most = max_results.unwrap_or(i32::try_from(limit::REVISIONS).expect("a small limit"));
    let page = page(&list, next_token.as_deref(), Some(most))?;
    let Page { items, next } = call.ports.revision_desk.revisions(call.caller, &arn, &page).await??;
    Ok(shape::ListRevisionsResponse {
        revisions: items.into_iter().map(render).collect(),
        next_token: next.map(|after| list.token(&after)),
    })
}

fn render(view: RevisionView) -> shape::Revision {
    let RevisionView { revision, is_current, is_kept } = view;
    let Revision { number, created_at, configuration, image, operation, restores } = revision;
    shape::Revision {
        revision_number: number,
        created_at: created_at.seconds(),
        image_identifier: configuration.image_source().identifier.clone(),
        image_digest: image.digest.to_string(),
        operation_id: operation.map(|id| id.to_string()),
        restores,
        current: is_current,
        kept: is_kept,
    }
}
