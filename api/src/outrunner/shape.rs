//! The shapes of our own extension service, by hand: there is no model of it but this file.
//! JSON 1.0, target prefix `Outrunner`, signing name `outrunner`. Times are seconds since the epoch.

use super::account_shape::{CREATE_ACCOUNT, IMPORT_ACCESS_KEY, LIST_ACCOUNTS};
use crate::constraint::{Checked, Rule, Walk};
use crate::limit;
use crate::shape::apprunner::{
    APP_RUNNER_RESOURCE_ARN, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION,
};
use crate::shape::{Declared, Operation, Structure, structure};
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// What every operation of ours declares.
pub(super) const FAULTS: &[Declared] = &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION];

/// `ListEvents`: what happened to a service, in the order it happened.
pub const LIST_EVENTS: Operation = Operation { name: "ListEvents", faults: FAULTS };

/// `FollowLogs`: what a service's instances print.
pub const FOLLOW_LOGS: Operation = Operation { name: "FollowLogs", faults: FAULTS };

/// An operation of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutrunnerOperation {
    /// `CreateAccount`.
    CreateAccount,
    /// `FollowLogs`.
    FollowLogs,
    /// `ImportAccessKey`.
    ImportAccessKey,
    /// `ListAccounts`.
    ListAccounts,
    /// `ListEvents`.
    ListEvents,
}

impl OutrunnerOperation {
    /// All of them.
    pub const ALL: &[Self] = &[Self::CreateAccount, Self::FollowLogs, Self::ImportAccessKey, Self::ListAccounts, Self::ListEvents];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::CreateAccount => &CREATE_ACCOUNT,
            Self::FollowLogs => &FOLLOW_LOGS,
            Self::ImportAccessKey => &IMPORT_ACCESS_KEY,
            Self::ListAccounts => &LIST_ACCOUNTS,
            Self::ListEvents => &LIST_EVENTS,
        }
    }
}

/// Input of `ListEvents`.
#[derive(Default)]
pub struct ListEventsRequest {
    /// Whose events.
    pub service_arn: Option<String>,
    /// The `Cursor` of the answer before; absent for the beginning.
    pub cursor: Option<String>,
    /// Most events in the answer.
    pub max_results: Option<i32>,
}

/// Output of `ListEvents`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListEventsResponse {
    /// Oldest first.
    pub events: Vec<Event>,
    /// Where to go on, whether there is more already or not.
    pub cursor: String,
}

/// One event.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Event {
    /// When.
    pub timestamp: f64,
    /// What, in words.
    pub message: String,
}

/// Input of `FollowLogs`.
#[derive(Default)]
pub struct FollowLogsRequest {
    /// Whose lines.
    pub service_arn: Option<String>,
    /// The `Cursor` of the answer before; absent for the last lines.
    pub cursor: Option<String>,
    /// Without a cursor: how many of the last lines.
    pub tail_lines: Option<i32>,
    /// With a cursor: how long to wait for a line where there is none yet.
    pub wait_seconds: Option<i32>,
}

/// Output of `FollowLogs`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FollowLogsResponse {
    /// Oldest first.
    pub lines: Vec<Line>,
    /// Where to go on.
    pub cursor: String,
}

/// One line.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Line {
    /// When.
    pub timestamp: f64,
    /// Which instance: `instance/<name>`.
    pub stream: String,
    /// What; bytes that are not UTF-8 are replaced.
    pub message: String,
}

/// A cursor: longer than any page token is not ours.
static CURSOR: Rule =
    Rule { min: Some(1), max: Some(limit::NEXT_TOKEN_CHARS as i64), pattern: None, values: &[], sensitive: false };
/// Events in one answer.
static EVENTS: Rule = Rule { min: Some(1), max: Some(limit::EVENTS), pattern: None, values: &[], sensitive: false };
/// Last lines to begin with; zero begins at the end.
static TAIL: Rule = Rule { min: Some(0), max: Some(limit::FOLLOW_TAIL_LINES), pattern: None, values: &[], sensitive: false };
/// Seconds to wait.
static WAIT: Rule = Rule { min: Some(0), max: Some(limit::FOLLOW_WAIT_SECONDS), pattern: None, values: &[], sensitive: false };

impl Structure for ListEventsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            "Cursor" => self.cursor = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListEventsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListEventsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.text("Cursor", self.cursor.as_deref(), &CURSOR);
        walk.number("MaxResults", self.max_results, &EVENTS);
    }
}

impl Structure for FollowLogsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            "Cursor" => self.cursor = value.next_value()?,
            "TailLines" => self.tail_lines = value.next_value()?,
            "WaitSeconds" => self.wait_seconds = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for FollowLogsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for FollowLogsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.text("Cursor", self.cursor.as_deref(), &CURSOR);
        walk.number("TailLines", self.tail_lines, &TAIL);
        walk.number("WaitSeconds", self.wait_seconds, &WAIT);
    }
}
