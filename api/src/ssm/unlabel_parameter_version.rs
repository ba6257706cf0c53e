//! UnlabelParameterVersion: takes labels from a version.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{call::Call, fault::Wrong, shape::ssm as shape};

/// Answers UnlabelParameterVersion. Labels that it does not have are told apart.
pub async fn answer(call: &Call<'_>) -> Result<shape::UnlabelParameterVersionResult, Wrong> {
    let shape::UnlabelParameterVersionRequest { name, parameter_version, labels } = call.input()?;
    let name = name.expect("validation refuses a call without a required member");
    let labels = labels.expect("validation refuses a call without a required member");
    let number = parameter_version.expect("validation refuses a call without a required member");
    let (_, found) = parameter::require(call, &name).await?;
    let number = u64::try_from(number).map_err(|_| parameter::no_version(&name))?;
    let version = found.versions.get(&number).ok_or_else(|| parameter::no_version(&name))?;
    let (removed, invalid): (Vec<String>, Vec<String>) = labels.into_iter().partition(|label| version.labels.contains(label));
    parameter::change(call, found.clone(), |before| {
        let mut after = before.clone();
        if let Some(version) = after.versions.get_mut(&number) {
            version.labels.retain(|label| !removed.contains(label));
        }
        Ok(after)
    })
    .await?;
    Ok(shape::UnlabelParameterVersionResult { removed_labels: Some(removed), invalid_labels: Some(invalid) })
}
