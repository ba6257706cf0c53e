//! The end of a platform that takes everything with it: instances are stopped, their last output is taken over, nothing of them stays.
//!
//! Never touches the ledger's services: they stay as promised, and the next start brings them back.

use std::sync::Arc;
use std::time::Duration;

use model::instance::{InstanceName, StopOrder};
use model::limit::STOP_GRACE;
use model::port::{Engine, LogLines, Services};
use model::trouble::Trouble;

use crate::pump;

/// What it takes to end instances: also what is left to reach when the platform itself is dead.
#[derive(Clone)]
pub struct Closing {
    pub services: Arc<dyn Services>,
    pub engine: Arc<dyn Engine>,
    pub lines: Arc<dyn LogLines>,
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
        if let Some(service) = &service {
            // Nobody follows any more: whether there was something to take over rings no bell.
            let _ = pump::take_over(&*self.engine, &*self.lines, service, name).await?;
        }
        self.engine.discard(name).await
    }
}
