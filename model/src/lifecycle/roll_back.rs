//! Back to an earlier revision, and out of an operation that is under way. Neither is a wish of App Runner's: callers reach them through our own extension.
//!
//! A rollback writes a new revision with the image and the configuration of the earlier one: numbers only grow, and instances of the one never take names
//! of the other. Nothing is resolved: what a tag means by now is of no concern.

use std::collections::BTreeSet;

use crate::digest::Digest;
use crate::event::Event;
use crate::lifecycle::admit::begun;
use crate::lifecycle::{Admission, Change, Promise, give_up, words};
use crate::limit::REVISIONS_KEPT;
use crate::operation::{Operation, OperationId, OperationKind, OperationState, Outcome};
use crate::refusal::Refusal;
use crate::revision::{Revision, RevisionNumber};
use crate::service::{Phase, Service, Standing, Step};
use crate::tag::ServiceOptions;
use crate::time::Timestamp;

/// May a service go back to `earlier`, one of its own revisions? `watched` is what the tag that it follows points at now, if it follows one and goes on
/// following it: pushes until now are passed over, or the next look would undo the rollback.
pub fn admit_roll_back(
    service: &Service,
    earlier: &Revision,
    watched: Option<Digest>,
    id: OperationId,
    now: Timestamp,
) -> Admission {
    let current = match &service.phase {
        Phase::Still(Standing::Running { revision }) => *revision,
        Phase::Still(Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. })
        | Phase::Moving { .. } => {
            let status = words::status_name(service.status());
            return Admission::Refused(Refusal::wrong_state(format!(
                "Service cannot be rolled back in the current state: {status}. Only a RUNNING service has something to go back from."
            )));
        }
    };
    if earlier.number == current {
        return Admission::Refused(Refusal::invalid(format!("Revision {current} runs already.")));
    }
    // Of a restored one the first is named: whoever reads it looks for that.
    let restores = earlier.restores.unwrap_or(earlier.number);
    let kind = if earlier.configuration == service.configuration { OperationKind::Deployment } else { OperationKind::Update };
    let number = service.revisions + 1;
    let operation = Operation::begun(id, kind, now);
    let follows_on = earlier.configuration.image_source().reference == service.configuration.image_source().reference;
    let push_noticed = watched.filter(|_| follows_on).or_else(|| service.push_noticed.clone());
    let phase = Phase::Moving {
        from: Some(Standing::Running { revision: current }),
        operation: operation.clone(),
        step: Step::Starting { revision: number, since: now, warned: false },
    };
    let configuration = earlier.configuration.clone();
    let revision = Revision {
        number,
        created_at: now,
        configuration: configuration.clone(),
        image: earlier.image.clone(),
        operation: Some(operation.id.clone()),
        restores: Some(restores),
    };
    let service = Service { configuration, phase, updated_at: now, revisions: number, push_noticed, ..service.clone() };
    let mut change = begun(service, operation, now);
    change.events.insert(0, Event::new(now, words::restored(earlier.number, number)));
    change.events.push(Event::new(now, words::health_check(&revision.configuration)));
    Admission::Begin(Box::new(Change { revision: Some(revision), ..change }))
}

/// The revision that a service goes back to unless one is named: the newest before `current` that once served. `operations` are the service's.
pub fn before(current: RevisionNumber, revisions: &[Revision], operations: &[Operation]) -> Option<RevisionNumber> {
    let served = |revision: &&Revision| {
        let of_it = |operation: &&Operation| Some(&operation.id) == revision.operation.as_ref();
        // What an older program wrote does not say: it is taken for one that served.
        operations.iter().find(of_it).is_none_or(|operation| match &operation.state {
            OperationState::Ended { outcome: Outcome::Succeeded, .. } => true,
            OperationState::Ended { outcome: Outcome::Failed(_) | Outcome::RolledBack(_), .. }
            | OperationState::InProgress
            | OperationState::RollingBack => false,
        })
    };
    revisions.iter().filter(|revision| revision.number < current).filter(served).map(|revision| revision.number).max()
}

