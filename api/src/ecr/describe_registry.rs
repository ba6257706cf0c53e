//! DescribeRegistry: authorize, render. Nothing is replicated to anywhere.
//! Source of truth: the ECR API reference.

use crate::{call::Call, fault::Wrong, shape::ecr as shape};

/// Answers DescribeRegistry.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeRegistryResponse, Wrong> {
    call.authorize("*").await?;
    Ok(shape::DescribeRegistryResponse {
        registry_id: Some(call.caller.account().to_string()),
        replication_configuration: Some(shape::ReplicationConfiguration { rules: Vec::new() }),
    })
}
