//! BatchDeleteImage: parse, authorize, remove, render. What is not to be removed is a failure beside the others, never a fault.
//! Source of truth: the ECR API reference.

use super::{
    image_identifier::{self, Failed},
    repository::key,
};
use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers BatchDeleteImage.
pub async fn answer(call: &Call<'_>) -> Result<shape::BatchDeleteImageResponse, Wrong> {
    let shape::BatchDeleteImageRequest { registry_id, repository_name, image_ids } = call.input()?;
    let asked = image_ids.expect("validation refuses a call without a required member");
    let key = key(registry_id.as_deref(), repository_name, call.caller)?;
    call.authorize(key.arn()).await?;
    let parsed: Vec<_> = asked.iter().map(image_identifier::parse).collect();
    let ids: Vec<_> = parsed.iter().flatten().cloned().collect();
    let mut removed = call.ports.repository_images.remove(&key, &ids, &call.audit(key.arn())).await??.into_iter();
    let (mut gone, mut failures) = (Vec::new(), Vec::new());
    for (asked, parsed) in asked.iter().zip(parsed) {
        let mut next = || removed.next().expect("as many answers as questions");
        match parsed.and_then(|_| next().map_err(Failed::from)) {
            Ok(rows) => gone.extend(rows.iter().map(image_identifier::render)),
            Err(failed) => failures.push(failed.render(asked)),
        }
    }
    Ok(shape::BatchDeleteImageResponse { image_ids: Some(gone), failures: Some(failures) })
}
