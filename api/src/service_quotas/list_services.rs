//! ListServices: the services that have quotas here.
//! Source of truth: the Service Quotas API reference.

use super::quota::{SERVICE_CODE, SERVICE_NAME, page};
use crate::{call::Call, fault::Wrong, shape::service_quotas as shape};
use model::wish::Page;

/// Answers ListServices.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListServicesResponse, Wrong> {
    let shape::ListServicesRequest { max_results, next_token } = call.input()?;
    call.authorize("*").await?;
    let service = shape::ServiceInfo { service_code: Some(SERVICE_CODE.to_owned()), service_name: Some(SERVICE_NAME.to_owned()) };
    let key = |_: &shape::ServiceInfo| SERVICE_CODE.to_owned();
    let Page { items, next } = page(call, vec![service], key, next_token.as_deref(), max_results)?;
    Ok(shape::ListServicesResponse { services: Some(items), next_token: next })
}
