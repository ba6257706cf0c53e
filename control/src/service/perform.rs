//! Performs what was planned, one effect at a time. Each may be performed twice.

use std::net::SocketAddrV4;

use model::instance::{InstanceName, InstanceSpec, StopOrder};
use model::lifecycle::{Change, Effect, Promise, RouteSeen, Seen, absorb_exit, absorb_image};
use model::limit::{HOLD, HOLD_QUEUE};
use model::operation::{Failure, Operation, OperationId, OperationState, Outcome};
use model::port::{Commit, Ring, ServiceChange, Version};
use model::route_table::{InstanceRoute, ServiceRoute};
use model::service::{Phase, ServiceId};
use model::short_host::short_host;
use model::trouble::Trouble;
use tracing::Instrument;
use tracing::field::{Empty, display};

use crate::ports::Ports;
use crate::pump::{Source, Taken};
use crate::service::{find, given, secrets};

/// A service as it was read, and what was seen of it: what effects are about.
pub(super) struct Scene<'a> {
    pub ports: &'a Ports,
    pub domain: &'a str,
    pub version: Version,
    pub promise: &'a Promise,
    pub seen: &'a Seen,
}

impl Scene<'_> {
    /// Whether the edge carries what is promised, instances apart: those are the plan's.
    pub(super) fn is_carried_as_promised(&self) -> bool {
        let wanted = service_route(self.promise, self.seen, self.domain, &self.seen.route);
        wanted.is_none_or(|wanted| self.ports.routes.agrees(&wanted))
    }

    /// The operation under way, if one is.
    fn operation(&self) -> Option<&OperationId> {
        match &self.promise.service.phase {
            Phase::Moving { operation, .. } => Some(&operation.id),
            Phase::Still(_) => None,
        }
    }

    pub(super) async fn perform(&self, effect: &Effect) -> Result<(), Trouble> {
        let (name, instance) = named(effect);
        let operation = self.operation().map(display);
        let instance = instance.map(display);
        let span =
            tracing::info_span!("effect", effect = name, service = %self.promise.service.id, operation, instance, cause = Empty);
        let outcome = self.carry_out(effect).instrument(span.clone()).await;
        if let Err(trouble) = &outcome {
            span.record("cause", trouble.chain());
        }
        outcome
    }

    async fn carry_out(&self, effect: &Effect) -> Result<(), Trouble> {
        let checkpoints = &self.ports.checkpoints;
        match effect {
            Effect::Resolve => {
                checkpoints.pass("effect.resolve.before");
                self.resolve().await
            }
            Effect::Start(name) => {
                checkpoints.pass("effect.start.before");
                self.ports.engine.start(&self.spec(name).await?).await?;
                checkpoints.pass("effect.start.after");
                Ok(())
            }
            Effect::Create(name) => {
                checkpoints.pass("effect.create.before");
                if let Err(trouble) = self.ports.engine.create(&self.spec(name).await?).await {
                    // Nobody waits for it: whoever is to start then is started from nothing.
                    tracing::info!(instance = %name, cause = %trouble.chain(), "an instance could not be made ahead");
                }
                checkpoints.pass("effect.create.after");
                Ok(())
            }
            Effect::Wake(name) => {
                checkpoints.pass("effect.wake.before");
                self.ports.engine.wake(name).await?;
                checkpoints.pass("effect.wake.after");
                Ok(())
            }
            Effect::Publish(route) => {
                checkpoints.pass("effect.publish.before");
                let route = service_route(self.promise, self.seen, self.domain, route);
                self.ports.routes.set(&self.promise.service.id, route).await?;
                checkpoints.pass("effect.publish.after");
                Ok(())
            }
            Effect::Stop { name, grace } => {
                if self.tell(name).await? == Told::LookAgain {
                    return Ok(());
                }
                checkpoints.pass("effect.stop.before");
                self.ports.engine.stop(name, StopOrder { grace: *grace }).await?;
                checkpoints.pass("effect.stop.after");
                Ok(())
            }
            Effect::Discard(name) => {
                if self.tell(name).await? == Told::LookAgain {
                    return Ok(());
                }
                checkpoints.pass("effect.discard.before");
                let service = &self.promise.service;
                if Source::of(self.ports).take_over(service, name).await? == Taken::Something {
                    self.ports.bell.ring(&Ring::Logs(service.id.clone()));
                }
                checkpoints.pass("effect.discard.taken");
                self.ports.engine.discard(name).await?;
                self.ports.routes.forget(name);
                checkpoints.pass("effect.discard.after");
                Ok(())
            }
        }
    }

    /// Commits a change of the service as it was read. Losing a race is no trouble: the next look decides anew.
    pub(super) async fn commit(&self, change: Change, point: Point) -> Result<Commit, Trouble> {
        let (before, _) = point.names();
        let operation = self.operation().map(display);
        let span = tracing::info_span!("commit", point = before, service = %self.promise.service.id, operation, cause = Empty);
        let outcome = self.write_down(change, point).instrument(span.clone()).await;
        if let Err(trouble) = &outcome {
            span.record("cause", trouble.chain());
        }
        outcome
    }

    async fn write_down(&self, change: Change, point: Point) -> Result<Commit, Trouble> {
        let (before, after) = point.names();
        let Change { service, operation, revision, events } = change;
        for event in &events {
            tracing::info!(service = %service.id, service_name = %service.name, event = %event.message, "service event");
        }
        let change = ServiceChange { service, operation, revision, events, audit: None };
        self.ports.checkpoints.pass(before);
        let committed = self.ports.services.commit(self.version, &change).await?;
        // Its events are taken along with the output.
        self.ports.bell.ring(&Ring::Output(change.service.id.clone()));
        match committed {
            // What was pushed during an operation is deployed, or passed over, when it is over.
            Commit::Done(_) if change.operation.as_ref().is_some_and(|operation| !operation.is_open()) => {
                if let Some(operation) = &change.operation {
                    say_ended(&change.service.id, operation);
                }
                self.ports.bell.ring(&Ring::Pushes)
            }
            // A keeper begins no deletion, so it is never bound.
            Commit::Done(_) | Commit::Stale | Commit::Bound(_) => {}
            Commit::NameTaken => {
                return Err(Trouble::lasting(
                    "committing a service",
                    format!("the ledger says that the name of {} is taken", change.service.id),
                ));
            }
        }
        if let Some(after) = after {
            self.ports.checkpoints.pass(after);
        }
        Ok(committed)
    }

    /// Which image the reference means now; the answer is committed at once.
    async fn resolve(&self) -> Result<(), Trouble> {
        let image = match find::find(self.ports, &self.promise.service).await? {
            Ok(pin) => match self.ports.images.prepare(&pin).await? {
                // Last, just before the revision is written: what is read is what is current then.
                Ok(()) => secrets::keep(self.ports, &self.promise.service).await?.map(|()| pin),
                Err(problem) => Err(Failure { message: problem.message }),
            },
            Err(failure) => Err(failure),
        };
        let change = absorb_image(self.promise, image, self.ports.clock.now());
        match change {
            Some(change) => self.commit(change, Point::Pin).await.map(drop),
            None => Ok(()),
        }
    }

    async fn spec(&self, name: &InstanceName) -> Result<InstanceSpec, Trouble> {
        let revision = self.promise.revisions.get(&name.revision);
        let revision = revision
            .ok_or_else(|| Trouble::lasting("starting an instance", format!("{name} is of a revision that was not read")))?;
        let source = revision.configuration.image_source();
        let service = &self.promise.service;
        let environment = secrets::environment(self.ports, &service.id, revision).await?;
        Ok(InstanceSpec {
            name: name.clone(),
            image: revision.image.clone(),
            start_command: source.start_command().map(str::to_owned),
            given: given::given(&self.ports.surroundings, service, revision, &environment),
            role: given::role(service, revision),
            identity: given::identity(&self.ports.surroundings, service, revision),
            environment,
            port: source.port(),
            size: revision.configuration.size,
            health: revision.configuration.health.clone(),
            reach: self.promise.options.reach.clone(),
        })
    }

    /// What must be told before an instance is stopped or discarded: that it ended by itself, or is replaced. Told just before, so a crash in between
    /// may tell it twice. A lost race means that the service has changed: then nothing more is done with this sight.
    async fn tell(&self, name: &InstanceName) -> Result<Told, Trouble> {
        let sight = self.seen.instances.iter().find(|sight| sight.instance.name == *name);
        let change = sight.and_then(|sight| absorb_exit(self.promise, self.seen, &sight.instance, self.ports.clock.now()));
        match change {
            None => Ok(Told::GoOn),
            Some(change) => match self.commit(change, Point::Event).await? {
                Commit::Done(_) => Ok(Told::GoOn),
                Commit::Stale | Commit::NameTaken | Commit::Bound(_) => Ok(Told::LookAgain),
            },
        }
    }
}

