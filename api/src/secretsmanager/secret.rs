//! How a secret is named, found, changed and shown. Every look-up asks for the permission on what was found, whichever way it was named.
//! Never shows a value. Source of truth: the Secrets Manager API reference.

use crate::{call::Call, fault::Wrong, limit, shape::secretsmanager as shape};
use model::{
    managed_secret::{ManagedSecret, SecretId, VersionPick},
    port::{Action, Facts, draw},
    refusal::{Refusal, RefusalKind},
    sealed_noun::NewValue,
    tag::Tags,
    wish::PageRequest,
};
use std::collections::BTreeMap;

/// The secret that a call names.
///
/// # Errors
/// Denied; not found; a refusal of an ARN that is none.
pub async fn find(call: &Call<'_>, id: Option<String>) -> Result<ManagedSecret, Wrong> {
    find_with(call, id, |facts| facts).await
}

/// The same, with what else conditions may ask.
///
/// # Errors
/// As [`find`].
pub async fn find_with(call: &Call<'_>, id: Option<String>, facts: impl FnOnce(Facts) -> Facts) -> Result<ManagedSecret, Wrong> {
    let id = SecretId::parse(&id.expect("validation refuses a call without a required member"), &call.caller.scope)?;
    let found = lookup(call, &id).await?;
    let resource = found.as_ref().map_or_else(|| id.to_string(), ManagedSecret::arn);
    let known = found.as_ref().map_or_else(Facts::default, |secret| of(secret, &resource));
    call.authorize_with(Action { facts: facts(known), ..call.action(resource) }).await?;
    Ok(found.ok_or_else(not_found)?)
}

/// What conditions may ask about a secret.
pub fn of(secret: &ManagedSecret, arn: &str) -> Facts {
    let mut facts = Facts::default().resource_tags(&secret.tags).with("secretsmanager:SecretId", arn);
    for (key, value) in &secret.tags.0 {
        facts = facts.with(&format!("secretsmanager:ResourceTag/{key}"), value.clone());
    }
    facts
}

/// With what they may ask about a version that is read.
pub fn of_version(mut facts: Facts, pick: &VersionPick) -> Facts {
    // Source: GetSecretValue, `VersionStage`: without either it is the current one.
    let stage = pick.stage.as_deref().or(if pick.id.is_none() { Some("AWSCURRENT") } else { None });
    for (key, value) in [("secretsmanager:VersionId", pick.id.as_deref()), ("secretsmanager:VersionStage", stage)] {
        if let Some(value) = value {
            facts = facts.with(key, value);
        }
    }
    facts
}

/// A secret, without a question of permission.
///
/// # Errors
/// Trouble of ours.
pub async fn lookup(call: &Call<'_>, id: &SecretId) -> Result<Option<ManagedSecret>, Wrong> {
    // Another region's are another region's to answer for; of another account's nobody hears whether they are there.
    if id.scope != call.caller.scope {
        return Ok(None);
    }
    for name in id.names() {
        if let Some(secret) = call.ports.secrets.get(&id.scope, name).await?.filter(|secret| id.means(secret)) {
            return Ok(Some(secret));
        }
    }
    Ok(None)
}

/// The words are those that clients look for. Source: Secrets Manager, ResourceNotFoundException.
pub fn not_found() -> Refusal {
    Refusal::not_found("Secrets Manager can't find the specified secret.")
}

/// Changes a secret that was found, on the form that it has when it is written.
///
/// # Errors
/// What `decide` refuses; throttled where others change it all the time; not found where it went meanwhile.
pub async fn change(
    call: &Call<'_>,
    found: ManagedSecret,
    value: Option<&NewValue>,
    decide: impl Fn(&ManagedSecret) -> Result<ManagedSecret, Wrong>,
) -> Result<ManagedSecret, Wrong> {
    let (scope, name, suffix) = (found.scope.clone(), found.name.clone(), found.suffix.clone());
    let mut before = found;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let after = decide(&before)?;
        if call.ports.secrets.change(&before, &after, value, &call.audit(after.arn())).await? {
            return Ok(after);
        }
        let read = call.ports.secrets.get(&scope, &name).await?.filter(|secret| secret.suffix == suffix);
        before = read.ok_or_else(not_found)?;
    }
    Err(Refusal::new(RefusalKind::Throttled, "The secret is changed by many calls at once. Try again.").into())
}

/// Every secret of the caller's scope, by name.
///
/// # Errors
/// Trouble of ours.
pub async fn all(call: &Call<'_>) -> Result<Vec<ManagedSecret>, Wrong> {
    let everything = PageRequest { after: None, items_max: None };
    Ok(call.ports.secrets.list(&call.caller.scope, "", &everything).await?.items)
}

/// Six letters and digits for the end of an ARN.
pub fn suffix(call: &Call<'_>) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789Az";
    draw::<6>(&*call.ports.dice).iter().map(|byte| char::from(LETTERS[usize::from(byte % 64)])).collect()
}

/// The version id of a new value: what the caller chose, or a drawn one.
pub fn version_id(call: &Call<'_>, token: Option<String>) -> String {
    token.unwrap_or_else(|| uuid::Builder::from_random_bytes(draw(&*call.ports.dice)).into_uuid().to_string())
}

/// Reads tags.
///
/// # Errors
/// A refusal where one has no key, or is AWS's own, or occurs twice, or there are too many.
pub fn tags(tags: Vec<shape::Tag>) -> Result<Tags, Refusal> {
    let mut map = BTreeMap::new();
    for shape::Tag { key, value } in tags {
        let key = key.ok_or_else(|| Refusal::invalid("Tags: every tag needs a Key."))?;
        if key.starts_with("aws:") {
            return Err(Refusal::invalid("Tag keys can't begin with aws: that prefix is reserved."));
        }
        if map.insert(key.clone(), value.unwrap_or_default()).is_some() {
            return Err(Refusal::invalid(format!("Tags: the key '{key}' occurs twice.")));
        }
    }
    if map.len() > model::limit::TAGS {
        return Err(Refusal::invalid(format!("Tags: a secret can have {} tags at most.", model::limit::TAGS)));
    }
    Ok(Tags(map))
}

/// Writes tags.
pub fn render_tags(tags: &Tags) -> Vec<shape::Tag> {
    tags.0.iter().map(|(key, value)| shape::Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}

/// Which labels each version has, those without any left out.
pub fn stages(secret: &ManagedSecret) -> BTreeMap<String, Vec<String>> {
    let labelled = secret.versions.iter().filter(|(_, version)| !version.stages.is_empty());
    labelled.map(|(id, version)| (id.clone(), version.stages.iter().cloned().collect())).collect()
}

/// Everything but the values.
pub fn entry(found: &ManagedSecret) -> shape::SecretListEntry {
    shape::SecretListEntry {
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
        tags: Some(render_tags(&found.tags)),
        secret_versions_to_stages: Some(stages(found)).filter(|stages| !stages.is_empty()),
        owning_service: None,
        created_date: Some(found.created_at.seconds()),
        primary_region: None,
    }
}
