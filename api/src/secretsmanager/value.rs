//! Values on their way in and out, and what is the same for every call that brings one.
//! Never kept here longer than a call. Source of truth: the Secrets Manager API reference.

use super::secret;
use crate::{
    call::Call,
    fault::Wrong,
    shape::{Blob, secretsmanager as shape},
};
use model::{
    managed_secret::{CURRENT, ManagedSecret, ValueForm, VersionPick},
    port::Ring,
    refusal::Refusal,
    sealed_noun::NewValue,
    secret::Secret,
};
use std::collections::BTreeSet;

/// A value as it is sent.
pub struct Value {
    pub form: ValueForm,
    pub secret: Secret,
}

/// Reads the value of a call that may bring one.
///
/// # Errors
/// A refusal where there are two.
pub fn parse(text: Option<String>, binary: Option<Blob>) -> Result<Option<Value>, Refusal> {
    match (text, binary) {
        (Some(_), Some(_)) => Err(Refusal::invalid("You can't specify both SecretString and SecretBinary.")),
        (Some(text), None) if text.len() > model::limit::SECRET_BYTES => {
            Err(Refusal::invalid(format!("SecretString has more than {} bytes.", model::limit::SECRET_BYTES)))
        }
        (Some(text), None) => Ok(Some(Value { form: ValueForm::Text, secret: Secret::new(text) })),
        (None, Some(Blob(bytes))) => Ok(Some(Value { form: ValueForm::Binary, secret: Secret::new(bytes) })),
        (None, None) => Ok(None),
    }
}

/// Keeps a new version of a secret that was found, with what a call changes beside it. The same version again under the same id is success, and the rest is
/// changed all the same.
///
/// # Errors
/// `ResourceExistsException` where the id has another value; what the secret's state forbids.
pub async fn put(
    call: &Call<'_>,
    found: ManagedSecret,
    (id, value): (String, Value),
    stages: BTreeSet<String>,
    also: impl Fn(ManagedSecret) -> ManagedSecret,
) -> Result<ManagedSecret, Wrong> {
    found.refuse_deleted()?;
    let now = call.ports.clock.now();
    if let Some(known) = repeated(call, &found, &id, &value).await? {
        if also(known.clone()) == known {
            return Ok(known);
        }
        let changed = |before: &ManagedSecret| {
            before.refuse_deleted()?;
            Ok(ManagedSecret { changed_at: now, ..also(before.clone()) })
        };
        return secret::change(call, known, None, changed).await;
    }
    let Value { form, secret } = value;
    let new = NewValue { version: id.clone(), value: secret };
    let after = secret::change(call, found, Some(&new), |before| {
        before.refuse_deleted()?;
        if before.versions.contains_key(&id) {
            return Err(exists());
        }
        Ok(also(before.with_version(&id, form, stages.clone(), now)?))
    })
    .await?;
    // Services that wait for new values look at once.
    call.ports.bell.ring(&Ring::Pushes);
    Ok(after)
}

/// The secret as it is, if it has this version with this value already.
///
/// # Errors
/// `ResourceExistsException` where the version has another value.
pub async fn repeated(call: &Call<'_>, found: &ManagedSecret, id: &str, value: &Value) -> Result<Option<ManagedSecret>, Wrong> {
    if !found.versions.contains_key(id) {
        return Ok(None);
    }
    let kept = call.ports.secrets.value(found, id).await?;
    if kept.as_ref() == Some(&value.secret) { Ok(Some(found.clone())) } else { Err(exists()) }
}

fn exists() -> Wrong {
    let words = "The operation failed because a version with this ClientRequestToken already exists, with another value.";
    Wrong::Declared(shape::RESOURCE_EXISTS_EXCEPTION, words.to_owned())
}

/// A version of a secret with its value.
///
/// # Errors
/// Not found; a refusal where the secret is about to go, or id and label speak of two versions.
pub async fn read(call: &Call<'_>, secret: &ManagedSecret, pick: &VersionPick) -> Result<shape::GetSecretValueResponse, Wrong> {
    secret.refuse_deleted()?;
    let missing = || {
        Refusal::not_found(match (&pick.id, &pick.stage) {
            (Some(id), _) => format!("Secrets Manager can't find the specified secret value for VersionId: {id}"),
            (None, stage) => format!(
                "Secrets Manager can't find the specified secret value for staging label: {}",
                stage.as_deref().unwrap_or(CURRENT)
            ),
        })
    };
    let (id, version) = secret.picked(pick)?.ok_or_else(missing)?;
    let value = call.ports.secrets.value(secret, id).await?.ok_or_else(missing)?;
    let (text, binary) = match version.form {
        ValueForm::Text => (value.expose_text().map(str::to_owned), None),
        ValueForm::Binary => (None, Some(Blob(value.expose().to_vec()))),
    };
    Ok(shape::GetSecretValueResponse {
        arn: Some(secret.arn()),
        name: Some(secret.name.clone()),
        version_id: Some(id.clone()),
        secret_binary: binary,
        secret_string: text,
        version_stages: Some(version.stages.iter().cloned().collect()).filter(|stages: &Vec<String>| !stages.is_empty()),
        created_date: Some(version.created_at.seconds()),
    })
}