/// What the log calls an effect, and the instance that it is about.
fn named(effect: &Effect) -> (&'static str, Option<&InstanceName>) {
    match effect {
        Effect::Resolve => ("resolve", None),
        Effect::Start(name) => ("start", Some(name)),
        Effect::Create(name) => ("create", Some(name)),
        Effect::Wake(name) => ("wake", Some(name)),
        Effect::Publish(_) => ("publish", None),
        Effect::Stop { name, .. } => ("stop", Some(name)),
        Effect::Discard(name) => ("discard", Some(name)),
    }
}

/// The one line about an operation's end.
fn say_ended(service: &ServiceId, operation: &Operation) {
    let (at, outcome) = match &operation.state {
        OperationState::Ended { at, outcome } => (*at, outcome),
        OperationState::InProgress | OperationState::RollingBack => return,
    };
    let (outcome, cause) = match outcome {
        Outcome::Succeeded => ("succeeded", None),
        Outcome::Failed(failure) => ("failed", Some(failure.message.as_str())),
        Outcome::RolledBack(failure) => ("rolled_back", Some(failure.message.as_str())),
    };
    let seconds = at.since(operation.started_at).as_secs_f64();
    tracing::info!(
        name: "operation_ended",
        %service,
        operation = %operation.id,
        kind = ?operation.kind,
        outcome,
        cause,
        seconds,
        "an operation has ended"
    );
}

