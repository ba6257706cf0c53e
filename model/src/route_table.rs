//! What the edge carries: whole snapshots of hosts and where they lead. Published by `control`, applied by `edge`.
//!
//! Crosses processes: the document's version is in the frame (see the edge's board); a change of a field is a new version.

use std::net::SocketAddrV4;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::access_log::AccessLog;
use crate::instance::InstanceName;
use crate::service::ServiceId;

/// Every host the front door answers for. A newer table replaces an older one whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// Grows with every table.
    pub generation: u64,
    pub services: Vec<ServiceRoute>,
    pub doors: Vec<DoorRoute>,
}

/// A service's hosts and instances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRoute {
    pub service: ServiceId,
    /// Lower case, without port and trailing dot.
    pub hosts: Vec<String>,
    /// Ready ones only. None: requests are held until one comes or `hold_max` is over.
    pub instances: Vec<InstanceRoute>,
    /// Requests one instance takes at once, over all cores of the edge: a hard limit.
    pub concurrency_max: u32,
    /// Requests that may wait; one more is answered 429 at once.
    pub hold_queue_max: u32,
    /// How long one may wait before it is answered 503.
    pub hold_max: Duration,
    /// From the first byte of a request to the last of its answer; `None` is no limit.
    pub request_timeout: Option<Duration>,
    /// Which of its requests are written down.
    pub access_log: AccessLog,
}

/// A ready instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InstanceRoute {
    pub name: InstanceName,
    pub address: SocketAddrV4,
}

/// A host that is one of the platform's own doors, reached over a Unix socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorRoute {
    pub hosts: Vec<String>,
    /// Absolute path of the socket.
    pub socket: String,
    /// Whether peers that are not on this machine may use it.
    pub public: bool,
}
