//! The access role that a source names: may the caller hand it over, and can App Runner take it?
//! Never asks whether it lets an image be pulled: the deployment does. Source of truth: the App Runner API reference.

use crate::{call::Call, fault::Wrong};
use model::role::RoleArn;

/// Asked by every call that sets a service's access role; `service` is the service's ARN as far as it is known.
///
/// # Errors
/// Denied where the caller may not pass the role; a refusal in App Runner's words where it cannot be taken.
pub async fn check(call: &Call<'_>, role: Option<&RoleArn>, service: &str) -> Result<(), Wrong> {
    let Some(role) = role else { return Ok(()) };
    call.authorize_action("iam:PassRole", role.as_str()).await?;
    Ok(call.ports.access_roles.may_assume(role, service).await??)
}
