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

/// What a caller must be allowed beside, to give a service a role of an AWS account that is not this platform's. `iam:PassRole` is about roles of ours.
const USE_FOREIGN: &str = "outrunner:UseForeignRole";

/// Reads the role of a call.
///
/// # Errors
/// A refusal where it is none.
pub fn parse(text: Option<&str>) -> Result<Option<RoleArn>, Refusal> {
    text.map(RoleArn::parse).transpose()
}

/// Asked by every call that sets a service's instance role; `service` is the service's ARN as far as it is known.
///
/// # Errors
/// Denied where the caller may not pass the role; a refusal in App Runner's words where it cannot be taken.
pub async fn check(call: &Call<'_>, role: Option<&RoleArn>, service: &str) -> Result<(), Wrong> {
    let Some(role) = role else { return Ok(()) };
    if role.account() != *call.caller.account() {
        return check_foreign(call, role).await;
    }
    call.authorize_action("iam:PassRole", role.as_str()).await?;
    Ok(call.ports.instance_roles.may_take(role, service).await??)
}

/// A role of another account: of a real AWS account it is taken with an identity token, if this platform makes some. Whether that account lets the
/// service have it is decided there, at each taking; here it is only asked whether the caller may make instances that go there.
async fn check_foreign(call: &Call<'_>, role: &RoleArn) -> Result<(), Wrong> {
    // Source of the first words: App Runner API reference.
    let refused = |words: &str| Err(Refusal::invalid(format!("Error in assuming instance role {role}: {words}")).into());
    if !call.settings.makes_tokens {
        return refused(
            "the role belongs to another account than the service. Instances take roles of real AWS accounts with identity tokens, which this \
             platform makes only where its domain is public (--domain) or it was told to (--identity-tokens on).",
        );
    }
    let account = role.account();
    if account == call.settings.account || call.ports.accounts.list().await?.iter().any(|own| own.id == account) {
        return refused("the role belongs to another account than the service.");
    }
    call.authorize_action(USE_FOREIGN, "*").await
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
