//! CreateAutoScalingConfiguration: parse, authorize, create, render. The next revision of a name; there is no client token, so a retry makes
//! one more, as on AWS.
//! Source of truth: the App Runner API reference.

use super::{auto_scaling_configuration, tags};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    account::Scope,
    port::draw,
    quota::Quota,
    refusal::Refusal,
    scaling_configuration::{NewScaling, ScalingConfiguration, ScalingFilter},
    wish::PageRequest,
};
use std::fmt::Write as _;

/// Answers CreateAutoScalingConfiguration.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateAutoScalingConfigurationResponse, Wrong> {
    let shape::CreateAutoScalingConfigurationRequest { auto_scaling_configuration_name, max_concurrency, min_size, max_size, tags } =
        call.input()?;
    let name = auto_scaling_configuration_name.expect("validation refuses a call without a required member");
    let Scope { account, region } = &call.caller.scope;
    // As far as it is known: revision and id come later.
    let resource = format!("arn:aws:apprunner:{region}:{account}:autoscalingconfiguration/{name}/*");
    call.authorize(&resource).await?;
    if tags.is_some() {
        call.authorize_action("apprunner:TagResource", &resource).await?;
    }
    let default = ScalingConfiguration::default();
    let new = NewScaling {
        scope: call.caller.scope.clone(),
        configuration: ScalingConfiguration {
            name,
            revision: 0,
            id: id(draw(&*call.ports.dice)),
            concurrency_max: max_concurrency.map_or(default.concurrency_max, i32::unsigned_abs),
            instances_min: min_size.map_or(Ok(default.instances_min), |size| small("MinSize", size))?,
            instances_max: max_size.map_or(Ok(default.instances_max), |size| small("MaxSize", size))?,
        },
        tags: tags::parse(tags)?,
        at: call.ports.clock.now(),
    };
    check_quotas(call, &new.configuration.name).await?;
    let view = call.ports.scaling_configurations.create(&new, &auto_scaling_configuration::audit(call)).await??;
    Ok(shape::CreateAutoScalingConfigurationResponse { auto_scaling_configuration: auto_scaling_configuration::render(&view) })
}

/// App Runner's own quotas, if they hold: names, and revisions of one name. The default one counts as neither.
async fn check_quotas(call: &Call<'_>, name: &str) -> Result<(), Wrong> {
    let revisions = async |name: Option<&str>, latest_only| {
        let filter = ScalingFilter { name: name.map(str::to_owned), latest_only };
        let all = PageRequest { after: None, items_max: None };
        let found = call.ports.scaling_configurations.list(&call.caller.scope, &filter, &all).await?.items;
        Ok(found.iter().filter(|view| !view.revision.configuration.is_default()).count())
    };
    call.quota(Quota::ScalingRevisions, revisions(Some(name), false)).await?;
    // A name that is there takes no more room.
    let names = async {
        let is_new = revisions(Some(name), false).await? == 0;
        if is_new { revisions(None, true).await } else { Ok(0) }
    };
    call.quota(Quota::ScalingNames, names).await
}

/// Beyond what the noun can hold; its own limit is lower, and says so itself.
fn small(member: &str, size: i32) -> Result<u16, Refusal> {
    u16::try_from(size)
        .map_err(|_| Refusal::invalid(format!("{member} can be {} at most, not {size}.", model::limit::SCALING_INSTANCES)))
}

fn id(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
