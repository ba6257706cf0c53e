//! What the edge carries at this moment: a whole snapshot, read by `control`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::instance::InstanceName;
use crate::service::ServiceId;

/// Requests now, by service and by instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The route table that was in force when this was read.
    pub generation: u64,
    pub services: BTreeMap<ServiceId, ServiceDemand>,
    /// Requests in flight. An instance that left the table is listed until this is zero; one that is not listed has none.
    pub instances: BTreeMap<InstanceName, u32>,
}

/// Requests of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDemand {
    pub in_flight: u32,
    /// Waiting for a slot.
    pub waiting: u32,
    /// Ended since the edge began, whatever the answer.
    pub requests: u64,
}
