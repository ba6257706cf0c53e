//! Whose rights instances have: may the caller hand the instance role over, and can App Runner's tasks take it?
//! Never asks what the role may read: the deployment does. Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong};
use model::{
    caller::Caller,
    configuration::ImageSource,
    refusal::Refusal,
    role::RoleArn,
    secret_reference::{SecretReferences, SecretSource},
};

/// Reads the role of a call.
///
/// # Errors
/// A refusal where it is none, or another account's.
pub fn parse(text: Option<&str>, caller: &Caller) -> Result<Option<RoleArn>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let role = RoleArn::parse(text)?;
    if role.account() != *caller.account() {
        // Source of the first words: App Runner API reference.
        return Err(Refusal::invalid(format!(
            "Error in assuming instance role {text}: the role belongs to another account than the service."
        )));
    }
    Ok(Some(role))
}

/// Asked by every call that sets a service's instance role; `service` is the service's ARN as far as it is known.
///
/// # Errors
/// Denied where the caller may not pass the role; a refusal in App Runner's words where it cannot be taken.
pub async fn check(call: &Call<'_>, role: Option<&RoleArn>, service: &str) -> Result<(), Wrong> {
    let Some(role) = role else { return Ok(()) };
    call.authorize_action("iam:PassRole", role.as_str()).await?;
    Ok(call.ports.instance_roles.may_take(role, service).await??)
}

/// Refuses references to what is another account's: policies of secrets are not evaluated in this version, and parameters have none.
///
/// # Errors
/// A refusal that names the variable.
pub fn refuse_foreign(secrets: &SecretReferences, caller: &Caller) -> Result<(), Refusal> {
    for (name, reference) in &secrets.0 {
        let account = match reference.source(&caller.scope) {
            SecretSource::Managed { id, .. } => id.scope.account,
            SecretSource::Parameter(pick) => pick.scope.account,
        };
        if account != *caller.account() {
            return Err(Refusal::invalid(format!(
                "RuntimeEnvironmentSecrets, {name}: {reference} belongs to account {account}. Secrets of other accounts are not available in this \
                 version of Outrunner."
            )));
        }
    }
    Ok(())
}

/// The same for a source.
///
/// # Errors
/// As [`refuse_foreign`].
pub fn refuse_foreign_of(source: &ImageSource, caller: &Caller) -> Result<(), Refusal> {
    source.secrets().map_or(Ok(()), |secrets| refuse_foreign(secrets, caller))
}
