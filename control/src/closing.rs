//! The end of a platform that takes everything with it: instances are stopped, their last output is taken over, nothing of them stays.
//!
//! Never touches the ledger's services: they stay as promised, and the next start brings them back.

use std::sync::Arc;
use std::time::Duration;

use model::instance::{InstanceName, InstancePhase, StopOrder};
use model::limit::STOP_GRACE;
use model::port::{Bell, Clock, Engine, LogLines, Ring, Services};
use model::trouble::Trouble;

use crate::limit;
use crate::pump::{PumpTurns, Source};

/// What it takes to end instances: also what is left to reach when the platform itself is dead.
#[derive(Clone)]
pub struct Closing {
    pub services: Arc<dyn Services>,
    pub engine: Arc<dyn Engine>,
    pub lines: Arc<dyn LogLines>,
    pub turns: Arc<PumpTurns>,
    pub bell: Arc<dyn Bell>,
    pub clock: Arc<dyn Clock>,
}

impl Closing {
    /// Every instance there is.
    pub async fn instances(&self) -> Result<Vec<InstanceName>, Trouble> {
        self.engine.all().await
    }

    /// Ends one instance: SIGTERM, its service's grace, SIGKILL, last lines, gone.
    pub async fn close(&self, name: &InstanceName) -> Result<(), Trouble> {
        let service = self.services.by_id(&name.service).await?.map(|found| found.value);
        let options = service.as_ref().and_then(|service| service.tags.service_options().ok());
        let grace: Duration = options.map_or(STOP_GRACE, |options| options.stop_grace);
        self.engine.stop(name, StopOrder { grace }).await?;
        self.exited(name, grace + limit::CLOSING_MARGIN).await?;
        if let Some(service) = &service {
            let source = Source { engine: &*self.engine, lines: &*self.lines, turns: &self.turns };
            // Nobody follows any more: whether there was something to take over rings no bell.
            let _ = source.take_over(service, name).await?;
        }
        self.engine.discard(name).await
    }

    /// Until an instance has exited, or the time is over: what is left of it then is ended by whoever discards it.
    async fn exited(&self, name: &InstanceName, at_most: Duration) -> Result<(), Trouble> {
        let ring = Ring::Service(name.service.clone());
        let until = self.clock.now().plus(at_most);
        loop {
            let seen = self.engine.look(&name.service).await?.into_iter().find(|instance| instance.name == *name);
            let over = seen.is_none_or(|instance| matches!(instance.phase, InstancePhase::Exited(_)));
            let left = until.since(self.clock.now());
            if over || left.is_zero() {
                return Ok(());
            }
            // A bell wakes at least one of those who wait, and the others of the same service may have been looking.
            self.bell.wait(&ring, left.min(limit::CLOSING_LOOK)).await;
        }
    }
}
