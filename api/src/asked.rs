//! What conditions may ask about a call: what its input says of the keys in its row of the table of actions, and the tags of what it names.
//! Never decides; what an operation says itself of a key counts more. Source of truth: `action`; the services' models for the members.

use crate::{
    action::{self, Row},
    call::Call,
    codec::Protocol,
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
use serde_json::{Map, Value};

/// Where the input has the value of a key: the members that lead to it.
pub const MEMBERS: [(&str, &[&str]); 14] = [
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
    ("ssm:Overwrite", &["Overwrite"]),
];
/// Keys whose tag services spell with a prefix of their own too.
const ALIASES: [&str; 4] = ["apprunner", "ecr", "iam", "secretsmanager"];

/// Adds to an action of this call what is known. Root needs none of it: no policy is asked for what root does to its own.
///
/// # Errors
/// Trouble where the tags of what is named cannot be read.
pub async fn complete(call: &Call<'_>, mut action: Action) -> Result<Action, Trouble> {
    match call.caller.principal {
        Principal::Root | Principal::Service(_) => return Ok(action),
        Principal::User(_) | Principal::AssumedRole(_) => {}
    }
    // Another's action, such as iam:PassRole, is not told what this call says of its own.
    let service = call.offered.api().signing_name();
    if action.name.split_once(':').is_some_and(|(of, _)| of == service) {
        said(action::row(call.offered), call, &mut action.facts);
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

fn add(facts: &mut Facts, key: &str, values: Vec<String>) {
    facts.0.entry(key.to_owned()).or_insert(values);
}

/// What the input says of the keys of a row.
fn said(row: &Row, call: &Call<'_>, facts: &mut Facts) {
    if row.keys.is_empty() {
        return;
    }
    let input = match call.offered.api().protocol() {
        Protocol::Json10 | Protocol::Json11 => serde_json::from_slice(call.body).unwrap_or_default(),
        Protocol::Query => form(call.body),
    };
    for (key, path) in MEMBERS.iter().filter(|(key, _)| row.keys.contains(key)) {
        let found = path.iter().try_fold(&input, |value, member| value.get(member));
        if let Some(text) = found.and_then(text) {
            add(facts, key, vec![text]);
        }
    }
    if row.keys.contains(&"aws:TagKeys") {
        let tags = tags(&input);
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

/// A form as far as it is asked about: members with a text, and lists of texts and of pairs.
fn form(body: &[u8]) -> Value {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let mut parts = name.split('.');
        let member = parts.next().unwrap_or_default().to_owned();
        match (parts.next(), parts.next(), parts.next()) {
            (None, _, _) => {
                members.insert(member, Value::String(value.into_owned()));
            }
            (Some("member"), Some(_), None) => {
                let list = members.entry(member).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(items) = list {
                    items.push(Value::String(value.into_owned()));
                }
            }
            (Some("member"), Some(number), Some(part)) => {
                let list = members.entry(member).or_insert_with(|| Value::Array(Vec::new()));
                let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|at| *at < LIST_ITEMS);
                if let (Value::Array(items), Some(at)) = (list, at) {
                    while items.len() <= at {
                        items.push(Value::Object(Map::new()));
                    }
                    if let Value::Object(item) = &mut items[at] {
                        item.insert(part.to_owned(), Value::String(value.into_owned()));
                    }
                }
            }
            (Some(_), _, _) => {}
        }
    }
    Value::Object(members)
}

/// Items of a form's list that are looked at: more tags than any resource may have.
const LIST_ITEMS: usize = 200;

/// What an ARN names.
struct Named {
    tags: Tags,
    boundary: Option<String>,
}

/// What the caller's account has under an ARN, looked up in silence: a caller who may not know of it learns nothing. Kinds that are not
/// here tell their tags themselves where they ask for permission.
async fn named(call: &Call<'_>, arn: &str) -> Result<Option<Named>, Trouble> {
    let ports = call.ports;
    let of = |tags| Some(Named { tags, boundary: None });
    if let Some(key) = crate::gatekeeper::repository_key(arn) {
        return Ok(ports.repositories.get(&key).await?.and_then(|repository| of(repository.tags)));
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
    fn a_form_is_read_as_far_as_conditions_ask() {
        let body = b"Action=CreateRole&PermissionsBoundary=arn&Tags.member.1.Key=a&Tags.member.1.Value=b&TagKeys.member.1=x&TagKeys.member.2=y";
        let input = form(body);
        assert_eq!(input["PermissionsBoundary"], "arn");
        assert_eq!(input["TagKeys"], json!(["x", "y"]));
        assert_eq!(tags(&input), [("a".to_owned(), "b".to_owned())]);
        form(b"Tags.member.0.Key=a&Tags.member.99999999999999999999.Key=a&Tags.member.100000000.Key=b&.=&a.b.c");
    }

    #[test]
    fn tags_are_read_in_every_form() {
        for input in [
            json!({ "Tags": [{ "Key": "a", "Value": "b" }] }),
            json!({ "tags": [{ "key": "a", "value": "b" }] }),
            json!({ "tags": { "a": "b" } }),
        ] {
            assert_eq!(tags(&input), [("a".to_owned(), "b".to_owned())], "{input}");
        }
        assert_eq!(tags(&json!({ "Tags": 5 })), []);
    }
}
