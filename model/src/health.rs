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
