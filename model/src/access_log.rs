//! What is written of each request that the front door carried for a service, and how much of it.
//!
//! Never has a query, a header or a body: a path says what was asked for, a query often says by whom, and with which token.

use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::instance::InstanceName;
use crate::log_line::LogCursor;
use crate::service::ServiceId;

/// How many of a service's requests are written down. Crosses processes, in the route table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessLog {
    #[default]
    On,
    Off,
    /// About so many of a hundred, chosen by chance.
    Sample {
        percent: u8,
    },
}

impl AccessLog {
    /// `on`, `off`, or `sample 10%` (1 to 99).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "on" => Some(Self::On),
            "off" => Some(Self::Off),
            _ => {
                let percent = text.strip_prefix("sample ")?.strip_suffix('%')?.parse().ok()?;
                (1..=99).contains(&percent).then_some(Self::Sample { percent })
            }
        }
    }

    /// Of a hundred requests so many.
    pub fn percent(self) -> u8 {
        match self {
            Self::On => 100,
            Self::Off => 0,
            Self::Sample { percent } => percent.min(100),
        }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRecord {
    pub service: ServiceId,
    /// How long before the batch was made its head had come: the edge has a stopwatch and no calendar.
    pub ago: Duration,
    pub method: String,
    /// Without the query; a long one is cut.
    pub path: String,
    /// Of the answer. 499: the client went away before there was one.
    pub status: u16,
    /// From its head to the last byte of the answer.
    pub duration: Duration,
    /// Of that, how long it waited for an instance.
    pub held: Duration,
    /// Of its body, and of the answer's.
    pub request_bytes: u64,
    pub response_bytes: u64,
    /// What the instance was told in `X-Request-Id`: a UUID.
    pub request_id: String,
    /// Nothing: none was asked.
    pub instance: Option<InstanceName>,
    /// `HTTP/1.1`, `HTTP/2`.
    pub protocol: String,
    pub client: IpAddr,
}

/// Records that followed a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessBatch {
    pub records: Vec<AccessRecord>,
    /// How many requests of a service are not among them, for nobody fetched them in time.
    pub lost: Vec<(ServiceId, u64)>,
    /// What the next question says.
    pub next: LogCursor,
    /// There may be more at once.
    pub is_full: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_on_off_or_a_share() {
        for (text, percent) in [("on", 100), ("off", 0), ("sample 10%", 10), ("sample 99%", 99)] {
            assert_eq!(AccessLog::parse(text).expect("a setting").percent(), percent, "{text}");
        }
        for wrong in ["", "On", "sample", "sample 0%", "sample 100%", "sample 10", "sample -1%", "10%", "sample 1.5%"] {
            assert_eq!(AccessLog::parse(wrong), None, "{wrong}");
        }
    }
}
