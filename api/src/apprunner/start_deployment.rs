//! StartDeployment: parse, wish, render. Deploys what the image's tag means now.
//! Never decides whether it may begin: a wrong state is an invalid request here, as the operation declares no other fault for it.
//! Source of truth: the App Runner API reference.

use super::service_arn;
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{trouble::Trouble, wish::Wish};

/// Answers StartDeployment.
pub async fn answer(call: &Call<'_>) -> Result<shape::StartDeploymentResponse, Wrong> {
    let shape::StartDeploymentRequest { service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    call.authorize(arn.to_string()).await?;
    let accepted = call.ports.desk.begin(call.caller, Wish::Deploy { arn }).await??;
    let operation = accepted
        .operation
        .ok_or_else(|| Trouble::lasting("starting a deployment", "the desk accepted it and began no operation"))?;
    Ok(shape::StartDeploymentResponse { operation_id: operation.to_string() })
}
