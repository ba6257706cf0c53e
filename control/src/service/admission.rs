//! Commits what was admitted, or cancelled: the one way of callers and of pushes. With it go who asked, and the bells of whoever carries it out.
//!
//! Never decides: `model::lifecycle` has.

use model::audit::AuditRow;
use model::caller::Caller;
use model::lifecycle::Change;
use model::operation::{OperationId, OperationState};
use model::port::{Commit, Granted, Ring, ServiceChange, Version};
use model::service::Service;
use model::trouble::Trouble;
use model::vpc_ingress::leads_here;

use crate::ports::Ports;

/// What has begun.
pub(crate) struct Begun {
    pub service: Service,
    pub operation: Option<OperationId>,
}

/// Durable when it answers. `None`: somebody else was faster, decide again. Refused: a VPC ingress connection leads to what is to be deleted. `action` as IAM spells it.
pub(crate) async fn begin(
    ports: &Ports,
    caller: &Caller,
    action: &str,
    read: Version,
    change: Change,
) -> Result<Option<Granted<Begun>>, Trouble> {
    let Change { service, operation, revision, events } = change;
    let id = operation.as_ref().map(|operation| operation.id.clone());
    let audit =
        AuditRow { at: ports.clock.now(), caller: caller.clone(), action: action.to_owned(), resource: service.arn().to_string() };
    let change = ServiceChange { service, operation, revision, events, audit: Some(audit) };
    ports.checkpoints.pass("commit.begin.before");
    let committed = ports.services.commit(read, &change).await?;
    ports.checkpoints.pass("commit.begin.after");
    match committed {
        Commit::Done(_) => {
            if let Some(operation) = change.operation.as_ref().filter(|operation| operation.state == OperationState::InProgress) {
                let service = &change.service;
                tracing::info!(
                    name: "operation_begun",
                    service = %service.id,
                    service_name = %service.name,
                    operation = %operation.id,
                    kind = ?operation.kind,
                    "an operation has begun"
                );
            }
            ports.bell.ring(&Ring::Newcomers);
            ports.bell.ring(&Ring::Service(change.service.id.clone()));
            // The pump takes events along.
            ports.bell.ring(&Ring::Output(change.service.id.clone()));
            Ok(Some(Ok(Begun { service: change.service, operation: id })))
        }
        Commit::Bound(held) => Ok(Some(Err(leads_here(&held)))),
        Commit::Stale | Commit::NameTaken => Ok(None),
    }
}
