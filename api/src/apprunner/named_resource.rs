//! What a service names and does not hold: its VPC connector, its connection, its observability configuration. Looked up once, when it is named.
//! Never decides which revision an ARN means: that is the noun's rule. Source of truth: the App Runner API reference, and the service authorization
//! reference for what CreateService and UpdateService are authorized on.

use super::record::Kept;
use crate::{call::Call, fault::Wrong};
use model::{
    connection::Connection,
    network::Egress,
    observability_configuration::ObservabilityConfiguration,
    port::{Action, Facts},
    record::{RecordArn, RecordView},
    refusal::Refusal,
    vpc_connector::VpcConnector,
};

/// The egress with its connector by the full ARN.
///
/// # Errors
/// A refusal where the connector is not there or not ACTIVE; denied.
pub async fn egress(call: &Call<'_>, egress: Egress) -> Result<Egress, Wrong> {
    let connector = match egress {
        Egress::Default => return Ok(Egress::Default),
        Egress::Vpc { connector } => connector,
    };
    let view = require::<VpcConnector>(call, "VpcConnectorArn", &connector).await?;
    Ok(Egress::Vpc { connector: view.record.arn().to_string() })
}

/// The connection by its full ARN.
///
/// # Errors
/// A refusal where it is not there or not AVAILABLE (which fault that is, is unconfirmed); denied.
pub async fn connection(call: &Call<'_>, named: Option<String>) -> Result<Option<String>, Wrong> {
    let Some(text) = named else { return Ok(None) };
    let view = require::<Connection>(call, "ConnectionArn", &text).await?;
    if !view.record.noun.is_available() {
        return Err(Refusal::invalid(format!(
            "ConnectionArn: the connection {} is not AVAILABLE: its handshake is not complete. A public repository needs none.",
            view.record.name
        ))
        .into());
    }
    Ok(Some(view.record.arn().to_string()))
}

/// The observability configuration by its full ARN: a name alone means its latest revision.
///
/// # Errors
/// A refusal where it is not there or deleted; denied.
pub async fn observability(call: &Call<'_>, named: Option<String>) -> Result<Option<String>, Wrong> {
    let Some(text) = named else { return Ok(None) };
    let view = require::<ObservabilityConfiguration>(call, "ObservabilityConfigurationArn", &text).await?;
    Ok(Some(view.record.arn().to_string()))
}

/// An active record. One of another account or region is not there.
async fn require<N: Kept>(call: &Call<'_>, member: &str, text: &str) -> Result<RecordView<N>, Wrong> {
    let named = |words: String| Refusal::invalid(format!("{member}: {words}"));
    let arn = RecordArn::<N>::parse(text).map_err(|refusal| named(refusal.message))?;
    let found = if arn.scope == call.caller.scope { N::port(call.ports).find(&arn).await? } else { None };
    // Its tags are what a policy about it may ask for; who may not use it does not hear whether it is there.
    let (resource, facts) = match &found {
        Some(view) => {
            let arn = view.record.arn().to_string();
            // What will be pinned, also if the name meant another revision a moment ago.
            let facts = Facts::default().resource_tags(&view.record.tags).with(&format!("apprunner:{member}"), arn.as_str());
            (arn, facts)
        }
        None => (text.to_owned(), Facts::default()),
    };
    call.authorize_with(Action { facts, ..call.action(resource) }).await?;
    let Some(view) = found else { return Err(named(arn.not_found().message).into()) };
    if !view.record.is_active() {
        return Err(named(format!("{} has been deleted.", view.record.arn())).into());
    }
    Ok(view)
}
