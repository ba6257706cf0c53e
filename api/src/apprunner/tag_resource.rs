//! TagResource: parse, authorize, change. Adds tags and replaces those that are there, in any state of a service but deleted.
//! Never decides which tags may be: that is the noun's rule. Source of truth: the App Runner API reference.

use super::{
    auto_scaling_configuration,
    tagged_resource::{TaggedResource, authorize_options},
    tags,
};
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, apprunner as shape},
};
use model::tag::TagChange;

/// Answers TagResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::TagResourceRequest { resource_arn, tags } = call.input()?;
    let text = resource_arn.expect("validation refuses a call without a required member");
    match TaggedResource::parse(&text)? {
        TaggedResource::Service(arn) => {
            call.authorize(&text).await?;
            let tags = tags::parse(tags)?;
            authorize_options(call, tags.0.keys().map(String::as_str), &text).await?;
            call.ports.desk.tag(call.caller, &arn, tags).await??;
        }
        TaggedResource::Scaling => {
            let arn = auto_scaling_configuration::require(call, &text).await?.revision.arn();
            let change = TagChange::Set(tags::parse(tags)?);
            call.ports.scaling_configurations.change_tags(&arn, &change, &auto_scaling_configuration::audit(call)).await??;
        }
    }
    Ok(Empty {})
}
