//! DeleteParameters: several; names of none are told apart.
//! Source of truth: the Systems Manager API reference.

use super::{delete_parameter, parameter};
use crate::{call::Call, fault::Wrong, shape::ssm as shape};

/// Answers DeleteParameters.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteParametersResult, Wrong> {
    let shape::DeleteParametersRequest { names } = call.input()?;
    let names = names.expect("validation refuses a call without a required member");
    // Who may not delete one deletes none.
    let mut asked = Vec::with_capacity(names.len());
    for name in names {
        let (_, found) = parameter::find(call, &name).await?;
        asked.push((name, found));
    }
    let (mut deleted, mut invalid) = (Vec::new(), Vec::new());
    for (name, found) in asked {
        match found {
            Some(found) => {
                delete_parameter::remove(call, found).await?;
                deleted.push(name);
            }
            None => invalid.push(name),
        }
    }
    Ok(shape::DeleteParametersResult { deleted_parameters: Some(deleted), invalid_parameters: Some(invalid) })
}
