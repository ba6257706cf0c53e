//! Writes down what was seen: which step is done, what failed and why, what the owner should read.
//!
//! Absorbing the same sight twice changes nothing the second time: each step is left when it is absorbed.

use std::collections::BTreeSet;

use crate::configuration::Configuration;
use crate::digest::Digest;
use crate::event::Event;
use crate::image_reference::{ImageReference, Pick};
use crate::instance::{DiskSeen, Exit, InstanceName, InstancePhase, InstanceSeen};
use crate::lifecycle::{Change, Promise, RouteSeen, Seen, Targets, standing_revision, words};
use crate::limit;
use crate::operation::{Failure, Operation, OperationKind, OperationState, Outcome};
use crate::revision::{ImagePin, Revision, RevisionNumber};
use crate::service::{Phase, Service, Standing, Step};
use crate::time::Timestamp;

/// What must be committed, given what is seen; `None` if nothing must.
pub fn absorb(promise: &Promise, seen: &Seen, now: Timestamp) -> Option<Change> {
    let Phase::Moving { from, operation, step } = &promise.service.phase else {
        return None;
    };
    let moving = Moving { promise, from: from.as_ref(), operation, now };
    match step {
        Step::Resolving => moving.resolving(),
        Step::Starting { revision, since, warned } => moving.starting(seen, *revision, *since, *warned),
        Step::Routing { revision } => moving.routing(seen, *revision),
        Step::Retiring => moving.retiring(seen),
        Step::RollingBack { failure } => moving.rolling_back(seen, failure),
    }
}

/// What the reference turned out to mean: the next revision is written, or the operation fails. Only while resolving.
pub fn absorb_image(promise: &Promise, image: Result<ImagePin, Failure>, now: Timestamp) -> Option<Change> {
    let Phase::Moving { from, operation, step: Step::Resolving } = &promise.service.phase else {
        return None;
    };
    let moving = Moving { promise, from: from.as_ref(), operation, now };
    Some(match image {
        Err(failure) => moving.fail(failure),
        Ok(image) => moving.pin(image),
    })
}

/// The operation fails for a trouble of ours that will not pass: the words are for the owner, the cause is in the log. Only while moving.
pub fn give_up(promise: &Promise, message: &str, now: Timestamp) -> Option<Change> {
    let Phase::Moving { from, operation, step } = &promise.service.phase else { return None };
    let moving = Moving { promise, from: from.as_ref(), operation, now };
    match step {
        Step::Resolving | Step::Starting { .. } | Step::Routing { .. } => {
            Some(moving.fail(Failure { message: message.to_owned() }))
        }
        // There is nothing to go back to: stopping and rolling back are tried until they succeed.
        Step::Retiring | Step::RollingBack { .. } => None,
    }
}

/// A serving instance ended by itself, or is replaced as it is unwell or never became healthy: its owner is told, and the next one waits longer if
/// they end soon after each other. Nobody is told of one that is not wanted any more, or whose end was asked for.
pub fn absorb_exit(promise: &Promise, seen: &Seen, instance: &InstanceSeen, now: Timestamp) -> Option<Change> {
    let service = &promise.service;
    let serves = match &service.phase {
        Phase::Still(standing) => standing_revision(standing) == Some(instance.name.revision),
        Phase::Moving { .. } => false,
    };
    if !serves || !promise.is_wanted(&instance.name, seen) {
        return None;
    }
    let (exits, text) = match &instance.phase {
        InstancePhase::Created | InstancePhase::Ready | InstancePhase::Dormant(_) | InstancePhase::Stopping => return None,
        InstancePhase::Exited(exit) if exit.asked => return None,
        InstancePhase::Starting { last_probe, .. } => {
            let saw = words::ended_with_a_stop(last_probe.as_deref().unwrap_or("The instance did not start in time."));
            let advice = format!("{saw} The instance is replaced.");
            (service.exits.saturating_add(1), words::health_check_failed(&service.configuration, &advice))
        }
        InstancePhase::Unwell { last_probe } => {
            let advice = format!("{last_probe} The instance is replaced.");
            (service.exits, words::health_check_failed(&service.configuration, &advice))
        }
        InstancePhase::Exited(exit) => {
            let forgiven = exit.at.since(instance.started_at) >= limit::RESTART_FORGIVEN;
            let exits = if forgiven { 1 } else { service.exits.saturating_add(1) };
            (exits, format!("An instance ended and is started again. {}", exit.sentence()))
        }
    };
    let events = vec![Event::new(now, text)];
    Some(Change { service: Service { exits, ..service.clone() }, operation: None, revision: None, events })
}

