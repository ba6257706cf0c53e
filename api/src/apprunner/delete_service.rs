//! DeleteService: parse, wish, render.
//! Never decides whether the service may go. Source of truth: the App Runner API reference.

use super::{service, service_arn};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::{
    trouble::Trouble,
    wish::{Accepted, PageRequest, Wish},
};

/// Answers DeleteService.
pub async fn answer(call: &Call<'_>) -> Result<shape::DeleteServiceResponse, Wrong> {
    let shape::DeleteServiceRequest { service_arn } = call.input()?;
    let arn = service_arn::parse(service_arn)?;
    call.authorize(arn.to_string()).await?;
    // Its domains go with it. Source: service authorization reference, the dependent actions of DeleteService; who has none needs no such permission.
    let first = PageRequest { after: None, items_max: Some(1) };
    if !call.ports.custom_domains.list(&arn, &first).await?.items.is_empty() {
        call.authorize_action("apprunner:DisassociateCustomDomain", arn.to_string()).await?;
    }
    let wish = Wish::Delete { arn };
    let Accepted { view, operation } = call.ports.desk.begin(call.caller, wish).await??;
    let operation =
        operation.ok_or_else(|| Trouble::lasting("deleting a service", "the desk accepted it and began no operation"))?;
    Ok(shape::DeleteServiceResponse { service: service::render(call, &view).await, operation_id: operation.to_string() })
}
