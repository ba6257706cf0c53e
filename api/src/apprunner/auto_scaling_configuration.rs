//! The auto scaling configuration of a service. This version has one, the default.
//! Source of truth: the App Runner API reference: the forms of the ARN, the summary.

use crate::shape::apprunner as shape;
use model::{account::Scope, caller::Caller, refusal::Refusal, scaling_configuration::ScalingConfiguration};

/// Reads the ARN: the full one, `name/revision`, or `name`. Absent means the account's default.
///
/// # Errors
/// A refusal where it is another than the default.
pub fn parse(arn: Option<&str>, caller: &Caller) -> Result<ScalingConfiguration, Refusal> {
    let default = ScalingConfiguration::default();
    let Some(arn) = arn else { return Ok(default) };
    let ScalingConfiguration { name, revision, id, .. } = &default;
    let Scope { account, region } = &caller.scope;
    let by_name = format!("arn:aws:apprunner:{region}:{account}:autoscalingconfiguration/{name}");
    let forms = [by_name.clone(), format!("{by_name}/{revision}"), format!("{by_name}/{revision}/{id}")];
    if forms.iter().any(|form| form == arn) {
        return Ok(default);
    }
    Err(Refusal::invalid(format!(
        "AutoScalingConfigurationArn: only the default configuration ({by_name}) is available in this version of \
         Outrunner, not {arn}."
    )))
}

/// Writes the summary that a service carries.
pub fn render(scaling: &ScalingConfiguration, scope: &Scope) -> shape::AutoScalingConfigurationSummary {
    shape::AutoScalingConfigurationSummary {
        auto_scaling_configuration_arn: Some(scaling.arn(scope)),
        auto_scaling_configuration_name: Some(scaling.name.clone()),
        auto_scaling_configuration_revision: Some(
            i32::try_from(scaling.revision).expect("a revision counts the creations of one name"),
        ),
        // The default configuration is as old as the account, and nobody keeps when that was.
        created_at: None,
        has_associated_service: Some(true),
        is_default: Some(*scaling == ScalingConfiguration::default()),
        // Lower case, unlike the model: App Runner answers so, and Terraform compares it.
        status: Some("active".to_owned()),
    }
}