/// Instances have filled their disks: their owner is told once of each. One that came back under the same name with room may fill it again.
pub fn absorb_full(promise: &Promise, seen: &Seen, now: Timestamp) -> Option<Change> {
    let service = &promise.service;
    let of = |wanted: DiskSeen| {
        let instances = seen.instances.iter().map(|sight| &sight.instance);
        instances.filter(move |instance| instance.disk == wanted).map(|instance| instance.name.clone())
    };
    let full: BTreeSet<InstanceName> = of(DiskSeen::Full).collect();
    let came_back = of(DiskSeen::Room).any(|name| service.full_noticed.contains(&name));
    let news: Vec<&InstanceName> = full.difference(&service.full_noticed).collect();
    if news.is_empty() && !came_back {
        return None;
    }
    let events = news.iter().map(|name| Event::new(now, words::disk_full(name))).collect();
    Some(Change { service: Service { full_noticed: full, ..service.clone() }, operation: None, revision: None, events })
}

struct Moving<'a> {
    promise: &'a Promise,
    from: Option<&'a Standing>,
    operation: &'a Operation,
    now: Timestamp,
}

impl Moving<'_> {
    fn service(&self) -> &Service {
        &self.promise.service
    }

    /// The same operation at another step.
    fn step(&self, step: Step, events: Vec<String>) -> Change {
        let phase = Phase::Moving { from: self.from.cloned(), operation: self.operation.clone(), step };
        Change {
            service: Service { phase, ..self.service().clone() },
            operation: None,
            revision: None,
            events: events.into_iter().map(|text| Event::new(self.now, text)).collect(),
        }
    }

    fn pin(&self, image: ImagePin) -> Change {
        let number = self.service().revisions + 1;
        let configuration = self.service().configuration.clone();
        let mut events = vec![words::pulled(&configuration.image_source().reference)];
        events.extend(words::provisioning(&configuration));
        events.push(words::health_check(&configuration));
        let mut change = self.step(Step::Starting { revision: number, since: self.now, warned: false }, events);
        let reference = &configuration.image_source().reference;
        change.events.extend(words::deployment(self.operation, words::Moment::Pulled(reference), self.now));
        change.service.revisions = number;
        // What another tag means is noticed once that one is followed: of the old one, which a rollback follows again, it says nothing.
        let followed = self.from.and_then(standing_revision).map(|before| &self.configuration_of(before).image_source().reference);
        if is_watched(reference) && followed.is_none_or(|followed| followed == reference) {
            change.service.push_noticed = Some(image.digest.clone());
        }
        let operation = Some(self.operation.id.clone());
        change.revision = Some(Revision { number, created_at: self.now, configuration, image, operation, restores: None });
        change
    }

    fn resolving(&self) -> Option<Change> {
        if let Some(why) = self.service().configuration.hindrance() {
            return Some(self.fail(Failure { message: why.to_owned() }));
        }
        let lasted = self.now.since(self.operation.started_at);
        let message =
            "The image could not be made ready in time, for a trouble of the platform. Its log says which; then try again.";
        (lasted >= limit::RESOLVING_MAX).then(|| self.fail(Failure { message: message.to_owned() }))
    }

    fn starting(&self, seen: &Seen, revision: RevisionNumber, since: Timestamp, warned: bool) -> Option<Change> {
        let configuration = self.configuration_of(revision);
        let wanted = self.promise.wanted(revision, seen);
        let mut last_probe = None;
        let mut lost_way = None;
        // What served before says nothing of this start, and who rests has to be begun again.
        let mut overdue =
            !wanted.iter().filter_map(|name| seen.of(name)).any(has_begun) && self.now.since(since) >= limit::BEGINNING_MAX;
        for instance in wanted.iter().filter_map(|name| seen.of(name)) {
            match &instance.phase {
                // What is not ready yet of these is begun or woken first.
                InstancePhase::Created | InstancePhase::Ready | InstancePhase::Dormant(_) => {}
                // Left of an earlier start of the same revision: it goes, and the next one begins.
                InstancePhase::Stopping => {}
                InstancePhase::Exited(exit) if exit.asked => {}
                InstancePhase::Exited(exit) => {
                    return Some(self.fail(Failure { message: words::not_started(exit) }));
                }
                InstancePhase::Unwell { last_probe: probe } => {
                    let advice = format!("{} For more information, see the application logs.", words::ended_with_a_stop(probe));
                    return Some(self.fail(Failure { message: words::health_check_failed(configuration, &advice) }));
                }
                InstancePhase::Starting { last_probe: probe, elsewhere } => {
                    // By the instance's own age: a platform that was off meanwhile is no fault of the app.
                    overdue |= self.now.since(instance.started_at) >= self.promise.options.startup_timeout;
                    last_probe = probe.clone().or(last_probe);
                    lost_way = elsewhere.clone().or(lost_way);
                }
            }
        }
        let ready = seen.ready(revision);
        if wanted.iter().all(|name| ready.contains(name)) {
            let text = "Health check is successful. Routing traffic to application.";
            return Some(self.step(Step::Routing { revision }, vec![text.to_owned()]));
        }
        if let Some(elsewhere) = lost_way {
            let lasted = self.now.since(elsewhere.since);
            let sentence = words::health_check_failed(configuration, &words::elsewhere(configuration, &elsewhere));
            if lasted >= limit::ELSEWHERE_FAILED {
                return Some(self.fail(Failure { message: sentence }));
            }
            if lasted >= limit::ELSEWHERE_WARNED && !warned {
                return Some(self.step(Step::Starting { revision, since, warned: true }, vec![sentence]));
            }
        }
        if overdue {
            let saw = last_probe.unwrap_or_else(|| "The instance did not start in time.".to_owned());
            let saw = words::ended_with_a_stop(&saw);
            let advice = format!("{saw} Check your configured port number. For more information, see the application logs.");
            return Some(self.fail(Failure { message: words::health_check_failed(configuration, &advice) }));
        }
        None
    }

    fn routing(&self, seen: &Seen, revision: RevisionNumber) -> Option<Change> {
        let ready = seen.ready(revision);
        if ready.is_empty() {
            let ended = seen.instances.iter().find_map(|sight| ended_by_itself(&sight.instance, revision));
            if let Some(exit) = ended {
                let message = format!("The new instances ended before traffic reached them. {}", exit.sentence());
                return Some(self.fail(Failure { message }));
            }
            // The machine lost its power, or they were asked to end: no fault of the version. It starts as it did.
            if self.promise.wanted(revision, seen).iter().all(|name| seen.of(name).is_none()) {
                let step = Step::Starting { revision, since: self.now, warned: false };
                return Some(self.step(step, vec![words::GONE_UNROUTED.to_owned()]));
            }
            return self.too_few(seen, revision);
        }
        let least = usize::from(self.configuration_of(revision).scaling.instances_min).max(1);
        match &seen.route {
            // More may become ready at any time: the least suffice.
            RouteSeen::Carried(carried) if carried.len() >= least && carried.is_subset(&ready) => Some(self.end(
                Standing::Running { revision },
                Outcome::Succeeded,
                Some("Successfully routed incoming traffic to application."),
            )),
            RouteSeen::Carried(_) | RouteSeen::Absent | RouteSeen::Unknown if ready.len() < least => self.too_few(seen, revision),
            RouteSeen::Carried(_) | RouteSeen::Absent | RouteSeen::Unknown => None,
        }
    }

    /// Of those that were all ready some are not any more: a version that does not keep its least even now has failed. One that was asked to end is replaced.
    fn too_few(&self, seen: &Seen, revision: RevisionNumber) -> Option<Change> {
        let configuration = self.configuration_of(revision);
        let unhealthy = |probe: &str| {
            let advice = format!("{} For more information, see the application logs.", words::ended_with_a_stop(probe));
            words::health_check_failed(configuration, &advice)
        };
        let wanted = self.promise.wanted(revision, seen);
        let message = wanted.iter().filter_map(|name| seen.of(name)).find_map(|instance| match &instance.phase {
            InstancePhase::Exited(exit) => (!exit.asked).then(|| words::not_started(exit)),
            InstancePhase::Unwell { last_probe } => Some(unhealthy(last_probe)),
            InstancePhase::Starting { last_probe, .. } => {
                let overdue = self.now.since(instance.started_at) >= self.promise.options.startup_timeout;
                overdue.then(|| unhealthy(last_probe.as_deref().unwrap_or("The instance did not start in time.")))
            }
            InstancePhase::Created | InstancePhase::Ready | InstancePhase::Dormant(_) | InstancePhase::Stopping => None,
        })?;
        Some(self.fail(Failure { message }))
    }

    fn retiring(&self, seen: &Seen) -> Option<Change> {
        if !seen.instances.is_empty() || seen.route != RouteSeen::Absent {
            return None;
        }
        let standing = match (self.operation.kind, self.from) {
            (OperationKind::Pause, Some(Standing::Running { revision } | Standing::Paused { revision })) => {
                Standing::Paused { revision: *revision }
            }
            (
                OperationKind::Create
                | OperationKind::Update
                | OperationKind::Deployment
                | OperationKind::Pause
                | OperationKind::Resume
                | OperationKind::Delete,
                _,
            ) => Standing::Deleted { at: self.now },
        };
        Some(self.end(standing, Outcome::Succeeded, None))
    }

    /// Over when only the instances of what served before are left, and the edge carries them. Those that have been asked to end have their grace
    /// without anybody waiting for it, unless the next start would need their names.
    fn rolling_back(&self, seen: &Seen, failure: &Failure) -> Option<Change> {
        let before = Targets::of(&self.service().phase).route;
        let gone = seen.instances.iter().all(|sight| {
            Some(sight.instance.name.revision) == before
                || (sight.instance.phase == InstancePhase::Stopping && self.operation.kind != OperationKind::Resume)
        });
        let routed = match (&seen.route, before) {
            (RouteSeen::Absent, None) => true,
            (RouteSeen::Carried(carried), Some(revision)) => carried.iter().all(|name| name.revision == revision),
            (RouteSeen::Unknown, _) | (RouteSeen::Absent, Some(_)) | (RouteSeen::Carried(_), None) => false,
        };
        if !gone || !routed {
            return None;
        }
        let outcome = match self.from {
            None | Some(Standing::CreateFailed) => Outcome::Failed(failure.clone()),
            Some(Standing::Running { .. } | Standing::Paused { .. } | Standing::DeleteFailed | Standing::Deleted { .. }) => {
                Outcome::RolledBack(failure.clone())
            }
        };
        Some(self.end(self.from.cloned().unwrap_or(Standing::CreateFailed), outcome, None))
    }

    fn fail(&self, failure: Failure) -> Change {
        let serves_on = self.from.and_then(standing_revision).is_some();
        let mut events = vec![failure.message.clone()];
        events.extend(serves_on.then(|| words::rolling_back().to_owned()));
        let operation = self.operation.with_state(OperationState::RollingBack, self.now);
        let pulled = !matches!(self.promise.service.phase, Phase::Moving { step: Step::Resolving, .. });
        let told = words::deployment(self.operation, words::Moment::Failed { pulled, why: &failure.message }, self.now);
        let mut change = self.step(Step::RollingBack { failure }, events);
        change.events.extend(told);
        change.service.phase = match change.service.phase {
            // A creation has nothing to roll back to: it stays IN_PROGRESS until it is FAILED.
            Phase::Moving { from: Some(from), step, .. } => Phase::Moving { from: Some(from), operation: operation.clone(), step },
            other @ (Phase::Moving { .. } | Phase::Still(_)) => {
                return Change { service: Service { phase: other, ..change.service }, ..change };
            }
        };
        Change { operation: Some(operation), ..change }
    }

    /// Back to rest. The operation's end and the service's standing are one commit: the GitHub action lists operations right after it sees a stable service.
    fn end(&self, standing: Standing, outcome: Outcome, event: Option<&str>) -> Change {
        let text = words::ended(self.operation, &outcome);
        let deployed = match &outcome {
            Outcome::Succeeded => words::deployment(self.operation, words::Moment::Deployed, self.now),
            Outcome::Failed(_) | Outcome::RolledBack(_) => Vec::new(),
        };
        let noticed = self.tried().filter(|_| outcome == Outcome::Succeeded).cloned();
        let operation = self.operation.with_state(OperationState::Ended { at: self.now, outcome }, self.now);
        let configuration = match &standing {
            Standing::Running { revision } | Standing::Paused { revision } => self.configuration_of(*revision).clone(),
            Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. } => self.service().configuration.clone(),
        };
        let mut service =
            Service { phase: Phase::Still(standing), configuration, updated_at: self.now, exits: 0, ..self.service().clone() };
        if let Some(digest) = noticed {
            service.push_noticed = Some(digest);
        }
        let texts = event.map(str::to_owned).into_iter().chain([text, words::status(&service)]);
        let events = texts.map(|text| Event::new(self.now, text)).chain(deployed).collect();
        Change { service, operation: Some(operation), revision: None, events }
    }

    /// What the watched tag meant when this operation found it out.
    fn tried(&self) -> Option<&Digest> {
        let Phase::Moving { step: Step::Routing { revision }, .. } = &self.service().phase else { return None };
        let found_out = matches!(self.operation.kind, OperationKind::Create | OperationKind::Update | OperationKind::Deployment);
        // A rollback takes an image of before, whatever the tag means.
        let revision = self.promise.revisions.get(revision).filter(|revision| found_out && revision.restores.is_none())?;
        is_watched(&revision.configuration.image_source().reference).then_some(&revision.image.digest)
    }

    fn configuration_of(&self, revision: RevisionNumber) -> &Configuration {
        self.promise.revisions.get(&revision).map_or(&self.service().configuration, |revision| &revision.configuration)
    }
}

