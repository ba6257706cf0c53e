//! The sentences that owners read in the event stream.
//!
//! Source of the wordings: App Runner Developer Guide, and what its users saw; where nobody wrote one down (unconfirmed), their pattern.

use crate::configuration::Configuration;
use crate::event::Event;
use crate::health::HealthProtocol;
use crate::image_reference::ImageReference;
use crate::instance::{Elsewhere, Exit, ExitCause, InstanceName};
use crate::limit;
use crate::operation::{Operation, OperationKind, Outcome};
use crate::revision::RevisionNumber;
use crate::service::{Service, ServiceStatus};
use crate::time::Timestamp;

/// Instances that were ready are not there any more, and did not end by themselves: the machine was restarted, or they were asked to.
pub(super) const GONE_UNROUTED: &str =
    "The new instances are not there any more, and traffic has not reached them yet. They are started again.";

pub(super) fn status_name(status: ServiceStatus) -> &'static str {
    match status {
        ServiceStatus::OperationInProgress => "OPERATION_IN_PROGRESS",
        ServiceStatus::Running => "RUNNING",
        ServiceStatus::Paused => "PAUSED",
        ServiceStatus::CreateFailed => "CREATE_FAILED",
        ServiceStatus::DeleteFailed => "DELETE_FAILED",
        ServiceStatus::Deleted => "DELETED",
    }
}

pub(super) fn status(service: &Service) -> String {
    format!("Service status is set to {}.", status_name(service.status()))
}

fn noun(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Create => "Service creation",
        OperationKind::Update => "Service update",
        OperationKind::Deployment => "Deployment",
        OperationKind::Pause => "Service pause",
        OperationKind::Resume => "Service resume",
        OperationKind::Delete => "Service deletion",
    }
}

pub(super) fn begun(operation: &Operation) -> Vec<String> {
    let mut sentences = vec![format!("{} started.", noun(operation.kind))];
    let trigger = match operation.kind {
        OperationKind::Create => Some("SERVICE_CREATE"),
        OperationKind::Update => Some("SERVICE_UPDATE"),
        OperationKind::Deployment => Some("SERVICE_DEPLOY"),
        OperationKind::Pause | OperationKind::Resume | OperationKind::Delete => None,
    };
    let id = operation.id.as_str().replace('-', "");
    sentences.extend(trigger.map(|trigger| format!("Deployment with ID : {id} started. Triggering event : {trigger}")));
    sentences
}

pub(super) fn ended(operation: &Operation, outcome: &Outcome) -> String {
    let kind = operation.kind;
    match outcome {
        // It may have brought either, or both.
        Outcome::Succeeded if kind == OperationKind::Update => {
            format!("{} completed successfully. New application and configuration is deployed.", noun(kind))
        }
        Outcome::Succeeded => format!("{} completed successfully.", noun(kind)),
        Outcome::Failed(failure) => format!("{} failed. Failure reason : {}", noun(kind), failure.message),
        Outcome::RolledBack(failure) => {
            format!("{} failed and was rolled back. Failure reason : {}", noun(kind), failure.message)
        }
    }
}

pub(super) fn rolling_back() -> &'static str {
    "Rolling back: the version before goes on serving."
}

pub(super) fn health_check(configuration: &Configuration) -> String {
    format!("Performing health check on {}", probed(configuration))
}

/// ``protocol `TCP` [Port: '8080'].`` or ``protocol `HTTP` [Path: '/x'], [Port: '3000'].``
fn probed(configuration: &Configuration) -> String {
    let port = configuration.port();
    match configuration.health.protocol {
        HealthProtocol::Tcp => format!("protocol `TCP` [Port: '{port}']."),
        HealthProtocol::Http => format!("protocol `HTTP` [Path: '{}'], [Port: '{port}'].", configuration.health.path),
    }
}

pub(super) fn health_check_failed(configuration: &Configuration, what_was_seen: &str) -> String {
    format!("Health check failed on {} {what_was_seen}", probed(configuration))
}

