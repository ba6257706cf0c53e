//! Who needs a keeper: every service that is not deleted, and every deleted one that still has instances.
//!
//! Instances of services that the ledger does not know are orphans and are ended. Spawns nothing: `daemon` runs the keepers it is handed.

use std::collections::BTreeSet;
use std::time::Duration;

use model::instance::InstanceName;
use model::lifecycle::{RouteSeen, Seen, Sight, Spare, wanted_route};
use model::port::{Ring, Versioned};
use model::route_table::ServiceRoute;
use model::service::ServiceId;
use model::trouble::Trouble;

use crate::limit;
use crate::ports::Ports;
use crate::pump::Pump;
use crate::service::{self, Keeper, service_route};

/// Services that have a keeper, and what it takes to make one.
pub struct Roster {
    ports: Ports,
    domain: String,
    kept: BTreeSet<ServiceId>,
    /// Until it looks again without a bell.
    rest: Duration,
}

/// A service's keeper and its pump, to be run until they are over.
pub struct Staff {
    pub keeper: Keeper,
    pub pump: Pump,
}

impl Roster {
    pub fn new(ports: Ports, domain: String) -> Self {
        Self { ports, domain, kept: BTreeSet::new(), rest: limit::SWEEP_PAUSE }
    }

    /// Staff for services that have none.
    pub async fn newcomers(&mut self) -> Result<Vec<Staff>, Trouble> {
        let found = found(&self.ports).await;
        // The bell has been heard: who it rang for must not have to wait for the sweep.
        self.rest = if found.is_ok() { limit::SWEEP_PAUSE } else { limit::TROUBLE_PAUSE };
        let fresh: Vec<ServiceId> = found?.difference(&self.kept).cloned().collect();
        self.kept.extend(fresh.iter().cloned());
        let staff = fresh.into_iter().map(|id| Staff {
            keeper: Keeper::new(self.ports.clone(), self.domain.clone(), id.clone()),
            pump: Pump::new(self.ports.clone(), id),
        });
        Ok(staff.collect())
    }

    /// A keeper is over.
    pub fn dismiss(&mut self, service: &ServiceId) {
        self.kept.remove(service);
    }

    /// Until somebody may have come.
    pub async fn wait(&self) {
        self.ports.bell.wait(&Ring::Newcomers, self.rest).await;
    }

    /// Ends instances of services that the ledger does not know. One that cannot be ended keeps nobody else.
    pub async fn end_orphans(&self) -> Result<(), Trouble> {
        for name in self.ports.engine.all().await? {
            if self.ports.services.by_id(&name.service).await?.is_none() {
                tracing::warn!(instance = %name, "an instance of a service that the ledger does not know is ended");
                if let Err(trouble) = self.end_orphan(&name).await {
                    tracing::warn!(instance = %name, cause = %trouble.chain(), "it could not be ended; it will be tried again");
                }
            }
        }
        Ok(())
    }

    async fn end_orphan(&self, name: &InstanceName) -> Result<(), Trouble> {
        // Whatever it does: nobody waits for its grace.
        self.ports.engine.discard(name).await
    }
}

/// Services that need a keeper: those that are not deleted, and those that still have instances.
async fn found(ports: &Ports) -> Result<BTreeSet<ServiceId>, Trouble> {
    let mut found: BTreeSet<ServiceId> = ports.services.kept().await?.into_iter().map(|service| service.id).collect();
    for instance in ports.engine.all().await? {
        if !found.contains(&instance.service) && ports.services.by_id(&instance.service).await?.is_some() {
            found.insert(instance.service);
        }
    }
    Ok(found)
}

/// The routes of everything that boot finds, by what runs now: the first table. A service that cannot be read is reported and left out; its keeper
/// brings it back as soon as it can be read.
pub async fn first_routes(ports: &Ports, domain: &str) -> Result<Vec<ServiceRoute>, Trouble> {
    let mut routes = Vec::new();
    for id in found(ports).await? {
        match first_route(ports, domain, &id).await {
            Ok(route) => routes.extend(route),
            Err(trouble) => tracing::error!(service = %id, cause = %trouble.chain(), "a service's route could not be found"),
        }
    }
    Ok(routes)
}

async fn first_route(ports: &Ports, domain: &str, id: &ServiceId) -> Result<Option<ServiceRoute>, Trouble> {
    let Some(Versioned { value: promise, .. }) = service::promise(ports, id).await? else { return Ok(None) };
    let instances = ports.engine.look(id).await?;
    let wanted = promise.routed().map_or(0, |revision| service::standing(revision, &instances));
    let sight = |instance| Sight { instance, in_flight: 0, unrouted_since: None };
    let seen =
        Seen { instances: instances.into_iter().map(sight).collect(), route: RouteSeen::Unknown, wanted, spare: Spare::Kept };
    Ok(service_route(&promise, &seen, domain, &wanted_route(&promise, &seen)))
}
