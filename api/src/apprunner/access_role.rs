//! Whose rights an image is pulled with: may the caller hand the access role over, and can App Runner take it? Where no role is named the
//! platform pulls with its own rights, so the caller must have them.
//! Never asks whether a role lets an image be pulled: the deployment does. Source of truth: the App Runner API reference. That a caller needs
//! rights on the image is ours: App Runner demands a role.

use crate::{call::Call, fault::Wrong};
use model::{
    arn::ServiceArn,
    configuration::{ImageSource, Source, SourceChange},
    image_reference::ImageReference,
    repository::RepositoryKey,
    role::RoleArn,
};

/// What a caller without an access role must be allowed to do to the repository.
const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
/// What a caller must be allowed whose image is pulled with a login of whoever runs the platform.
const PULL_FOREIGN: &str = "outrunner:PullForeignImage";

/// Asked by every call that sets a service's access role; `service` is the service's ARN as far as it is known.
///
/// # Errors
/// Denied where the caller may not pass the role; a refusal in App Runner's words where it cannot be taken.
pub async fn check(call: &Call<'_>, role: Option<&RoleArn>, service: &str) -> Result<(), Wrong> {
    let Some(role) = role else { return Ok(()) };
    call.authorize_action("iam:PassRole", role.as_str()).await?;
    Ok(call.ports.access_roles.may_assume(role, service).await??)
}

/// Asked of every new source.
///
/// # Errors
/// Denied where the platform's own rights would pull what the caller may not.
pub async fn check_image(call: &Call<'_>, source: &ImageSource) -> Result<(), Wrong> {
    match &source.reference {
        ImageReference::Own(image) if source.access_role.is_none() => {
            let repository = RepositoryKey { scope: image.scope.clone(), name: image.repository.clone() };
            for action in PULL {
                call.authorize_action(action, repository.arn()).await?;
            }
        }
        ImageReference::Own(_) => {}
        ImageReference::Foreign(image) => {
            if call.settings.operator_logins.include(&image.registry) {
                call.authorize_action(PULL_FOREIGN, "*").await?;
            }
        }
    }
    Ok(())
}

/// The same for a change that names an image, or takes the role away. It is left saying all that was looked at, so that what another call
/// changes meanwhile cannot become a part of it.
///
/// # Errors
/// As [`check_image`]; not found; a refusal where the change cannot be.
pub async fn check_change(call: &Call<'_>, service: &ServiceArn, change: &mut SourceChange) -> Result<(), Wrong> {
    if change.image.is_none() && change.code.is_none() && change.access_role != Some(None) {
        return Ok(());
    }
    let before = call.ports.desk.describe(call.caller, service).await??.service.configuration.source;
    let (Source::Image(now), Source::Image(after)) = (&before, change.applied_to(&before, call.caller.account())?) else {
        // No image is pulled for source code.
        return Ok(());
    };
    if after.reference != now.reference || after.access_role.is_none() != now.access_role.is_none() {
        check_image(call, &after).await?;
    }
    change.access_role = Some(after.access_role.clone());
    change.image = Some(after);
    Ok(())
}
