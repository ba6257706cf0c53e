//! May this wish begin? The answer is `Begin`, `AlreadySo` or `Refused`, never a `bool`.
//!
//! Source of truth: App Runner API Reference, the table of allowed states.

use std::collections::BTreeSet;

use crate::account::Scope;
use crate::event::Event;
use crate::lifecycle::{Change, words};
use crate::operation::{Operation, OperationId, OperationKind};
use crate::refusal::Refusal;
use crate::service::{HostLabel, Phase, Service, ServiceId, Standing, Step};
use crate::service_name::ServiceName;
use crate::time::Timestamp;
use crate::wish::{CreateService, Wish};

/// The answer to a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Commit this, and the operation has begun.
    Begin(Box<Change>),
    /// Nothing to do: the service is as the caller wants it.
    AlreadySo,
    Refused(Refusal),
}

/// Names drawn for a new service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshIds {
    pub service: ServiceId,
    pub label: HostLabel,
    pub operation: OperationId,
}

/// The refusal of a name that another service has. Exact text unconfirmed; the kind is confirmed.
pub fn name_taken(name: &ServiceName) -> Refusal {
    Refusal::invalid(format!("Service with the provided name already exists: {name}."))
}

/// CreateService. `holder` is the service that has the name now, if there is one.
pub fn admit_create(wish: &CreateService, scope: &Scope, holder: Option<&Service>, ids: FreshIds, now: Timestamp) -> Admission {
    if holder.is_some() {
        return Admission::Refused(name_taken(&wish.name));
    }
    if let Err(refusal) = wish.tags.service_options() {
        return Admission::Refused(refusal);
    }
    if let Err(refusal) = wish.configuration.refuse_secrets_without_role() {
        return Admission::Refused(refusal);
    }
    let operation = Operation::begun(ids.operation, OperationKind::Create, now);
    let service = Service {
        scope: scope.clone(),
        name: wish.name.clone(),
        id: ids.service,
        label: ids.label,
        created_at: now,
        updated_at: now,
        tags: wish.tags.clone(),
        configuration: wish.configuration.clone(),
        revisions: 0,
        phase: Phase::Moving { from: None, operation: operation.clone(), step: Step::Resolving },
        push_noticed: None,
        secrets_noticed: None,
        full_noticed: BTreeSet::new(),
        exits: 0,
    };
    Admission::Begin(Box::new(begun(service, operation, now)))
}

/// The five wishes about a service that exists.
pub fn admit(wish: &Wish, service: &Service, operation: OperationId, now: Timestamp) -> Admission {
    let (kind, allowed) = match wish {
        Wish::Create(_) => return Admission::Refused(name_taken(&service.name)),
        Wish::Update(_) => (OperationKind::Update, allowed_update(service)),
        Wish::Deploy { .. } => (OperationKind::Deployment, allowed_deploy(service)),
        Wish::Pause { .. } => (OperationKind::Pause, allowed_pause(service)),
        Wish::Resume { .. } => (OperationKind::Resume, allowed_resume(service)),
        Wish::Delete { .. } => (OperationKind::Delete, allowed_delete(service)),
    };
    let from = match allowed {
        Allowed::Yes(from) => from,
        Allowed::AlreadySo => return Admission::AlreadySo,
        Allowed::No(refusal) => return Admission::Refused(refusal),
    };
    let configuration = match wish {
        Wish::Update(update) => match update.applied_to(&service.configuration) {
            Ok(configuration) => configuration,
            Err(refusal) => return Admission::Refused(refusal),
        },
        Wish::Create(_) | Wish::Deploy { .. } | Wish::Pause { .. } | Wish::Resume { .. } | Wish::Delete { .. } => {
            service.configuration.clone()
        }
    };
    let step = match (wish, &from) {
        (Wish::Resume { .. }, Standing::Paused { revision }) => Step::Starting { revision: *revision, since: now, warned: false },
        (Wish::Pause { .. } | Wish::Delete { .. }, _) => Step::Retiring,
        (Wish::Create(_) | Wish::Update(_) | Wish::Deploy { .. } | Wish::Resume { .. }, _) => Step::Resolving,
    };
    let operation = Operation::begun(operation, kind, now);
    let phase = Phase::Moving { from: Some(from), operation: operation.clone(), step };
    Admission::Begin(Box::new(begun(Service { configuration, phase, updated_at: now, ..service.clone() }, operation, now)))
}