/// An instance ended before it was healthy, or never began.
pub(super) fn not_started(exit: &Exit) -> String {
    match &exit.how {
        ExitCause::EngineTrouble(_) | ExitCause::Lost => exit.sentence(),
        ExitCause::Code(_) | ExitCause::Signal(_) | ExitCause::OutOfMemory | ExitCause::NeverStarted(_) => {
            format!("Your application stopped or failed to start. See logs for more information.  {}", exit.sentence())
        }
    }
}

/// Words of a probe as a sentence.
pub(super) fn ended_with_a_stop(words: &str) -> String {
    if words.ends_with(['.', '?', '!']) { words.to_owned() } else { format!("{words}.") }
}

/// What an app that listens elsewhere did, and what its owner can do.
pub(super) fn elsewhere(configuration: &Configuration, elsewhere: &Elsewhere) -> String {
    let port = configuration.port();
    let list = |ports: &[u16]| ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    if elsewhere.ports.is_empty() && elsewhere.loopback_ports.contains(&port) {
        format!("The application listens on 127.0.0.1:{port} only, where nothing can reach it. Make it listen on 0.0.0.0.")
    } else if elsewhere.ports.is_empty() {
        format!(
            "The application listens on 127.0.0.1 only (port {}), not on port {port}. \
             Make it listen on 0.0.0.0, on the port in the variable PORT ({port}).",
            list(&elsewhere.loopback_ports)
        )
    } else {
        let ports = list(&elsewhere.ports);
        format!(
            "The application listens on port {ports}, not on port {port}. \
             Set the service's Port to {ports}, or make the application listen on the port in the variable PORT ({port})."
        )
    }
}

/// What an app that cannot write any more meets, and what its owner can do.
pub(super) fn disk_full(name: &InstanceName) -> String {
    format!(
        "The instance {} has filled the {} GB of disk that an instance has: what it writes now fails with 'No space left on device' or \
         'Disk quota exceeded'. Remove files that it does not need any more, or keep them elsewhere; its disk goes with it.",
        name.short(),
        limit::SCRATCH_BYTES >> 30
    )
}

/// What is about to run, and what of its configuration nobody acts on.
pub(super) fn provisioning(configuration: &Configuration) -> Vec<String> {
    let accessible = if configuration.network.is_public() { "publicly" } else { "privately" };
    let mut sentences = vec![format!("Provisioning instances and deploying image for {accessible} accessible service.")];
    if !configuration.network.is_public() {
        sentences.push("The service is not publicly accessible: the front door does not answer for it.".to_owned());
    }
    if configuration.observability_enabled == Some(true) {
        sentences.push(
            "Tracing is enabled, and nothing collects traces in this version of Outrunner: the service runs without it.".to_owned(),
        );
    }
    sentences
}

pub(super) fn pulled(reference: &ImageReference) -> String {
    format!("Successfully copied the image from {}: {reference}.", registry(reference))
}

fn registry(reference: &ImageReference) -> &str {
    match reference {
        ImageReference::Own(_) => "ECR",
        ImageReference::Foreign(foreign) => foreign.registry.as_str(),
    }
}

/// Whether an operation has a log stream of its own. A resume starts what was deployed before.
fn deploys(kind: OperationKind) -> bool {
    match kind {
        OperationKind::Create | OperationKind::Update | OperationKind::Deployment => true,
        OperationKind::Pause | OperationKind::Resume | OperationKind::Delete => false,
    }
}

