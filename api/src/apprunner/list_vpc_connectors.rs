//! ListVpcConnectors: parse, ask, render. By name, each of them whole; deleted ones are left out.
//! Source of truth: the App Runner API reference.

use super::{record, vpc_connector};
use crate::{call::Call, fault::Wrong, shape::apprunner as shape};
use model::record::RecordFilter;

/// Answers ListVpcConnectors.
pub async fn answer(call: &Call<'_>) -> Result<shape::ListVpcConnectorsResponse, Wrong> {
    let shape::ListVpcConnectorsRequest { max_results, next_token } = call.input()?;
    let (views, next_token) = record::list(call, &RecordFilter::default(), next_token.as_deref(), max_results).await?;
    Ok(shape::ListVpcConnectorsResponse { vpc_connectors: views.iter().map(vpc_connector::render).collect(), next_token })
}
