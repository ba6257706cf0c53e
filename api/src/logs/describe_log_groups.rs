//! DescribeLogGroups: a page of the caller's groups by name, or some that are identified.
//! Source of truth: the CloudWatch Logs API reference.

use super::{log_group, parameters};
use crate::{
    call::{Call, page},
    fault::Wrong,
    limit,
    shape::logs as shape,
};
use model::{
    account::Scope,
    log_group::GroupNames,
    refusal::Refusal,
    wish::{Page, PageRequest},
};

/// Answers DescribeLogGroups.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeLogGroupsResponse, Wrong> {
    let shape::DescribeLogGroupsRequest {
        account_identifiers,
        include_linked_accounts,
        limit,
        log_group_class,
        log_group_identifiers,
        log_group_name_pattern,
        log_group_name_prefix,
        next_token,
    } = call.input()?;
    let Scope { account, region } = &call.caller.scope;
    let others = account_identifiers.unwrap_or_default().iter().any(|asked| asked != account.as_str());
    if others || include_linked_accounts == Some(true) {
        return Err(Refusal::invalid("Log groups of other accounts are not available in this version of Outrunner.").into());
    }
    call.authorize(format!("arn:aws:logs:{region}:{account}:log-group::log-stream:")).await?;
    let names = match (log_group_name_prefix, log_group_name_pattern, &log_group_identifiers) {
        (None, None, None) => GroupNames::All,
        (Some(prefix), None, None) => GroupNames::Prefix(prefix),
        (None, Some(part), None) => GroupNames::Containing(part),
        (None, None, Some(identifiers)) => return identified(call, identifiers).await,
        _ => {
            let message = "Only one of logGroupNamePrefix, logGroupNamePattern and logGroupIdentifiers can be given.";
            return Err(Refusal::invalid(message).into());
        }
    };
    if log_group_class.is_some_and(|class| class != "STANDARD") {
        // There are no others.
        return Ok(shape::DescribeLogGroupsResponse { log_groups: Some(Vec::new()), next_token: None });
    }
    let parameters = parameters(&[&format!("{names:?}")]);
    let list = call.list(&parameters);
    let page: PageRequest = page(&list, next_token.as_deref(), Some(limit.unwrap_or(limit::LOG_GROUPS_DEFAULT)))?;
    let Page { items, next } = call.ports.log_groups.list(&call.caller.scope, &names, &page).await?;
    Ok(shape::DescribeLogGroupsResponse {
        log_groups: Some(items.iter().map(log_group::render).collect()),
        next_token: next.map(|after| list.token(&after)),
    })
}

async fn identified(call: &Call<'_>, identifiers: &[String]) -> Result<shape::DescribeLogGroupsResponse, Wrong> {
    let mut groups = Vec::with_capacity(identifiers.len());
    for identifier in identifiers {
        let key = log_group::identified(call.caller, identifier)?;
        groups.extend(call.ports.log_groups.get(&key).await?.as_ref().map(log_group::render));
    }
    Ok(shape::DescribeLogGroupsResponse { log_groups: Some(groups), next_token: None })
}
