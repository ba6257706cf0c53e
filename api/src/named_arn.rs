//! What an ARN that a call names means now, in full: callers may leave out the revision and the id, and a condition about an ARN holds all the same.
//! Never says whether something is there: what means nothing stays as it was sent. Source of truth: the nouns' own rules, asked through their ports.

use crate::{apprunner::Kept, call::Call};
use model::{
    connection::Connection, observability_configuration::ObservabilityConfiguration, record::RecordArn,
    scaling_configuration::ScalingArn, trouble::Trouble, vpc_connector::VpcConnector,
};

/// The value of a condition key, as a policy about the resource has it. Only App Runner's own kinds have more than one form of an ARN: a managed policy,
/// a role and a service have one, and secrets tell theirs when they were found.
///
/// # Errors
/// Trouble where what is kept cannot be read.
pub async fn in_full(call: &Call<'_>, key: &str, text: String) -> Result<String, Trouble> {
    let meant = match key {
        "apprunner:AutoScalingConfigurationArn" => scaling_configuration(call, &text).await?,
        "apprunner:ConnectionArn" => record::<Connection>(call, &text).await?,
        "apprunner:ObservabilityConfigurationArn" => record::<ObservabilityConfiguration>(call, &text).await?,
        "apprunner:VpcConnectorArn" => record::<VpcConnector>(call, &text).await?,
        _ => None,
    };
    Ok(meant.unwrap_or(text))
}

async fn scaling_configuration(call: &Call<'_>, text: &str) -> Result<Option<String>, Trouble> {
    let Some(arn) = ScalingArn::parse(text).ok().filter(|arn| arn.scope == call.caller.scope) else { return Ok(None) };
    let found = call.ports.scaling_configurations.find(&arn).await?;
    Ok(found.map(|view| view.revision.arn().to_string()))
}

/// Another account's, or another region's, means nothing to this caller.
async fn record<N: Kept>(call: &Call<'_>, text: &str) -> Result<Option<String>, Trouble> {
    let Some(arn) = RecordArn::<N>::parse(text).ok().filter(|arn| arn.scope == call.caller.scope) else { return Ok(None) };
    let found = N::port(call.ports).find(&arn).await?;
    Ok(found.map(|view| view.record.arn().to_string()))
}