/// The revisions that a service can come back to at once: those that its phase names, and the newest few. Their images are kept.
pub fn kept_revisions(service: &Service) -> BTreeSet<RevisionNumber> {
    let newest = service.revisions;
    let of_late = newest.saturating_sub(REVISIONS_KEPT - 1)..=newest;
    Promise::revisions_named(&service.phase).into_iter().chain(of_late).filter(|number| *number > 0).collect()
}

/// The revisions under whose numbers values of secrets are still needed, those apart that one of these restores. A deployment that resolves keeps its own
/// under the number that is next; where nothing runs again by itself, nothing is needed.
pub fn revisions_with_secrets(service: &Service) -> BTreeSet<RevisionNumber> {
    match &service.phase {
        Phase::Still(Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. }) => BTreeSet::new(),
        Phase::Still(Standing::Running { .. } | Standing::Paused { .. }) => kept_revisions(service),
        Phase::Moving { step: Step::Resolving, .. } => kept_revisions(service).into_iter().chain([service.revisions + 1]).collect(),
        Phase::Moving {
            step: Step::Starting { .. } | Step::Routing { .. } | Step::Retiring | Step::RollingBack { .. }, ..
        } => kept_revisions(service),
    }
}

/// Ends the operation under way as if it had failed: a creation ends `CREATE_FAILED`, everything else where it came from. `which` is the operation that
/// the caller means, if it says so; `by` is who asks, by the ARN.
///
/// # Errors
/// Refused where there is nothing to cancel, another one is under way, or it cannot be turned back any more.
pub fn cancel(service: &Service, which: Option<&OperationId>, by: &str, now: Timestamp) -> Result<Change, Refusal> {
    let (operation, step) = match &service.phase {
        Phase::Moving { operation, step, .. } => (operation, step),
        Phase::Still(_) => return Err(Refusal::wrong_state("No operation is under way: there is nothing to cancel.")),
    };
    if which.is_some_and(|which| *which != operation.id) {
        let message =
            format!("The operation {} is not the one under way: that is {}.", which.unwrap_or(&operation.id), operation.id);
        return Err(Refusal::wrong_state(message));
    }
    match step {
        Step::RollingBack { .. } => return Err(Refusal::wrong_state("The operation is being rolled back already.")),
        Step::Retiring => {
            let message = "A pause and a deletion cannot be cancelled: instances are ending already. \
                           Resume a paused service when it is over.";
            return Err(Refusal::wrong_state(message));
        }
        Step::Resolving | Step::Starting { .. } | Step::Routing { .. } => {}
    }
    // What is given up needs no revision: only the phase is written.
    let promise = Promise { service: service.clone(), revisions: Default::default(), options: ServiceOptions::default() };
    Ok(give_up(&promise, &words::cancelled(by), now).expect("these three steps can be given up"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;
    use crate::lifecycle::absorb;
    use crate::lifecycle::bench::{at, every_phase, moving, promise, seen, service};
    use crate::refusal::RefusalKind;
    use crate::service::ServiceStatus;

    const BY: &str = "arn:aws:iam::000000000000:root";

    fn digest(byte: u8) -> Digest {
        Digest::from_hash(Algorithm::Sha256, &[byte; 32])
    }

    fn id() -> OperationId {
        OperationId::from_random([1; 16])
    }

    fn revision(number: RevisionNumber) -> Revision {
        promise(every_phase("running")).revisions[&1].clone().with_number(number)
    }

    impl Revision {
        fn with_number(self, number: RevisionNumber) -> Self {
            Self { number, ..self }
        }
    }

    #[test]
    fn only_a_running_service_is_rolled_back_and_not_to_where_it_is() {
        for (phase, expected) in [
            ("running", None),
            ("paused", Some(RefusalKind::WrongState)),
            ("create failed", Some(RefusalKind::WrongState)),
            ("delete failed", Some(RefusalKind::WrongState)),
            ("deleted", Some(RefusalKind::WrongState)),
            ("moving", Some(RefusalKind::WrongState)),
        ] {
            let answer = admit_roll_back(&service(every_phase(phase)), &revision(2), None, id(), at(5));
            let kind = match answer {
                Admission::Begin(_) | Admission::AlreadySo => None,
                Admission::Refused(refusal) => Some(refusal.kind),
            };
            assert_eq!(kind, expected, "{phase}");
        }
        let here = admit_roll_back(&service(every_phase("running")), &revision(1), None, id(), at(5));
        assert!(matches!(here, Admission::Refused(refusal) if refusal.message == "Revision 1 runs already."));
    }

    #[test]
    fn secrets_are_needed_for_what_runs_what_it_may_go_back_to_and_what_is_being_resolved() {
        let numbers = |phase: Phase, revisions: RevisionNumber| {
            let service = Service { revisions, ..service(phase) };
            revisions_with_secrets(&service).into_iter().collect::<Vec<_>>()
        };
        let moving = |step| moving(OperationKind::Deployment, Some(Standing::Running { revision: 1 }), step);
        let failure = crate::operation::Failure { message: "no".to_owned() };
        for (phase, revisions, expected) in [
            (Phase::Still(Standing::Running { revision: 2 }), 2, &[1, 2][..]),
            (Phase::Still(Standing::Running { revision: 2 }), 9, &[2, 5, 6, 7, 8, 9]),
            (Phase::Still(Standing::Paused { revision: 1 }), 1, &[1]),
            (Phase::Still(Standing::CreateFailed), 1, &[]),
            (Phase::Still(Standing::DeleteFailed), 3, &[]),
            (Phase::Still(Standing::Deleted { at: at(1) }), 3, &[]),
            (moving(Step::Resolving), 1, &[1, 2]),
            (moving(Step::Starting { revision: 9, since: at(1), warned: false }), 9, &[1, 5, 6, 7, 8, 9]),
            (moving(Step::Retiring), 1, &[1]),
            (moving(Step::RollingBack { failure }), 7, &[1, 3, 4, 5, 6, 7]),
            (
                Phase::Moving {
                    from: None,
                    operation: Operation::begun(id(), OperationKind::Create, at(1)),
                    step: Step::Resolving,
                },
                0,
                &[1],
            ),
        ] {
            assert_eq!(numbers(phase.clone(), revisions), expected, "{phase:?} of {revisions}");
        }
    }

    #[test]
    fn a_rollback_writes_a_new_revision_with_the_old_image_and_starts_it_at_once() {
        let service = service(every_phase("running"));
        let mut earlier = revision(2);
        earlier.image.digest = digest(8);
        earlier.configuration.size.cpu_units = 256;
        let Admission::Begin(change) = admit_roll_back(&service, &earlier, Some(digest(9)), id(), at(5)) else { panic!() };
        let written = change.revision.expect("it is written with the beginning");
        assert_eq!((written.number, written.restores, &written.operation), (3, Some(2), &Some(id())));
        assert_eq!((&written.image, &written.configuration), (&earlier.image, &earlier.configuration));
        assert_eq!(change.service.revisions, 3);
        assert_eq!(change.service.configuration, earlier.configuration, "callers see what is on its way");
        assert_eq!(change.service.push_noticed, Some(digest(9)), "what was pushed until now is passed over");
        assert_eq!(change.operation.as_ref().map(|operation| operation.kind), Some(OperationKind::Update));
        let Phase::Moving { from: Some(Standing::Running { revision: 1 }), step: Step::Starting { revision: 3, .. }, .. } =
            change.service.phase
        else {
            panic!("{:?}", change.service.phase)
        };
        assert!(change.events[0].message.contains("revision 2"), "{:?}", change.events);
        let same = Revision { configuration: service.configuration.clone(), restores: Some(1), ..earlier };
        let Admission::Begin(change) = admit_roll_back(&service, &same, None, id(), at(5)) else { panic!() };
        assert_eq!(change.operation.map(|operation| operation.kind), Some(OperationKind::Deployment));
        assert_eq!(change.revision.and_then(|revision| revision.restores), Some(1), "the first of its kind is named");
    }

    #[test]
    fn a_restored_image_is_no_push_that_somebody_cared_for() {
        let mut promise =
            promise(moving(OperationKind::Deployment, Some(Standing::Running { revision: 1 }), Step::Routing { revision: 2 }));
        promise.service.push_noticed = Some(digest(9));
        let end = |promise: &Promise| absorb(promise, &seen(&["r2-0 ready"], "r2-0"), at(9)).unwrap().service.push_noticed;
        assert_eq!(end(&promise), Some(digest(7)), "a deployment's own image is the one of the tag");
        promise.revisions.get_mut(&2).unwrap().restores = Some(1);
        assert_eq!(end(&promise), Some(digest(9)));
    }

    #[test]
    fn unless_one_is_named_the_newest_before_that_once_served_is_taken() {
        let of = |byte: u8, state| {
            Operation::begun(OperationId::from_random([byte; 16]), OperationKind::Update, at(1)).with_state(state, at(2))
        };
        let ended = |outcome| OperationState::Ended { at: at(2), outcome };
        let failure = crate::operation::Failure { message: "no".to_owned() };
        let operations =
            [of(2, ended(Outcome::Succeeded)), of(3, ended(Outcome::RolledBack(failure))), of(4, ended(Outcome::Succeeded))];
        let made = |number: RevisionNumber, byte: u8| Revision {
            operation: Some(OperationId::from_random([byte; 16])),
            ..revision(number)
        };
        let revisions = [revision(1), made(2, 2), made(3, 3), made(4, 4)];
        assert_eq!(before(4, &revisions, &operations), Some(2), "3 never served");
        assert_eq!(before(2, &revisions, &operations), Some(1), "one that does not say who made it counts");
        assert_eq!(before(1, &revisions, &operations), None);
    }

    #[test]
    fn what_can_be_turned_back_is_cancelled_and_ends_where_it_came_from() {
        let running = || Some(Standing::Running { revision: 1 });
        let starting = || Step::Starting { revision: 2, since: at(0), warned: false };
        for (kind, from, step, instances, route, standing) in [
            (OperationKind::Create, None, Step::Resolving, "", "absent", Standing::CreateFailed),
            (OperationKind::Create, None, starting(), "", "absent", Standing::CreateFailed),
            (OperationKind::Update, running(), Step::Resolving, "r1-0 ready", "r1-0", Standing::Running { revision: 1 }),
            (OperationKind::Deployment, running(), starting(), "r1-0 ready", "r1-0", Standing::Running { revision: 1 }),
            (
                OperationKind::Update,
                running(),
                Step::Routing { revision: 2 },
                "r1-0 ready",
                "r1-0",
                Standing::Running { revision: 1 },
            ),
            (
                OperationKind::Resume,
                Some(Standing::Paused { revision: 1 }),
                starting(),
                "",
                "absent",
                Standing::Paused { revision: 1 },
            ),
        ] {
            let service = service(moving(kind, from, step));
            let change = cancel(&service, None, BY, at(3)).unwrap();
            assert_eq!(change.service.status(), ServiceStatus::OperationInProgress, "{kind:?}");
            assert!(change.events[0].message.contains(&format!("cancelled by {BY}")), "{:?}", change.events);
            let promise = Promise { service: change.service, ..promise(every_phase("running")) };
            let instances: Vec<&str> = Some(instances).filter(|text| !text.is_empty()).into_iter().collect();
            let end = absorb(&promise, &seen(&instances, route), at(4)).expect("nothing of the new one is left");
            assert_eq!(end.service.phase, Phase::Still(standing), "{kind:?}");
        }
    }

    #[test]
    fn what_cannot_be_turned_back_is_not_cancelled() {
        let refused = |phase, which: Option<&OperationId>| cancel(&service(phase), which, BY, at(3)).unwrap_err();
        let running = || Some(Standing::Running { revision: 1 });
        for phase in ["running", "paused", "create failed", "delete failed", "deleted"] {
            assert!(refused(every_phase(phase), None).message.contains("nothing to cancel"), "{phase}");
        }
        for kind in [OperationKind::Pause, OperationKind::Delete] {
            assert!(refused(moving(kind, running(), Step::Retiring), None).message.contains("cannot be cancelled"));
        }
        let failure = crate::operation::Failure { message: "no".to_owned() };
        let back = moving(OperationKind::Update, running(), Step::RollingBack { failure });
        assert!(refused(back, None).message.contains("rolled back already"));
        let other = refused(moving(OperationKind::Update, running(), Step::Resolving), Some(&id()));
        assert!(other.message.contains("is not the one under way") && other.kind == RefusalKind::WrongState, "{other}");
    }
}