/// Whether it may come to mean another image.
fn is_watched(reference: &ImageReference) -> bool {
    matches!(reference.own().map(|own| &own.pick), Some(Pick::Tag(_)))
}

fn has_begun(instance: &InstanceSeen) -> bool {
    match &instance.phase {
        InstancePhase::Created | InstancePhase::Dormant(_) | InstancePhase::Stopping => false,
        InstancePhase::Exited(exit) => !exit.asked,
        InstancePhase::Starting { .. } | InstancePhase::Ready | InstancePhase::Unwell { .. } => true,
    }
}

/// How an instance of a revision ended that nobody had asked to.
fn ended_by_itself(instance: &InstanceSeen, revision: RevisionNumber) -> Option<&Exit> {
    let InstancePhase::Exited(exit) = &instance.phase else { return None };
    (instance.name.revision == revision && !exit.asked).then_some(exit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::bench::{at, name, promise, seen};

    #[test]
    fn a_full_disk_is_told_once_and_again_of_the_next_instance_of_its_name() {
        let mut promise = promise(Phase::Still(Standing::Running { revision: 1 }));
        let mut seen = seen(&["r1-0 ready", "r1-1 ready"], "r1-0 r1-1");
        assert_eq!(absorb_full(&promise, &seen, at(9)), None);
        seen.instances[1].instance.disk = DiskSeen::Full;
        let change = absorb_full(&promise, &seen, at(9)).expect("it is news");
        assert_eq!(change.events.len(), 1);
        assert!(change.events[0].message.contains("The instance r1-1 has filled the 3 GB"), "{}", change.events[0].message);
        assert_eq!(change.service.full_noticed, BTreeSet::from([name("r1-1")]));
        promise.service = change.service;
        assert_eq!(absorb_full(&promise, &seen, at(10)), None, "told already");
        let gone = Seen { instances: vec![seen.instances[0].clone()], ..seen.clone() };
        assert_eq!(absorb_full(&promise, &gone, at(11)), None, "nothing to write for one that is gone");
        seen.instances[1].instance.disk = DiskSeen::Room;
        let change = absorb_full(&promise, &seen, at(12)).expect("its successor has an empty disk");
        assert!(change.events.is_empty());
        promise.service = change.service;
        seen.instances[1].instance.disk = DiskSeen::Full;
        assert_eq!(absorb_full(&promise, &seen, at(13)).expect("it is news again").events.len(), 1);
    }
}
