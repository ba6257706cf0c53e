//! DescribeSecret: everything but the value, as a list shows it.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};

/// Answers DescribeSecret.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeSecretResponse, Wrong> {
    let shape::DescribeSecretRequest { secret_id } = call.input()?;
    let shape::SecretListEntry {
        arn,
        name,
        r#type,
        description,
        kms_key_id,
        rotation_enabled,
        rotation_lambda_arn,
        rotation_rules,
        external_secret_rotation_metadata,
        external_secret_rotation_role_arn,
        last_rotated_date,
        last_changed_date,
        last_accessed_date,
        deleted_date,
        next_rotation_date,
        tags,
        secret_versions_to_stages,
        owning_service,
        created_date,
        primary_region,
    } = secret::entry(&secret::find(call, secret_id).await?);
    Ok(shape::DescribeSecretResponse {
        arn,
        name,
        r#type,
        description,
        kms_key_id,
        rotation_enabled,
        rotation_lambda_arn,
        rotation_rules,
        external_secret_rotation_metadata,
        external_secret_rotation_role_arn,
        last_rotated_date,
        last_changed_date,
        last_accessed_date,
        deleted_date,
        next_rotation_date,
        tags,
        version_ids_to_stages: secret_versions_to_stages,
        owning_service,
        created_date,
        primary_region,
        replication_status: None,
        cross_account_primary: None,
        cross_account_replicas: None,
    })
}
