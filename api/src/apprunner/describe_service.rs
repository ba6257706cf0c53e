//! DescribeService: parse, ask, render. A deleted service stays describable for a while.
//! Source of truth: the App Runner API reference.

use super::{service, service_arn};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};

/// Answers DescribeService.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeServiceResponse, Wrong> {
    let shape::DescribeServiceRequest { service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    call.authorize(arn.to_string()).await?;
    let view = call.ports.desk.describe(call.caller, &arn).await??;
    Ok(shape::DescribeServiceResponse { service: service::render(call, &view).await })
}
