//! Compares what followed tags point at with what is deployed: two states, no event log to lose.
//!
//! This version deploys nothing by itself: it tells the owner so, once for each push.

use model::event::Event;
use model::image_reference::Pick;
use model::lifecycle::push_not_deployed;
use model::port::{Ring, ServiceChange, Versioned};
use model::repository::RepositoryKey;
use model::service::{Phase, Service, Standing};
use model::trouble::Trouble;

use crate::limit;
use crate::ports::Ports;

/// Watches pushes.
pub struct AutoDeploy {
    ports: Ports,
}

impl AutoDeploy {
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Compares every follower, then waits for the next push.
    pub async fn step(&mut self) {
        if let Err(trouble) = self.compare().await {
            tracing::warn!(trouble = %trouble.chain(), "comparing pushed tags failed; it will be tried again");
        }
        self.ports.bell.wait(&Ring::Pushes, limit::SWEEP_PAUSE).await;
    }

    async fn compare(&self) -> Result<(), Trouble> {
        for service in self.ports.services.kept().await? {
            let Some(Versioned { version, value }) = self.ports.services.by_id(&service.id).await? else { continue };
            if let Some(change) = self.news(value).await? {
                // Losing a race is fine: the next round compares again.
                self.ports.checkpoints.pass("commit.event.before");
                let _ = self.ports.services.commit(version, &change).await?;
            }
        }
        Ok(())
    }

    /// The change that tells a service's owner of a push, if there is one to tell of.
    async fn news(&self, service: Service) -> Result<Option<ServiceChange>, Trouble> {
        let Phase::Still(Standing::Running { revision }) = &service.phase else { return Ok(None) };
        let source = service.configuration.image_source();
        let Some(own) = source.reference.own() else { return Ok(None) };
        let Pick::Tag(tag) = &own.pick else { return Ok(None) };
        if !source.auto_deployments() {
            return Ok(None);
        }
        let repository = RepositoryKey { scope: own.scope.clone(), name: own.repository.clone() };
        let Some(current) = self.ports.image_tags.get(&repository, tag).await? else { return Ok(None) };
        let deployed = self.ports.revisions.get(&service.id, *revision).await?.map(|revision| revision.image.digest);
        if deployed.as_ref() == Some(&current) || service.push_noticed.as_ref() == Some(&current) {
            return Ok(None);
        }
        let events = vec![Event::new(self.ports.clock.now(), push_not_deployed(&source.reference))];
        let service = Service { push_noticed: Some(current), ..service };
        Ok(Some(ServiceChange { service, operation: None, revision: None, events, audit: None }))
    }
}
