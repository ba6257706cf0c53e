//! The shapes of our own extension service, by hand: there is no model of it but this file.
//! JSON 1.0, target prefix `Outrunner`, signing name `outrunner`. Times are seconds since the epoch.

use super::account_shape::{CREATE_ACCOUNT, IMPORT_ACCESS_KEY, LIST_ACCOUNTS};
use crate::constraint::{Checked, Rule, Walk};
use crate::limit;
use crate::shape::apprunner::{
    APP_RUNNER_RESOURCE_ARN, INTERNAL_SERVICE_ERROR_EXCEPTION, INVALID_REQUEST_EXCEPTION, INVALID_STATE_EXCEPTION,
    RESOURCE_NOT_FOUND_EXCEPTION,
};
use crate::shape::{Declared, Operation, Structure, structure};
use serde::{Deserialize, Deserializer, Serialize, de::MapAccess};

/// What every operation of ours declares.
pub(super) const FAULTS: &[Declared] = &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION];

/// `ListEvents`: what happened to a service, in the order it happened.
pub const LIST_EVENTS: Operation = Operation { name: "ListEvents", faults: FAULTS };

/// `FollowLogs`: what a service's instances print.
pub const FOLLOW_LOGS: Operation = Operation { name: "FollowLogs", faults: FAULTS };

const STATE_FAULTS: &[Declared] =
    &[INVALID_REQUEST_EXCEPTION, RESOURCE_NOT_FOUND_EXCEPTION, INVALID_STATE_EXCEPTION, INTERNAL_SERVICE_ERROR_EXCEPTION];

/// `CancelOperation`: ends the operation under way as if it had failed.
pub const CANCEL_OPERATION: Operation = Operation { name: "CancelOperation", faults: STATE_FAULTS };

/// `RollBack`: brings an earlier revision back.
pub const ROLL_BACK: Operation = Operation { name: "RollBack", faults: STATE_FAULTS };

/// `ListRevisions`: what was ever deployed.
pub const LIST_REVISIONS: Operation = Operation { name: "ListRevisions", faults: FAULTS };

/// An operation of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutrunnerOperation {
    /// `CreateAccount`.
    CreateAccount,
    /// `CancelOperation`.
    CancelOperation,
    /// `FollowLogs`.
    FollowLogs,
    /// `ImportAccessKey`.
    ImportAccessKey,
    /// `ListAccounts`.
    ListAccounts,
    /// `ListEvents`.
    ListEvents,
    /// `ListRevisions`.
    ListRevisions,
    /// `RollBack`.
    RollBack,
}

impl OutrunnerOperation {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::CancelOperation,
        Self::CreateAccount,
        Self::FollowLogs,
        Self::ImportAccessKey,
        Self::ListAccounts,
        Self::ListEvents,
        Self::ListRevisions,
        Self::RollBack,
    ];

    /// Its name and the faults that it declares.
    pub const fn operation(self) -> &'static Operation {
        match self {
            Self::CreateAccount => &CREATE_ACCOUNT,
            Self::CancelOperation => &CANCEL_OPERATION,
            Self::FollowLogs => &FOLLOW_LOGS,
            Self::ImportAccessKey => &IMPORT_ACCESS_KEY,
            Self::ListAccounts => &LIST_ACCOUNTS,
            Self::ListEvents => &LIST_EVENTS,
            Self::ListRevisions => &LIST_REVISIONS,
            Self::RollBack => &ROLL_BACK,
        }
    }
}

/// Input of `ListEvents`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
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
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
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

/// Input of `CancelOperation`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CancelOperationRequest {
    /// Whose operation.
    pub service_arn: Option<String>,
    /// Which one; absent for the one under way.
    pub operation_id: Option<String>,
}

/// Output of `CancelOperation`, and of `RollBack`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OperationResponse {
    /// The operation that is cancelled, or begun.
    pub operation_id: String,
    /// Of which service.
    pub service_arn: String,
    /// What it is called.
    pub service_name: String,
    /// Where it answers.
    pub service_url: String,
}

/// Input of `RollBack`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RollBackRequest {
    /// Which service.
    pub service_arn: Option<String>,
    /// To which revision; absent for the newest before the present one that once served.
    pub revision_number: Option<i32>,
}

/// Input of `ListRevisions`.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRevisionsRequest {
    /// Whose revisions.
    pub service_arn: Option<String>,
    /// Most revisions in the answer.
    pub max_results: Option<i32>,
    /// The `NextToken` of the answer before.
    pub next_token: Option<String>,
}

/// Output of `ListRevisions`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRevisionsResponse {
    /// Newest first.
    pub revisions: Vec<Revision>,
    /// Where to go on; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// One revision.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Revision {
    /// Counts up from 1 within a service.
    pub revision_number: u32,
    /// When it was written.
    pub created_at: f64,
    /// The image as it was asked for.
    pub image_identifier: String,
    /// The image that it came to.
    pub image_digest: String,
    /// Which operation wrote it; absent where an older version did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// The revision that it brought back, if it was a rollback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restores: Option<u32>,
    /// Whether it is the one that serves, or will when a paused service is resumed.
    pub current: bool,
    /// Whether its image is still here.
    pub kept: bool,
}

/// A cursor: longer than any page token is not ours.
static CURSOR: Rule =
    Rule { min: Some(1), max: Some(limit::NEXT_TOKEN_CHARS as i64), pattern: None, values: &[], sensitive: false };
/// Events in one answer.
static EVENTS: Rule = Rule { min: Some(1), max: Some(limit::EVENTS), pattern: None, values: &[], sensitive: false };
/// Last lines to begin with; zero begins at the end.
static TAIL: Rule = Rule { min: Some(0), max: Some(limit::FOLLOW_TAIL_LINES), pattern: None, values: &[], sensitive: false };
/// An operation's id.
static ID: Rule = Rule { min: Some(36), max: Some(36), pattern: None, values: &[], sensitive: false };
/// A revision's number.
static NUMBER: Rule = Rule { min: Some(1), max: Some(i32::MAX as i64), pattern: None, values: &[], sensitive: false };
/// Revisions in one answer.
static REVISIONS: Rule = Rule { min: Some(1), max: Some(limit::REVISIONS), pattern: None, values: &[], sensitive: false };
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

impl Structure for CancelOperationRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            "OperationId" => self.operation_id = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for CancelOperationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for CancelOperationRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.text("OperationId", self.operation_id.as_deref(), &ID);
    }
}

impl Structure for RollBackRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            "RevisionNumber" => self.revision_number = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for RollBackRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for RollBackRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.number("RevisionNumber", self.revision_number, &NUMBER);
    }
}

impl Structure for ListRevisionsRequest {
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) -> Result<bool, A::Error> {
        match member {
            "ServiceArn" => self.service_arn = value.next_value()?,
            "MaxResults" => self.max_results = value.next_value()?,
            "NextToken" => self.next_token = value.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'de> Deserialize<'de> for ListRevisionsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure(deserializer)
    }
}

impl Checked for ListRevisionsRequest {
    fn check(&self, walk: &mut Walk) {
        walk.required("ServiceArn", self.service_arn.is_some());
        walk.text("ServiceArn", self.service_arn.as_deref(), &APP_RUNNER_RESOURCE_ARN);
        walk.number("MaxResults", self.max_results, &REVISIONS);
        walk.text("NextToken", self.next_token.as_deref(), &CURSOR);
    }
}
