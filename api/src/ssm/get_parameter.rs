//! GetParameter: one, or one of its versions.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{call::Call, fault::Wrong, shape::ssm as shape};

/// Answers GetParameter.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetParameterResult, Wrong> {
    let shape::GetParameterRequest { name, with_decryption } = call.input()?;
    let name = name.expect("validation refuses a call without a required member");
    let (pick, found) = parameter::require(call, &name).await?;
    let selector = pick.selector.as_deref();
    let version = found.selected(selector).ok_or_else(|| parameter::no_version(&name))?;
    let rendered = parameter::render(call, &found, version, (selector, with_decryption)).await?;
    Ok(shape::GetParameterResult { parameter: Some(rendered.ok_or_else(|| parameter::not_found(&name))?) })
}
