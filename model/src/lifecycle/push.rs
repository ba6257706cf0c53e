//! May a push be deployed by itself? Two states are compared, what the watched tag points at and what it pointed at when somebody last cared: no
//! list of pushes that could get lost, and of ten in a second the last one counts.
//!
//! Source of truth: App Runner Developer Guide, "Deploying a new application version": a paused service passes pushes over for good.

use crate::digest::Digest;
use crate::event::Event;
use crate::lifecycle::{Admission, Change, admit, words};
use crate::operation::OperationId;
use crate::service::{Phase, Service, Standing};
use crate::time::Timestamp;
use crate::wish::Wish;

/// What follows from where a watched tag points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// Nothing is new; or an operation is under way, after which somebody looks again.
    Nothing,
    /// Commit this: it is known from now on, and deploys nothing.
    Noted(Box<Change>),
    /// Commit this, and the deployment has begun. One that fails is not tried again until the tag points elsewhere.
    Begin(Box<Change>),
}

/// `current` is what the watched tag of a service with automatic deployments points at; `deployed` is the image of the revision at which it rests.
pub fn admit_push(service: &Service, deployed: Option<&Digest>, current: &Digest, id: OperationId, now: Timestamp) -> Pushed {
    if service.push_noticed.as_ref() == Some(current) {
        return Pushed::Nothing;
    }
    let noticed = Service { push_noticed: Some(current.clone()), ..service.clone() };
    let noted = |service| Pushed::Noted(Box::new(Change { service, operation: None, revision: None, events: Vec::new() }));
    match &service.phase {
        Phase::Still(Standing::Running { .. }) if deployed == Some(current) => noted(noticed),
        Phase::Still(Standing::Running { .. }) => match admit(&Wish::Deploy { arn: service.arn() }, &noticed, id, now) {
            Admission::Begin(mut change) => {
                let why = words::pushed(&service.configuration.image_source().reference);
                change.events.insert(0, Event::new(now, why));
                Pushed::Begin(change)
            }
            Admission::AlreadySo | Admission::Refused(_) => Pushed::Nothing,
        },
        Phase::Still(Standing::Paused { .. }) => noted(noticed),
        Phase::Still(Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. }) | Phase::Moving { .. } => {
            Pushed::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;
    use crate::lifecycle::bench::{at, every_phase, service};
    use crate::service::{ServiceStatus, Step};

    fn digest(byte: u8) -> Digest {
        Digest::from_hash(Algorithm::Sha256, &[byte; 32])
    }

    fn pushed(phase: &str, noticed: Option<u8>, current: u8) -> Pushed {
        let mut service = service(every_phase(phase));
        service.push_noticed = noticed.map(digest);
        admit_push(&service, Some(&digest(1)), &digest(current), OperationId::from_random([1; 16]), at(5))
    }

    #[test]
    fn a_push_deploys_once_where_a_service_runs_is_passed_over_where_it_is_paused_and_waits_for_what_is_under_way() {
        for (phase, noticed, current, expected) in [
            ("running", None, 1, "noted"),
            ("running", Some(1), 1, "nothing"),
            ("running", Some(1), 2, "begin"),
            ("running", None, 2, "begin"),
            ("running", Some(2), 2, "nothing"),
            ("running", Some(2), 1, "noted"),
            ("paused", Some(1), 2, "noted"),
            ("paused", Some(2), 2, "nothing"),
            ("moving", Some(1), 2, "nothing"),
            ("create failed", None, 2, "nothing"),
            ("delete failed", Some(1), 2, "nothing"),
            ("deleted", Some(1), 2, "nothing"),
        ] {
            let (word, change) = match pushed(phase, noticed, current) {
                Pushed::Nothing => ("nothing", None),
                Pushed::Noted(change) => ("noted", Some(change)),
                Pushed::Begin(change) => ("begin", Some(change)),
            };
            assert_eq!(word, expected, "{phase}, noticed {noticed:?}, now {current}");
            if let Some(change) = change {
                assert_eq!(change.service.push_noticed, Some(digest(current)));
                assert_eq!(change.operation.is_some(), word == "begin");
                assert_eq!(change.service.status() == ServiceStatus::OperationInProgress, word == "begin");
            }
        }
    }

    #[test]
    fn a_deployment_that_a_push_began_finds_out_by_itself_what_the_tag_means_then() {
        let Pushed::Begin(change) = pushed("running", Some(1), 2) else { panic!() };
        let Phase::Moving { from: Some(Standing::Running { revision: 1 }), step: Step::Resolving, .. } = &change.service.phase
        else {
            panic!("{:?}", change.service.phase)
        };
        assert!(change.events[0].message.contains("A new image was pushed"), "{:?}", change.events);
    }
}
