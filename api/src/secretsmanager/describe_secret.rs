//! DescribeSecret: everything but the value.
//! Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};

/// Answers DescribeSecret.
pub async fn answer(call: &Call<'_>) -> Result<shape::DescribeSecretResponse, Wrong> {
    let shape::DescribeSecretRequest { secret_id } = call.input()?;
    let found = secret::find(call, secret_id).await?;
    Ok(shape::DescribeSecretResponse {
        arn: Some(found.arn()),
        name: Some(found.name.clone()),
        r#type: None,
        description: found.description.clone(),
        kms_key_id: None,
        rotation_enabled: None,
        rotation_lambda_arn: None,
        rotation_rules: None,
        external_secret_rotation_metadata: None,
        external_secret_rotation_role_arn: None,
        last_rotated_date: None,
        last_changed_date: Some(found.changed_at.seconds()),
        last_accessed_date: None,
        deleted_date: found.deletion.map(|deletion| deletion.asked_at.seconds()),
        next_rotation_date: None,
        tags: Some(secret::render_tags(&found.tags)),
        version_ids_to_stages: Some(secret::stages(&found)).filter(|stages| !stages.is_empty()),
        owning_service: None,
        created_date: Some(found.created_at.seconds()),
        primary_region: None,
        replication_status: None,
        cross_account_primary: None,
        cross_account_replicas: None,
    })
}
