//! What can have tags, and how its tags are asked for, changed, and permitted.
//! Never decides which tags may be: that is the noun's rule. Source of truth: the App Runner API reference, and the service authorization reference
//! for the keys that conditions may ask for.

use super::{auto_scaling_configuration, record, vpc_ingress_connection};
use crate::{call::Call, fault::Wrong};
use model::{
    arn::ServiceArn,
    connection::Connection,
    observability_configuration::ObservabilityConfiguration,
    port::{Action, Facts},
    refusal::Refusal,
    tag::{REACH_OPTION, TagChange, Tags},
    vpc_connector::VpcConnector,
};

/// A resource that a caller named. Of all but services the ARN is read where it is looked up, as it may end with the name.
pub enum TaggedResource {
    /// A service, whose tags under our prefix are settings.
    Service(ServiceArn),
    /// An auto scaling configuration, whose tags are only tags, as those of the others are.
    Scaling,
    /// An observability configuration.
    Observability,
    /// A VPC connector.
    VpcConnector,
    /// A connection.
    Connection,
    /// A VPC ingress connection.
    VpcIngress,
}

impl TaggedResource {
    /// Reads its ARN.
    ///
    /// # Errors
    /// A refusal where it is a service's and wrong.
    pub fn parse(resource: &str) -> Result<Self, Refusal> {
        let kind = resource.splitn(6, ':').nth(5).unwrap_or_default();
        match kind.split_once('/').unwrap_or_default().0 {
            "autoscalingconfiguration" => Ok(Self::Scaling),
            "observabilityconfiguration" => Ok(Self::Observability),
            "vpcconnector" => Ok(Self::VpcConnector),
            "connection" => Ok(Self::Connection),
            "vpcingressconnection" => Ok(Self::VpcIngress),
            _ => Ok(Self::Service(ServiceArn::parse(resource)?)),
        }
    }

    /// Its tags, for a caller who may see them.
    ///
    /// # Errors
    /// Denied; not found.
    pub async fn tags(&self, call: &Call<'_>, text: &str) -> Result<Tags, Wrong> {
        let none = Facts::default();
        Ok(match self {
            Self::Service(arn) => {
                authorize(call, arn, text, none).await?;
                call.ports.desk.tags(call.caller, arn).await??
            }
            Self::Scaling => auto_scaling_configuration::require(call, text).await?.revision.tags,
            Self::Observability => record::require::<ObservabilityConfiguration>(call, text, none).await?.record.tags,
            Self::VpcConnector => record::require::<VpcConnector>(call, text, none).await?.record.tags,
            Self::Connection => record::require::<Connection>(call, text, none).await?.record.tags,
            Self::VpcIngress => vpc_ingress_connection::require(call, text, none).await?.tags,
        })
    }

    /// Changes its tags, for a caller who may. What is wrong with the change itself is told after that.
    ///
    /// # Errors
    /// Denied; not found; a refusal by the rules of the noun, or the one that stands for the change.
    pub async fn change_tags(&self, call: &Call<'_>, text: &str, change: Result<TagChange, Refusal>) -> Result<(), Wrong> {
        let facts = change.as_ref().map_or_else(|_| Facts::default(), facts);
        match self {
            Self::Service(arn) => {
                authorize(call, arn, text, facts).await?;
                change_service(call, arn, text, change?).await
            }
            Self::Scaling => {
                let arn = auto_scaling_configuration::require_with(call, text, facts).await?.revision.arn();
                Ok(call.ports.scaling_configurations.change_tags(&arn, &change?, &call.audit("*")).await??)
            }
            Self::Observability => record::change_tags::<ObservabilityConfiguration>(call, text, facts, change).await,
            Self::VpcConnector => record::change_tags::<VpcConnector>(call, text, facts, change).await,
            Self::Connection => record::change_tags::<Connection>(call, text, facts, change).await,
            Self::VpcIngress => {
                let arn = vpc_ingress_connection::require(call, text, facts).await?.arn();
                let now = call.ports.clock.now();
                Ok(call.ports.vpc_ingress_connections.change_tags(&arn, &change?, now, &call.audit(text)).await??)
            }
        }
    }
}

/// What conditions may ask about a change.
fn facts(change: &TagChange) -> Facts {
    match change {
        TagChange::Set(tags) => Facts::default().request_tags(tags),
        TagChange::Remove(keys) => Facts::default().tag_keys(keys.iter().cloned()),
    }
}

/// Asks for the permission to do this with a service, whose tags conditions may ask for.
async fn authorize(call: &Call<'_>, arn: &ServiceArn, text: &str, facts: Facts) -> Result<(), Wrong> {
    let facts = match call.ports.desk.tags(call.caller, arn).await? {
        Ok(tags) => facts.resource_tags(&tags),
        // It is not there: whoever may not do this does not learn that.
        Err(_) => facts,
    };
    call.authorize_with(Action { facts, ..call.action(text) }).await
}

async fn change_service(call: &Call<'_>, arn: &ServiceArn, text: &str, change: TagChange) -> Result<(), Wrong> {
    match change {
        TagChange::Set(tags) => {
            authorize_options(call, tags.0.keys().map(String::as_str), text).await?;
            call.ports.desk.tag(call.caller, arn, tags).await??;
        }
        TagChange::Remove(keys) => {
            authorize_options(call, keys.iter().map(String::as_str), text).await?;
            call.ports.desk.untag(call.caller, arn, keys).await??;
        }
    }
    Ok(())
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
