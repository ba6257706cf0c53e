//! ListOperations: parse, ask, render. Newest first.
//! Source of truth: the App Runner API reference, `ListOperations` and its statuses.

use super::service_arn;
use crate::{
    call::{Call, page},
    fault::Wrong,
    shape::apprunner as shape,
};
use model::{
    arn::ServiceArn,
    operation::{Operation, OperationKind, OperationState, Outcome},
    wish::Page,
};

/// Answers ListOperations.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListOperationsResponse, Wrong> {
    let shape::ListOperationsRequest { service_arn, next_token, max_results } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    let target = arn.to_string();
    call.authorize(&target).await?;
    let list = call.list(&target);
    let page = page(&list, next_token.as_deref(), max_results)?;
    let Page { items, next } = call.ports.desk.operations(call.caller, &arn, &page).await??;
    Ok(shape::ListOperationsResponse {
        operation_summary_list: Some(items.iter().map(|operation| summary(operation, &arn)).collect()),
        next_token: next.map(|after| list.token(&after)),
    })
}

fn summary(operation: &Operation, arn: &ServiceArn) -> shape::OperationSummary {
    let Operation { id, kind, started_at, updated_at, state } = operation;
    let kind = match kind {
        OperationKind::Create => "CREATE_SERVICE",
        OperationKind::Update => "UPDATE_SERVICE",
        OperationKind::Deployment => "START_DEPLOYMENT",
        OperationKind::Pause => "PAUSE_SERVICE",
        OperationKind::Resume => "RESUME_SERVICE",
        OperationKind::Delete => "DELETE_SERVICE",
    };
    let (status, ended_at) = match state {
        OperationState::InProgress => ("IN_PROGRESS", None),
        OperationState::RollingBack => ("ROLLBACK_IN_PROGRESS", None),
        OperationState::Ended { at, outcome } => match outcome {
            Outcome::Succeeded => ("SUCCEEDED", Some(at)),
            Outcome::Failed(_) => ("FAILED", Some(at)),
            Outcome::RolledBack(_) => ("ROLLBACK_SUCCEEDED", Some(at)),
        },
    };
    shape::OperationSummary {
        id: Some(id.to_string()),
        r#type: Some(kind.to_owned()),
        status: Some(status.to_owned()),
        target_arn: Some(arn.to_string()),
        started_at: Some(started_at.seconds()),
        ended_at: ended_at.map(|at| at.seconds()),
        updated_at: Some(updated_at.seconds()),
    }
}
