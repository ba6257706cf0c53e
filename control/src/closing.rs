//! The end of a platform that takes everything with it: instances are stopped, their last output is taken over, nothing of them stays.
//!
//! Never touches the ledger's services: they stay as promised, and the next start brings them back.

use std::time::Duration;

use model::instance::{InstanceName, StopOrder};
use model::limit::STOP_GRACE;
use model::trouble::Trouble;

use crate::ports::Ports;
use crate::pump;

/// Ends one instance: SIGTERM, its service's grace, SIGKILL, last lines, gone.
pub async fn close_instance(ports: &Ports, name: &InstanceName) -> Result<(), Trouble> {
    let service = ports.services.by_id(&name.service).await?.map(|found| found.value);
    let options = service.as_ref().and_then(|service| service.tags.service_options().ok());
    let grace: Duration = options.map_or(STOP_GRACE, |options| options.stop_grace);
    ports.engine.stop(name, StopOrder { grace }).await?;
    if let Some(service) = &service {
        pump::take_over(ports, service, name).await?;
    }
    ports.engine.discard(name).await
}
