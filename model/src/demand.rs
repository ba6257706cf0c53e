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
    /// Requests in flight. An instance that left the table is listed until this is zero; one that is not listed has none, unless the snapshot is partial.
    pub instances: BTreeMap<InstanceName, u32>,
    /// A front door that is being replaced still carries requests that are not counted here: nobody can be said to have none. Known to whoever
    /// replaces it, never said by a front door.
    #[serde(skip)]
    pub is_partial: bool,
}

impl Demand {
    /// Requests in flight at an instance; where that is not known, one.
    pub fn in_flight(&self, name: &InstanceName) -> u32 {
        self.instances.get(name).copied().unwrap_or(u32::from(self.is_partial))
    }
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
