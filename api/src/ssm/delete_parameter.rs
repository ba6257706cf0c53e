//! DeleteParameter: with all its versions.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Empty, ssm as shape},
};
use model::parameter::Parameter;

/// Answers DeleteParameter.
pub async fn answer(call: &Call<'_>) -> Result<Empty, Wrong> {
    let shape::DeleteParameterRequest { name } = call.input()?;
    let name = name.expect("validation refuses a call without a required member");
    let (_, found) = parameter::require(call, &name).await?;
    remove(call, found).await?;
    Ok(Empty {})
}

/// Whatever it has become meanwhile.
///
/// # Errors
/// Trouble of ours.
pub async fn remove(call: &Call<'_>, found: Parameter) -> Result<(), Wrong> {
    let mut found = found;
    while !call.ports.parameters.remove(&found, &call.audit(found.arn())).await? {
        match call.ports.parameters.get(&found.scope, &found.name).await? {
            Some(again) => found = again,
            None => break,
        }
    }
    Ok(())
}
