//! How an instance is asked whether it is well.
//!
//! Source: App Runner service model, `HealthCheckConfiguration`; only 200 is well, as users report of App Runner.

use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HealthProtocol {
    /// A connection to the port.
    Tcp,
    /// `GET` on the path; only 200 is well.
    Http,
}

/// A service's health check. Always whole: what the caller left out has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub protocol: HealthProtocol,
    /// Used by HTTP, echoed for both.
    pub path: String,
    pub interval_seconds: u8,
    pub timeout_seconds: u8,
    pub healthy_threshold: u8,
    pub unhealthy_threshold: u8,
}

/// What an update says about a health check. What is left out keeps its value (unconfirmed: Terraform always sends all of it).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HealthChange {
    pub protocol: Option<HealthProtocol>,
    pub path: Option<String>,
    pub interval_seconds: Option<u8>,
    pub timeout_seconds: Option<u8>,
    pub healthy_threshold: Option<u8>,
    pub unhealthy_threshold: Option<u8>,
}

impl HealthChange {
    /// The health check after this change.
    pub fn applied_to(&self, current: &Health) -> Health {
        Health {
            protocol: self.protocol.clone().unwrap_or_else(|| current.protocol.clone()),
            path: self.path.clone().unwrap_or_else(|| current.path.clone()),
            interval_seconds: self.interval_seconds.unwrap_or(current.interval_seconds),
            timeout_seconds: self.timeout_seconds.unwrap_or(current.timeout_seconds),
            healthy_threshold: self.healthy_threshold.unwrap_or(current.healthy_threshold),
            unhealthy_threshold: self.unhealthy_threshold.unwrap_or(current.unhealthy_threshold),
        }
    }
}

impl Default for Health {
    fn default() -> Self {
        Self {
            protocol: HealthProtocol::Tcp,
            path: "/".to_owned(),
            interval_seconds: 5,
            timeout_seconds: 2,
            healthy_threshold: 1,
            unhealthy_threshold: 5,
        }
    }
}
