//! How a parameter is named, found, changed and shown.
//! Source of truth: the Systems Manager API reference.

use crate::{call::Call, fault::Wrong, limit, shape::ssm as shape};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    parameter::{Parameter, ParameterKind, ParameterPick, ParameterVersion, arn_of},
    port::{Action, Facts},
    refusal::{Refusal, RefusalKind},
    tag::Tags,
};
use std::collections::BTreeMap;

/// The key that AWS uses unless told: here values are sealed with the platform's own key, which it stands for.
pub const DEFAULT_KEY: &str = "alias/aws/ssm";

/// The parameter that a call names, after asking for the permission on it.
///
/// # Errors
/// Denied; a refusal of an ARN that is none.
pub async fn find(call: &Call<'_>, text: &str) -> Result<(ParameterPick, Option<Parameter>), Wrong> {
    let pick = ParameterPick::parse(text, &call.caller.scope)?;
    let found = lookup(call, &pick).await?;
    let resource = found.as_ref().map_or_else(|| arn_of(&pick.scope, &pick.names[0]), Parameter::arn);
    let facts = found.as_ref().map(of).unwrap_or_default();
    call.authorize_with(Action { facts, ..call.action(resource) }).await?;
    Ok((pick, found))
}

/// The same for a call that needs it to be there.
///
/// # Errors
/// As [`find`]; `ParameterNotFound`.
pub async fn require(call: &Call<'_>, text: &str) -> Result<(ParameterPick, Parameter), Wrong> {
    let (pick, found) = find(call, text).await?;
    Ok((pick, found.ok_or_else(|| not_found(text))?))
}

/// What conditions may ask about a parameter.
pub fn of(parameter: &Parameter) -> Facts {
    let mut facts = Facts::default().resource_tags(&parameter.tags);
    for (key, value) in &parameter.tags.0 {
        facts = facts.with(&format!("ssm:resourceTag/{key}"), value.clone());
    }
    facts
}

/// A parameter, without a question of permission.
///
/// # Errors
/// Trouble of ours.
pub async fn lookup(call: &Call<'_>, pick: &ParameterPick) -> Result<Option<Parameter>, Wrong> {
    // Another region's are another region's to answer for.
    if pick.scope.region != *call.caller.region() {
        return Ok(None);
    }
    for name in &pick.names {
        if let Some(parameter) = call.ports.parameters.get(&pick.scope, name).await? {
            return Ok(Some(parameter));
        }
    }
    Ok(None)
}

/// AWS says no more than the name of the fault.
pub fn not_found(name: &str) -> Refusal {
    Refusal::not_found(format!("Parameter {name} not found."))
}

/// Systems Manager has a fault for a version that is not there.
pub fn no_version(text: &str) -> Wrong {
    let words = format!("Systems Manager could not find version of {text}. Verify the version and try again.");
    Wrong::Declared(shape::PARAMETER_VERSION_NOT_FOUND, words)
}

/// Changes a parameter that was found, on the form that it has when it is written.
///
/// # Errors
/// What `decide` refuses; throttled where others change it all the time; not found where it went meanwhile.
pub async fn change(
    call: &Call<'_>,
    found: Parameter,
    decide: impl Fn(&Parameter) -> Result<Parameter, Wrong>,
) -> Result<Parameter, Wrong> {
    let (scope, name) = (found.scope.clone(), found.name.clone());
    let mut before = found;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let after = decide(&before)?;
        if call.ports.parameters.change(&before, &after, None, &call.audit(after.arn())).await? {
            return Ok(after);
        }
        before = call.ports.parameters.get(&scope, &name).await?.ok_or_else(|| not_found(&name))?;
    }
    Err(busy())
}

/// Others were faster again and again.
pub fn busy() -> Wrong {
    Refusal::new(RefusalKind::Throttled, "There are concurrent updates for a resource that supports one update at a time.").into()
}

