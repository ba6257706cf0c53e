//! What conditions may ask about a call: what its input says of the keys in its row of the table of actions, and the tags of what it names.
//! Never decides; what an operation says itself of a key counts more. Source of truth: `action`; the services' models for the members.

use crate::{
    action::{self, Row},
    call::Call,
    logs::log_group,
    named_arn,
};
use model::{
    arn::ServiceArn,
    caller::Principal,
    port::{Action, Facts},
    role::RoleArn,
    tag::Tags,
    trouble::Trouble,
    user::UserArn,
};
use serde_json::Value;

/// Where the input has the value of a key: the members that lead to it.
pub const MEMBERS: [(&str, &[&str]); 15] = [
    ("apprunner:AutoScalingConfigurationArn", &["AutoScalingConfigurationArn"]),
    ("apprunner:ConnectionArn", &["SourceConfiguration", "AuthenticationConfiguration", "ConnectionArn"]),
    ("apprunner:ObservabilityConfigurationArn", &["ObservabilityConfiguration", "ObservabilityConfigurationArn"]),
    ("apprunner:ServiceArn", &["ServiceArn"]),
    ("apprunner:VpcConnectorArn", &["NetworkConfiguration", "EgressConfiguration", "VpcConnectorArn"]),
    ("apprunner:VpcEndpointId", &["IngressVpcConfiguration", "VpcEndpointId"]),
    ("apprunner:VpcId", &["IngressVpcConfiguration", "VpcId"]),
    ("iam:AWSServiceName", &["AWSServiceName"]),
    ("iam:PermissionsBoundary", &["PermissionsBoundary"]),
    ("iam:PolicyARN", &["PolicyArn"]),
    ("secretsmanager:Name", &["Name"]),
    ("secretsmanager:VersionId", &["VersionId"]),
    ("secretsmanager:VersionStage", &["VersionStage"]),
    ("servicequotas:service", &["ServiceCode"]),
    ("ssm:Overwrite", &["Overwrite"]),
];
/// Keys whose tag services spell with a prefix of their own too.
const ALIASES: [&str; 4] = ["apprunner", "iam", "secretsmanager", "ssm"];

/// Adds to an action of this call what is known. Root needs none of it where no policy is asked for what it does: to
/// its own, while nothing binds the whole platform.
///
/// # Errors
/// Trouble where the tags of what is named cannot be read.
pub async fn complete(call: &Call<'_>, mut action: Action) -> Result<Action, Trouble> {
    match call.caller.principal {
        Principal::Service(_) => return Ok(action),
        Principal::Root if is_unasked(call, &action.resource) => return Ok(action),
        Principal::Root | Principal::User(_) | Principal::AssumedRole(_) | Principal::WebIdentity(_) => {}
    }
    // Another's action, such as iam:PassRole, is not told what this call says of its own.
    let service = call.offered.api().signing_name();
    if action.name.split_once(':').is_some_and(|(of, _)| of == service) {
        for (key, values) in said(action::row(call.offered), call).await?.0 {
            add(&mut action.facts, &key, values);
        }
    }
    let told = action.facts.0.keys().any(|key| key.starts_with("aws:ResourceTag/"));
    if !told && let Some(Named { tags, boundary }) = named(call, &action.resource).await? {
        action.facts = action.facts.resource_tags(&tags);
        if let Some(boundary) = boundary {
            add(&mut action.facts, "iam:PermissionsBoundary", vec![boundary]);
        }
    }
    let of_service = action.name.split_once(':').map_or("", |(service, _)| service).to_owned();
    if ALIASES.contains(&of_service.as_str()) {
        for (key, values) in action.facts.0.clone() {
            if let Some(tag) = key.strip_prefix("aws:ResourceTag/") {
                add(&mut action.facts, &format!("{of_service}:ResourceTag/{tag}"), values);
            }
        }
    }
    Ok(action)
}

/// Whether no policy is asked for what root does to a resource.
fn is_unasked(call: &Call<'_>, resource: &str) -> bool {
    let own = resource == "*" || resource.split(':').nth(4) == Some(call.caller.account().as_str());
    own && call.settings.guard_policy.is_none()
}

fn add(facts: &mut Facts, key: &str, values: Vec<String>) {
    facts.0.entry(key.to_owned()).or_insert(values);
}

