//! ListTagsForResource: parse, ask, render. Services are the only resources of this version that exist.
//! Source of truth: the App Runner API reference.

use super::tags;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{arn::ServiceArn, refusal::Refusal};

/// Answers ListTagsForResource.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListTagsForResourceResponse, Wrong> {
    let shape::ListTagsForResourceRequest { resource_arn } = call.input()?;
    let resource = resource_arn.expect("validation refuses a call without a required member");
    call.authorize(&resource).await?;
    let arn = parse(&resource)?;
    let found = call.ports.desk.tags(call.caller, &arn).await??;
    Ok(shape::ListTagsForResourceResponse { tags: Some(tags::render(found)) })
}

/// Kinds of resource that can have tags and that do not exist yet.
const OTHERS: [&str; 5] =
    ["connection/", "autoscalingconfiguration/", "observabilityconfiguration/", "vpcconnector/", "vpcingressconnection/"];

fn parse(resource: &str) -> Result<ServiceArn, Refusal> {
    let kind = resource.splitn(6, ':').nth(5).unwrap_or_default();
    if OTHERS.iter().any(|other| kind.starts_with(other)) {
        return Err(Refusal::not_found(format!("Resource with ARN '{resource}' does not exist.")));
    }
    ServiceArn::parse(resource)
}