/// The value of a version, as the caller asked for it; `None` where the parameter went meanwhile. What is secure and not asked for in clear is something
/// that says nothing: on AWS it is a text that only its key opens.
///
/// # Errors
/// Trouble of ours.
pub async fn value(
    call: &Call<'_>,
    parameter: &Parameter,
    (number, version): (u64, &ParameterVersion),
    with_decryption: Option<bool>,
) -> Result<Option<String>, Wrong> {
    if version.kind == ParameterKind::SecureString && with_decryption != Some(true) {
        return Ok(Some(BASE64_STANDARD.encode(format!("sealed: {} {number}", parameter.arn()))));
    }
    let value = call.ports.parameters.value(parameter, &number.to_string()).await?;
    Ok(value.and_then(|value| value.expose_text().map(str::to_owned)))
}

/// Writes a version with its value.
///
/// # Errors
/// Trouble of ours.
pub async fn render(
    call: &Call<'_>,
    parameter: &Parameter,
    found: (u64, &ParameterVersion),
    (selector, with_decryption): (Option<&str>, Option<bool>),
) -> Result<Option<shape::Parameter>, Wrong> {
    let Some(value) = value(call, parameter, found, with_decryption).await? else { return Ok(None) };
    let (number, version) = found;
    Ok(Some(shape::Parameter {
        arn: Some(parameter.arn()),
        data_type: Some("text".to_owned()),
        last_modified_date: Some(version.at.seconds()),
        name: Some(parameter.name.clone()),
        selector: selector.map(|selector| format!(":{selector}")),
        source_result: None,
        r#type: Some(version.kind.as_str().to_owned()),
        value: Some(value),
        version: Some(number_of(number)),
    }))
}

/// A version's number as it is on the wire.
pub fn number_of(version: u64) -> i64 {
    i64::try_from(version).expect("nobody writes so many versions")
}

/// The key that is shown: only secure values have one.
pub fn key_of(kind: ParameterKind) -> Option<String> {
    (kind == ParameterKind::SecureString).then(|| DEFAULT_KEY.to_owned())
}

/// Reads tags.
///
/// # Errors
/// A refusal where a key is AWS's own or occurs twice.
pub fn tags(tags: Vec<shape::Tag>) -> Result<Tags, Refusal> {
    let mut map = BTreeMap::new();
    for shape::Tag { key, value } in tags {
        let key = key.expect("validation refuses a tag without a required member");
        if key.starts_with("aws:") {
            return Err(Refusal::invalid("Tag keys can't begin with aws: that prefix is reserved."));
        }
        let value = value.expect("validation refuses a tag without a required member");
        if map.insert(key.clone(), value).is_some() {
            return Err(Refusal::invalid(format!("Tags: the key '{key}' occurs twice.")));
        }
    }
    if map.len() > model::limit::TAGS {
        return Err(Refusal::invalid(format!("Tags: a parameter can have {} tags at most.", model::limit::TAGS)));
    }
    Ok(Tags(map))
}

/// The parameter that a call about tags means.
///
/// # Errors
/// `InvalidResourceType`, `InvalidResourceId`; denied.
pub async fn tagged(call: &Call<'_>, kind: Option<String>, id: Option<String>, facts: Facts) -> Result<Parameter, Wrong> {
    if kind.as_deref() != Some("Parameter") {
        let words = "The resource type is not valid. Only parameters are here.".to_owned();
        return Err(Wrong::Declared(shape::INVALID_RESOURCE_TYPE, words));
    }
    let id = id.expect("validation refuses a call without a required member");
    let pick = ParameterPick::parse(&id, &call.caller.scope)?;
    let found = lookup(call, &pick).await?;
    let resource = found.as_ref().map_or_else(|| arn_of(&pick.scope, &pick.names[0]), Parameter::arn);
    let facts = found.as_ref().map_or(facts.clone(), |found| facts.resource_tags(&found.tags));
    call.authorize_with(Action { facts, ..call.action(resource) }).await?;
    found.ok_or_else(|| Wrong::Declared(shape::INVALID_RESOURCE_ID, "The resource ID is not valid.".to_owned()))
}