/// What the input says of the keys of a row. An operation may ask for several permissions: all of them are told the same.
async fn said(row: &Row, call: &Call<'_>) -> Result<Facts, Trouble> {
    // Only what the operation itself has understood: a member that it ignores says nothing.
    let Some(input) = call.said.get().filter(|_| !row.keys.is_empty()) else { return Ok(Facts::default()) };
    if let Some(told) = call.told.get() {
        return Ok(told.clone());
    }
    let mut facts = Facts::default();
    for (key, path) in MEMBERS.iter().filter(|(key, _)| row.keys.contains(key)) {
        let found = path.iter().try_fold(input, |value, member| value.get(member));
        if let Some(text) = found.and_then(text) {
            add(&mut facts, key, vec![named_arn::in_full(call, key, text).await?]);
        }
    }
    if row.keys.contains(&"aws:TagKeys") {
        said_of_tags(row, input, &mut facts);
    }
    Ok(call.told.get_or_init(|| facts).clone())
}

fn said_of_tags(row: &Row, input: &Value, facts: &mut Facts) {
    let tags = tags(input);
    if row.keys.iter().any(|key| key.starts_with("aws:RequestTag/")) {
        for (key, value) in &tags {
            add(facts, &format!("aws:RequestTag/{key}"), vec![value.clone()]);
        }
    }
    let mut keys: Vec<String> = tags.into_iter().map(|(key, _)| key).collect();
    let named = ["TagKeys", "tagKeys"].iter().filter_map(|member| input.get(member)?.as_array()).flatten();
    keys.extend(named.filter_map(Value::as_str).map(str::to_owned));
    if !keys.is_empty() {
        add(facts, "aws:TagKeys", keys);
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Tags, in the three forms that services have: a list of pairs with large or small letters, or an object.
fn tags(input: &Value) -> Vec<(String, String)> {
    let pair = |tag: &Value| {
        let part = |large, small| tag.get(large).or_else(|| tag.get(small)).and_then(text);
        Some((part("Key", "key")?, part("Value", "value").unwrap_or_default()))
    };
    match input.get("Tags").or_else(|| input.get("tags")) {
        Some(Value::Array(tags)) => tags.iter().filter_map(pair).collect(),
        Some(Value::Object(tags)) => tags.iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect(),
        Some(_) | None => Vec::new(),
    }
}

/// What an ARN names.
struct Named {
    tags: Tags,
    boundary: Option<String>,
}

/// What the caller's account has under an ARN, looked up in silence: a caller who may not know of it learns nothing. Kinds that are not
/// here tell their tags themselves where they ask for permission; repositories' are known to the gate.
async fn named(call: &Call<'_>, arn: &str) -> Result<Option<Named>, Trouble> {
    let ports = call.ports;
    let of = |tags| Some(Named { tags, boundary: None });
    if arn.starts_with("arn:aws:logs:") {
        let group = arn.split(":log-stream:").next().unwrap_or(arn);
        let Ok(key) = log_group::identified(call.caller, group) else { return Ok(None) };
        return Ok(ports.log_groups.get(&key).await?.and_then(|group| of(group.tags)));
    }
    if let Ok(arn) = ServiceArn::parse(arn) {
        return Ok(ports.desk.tags(call.caller, &arn).await?.ok().and_then(of));
    }
    if let Ok(arn) = RoleArn::parse(arn) {
        let found = ports.roles.get(&arn.account(), &arn.name()).await?;
        return Ok(found.map(|role| Named { tags: role.tags, boundary: role.boundary }));
    }
    if let Ok(arn) = UserArn::parse(arn) {
        let found = ports.users.get(&arn.account(), &arn.name()).await?;
        return Ok(found.map(|user| Named { tags: user.tags, boundary: user.boundary }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tags_are_read_in_the_forms_that_services_have() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        for tags_of in [
            json!({ "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b" }] }),
            json!({ "tags": [{ "key": "a", "value": "1" }, { "key": "b" }] }),
            json!({ "tags": { "a": "1", "b": "" } }),
        ] {
            assert_eq!(tags(&tags_of), [pair("a", "1"), pair("b", "")], "{tags_of}");
        }
        assert_eq!(tags(&json!({ "Name": "x" })), []);
    }
}
