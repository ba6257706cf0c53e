//! The structure `LogGroup`, and the group that a call means: by its name, or by an identifier that is a name or an ARN.
//! Source of truth: the CloudWatch Logs API reference.

use crate::{fault::Wrong, shape::logs as shape};
use model::{
    account::{AccountId, Region, Scope},
    caller::Caller,
    log_group::{LogGroup, LogGroupKey, RetentionDays},
    refusal::Refusal,
};

/// The caller's group of this name.
pub fn named(caller: &Caller, name: Option<String>) -> LogGroupKey {
    let name = name.expect("validation refuses a call without a required member");
    LogGroupKey { scope: caller.scope.clone(), name }
}

/// The group that a call means by one of two members.
///
/// # Errors
/// Invalid where it is neither or both, or no identifier; not found where it is in another account or region.
pub fn meant(caller: &Caller, name: Option<String>, identifier: Option<String>) -> Result<LogGroupKey, Wrong> {
    match (name, identifier) {
        (name @ Some(_), None) => Ok(named(caller, name)),
        (None, Some(identifier)) => identified(caller, &identifier),
        (None, None) => Err(Refusal::invalid("Either logGroupName or logGroupIdentifier must be given.").into()),
        (Some(_), Some(_)) => Err(Refusal::invalid("logGroupName and logGroupIdentifier cannot both be given.").into()),
    }
}

/// The group of an identifier: a name, or an ARN with or without `:*` behind it.
///
/// # Errors
/// Invalid where it is neither; not found where it is in another account or region.
pub fn identified(caller: &Caller, identifier: &str) -> Result<LogGroupKey, Wrong> {
    let Some(arn) = identifier.strip_prefix("arn:") else {
        return Ok(LogGroupKey { scope: caller.scope.clone(), name: identifier.to_owned() });
    };
    let parts: Vec<&str> = arn.split(':').collect();
    let [partition, "logs", region, account, "log-group", name, rest @ ..] = parts.as_slice() else {
        return Err(Refusal::invalid(format!("'{identifier}' is not the ARN of a log group.")).into());
    };
    if !partition.starts_with("aws") || name.is_empty() || !matches!(rest, [] | ["*"]) {
        return Err(Refusal::invalid(format!("'{identifier}' is not the ARN of a log group.")).into());
    }
    let scope = Scope { account: AccountId::parse(account)?, region: Region::parse(region)? };
    let key = LogGroupKey { scope, name: (*name).to_owned() };
    // A group of another region is not here; one of another account is nobody's business.
    if key.scope == caller.scope { Ok(key) } else { Err(key.not_found().into()) }
}

/// Writes a group.
pub fn render(group: &LogGroup) -> shape::LogGroup {
    let LogGroup { key, created_at, retention, stored_bytes, tags: _ } = group;
    shape::LogGroup {
        arn: Some(format!("{}:*", key.arn())),
        bearer_token_authentication_enabled: None,
        creation_time: Some(created_at.millis()),
        data_protection_status: None,
        deletion_protection_enabled: None,
        inherited_properties: None,
        kms_key_id: None,
        log_group_arn: Some(key.arn()),
        log_group_class: Some("STANDARD".to_owned()),
        log_group_name: Some(key.name.clone()),
        metric_filter_count: Some(0),
        retention_in_days: retention.map(RetentionDays::days).and_then(|days| i32::try_from(days).ok()),
        retention_policy_name: None,
        stored_bytes: Some(i64::try_from(*stored_bytes).unwrap_or(i64::MAX)),
    }
}