pub(super) fn begun(service: Service, operation: Operation, now: Timestamp) -> Change {
    let texts = std::iter::once(words::status(&service)).chain(words::begun(&operation));
    let mut events: Vec<Event> = texts.map(|text| Event::new(now, text)).collect();
    events.extend(words::deployment(&operation, words::Moment::Begun, now));
    Change { service, operation: Some(operation), revision: None, events }
}

enum Allowed {
    Yes(Standing),
    AlreadySo,
    No(Refusal),
}

fn standing(service: &Service) -> Option<&Standing> {
    match &service.phase {
        Phase::Still(standing) => Some(standing),
        Phase::Moving { .. } => None,
    }
}

fn wrong_state(service: &Service, what: &str) -> Allowed {
    let status = words::status_name(service.status());
    Allowed::No(Refusal::wrong_state(format!("Service cannot be {what} in the current state: {status}.")))
}

/// A paused service is not updated: the sources disagree (unconfirmed), the Developer Guide's word is taken.
fn allowed_update(service: &Service) -> Allowed {
    match standing(service) {
        Some(from @ (Standing::Running { .. } | Standing::CreateFailed)) => Allowed::Yes(from.clone()),
        Some(Standing::Paused { .. } | Standing::DeleteFailed | Standing::Deleted { .. }) | None => wrong_state(service, "updated"),
    }
}

/// StartDeployment declares no InvalidStateException: a wrong state is an invalid request, in these words.
fn allowed_deploy(service: &Service) -> Allowed {
    match standing(service) {
        Some(from @ Standing::Running { .. }) => Allowed::Yes(from.clone()),
        Some(Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. }) | None => {
            Allowed::No(Refusal::invalid("Can't start a deployment on the specified service, because it isn't in RUNNING state."))
        }
    }
}

fn allowed_pause(service: &Service) -> Allowed {
    match standing(service) {
        Some(from @ Standing::Running { .. }) => Allowed::Yes(from.clone()),
        Some(Standing::Paused { .. }) => Allowed::AlreadySo,
        Some(Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. }) | None => wrong_state(service, "paused"),
    }
}

fn allowed_resume(service: &Service) -> Allowed {
    match standing(service) {
        Some(from @ Standing::Paused { .. }) => Allowed::Yes(from.clone()),
        Some(Standing::Running { .. }) => Allowed::AlreadySo,
        Some(Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. }) | None => wrong_state(service, "resumed"),
    }
}

fn allowed_delete(service: &Service) -> Allowed {
    match standing(service) {
        Some(from @ (Standing::Running { .. } | Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed)) => {
            Allowed::Yes(from.clone())
        }
        Some(Standing::Deleted { .. }) | None => wrong_state(service, "deleted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::bench::{at, every_phase, service, wishes};
    use crate::service::ServiceStatus;

    /// Which wish begins (B), is already so (=) or is refused (-), in the order Update, Deploy, Pause, Resume, Delete.
    #[test]
    fn every_phase_answers_every_wish() {
        let table = [
            ("running", "BBB=B"),
            ("paused", "--=BB"),
            ("create failed", "B---B"),
            ("delete failed", "----B"),
            ("deleted", "-----"),
            ("moving", "-----"),
        ];
        for (phase, expected) in table {
            let service = service(every_phase(phase));
            let answers: String = wishes(&service)
                .iter()
                .map(|wish| match admit(wish, &service, OperationId::from_random([1; 16]), at(5)) {
                    Admission::Begin(change) => {
                        assert_eq!(change.service.status(), ServiceStatus::OperationInProgress, "{phase} {wish:?}");
                        'B'
                    }
                    Admission::AlreadySo => '=',
                    Admission::Refused(_) => '-',
                })
                .collect();
            assert_eq!(answers, expected, "{phase}");
        }
    }

    #[test]
    fn a_deployment_in_the_wrong_state_is_an_invalid_request_in_app_runners_words() {
        let service = service(every_phase("paused"));
        let wish = Wish::Deploy { arn: service.arn() };
        let Admission::Refused(refusal) = admit(&wish, &service, OperationId::from_random([1; 16]), at(5)) else { panic!() };
        assert_eq!(refusal.message, "Can't start a deployment on the specified service, because it isn't in RUNNING state.");
        assert_eq!(refusal.kind, crate::refusal::RefusalKind::Invalid);
    }
}
