//! ResumeService: parse, wish, render. Of a service that is running already there is no operation to tell: clients take that for done.
//! Never decides whether the service may begin. Source of truth: the App Runner API reference.

use super::{service, service_arn};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::wish::{Accepted, Wish};

/// Answers ResumeService.
pub async fn answer(call: &Call<'_>) -> Result<shape::ResumeServiceResponse, Wrong> {
    let shape::ResumeServiceRequest { service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    call.authorize(arn.to_string()).await?;
    let Accepted { view, operation } = call.ports.desk.begin(call.caller, Wish::Resume { arn }).await??;
    Ok(shape::ResumeServiceResponse {
        service: service::render(call, &view).await,
        operation_id: operation.map(|id| id.to_string()),
    })
}
