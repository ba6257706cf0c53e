//! Who needs a keeper: every service that is not deleted, and every deleted one that still has instances.
//!
//! Instances of services that the ledger does not know are orphans and are ended. Spawns nothing: `daemon` runs the keepers it is handed.

use std::collections::BTreeSet;
use std::time::Duration;

use model::instance::StopOrder;
use model::port::Ring;
use model::service::ServiceId;
use model::trouble::Trouble;

use crate::limit;
use crate::ports::Ports;
use crate::pump::Pump;
use crate::service::Keeper;

/// Services that have a keeper, and what it takes to make one.
pub struct Roster {
    ports: Ports,
    domain: String,
    kept: BTreeSet<ServiceId>,
}

/// A service's keeper and its pump, to be run until they are over.
pub struct Staff {
    pub keeper: Keeper,
    pub pump: Pump,
}

impl Roster {
    pub fn new(ports: Ports, domain: String) -> Self {
        Self { ports, domain, kept: BTreeSet::new() }
    }

    /// The services that boot finds: those whose routes must be known before a table is published.
    pub async fn found(ports: &crate::roster::Finders<'_>) -> Result<BTreeSet<ServiceId>, Trouble> {
        let mut found: BTreeSet<ServiceId> = ports.services.kept().await?.into_iter().map(|service| service.id).collect();
        for instance in ports.engine.all().await? {
            if ports.services.by_id(&instance.service).await?.is_some() {
                found.insert(instance.service);
            }
        }
        Ok(found)
    }

    /// Staff for services that have none. Ends orphans on the way.
    pub async fn newcomers(&mut self) -> Result<Vec<Staff>, Trouble> {
        let finders = Finders { services: &*self.ports.services, engine: &*self.ports.engine };
        let found = Self::found(&finders).await?;
        self.end_orphans(&found).await?;
        let fresh: Vec<ServiceId> = found.difference(&self.kept).cloned().collect();
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
        self.ports.bell.wait(&Ring::Newcomers, limit::SWEEP_PAUSE).await;
    }

    async fn end_orphans(&self, known: &BTreeSet<ServiceId>) -> Result<(), Trouble> {
        for name in self.ports.engine.all().await? {
            if known.contains(&name.service) || self.ports.services.by_id(&name.service).await?.is_some() {
                continue;
            }
            tracing::warn!(instance = %name, "an instance of a service that the ledger does not know is ended");
            self.ports.engine.stop(&name, StopOrder { grace: Duration::ZERO }).await?;
            self.ports.engine.discard(&name).await?;
        }
        Ok(())
    }
}

/// The two ports that finding needs, before the others are there.
pub struct Finders<'a> {
    pub services: &'a dyn model::port::Services,
    pub engine: &'a dyn model::port::Engine,
}
