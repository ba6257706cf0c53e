//! The structures `Connection` and `ConnectionSummary`.
//! Source of truth: the App Runner API reference.

use crate::shape::apprunner as shape;
use model::{
    connection::{Connection, Handshake, SourceProvider},
    record::{Record, RecordView},
    refusal::Refusal,
};

const GITHUB: &str = "GITHUB";
const BITBUCKET: &str = "BITBUCKET";

/// Reads a provider.
///
/// # Errors
/// A refusal where there is no such one.
pub fn provider(text: &str) -> Result<SourceProvider, Refusal> {
    match text {
        GITHUB => Ok(SourceProvider::GitHub),
        BITBUCKET => Ok(SourceProvider::Bitbucket),
        _ => Err(Refusal::invalid(format!("ProviderType must be {GITHUB} or {BITBUCKET}, not '{text}'."))),
    }
}

/// Writes it whole.
pub fn render(view: &RecordView<Connection>) -> shape::Connection {
    let Record { scope: _, name, revision: _, id: _, noun, created_at, deleted_at, tags: _ } = &view.record;
    let status = match (deleted_at, noun.handshake) {
        (Some(_), _) => "DELETED",
        (None, Handshake::Pending) => "PENDING_HANDSHAKE",
        (None, Handshake::Done) => "AVAILABLE",
        (None, Handshake::Failed) => "ERROR",
    };
    let provider = match noun.provider {
        SourceProvider::GitHub => GITHUB,
        SourceProvider::Bitbucket => BITBUCKET,
    };
    shape::Connection {
        connection_arn: Some(view.record.arn().to_string()),
        connection_name: Some(name.clone()),
        provider_type: Some(provider.to_owned()),
        status: Some(status.to_owned()),
        created_at: created_at.map(model::time::Timestamp::seconds),
    }
}

/// Writes what a list says of it: the same members.
pub fn summary(view: &RecordView<Connection>) -> shape::ConnectionSummary {
    let shape::Connection { connection_arn, connection_name, provider_type, status, created_at } = render(view);
    shape::ConnectionSummary { connection_arn, connection_name, provider_type, status, created_at }
}
