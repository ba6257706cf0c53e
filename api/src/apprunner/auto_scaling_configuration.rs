//! Auto scaling configurations: how one is named, found, and shown.
//! Never decides which revision a name means: that is the noun's rule. Source of truth: the App Runner API reference: the forms of the ARN,
//! the structures, and that statuses are in lower case.

use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    account::Scope,
    arn::ServiceArn,
    port::{Action, Facts},
    refusal::Refusal,
    scaling_configuration::{ScalingArn, ScalingConfiguration, ScalingNamed, ScalingRevision, ScalingView},
};

/// Lower case, unlike the model: App Runner answers so, and Terraform compares it.
const ACTIVE: &str = "active";
const INACTIVE: &str = "inactive";
/// What conditions ask about the one that a service gets.
pub const KEY: &str = "apprunner:AutoScalingConfigurationArn";

/// The ARN that a caller sent, and what it means in the caller's account and region. Asks for the permission on what was found, so that a
/// policy about one revision holds whichever way it is named.
///
/// # Errors
/// A refusal where it is no such ARN; denied.
pub async fn find(call: &Call<'_>, text: &str, facts: Facts) -> Result<(ScalingArn, Option<ScalingView>), Wrong> {
    let arn = ScalingArn::parse(text)?;
    let found = lookup(call, &arn).await?;
    match &found {
        Some(view) => authorize(call, &view.revision, facts).await?,
        None => call.authorize_with(Action { facts, ..call.action(text) }).await?,
    }
    Ok((arn, found))
}

/// Asks for the permission to do this with a revision, whose tags conditions may ask for.
///
/// # Errors
/// Denied, in AWS's sentence.
pub async fn authorize(call: &Call<'_>, revision: &ScalingRevision, facts: Facts) -> Result<(), Wrong> {
    let facts = facts.resource_tags(&revision.tags);
    call.authorize_with(Action { facts, ..call.action(revision.arn().to_string()) }).await
}

/// The same for an operation that needs it to be there.
///
/// # Errors
/// As [`find`]; not found.
pub async fn require(call: &Call<'_>, text: &str) -> Result<ScalingView, Wrong> {
    require_with(call, text, Facts::default()).await
}

/// The same where conditions may ask more about the call.
///
/// # Errors
/// As [`require`].
pub async fn require_with(call: &Call<'_>, text: &str, facts: Facts) -> Result<ScalingView, Wrong> {
    let (arn, found) = find(call, text, facts).await?;
    Ok(found.ok_or_else(|| arn.not_found())?)
}

/// The configuration that a service shall be pinned to, if the caller may do this with it. Source: service authorization reference, the
/// resource types of CreateService and UpdateService.
///
/// # Errors
/// A refusal where the text is no such ARN, nothing is there, or what is there is deleted; denied.
pub async fn resolve(call: &Call<'_>, text: &str) -> Result<ScalingConfiguration, Wrong> {
    let named = |refusal: Refusal| Refusal::new(refusal.kind, format!("AutoScalingConfigurationArn: {refusal}"));
    let arn = ScalingArn::parse(text).map_err(named)?;
    let Some(view) = lookup(call, &arn).await? else {
        // Who may not use it does not hear whether it is there.
        call.authorize(text).await?;
        return Err(named(arn.not_found()).into());
    };
    // What will be pinned, also if the name meant another revision a moment ago.
    authorize(call, &view.revision, Facts::default().with(KEY, view.revision.arn().to_string())).await?;
    if view.revision.deleted_at.is_some() {
        return Err(named(Refusal::invalid(format!("{arn} has been deleted."))).into());
    }
    let named = if arn.revision.is_none() { ScalingNamed::Name } else { ScalingNamed::Revision };
    Ok(ScalingConfiguration { named, ..view.revision.configuration })
}

