//! BatchGetSecretValue: values of named secrets, or of those that filters find. What fails is told apart.
//! Source of truth: the Secrets Manager API reference.

use super::{filter, secret, value};
use crate::{call::Call, fault::Wrong, limit, sealed_page, shape::secretsmanager as shape};
use model::{
    audit::AuditRow,
    managed_secret::{ManagedSecret, SecretId, VersionPick},
    port::Action,
    refusal::{Refusal, RefusalKind},
};
use std::sync::PoisonError;

const GET: &str = "secretsmanager:GetSecretValue";

/// Answers BatchGetSecretValue.
pub async fn answer(call: &Call<'_>) -> Result<shape::BatchGetSecretValueResponse, Wrong> {
    let shape::BatchGetSecretValueRequest { secret_id_list, filters, max_results, next_token } = call.input()?;
    call.authorize("*").await?;
    let (ids, next) = match (secret_id_list, filters) {
        (Some(_), Some(_)) | (None, None) => {
            return Err(Refusal::invalid("Either SecretIdList or Filters must be provided, but not both.").into());
        }
        (Some(_), None) if max_results.is_some() => {
            return Err(Refusal::invalid("MaxResults can only be used with Filters.").into());
        }
        (Some(ids), None) => (ids, None),
        (None, Some(filters)) => {
            // Source: BatchGetSecretValue, "Required permissions".
            call.authorize_action("secretsmanager:ListSecrets", "*").await?;
            let asked = (next_token.as_deref(), max_results.unwrap_or(limit::SECRET_VALUES_DEFAULT));
            let wanted = |found: &ManagedSecret| found.deletion.is_none() && filter::holds(found, &filters);
            let (page, next) = sealed_page::read(call, &*call.ports.secrets, "", asked, wanted).await?;
            (page.iter().map(ManagedSecret::arn).collect(), next)
        }
    };
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for id in ids {
        match one(call, &id).await {
            Ok(value) => values.push(entry(value)),
            Err(Wrong::Refused(Refusal { kind, message })) => {
                let code = match kind {
                    RefusalKind::NotFound => "ResourceNotFoundException",
                    RefusalKind::Denied => "AccessDeniedException",
                    RefusalKind::Invalid => "InvalidParameterException",
                    RefusalKind::AlreadyExists | RefusalKind::WrongState | RefusalKind::Quota | RefusalKind::Throttled => {
                        "InvalidRequestException"
                    }
                };
                errors.push(shape::APIErrorType { secret_id: Some(id), error_code: Some(code.to_owned()), message: Some(message) });
            }
            Err(wrong) => return Err(wrong),
        }
    }
    Ok(shape::BatchGetSecretValueResponse { secret_values: Some(values), errors: Some(errors), next_token: next })
}

/// Each needs the permission to get that one.
async fn one(call: &Call<'_>, text: &str) -> Result<shape::GetSecretValueResponse, Wrong> {
    let id = SecretId::parse(text, &call.caller.scope)?;
    let found = secret::lookup(call, &id).await?;
    let resource = found.as_ref().map_or_else(|| id.to_string(), |found| found.arn());
    let pick = VersionPick::default();
    let facts = found.as_ref().map(|found| secret::of(found, &resource)).unwrap_or_default();
    let facts = secret::of_version(facts, &pick);
    let row = AuditRow { action: GET.to_owned(), ..call.audit(resource.as_str()) };
    let granted = call.authorize_with(Action { facts, ..Action::new(GET, resource) }).await;
    // The call itself is answered, so that each secret has a row of its own.
    let fault = granted.is_err().then_some("AccessDeniedException");
    call.parts.lock().unwrap_or_else(PoisonError::into_inner).push((row, fault));
    granted?;
    value::read(call, &found.ok_or_else(secret::not_found)?, &pick).await
}

fn entry(value: shape::GetSecretValueResponse) -> shape::SecretValueEntry {
    let shape::GetSecretValueResponse { arn, name, version_id, secret_binary, secret_string, version_stages, created_date } = value;
    shape::SecretValueEntry { arn, name, version_id, secret_binary, secret_string, version_stages, created_date }
}
