//! GetParameterHistory: a page of versions, the oldest first.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{
    call::Call,
    fault::Wrong,
    limit,
    sealed_page::{self, Order},
    shape::ssm as shape,
};
use model::parameter::{Parameter, ParameterVersion};

/// Answers GetParameterHistory.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetParameterHistoryResult, Wrong> {
    let shape::GetParameterHistoryRequest { name, with_decryption, max_results, next_token } = call.input()?;
    let (_, found) = parameter::require(call, &name.expect("validation refuses a call without a required member")).await?;
    let versions = found.versions.iter().map(|(number, version)| (*number, version)).collect();
    let asked = (next_token.as_deref(), max_results.unwrap_or(limit::PARAMETERS_DEFAULT));
    // As text numbers would be in another order.
    let (page, next_token) = sealed_page::cut(call, versions, asked, Order::Up, |(number, _)| format!("{number:020}"))?;
    let mut shown = Vec::with_capacity(page.len());
    for version in page {
        shown.extend(entry(call, &found, version, with_decryption).await?);
    }
    Ok(shape::GetParameterHistoryResult { parameters: Some(shown), next_token })
}

async fn entry(
    call: &Call<'_>,
    found: &Parameter,
    (number, version): (u64, &ParameterVersion),
    with_decryption: Option<bool>,
) -> Result<Option<shape::ParameterHistory>, Wrong> {
    let Some(value) = parameter::value(call, found, (number, version), with_decryption).await? else { return Ok(None) };
    Ok(Some(shape::ParameterHistory {
        allowed_pattern: version.allowed_pattern.clone(),
        data_type: Some("text".to_owned()),
        description: version.description.clone(),
        key_id: parameter::key_of(version.kind),
        labels: Some(version.labels.iter().cloned().collect()),
        last_modified_date: Some(version.at.seconds()),
        last_modified_user: Some(version.by.clone()),
        name: Some(found.name.clone()),
        policies: Some(Vec::new()),
        tier: Some(version.tier.as_str().to_owned()),
        r#type: Some(version.kind.as_str().to_owned()),
        value: Some(value),
        version: Some(parameter::number_of(number)),
    }))
}
