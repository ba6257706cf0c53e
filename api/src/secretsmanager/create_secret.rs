//! CreateSecret: parse, authorize, create. The same call again, with the same token and value, is success.
//! Source of truth: the Secrets Manager API reference.

use super::{secret, unavailable, value};
use crate::{call::Call, fault::Wrong, shape::secretsmanager as shape};
use model::{
    managed_secret::ManagedSecret,
    port::{Action, Facts},
    refusal::RefusalKind,
    sealed_noun::NewValue,
    tag::Tags,
};
use std::collections::{BTreeMap, BTreeSet};

/// Answers CreateSecret.
pub async fn answer(call: &Call<'_>) -> Result<shape::CreateSecretResponse, Wrong> {
    let request: shape::CreateSecretRequest = call.input()?;
    let shape::CreateSecretRequest {
        name,
        client_request_token,
        description,
        kms_key_id,
        secret_binary,
        secret_string,
        tags,
        add_replica_regions,
        force_overwrite_replica_secret: _, // says something of replicas only
        r#type,
        cross_account_primary_arn,
    } = request;
    let name = name.expect("validation refuses a call without a required member");
    let tags = tags.map(secret::tags).transpose()?;
    let now = call.ports.clock.now();
    let new = ManagedSecret {
        scope: call.caller.scope.clone(),
        name,
        suffix: secret::suffix(call),
        description,
        tags: tags.clone().unwrap_or_default(),
        created_at: now,
        changed_at: now,
        deletion: None,
        versions: BTreeMap::new(),
    };
    authorize(call, &new, tags.as_ref()).await?;
    ManagedSecret::check_name(&new.name)?;
    unavailable::kms_key(kms_key_id.as_deref())?;
    unavailable::refuse(&[
        ("AddReplicaRegions", add_replica_regions.is_some()),
        ("Type", r#type.is_some()),
        ("CrossAccountPrimaryARN", cross_account_primary_arn.is_some()),
    ])?;
    let value = value::parse(secret_string, secret_binary)?;
    let id = secret::version_id(call, client_request_token);
    let (after, sent) = match value {
        Some(sent) => (new.with_version(&id, sent.form, BTreeSet::new(), now)?, Some(sent)),
        None => (new, None),
    };
    let kept = sent.as_ref().map(|sent| NewValue { version: id.clone(), value: sent.secret.clone() });
    let made = call.ports.secrets.create(&after, kept.as_ref(), &call.audit(after.arn())).await?;
    let secret = match made {
        Ok(()) => after,
        Err(refusal) if refusal.kind == RefusalKind::AlreadyExists => {
            let known = call.ports.secrets.get(&after.scope, &after.name).await?.ok_or_else(secret::not_found)?;
            if known.deletion.is_some() {
                let words = "You can't create this secret because a secret with this name is already scheduled for deletion.";
                return Err(Wrong::Declared(shape::INVALID_REQUEST_EXCEPTION, words.to_owned()));
            }
            match &sent {
                Some(sent) => value::repeated(call, &known, &id, sent).await?.ok_or(refusal)?,
                None => return Err(refusal.into()),
            }
        }
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(shape::CreateSecretResponse {
        arn: Some(secret.arn()),
        name: Some(secret.name),
        version_id: sent.map(|_| id),
        replication_status: None,
    })
}

/// The ARN is known before the secret is: policies that end in `-*` or `-??????` mean it.
async fn authorize(call: &Call<'_>, new: &ManagedSecret, tags: Option<&Tags>) -> Result<(), Wrong> {
    let facts = Facts::default().with("secretsmanager:Name", new.name.clone());
    let facts = tags.map_or_else(|| facts.clone(), |tags| facts.clone().request_tags(tags));
    call.authorize_with(Action { facts: facts.clone(), ..call.action(new.arn()) }).await?;
    if tags.is_some() {
        call.authorize_with(Action { facts, ..Action::new("secretsmanager:TagResource", new.arn()) }).await?;
    }
    Ok(())
}
