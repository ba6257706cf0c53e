//! LabelParameterVersion: labels for a version, taken from others.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{call::Call, fault::Wrong, shape::ssm as shape};
use model::{parameter::Parameter, port::Ring};
use std::collections::BTreeSet;

/// Answers LabelParameterVersion. What cannot be a label is told apart, and changes nothing.
pub async fn answer(call: &Call<'_>) -> Result<shape::LabelParameterVersionResult, Wrong> {
    let shape::LabelParameterVersionRequest { name, parameter_version, labels } = call.input()?;
    let name = name.expect("validation refuses a call without a required member");
    let labels = labels.expect("validation refuses a call without a required member");
    let (_, found) = parameter::require(call, &name).await?;
    let (good, invalid): (BTreeSet<String>, BTreeSet<String>) = labels.into_iter().partition(|label| Parameter::is_label(label));
    let number = match parameter_version {
        Some(number) => u64::try_from(number).map_err(|_| parameter::no_version(&name))?,
        None => found.newest().0,
    };
    if !found.versions.contains_key(&number) {
        return Err(parameter::no_version(&name));
    }
    if invalid.is_empty() {
        parameter::change(call, found, |before| {
            let too_many = || {
                let words = format!("A parameter version can have {} labels at most.", model::limit::PARAMETER_LABELS);
                Wrong::Declared(shape::PARAMETER_VERSION_LABEL_LIMIT_EXCEEDED, words)
            };
            before.with_labels(number, &good).ok_or_else(too_many)
        })
        .await?;
        call.ports.bell.ring(&Ring::Pushes);
    }
    Ok(shape::LabelParameterVersionResult {
        invalid_labels: Some(invalid.into_iter().collect()),
        parameter_version: Some(parameter::number_of(number)),
    })
}
