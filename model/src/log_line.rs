//! What instances print: lines in streams in groups, and the cursors that let nothing be lost or doubled on the way.
//!
//! Source of group and stream names: App Runner Developer Guide, and what its users saw.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::instance::InstanceName;
use crate::operation::OperationId;
use crate::service::{Service, ServiceId};
use crate::time::Timestamp;
use crate::wish::LogPosition;

/// A line as an instance printed it, without its line end. Not necessarily UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub at: Timestamp,
    /// May be a piece of what was read with it: whoever keeps one line of many copies it.
    pub bytes: Bytes,
}

/// Whose copies of lines a cursor counts, beside instances.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LogSource {
    /// A service's events, by their positions.
    Events(ServiceId),
    /// What the front door says of requests, by its batches.
    FrontDoor,
}

/// The group and stream a line belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogStream {
    pub scope: Scope,
    /// `/aws/apprunner/<name>/<id>/application`, `…/service`, `…/access`
    pub group: String,
    /// `instance/<name of the instance>`, `events`, `deployment/<operation>`, `front-door`
    pub stream: String,
}

impl LogStream {
    /// Where an instance's output goes.
    pub fn of_instance(service: &Service, instance: &InstanceName) -> Self {
        Self {
            scope: service.scope.clone(),
            group: Self::application_group(service),
            stream: format!("instance/{}", instance.short()),
        }
    }

    pub fn application_group(service: &Service) -> String {
        format!("/aws/apprunner/{}/{}/application", service.name, service.id)
    }

    /// Where what happened to a service is told: `events`, or of a deploying operation `deployment/<its id as 32 digits>`.
    pub fn of_events(service: &Service, deployment: Option<&OperationId>) -> Self {
        let stream = match deployment {
            None => "events".to_owned(),
            Some(operation) => format!("deployment/{}", operation.as_str().replace('-', "")),
        };
        let group = format!("/aws/apprunner/{}/{}/service", service.name, service.id);
        Self { scope: service.scope.clone(), group, stream }
    }

    /// Where a service's requests are told.
    pub fn of_requests(service: &Service) -> Self {
        let group = format!("/aws/apprunner/{}/{}/access", service.name, service.id);
        Self { scope: service.scope.clone(), group, stream: "front-door".to_owned() }
    }
}

/// How far an instance's output has been taken over: everything before it is in the store. Grows with every start of the instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LogCursor {
    /// Which life of the instance: grows with every start under the same name.
    pub run: u64,
    pub segment: u64,
    /// Bytes into the segment, at a frame's beginning.
    pub offset: u64,
}

/// Lines read from an instance, and the cursor behind the last of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogBatch {
    pub lines: Vec<LogLine>,
    pub next: LogCursor,
}

/// A stored line, where it stands in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedLine {
    pub position: LogPosition,
    pub stream: String,
    pub line: LogLine,
}
