//! GetParameters: several; names of none are told apart.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{call::Call, fault::Wrong, shape::ssm as shape};

/// Answers GetParameters.
pub async fn answer(call: &Call<'_>) -> Result<shape::GetParametersResult, Wrong> {
    let shape::GetParametersRequest { names, with_decryption } = call.input()?;
    let names = names.expect("validation refuses a call without a required member");
    let (mut parameters, mut invalid) = (Vec::new(), Vec::new());
    for name in names {
        let (pick, found) = parameter::find(call, &name).await?;
        let selector = pick.selector.as_deref();
        let version = found.as_ref().and_then(|found| Some((found, found.selected(selector)?)));
        let rendered = match version {
            Some((found, version)) => parameter::render(call, found, version, (selector, with_decryption)).await?,
            None => None,
        };
        match rendered {
            Some(rendered) => parameters.push(rendered),
            None => invalid.push(name),
        }
    }
    Ok(shape::GetParametersResult { parameters: Some(parameters), invalid_parameters: Some(invalid) })
}
