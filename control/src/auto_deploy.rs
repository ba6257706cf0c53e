//! Deploys what is pushed, and new values of secrets where a service's tags say so: compares what followed tags point at with what was deployed, tried or passed over. Two states, no event log to lose.
//!
//! Never resolves a tag for a deployment: the keeper does, so that of ten pushes in a second the last one is deployed.

use std::time::Duration;

use model::caller::Caller;
use model::digest::Digest;
use model::image_reference::{ImageTag, Pick};
use model::lifecycle::{Change, Pushed, admit_push, admit_secret_change};
use model::operation::OperationId;
use model::port::{Commit, Ring, ServiceChange, Version, Versioned, draw};
use model::repository::RepositoryKey;
use model::service::{Phase, Service, ServiceId, Standing};
use model::tag::SecretChanges;
use model::trouble::{Retry, Trouble};

use crate::limit;
use crate::ports::Ports;
use crate::service::{admission, secrets};

/// Watches pushes.
pub struct AutoDeploy {
    ports: Ports,
    /// How long it rests after the next trouble.
    pause: Duration,
}

impl AutoDeploy {
    pub fn new(ports: Ports) -> Self {
        Self { ports, pause: limit::TROUBLE_PAUSE }
    }

    /// Compares every follower, then waits for the next push, or for an operation to be over: during one nothing can begin.
    pub async fn step(&mut self) {
        let is_soon = self.compare().await.unwrap_or_else(|trouble| {
            tracing::warn!(cause = %trouble.chain(), "comparing pushed tags failed; it will be tried again");
            true
        });
        let rest = self.rest(is_soon);
        self.ports.bell.wait(&Ring::Pushes, rest).await;
    }

    /// Trouble that goes on is looked at less and less often: all services are compared each time.
    fn rest(&mut self, is_soon: bool) -> Duration {
        if !is_soon {
            self.pause = limit::TROUBLE_PAUSE;
            return limit::SWEEP_PAUSE;
        }
        let rest = self.pause;
        self.pause = (2 * rest).min(limit::SWEEP_PAUSE);
        rest
    }

    /// Answers whether it must look again soon: the bell of a push that could not be deployed for a trouble has been heard. Trouble that stays is none
    /// of those.
    async fn compare(&self) -> Result<bool, Trouble> {
        let mut is_soon = false;
        for service in self.ports.services.kept().await? {
            // Most follow nothing: those are not read again.
            if followed_tag(&service).is_none() && !follows_secrets(&service) {
                continue;
            }
            // Each by itself: one service's trouble keeps no other from its push.
            if let Err(trouble) = self.follow(&service.id).await {
                tracing::warn!(service = %service.id, cause = %trouble.chain(), "a push could not be deployed; it will be tried again");
                is_soon |= trouble.retry() == Retry::Worthwhile;
            }
        }
        Ok(is_soon)
    }

    /// Brings one service to where its tag points.
    async fn follow(&self, id: &ServiceId) -> Result<(), Trouble> {
        self.follow_secrets(id).await?;
        for _ in 0..limit::COMMIT_TRIES {
            let Some(Versioned { version, value }) = self.ports.services.by_id(id).await? else { return Ok(()) };
            let Some(current) = self.watched(&value).await? else { return Ok(()) };
            let deployed = self.deployed(&value).await?;
            let operation = OperationId::from_random(draw(&*self.ports.dice));
            let done = match admit_push(&value, deployed.as_ref(), &current, operation, self.ports.clock.now()) {
                Pushed::Nothing => true,
                Pushed::Noted(change) => self.note(version, *change).await?,
                Pushed::Begin(change) => self.begin(version, *change).await?,
            };
            if done {
                break;
            }
        }
        Ok(())
    }

    /// Deploys new values of a service's secrets, where its tags say so.
    async fn follow_secrets(&self, id: &ServiceId) -> Result<(), Trouble> {
        for _ in 0..limit::COMMIT_TRIES {
            let Some(Versioned { version, value }) = self.ports.services.by_id(id).await? else { return Ok(()) };
            let Phase::Still(Standing::Running { revision }) = &value.phase else { return Ok(()) };
            if !follows_secrets(&value) {
                return Ok(());
            }
            let Some(revision) = self.ports.revisions.get(id, *revision).await? else { return Ok(()) };
            let Some(deployed) = secrets::of_revision(&self.ports, id, &revision).await? else { return Ok(()) };
            let current = match secrets::resolve(&self.ports, &value).await? {
                Some(Ok(current)) => current.versions,
                // What serves goes on with what it has. The next deployment tells why.
                Some(Err(_)) | None => return Ok(()),
            };
            let operation = OperationId::from_random(draw(&*self.ports.dice));
            match admit_secret_change(&value, &deployed.versions, &current, operation, self.ports.clock.now()) {
                Pushed::Nothing | Pushed::Noted(_) => return Ok(()),
                Pushed::Begin(change) => {
                    if self.begin(version, *change).await? {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// What the tag that a service follows points at; nothing if it follows none.
    async fn watched(&self, service: &Service) -> Result<Option<Digest>, Trouble> {
        let Some((repository, tag)) = followed_tag(service) else { return Ok(None) };
        self.ports.image_tags.get(&repository, tag).await
    }

    async fn deployed(&self, service: &Service) -> Result<Option<Digest>, Trouble> {
        let Phase::Still(Standing::Running { revision }) = &service.phase else { return Ok(None) };
        Ok(self.ports.revisions.get(&service.id, *revision).await?.map(|revision| revision.image.digest))
    }

    /// Answers false if somebody else was faster.
    async fn note(&self, read: Version, change: Change) -> Result<bool, Trouble> {
        let Change { service, operation, revision, events } = change;
        let change = ServiceChange { service, operation, revision, events, audit: None };
        self.ports.checkpoints.pass("commit.event.before");
        let committed = self.ports.services.commit(read, &change).await?;
        // The pump takes events along.
        self.ports.bell.ring(&Ring::Output(change.service.id));
        Ok(matches!(committed, Commit::Done(_)))
    }

    /// The same way as everybody's wish. Answers false if somebody else was faster.
    async fn begin(&self, read: Version, change: Change) -> Result<bool, Trouble> {
        let request_id = OperationId::from_random(draw(&*self.ports.dice)).to_string();
        let caller = Caller::platform(change.service.scope.clone(), request_id);
        Ok(admission::begin(&self.ports, &caller, "apprunner:StartDeployment", read, change).await?.is_some())
    }
}

/// The tag whose pushes deploy a service, with its repository; nothing if none does.
fn followed_tag(service: &Service) -> Option<(RepositoryKey, &ImageTag)> {
    let source = service.configuration.image()?;
    let own = source.reference.own()?;
    let Pick::Tag(tag) = &own.pick else { return None };
    let repository = RepositoryKey { scope: own.scope.clone(), name: own.repository.clone() };
    source.auto_deployments(&service.scope.account).then_some((repository, tag))
}

/// Whether new values of its secrets deploy a service.
fn follows_secrets(service: &Service) -> bool {
    service.tags.service_options().unwrap_or_default().secret_changes != SecretChanges::Wait
}