/// What an update that names no configuration pins a service to anew: the latest revision, if the service named its one by the name alone. A policy
/// that keeps a revision from the caller keeps it from this way to it too.
///
/// # Errors
/// Denied.
pub async fn renewed(call: &Call<'_>, service: &ServiceArn) -> Result<Option<ScalingConfiguration>, Wrong> {
    // One that is not there, or is deleted, is for the desk to refuse.
    let Ok(view) = call.ports.desk.describe(call.caller, service).await? else { return Ok(None) };
    let pinned = view.service.configuration.scaling;
    match pinned.named {
        ScalingNamed::Revision => Ok(None),
        ScalingNamed::Name => {
            let arn = ScalingArn { scope: view.service.scope, name: pinned.name, revision: None, id: None };
            let Some(latest) = lookup(call, &arn).await? else { return Ok(None) };
            if latest.revision.configuration.id != pinned.id {
                let facts = Facts::default().with(KEY, latest.revision.arn().to_string());
                call.authorize_with(Action { facts, ..call.action(service.to_string()) }).await?;
            }
            Ok(Some(ScalingConfiguration { named: ScalingNamed::Name, ..latest.revision.configuration }))
        }
    }
}

/// What an ARN means to this caller: another account's, or another region's, is not there.
pub async fn lookup(call: &Call<'_>, arn: &ScalingArn) -> Result<Option<ScalingView>, Wrong> {
    if arn.scope != call.caller.scope {
        return Ok(None);
    }
    Ok(call.ports.scaling_configurations.find(arn).await?)
}

/// Writes it whole.
pub fn render(view: &ScalingView) -> shape::AutoScalingConfiguration {
    let ScalingView { revision: kept, latest, in_use, is_default } = view;
    let ScalingRevision { scope, configuration, created_at, deleted_at, tags: _ } = kept;
    let ScalingConfiguration { name, revision, id: _, concurrency_max, instances_min, instances_max, named: _ } = configuration;
    shape::AutoScalingConfiguration {
        auto_scaling_configuration_arn: Some(configuration.arn(scope)),
        auto_scaling_configuration_name: Some(name.clone()),
        auto_scaling_configuration_revision: Some(number(*revision)),
        latest: Some(*latest),
        status: Some(status(kept).to_owned()),
        max_concurrency: Some(number(*concurrency_max)),
        min_size: Some(i32::from(*instances_min)),
        max_size: Some(i32::from(*instances_max)),
        created_at: created_at.map(model::time::Timestamp::seconds),
        deleted_at: deleted_at.map(model::time::Timestamp::seconds),
        has_associated_service: Some(*in_use),
        is_default: Some(*is_default),
    }
}

/// Writes what a list says of it.
pub fn summary(view: &ScalingView) -> shape::AutoScalingConfigurationSummary {
    let ScalingView { revision: kept, latest: _, in_use, is_default } = view;
    shape::AutoScalingConfigurationSummary {
        created_at: kept.created_at.map(model::time::Timestamp::seconds),
        has_associated_service: Some(*in_use),
        status: Some(status(kept).to_owned()),
        ..of_service(&kept.configuration, &kept.scope, Some(*is_default))
    }
}

/// Writes the summary that a service carries. What a service uses is not deleted; when it was made is not pinned.
pub fn of_service(
    scaling: &ScalingConfiguration,
    scope: &Scope,
    is_default: Option<bool>,
) -> shape::AutoScalingConfigurationSummary {
    shape::AutoScalingConfigurationSummary {
        auto_scaling_configuration_arn: Some(scaling.arn(scope)),
        auto_scaling_configuration_name: Some(scaling.name.clone()),
        auto_scaling_configuration_revision: Some(number(scaling.revision)),
        created_at: None,
        has_associated_service: Some(true),
        is_default,
        status: Some(ACTIVE.to_owned()),
    }
}

fn status(kept: &ScalingRevision) -> &'static str {
    if kept.deleted_at.is_none() { ACTIVE } else { INACTIVE }
}

fn number(number: u32) -> i32 {
    i32::try_from(number).expect("revisions are counted one by one, and sizes are limited")
}
