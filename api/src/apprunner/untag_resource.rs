//! UntagResource: parse, authorize, change. A key that is not there is no mistake.
//! Source of truth: the App Runner API reference.

use super::{
    auto_scaling_configuration,
    tagged_resource::{TaggedResource, authorize_options},
};
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, apprunner as shape},
};
use model::tag::TagChange;

/// Answers UntagResource.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::UntagResourceRequest { resource_arn, tag_keys } = call.input()?;
    let text = resource_arn.expect("validation refuses a call without a required member");
    let keys = tag_keys.expect("validation refuses a call without a required member");
    match TaggedResource::parse(&text)? {
        TaggedResource::Service(arn) => {
            call.authorize(&text).await?;
            authorize_options(call, keys.iter().map(String::as_str), &text).await?;
            call.ports.desk.untag(call.caller, &arn, keys).await??;
        }
        TaggedResource::Scaling => {
            let arn = auto_scaling_configuration::require(call, &text).await?.revision.arn();
            let change = TagChange::Remove(keys);
            call.ports.scaling_configurations.change_tags(&arn, &change, &auto_scaling_configuration::audit(call)).await??;
        }
    }
    Ok(Empty {})
}