/// The moments of a deployment that its own log tells of.
#[derive(Clone, Copy)]
pub(super) enum Moment<'a> {
    Begun,
    Pulled(&'a ImageReference),
    Deployed,
    Failed { pulled: bool, why: &'a str },
}

/// The lines of a deployment's own log. Source: what App Runner's users saw; the last two (unconfirmed).
pub(super) fn deployment(operation: &Operation, moment: Moment<'_>, now: Timestamp) -> Vec<Event> {
    if !deploys(operation.kind) {
        return Vec::new();
    }
    let pulling = "Starting to pull your application image.";
    let texts = match moment {
        Moment::Begun => vec![pulling.to_owned()],
        Moment::Pulled(reference) => vec![
            format!("Successfully pulled your application image from {}.", registry(reference)),
            "Starting to deploy your application image.".to_owned(),
        ],
        Moment::Deployed => vec!["Successfully deployed your application image.".to_owned()],
        Moment::Failed { pulled, why } => {
            let what = if pulled { "deploy" } else { "pull" };
            vec![format!("Failed to {what} your application image. Failure reason : {why}")]
        }
    };
    texts.into_iter().map(|text| Event::of_deployment(now, &operation.id, text)).collect()
}

/// Why an operation did not go on.
pub(super) fn cancelled(by: &str) -> String {
    format!("It was cancelled by {by}.")
}

/// What a rollback does.
pub(super) fn restored(earlier: RevisionNumber, number: RevisionNumber) -> String {
    format!("Going back to revision {earlier}: revision {number} has its image and its configuration.")
}

/// Why a deployment began that nobody has called for.
pub(super) fn pushed(reference: &ImageReference) -> String {
    format!("A new image was pushed to {reference}. It is deployed automatically.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign_image::ForeignImage;
    use crate::operation::OperationId;

    #[test]
    fn an_application_is_not_said_to_have_failed_when_the_platform_has() {
        let exit =
            |how| Exit { at: Timestamp::from_millis(0), how, last_lines: Vec::new(), limits_reached: Vec::new(), asked: false };
        assert!(not_started(&exit(ExitCause::Code(1))).starts_with("Your application stopped or failed to start."));
        let ours = not_started(&exit(ExitCause::EngineTrouble("out of cheese".to_owned())));
        assert!(ours.starts_with("The platform could not start it") && !ours.contains("Your application"), "{ours}");
        assert_eq!(ended_with_a_stop("GET / answered 404"), "GET / answered 404.");
        assert_eq!(ended_with_a_stop("Connection refused."), "Connection refused.");
    }

    #[test]
    fn a_deployments_own_log_names_what_was_under_way_and_other_operations_have_none() {
        fn told(kind: OperationKind, moment: Moment<'_>) -> Vec<String> {
            let at = Timestamp::from_millis(3);
            let operation = Operation::begun(OperationId::from_random([1; 16]), kind, at);
            let lines = deployment(&operation, moment, at);
            assert!(lines.iter().all(|line| line.deployment.as_ref() == Some(&operation.id)));
            lines.into_iter().map(|line| line.message).collect()
        }
        let failed = |pulled| Moment::Failed { pulled, why: "No such image." };
        assert_eq!(told(OperationKind::Create, Moment::Begun), ["[AppRunner] Starting to pull your application image."]);
        let own = ImageReference::parse("000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1").unwrap();
        let foreign = ImageReference::Foreign(ForeignImage::parse("public.ecr.aws/docker/library/nginx:1").unwrap());
        for (reference, registry) in [(own, "ECR"), (foreign, "public.ecr.aws")] {
            let lines = told(OperationKind::Deployment, Moment::Pulled(&reference));
            let pulled = format!("[AppRunner] Successfully pulled your application image from {registry}.");
            assert_eq!(lines, [pulled.as_str(), "[AppRunner] Starting to deploy your application image."]);
        }
        assert_eq!(
            told(OperationKind::Update, failed(false)),
            ["[AppRunner] Failed to pull your application image. Failure reason : No such image."]
        );
        assert!(told(OperationKind::Update, failed(true))[0].contains("Failed to deploy"));
        for kind in [OperationKind::Pause, OperationKind::Resume, OperationKind::Delete] {
            assert!(told(kind, Moment::Begun).is_empty());
        }
    }
}
