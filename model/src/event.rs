//! What happened to a service, in words for its owner: the lines of App Runner's `events` stream, and of a stream for each deployment.
//!
//! Source of the wordings: App Runner Developer Guide, and what its users saw. Written in the same transaction as the change they tell of.

use serde::{Deserialize, Serialize};

use crate::operation::OperationId;
use crate::time::Timestamp;
use crate::wish::LogPosition;

/// One event of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Timestamp,
    /// Begins with `[AppRunner]`, as the service's own do.
    pub message: String,
    /// The deploying operation whose own stream it stands in; nothing: it stands in `events`.
    #[serde(default)]
    pub deployment: Option<OperationId>,
}

impl Event {
    pub fn new(at: Timestamp, text: impl AsRef<str>) -> Self {
        Self { at, message: format!("[AppRunner] {}", text.as_ref()), deployment: None }
    }

    /// A line of a deployment's own stream.
    pub fn of_deployment(at: Timestamp, operation: &OperationId, text: impl AsRef<str>) -> Self {
        Self { deployment: Some(operation.clone()), ..Self::new(at, text) }
    }
}

/// An event where it stands in its service's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedEvent {
    pub position: LogPosition,
    pub event: Event,
}
