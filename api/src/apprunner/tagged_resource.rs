//! What can have tags: a service, or an auto scaling configuration. The other kinds of resource do not exist in this version.
//! Never looks whether it exists. Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong};
use model::{arn::ServiceArn, refusal::Refusal, tag::REACH_OPTION};

/// A resource that a caller named.
pub enum TaggedResource {
    /// A service, whose tags under our prefix are settings.
    Service(ServiceArn),
    /// An auto scaling configuration, whose tags are only tags. What its ARN means is looked up first, as it may end with the name.
    Scaling,
}

/// Kinds of resource that can have tags and that do not exist yet.
const OTHERS: [&str; 4] = ["connection/", "observabilityconfiguration/", "vpcconnector/", "vpcingressconnection/"];

impl TaggedResource {
    /// Reads its ARN.
    ///
    /// # Errors
    /// A refusal where it is a service's and wrong, or of a kind that does not exist yet.
    pub fn parse(resource: &str) -> Result<Self, Refusal> {
        let kind = resource.splitn(6, ':').nth(5).unwrap_or_default();
        if OTHERS.iter().any(|other| kind.starts_with(other)) {
            return Err(Refusal::not_found(format!("Resource with ARN '{resource}' does not exist.")));
        }
        if kind.starts_with("autoscalingconfiguration/") {
            return Ok(Self::Scaling);
        }
        Ok(Self::Service(ServiceArn::parse(resource)?))
    }
}

/// Asks for the permission that changing some of a service's options needs beside that to tag: who can reach what is not a label.
///
/// # Errors
/// Denied, in AWS's sentence.
pub async fn authorize_options(call: &Call<'_>, keys: impl IntoIterator<Item = &str>, resource: &str) -> Result<(), Wrong> {
    if keys.into_iter().any(|key| key == REACH_OPTION) {
        call.authorize_action("outrunner:SetServiceOption", resource).await?;
    }
    Ok(())
}