/// Whether the effect that was announced may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    GoOn,
    LookAgain,
}

/// A service's route in the edge's terms; nothing if its hosts shall be unknown.
pub(crate) fn service_route(promise: &Promise, seen: &Seen, domain: &str, route: &RouteSeen) -> Option<ServiceRoute> {
    let names = match route {
        RouteSeen::Carried(names) => names,
        RouteSeen::Absent | RouteSeen::Unknown => return None,
    };
    let service = &promise.service;
    // While the next configuration is on its way, what serves goes by its own.
    let routed = promise.routed().map_or(&service.configuration, |revision| &revision.configuration);
    let sights = seen.instances.iter().filter(|sight| names.contains(&sight.instance.name));
    let instances = sights.filter_map(|sight| {
        let instance = &sight.instance;
        let port = promise.revisions.get(&instance.name.revision)?.configuration.port();
        Some(InstanceRoute { name: instance.name.clone(), address: SocketAddrV4::new(instance.address?, port) })
    });
    // A service that is not publicly accessible has no host: the front door answers for it as for one that does not exist.
    let is_public = routed.network.is_public();
    let hosts = std::iter::once(service.host(domain)).chain(short_host(&service.name, domain)).filter(|_| is_public);
    Some(ServiceRoute {
        service: service.id.clone(),
        hosts: hosts.collect(),
        instances: instances.collect(),
        concurrency_max: routed.scaling.concurrency_max,
        hold_queue_max: HOLD_QUEUE,
        hold_max: HOLD,
        request_timeout: promise.options.request_timeout,
        access_log: promise.options.access_log,
    })
}

/// Which commit it is, for the checkpoints.
#[derive(Clone, Copy, Debug)]
pub(super) enum Point {
    Pin,
    Absorb,
    Event,
}

impl Point {
    fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Pin => ("commit.pin.before", Some("commit.pin.after")),
            Self::Absorb => ("commit.absorb.before", Some("commit.absorb.after")),
            Self::Event => ("commit.event.before", None),
        }
    }
}
