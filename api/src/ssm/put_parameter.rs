//! PutParameter: a new parameter, or with Overwrite a new version of one.
//! Source of truth: the Systems Manager API reference.

use super::parameter;
use crate::{call::Call, fault::Wrong, limit, shape::ssm as shape};
use model::{
    parameter::{NAME_WORDS, Parameter, ParameterKind, ParameterTier, ParameterVersion, arn_of},
    port::{Action, Facts, Ring},
    refusal::Refusal,
    sealed_noun::NewValue,
    secret::Secret,
    tag::Tags,
};
use regex::bytes::RegexBuilder;
use std::collections::{BTreeMap, BTreeSet};

/// What is written, its value among it.
struct Draft {
    name: String,
    value: String,
    kind: Option<ParameterKind>,
    tier: Tier,
    description: Option<String>,
    allowed_pattern: Option<String>,
    tags: Option<Tags>,
}

/// Which tier the caller asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tier {
    Unsaid,
    Standard,
    Advanced,
    /// As small as the value allows.
    Intelligent,
}

/// Answers PutParameter.
pub async fn answer(call: &Call<'_>) -> Result<shape::PutParameterResult, Wrong> {
    let request: shape::PutParameterRequest = call.input()?;
    let overwrite = request.overwrite == Some(true);
    let name = request.name.clone().expect("validation refuses a call without a required member");
    let pick = model::parameter::ParameterPick::parse(&name, &call.caller.scope)?;
    if pick.selector.is_some() {
        // Versions are counted, never named by who writes one.
        return Err(Refusal::invalid(NAME_WORDS).into());
    }
    let found = parameter::lookup(call, &pick).await?;
    let facts = found.as_ref().map_or_else(Facts::default, parameter::of).with("ssm:Overwrite", overwrite.to_string());
    let resource = arn_of(&pick.scope, &pick.names[0]);
    let draft = parse(request)?;
    let facts = draft.tags.as_ref().map_or_else(|| facts.clone(), |tags| facts.clone().request_tags(tags));
    call.authorize_with(Action { facts: facts.clone(), ..call.action(&*resource) }).await?;
    if draft.tags.is_some() {
        call.authorize_with(Action { facts, ..Action::new("ssm:AddTagsToResource", &*resource) }).await?;
    }
    let after = match found {
        Some(_) if !overwrite => {
            let words = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
            return Err(Wrong::Declared(shape::PARAMETER_ALREADY_EXISTS, words.to_owned()));
        }
        Some(found) => replace(call, found, &draft).await?,
        None => create(call, &draft).await?,
    };
    // Services that wait for new values look at once.
    call.ports.bell.ring(&Ring::Pushes);
    let (number, newest) = after.newest();
    Ok(shape::PutParameterResult { version: Some(parameter::number_of(number)), tier: Some(newest.tier.as_str().to_owned()) })
}

async fn create(call: &Call<'_>, draft: &Draft) -> Result<Parameter, Wrong> {
    Parameter::check_name(&draft.name)?;
    if Parameter::levels(&draft.name) > model::limit::PARAMETER_LEVELS {
        let words = format!("The hierarchy depth must be at most {} levels.", model::limit::PARAMETER_LEVELS);
        return Err(Wrong::Declared(shape::HIERARCHY_LEVEL_LIMIT_EXCEEDED_EXCEPTION, words));
    }
    let kind = draft.kind.ok_or_else(|| Refusal::invalid("A parameter type is required when you create a parameter."))?;
    let version = version(call, draft, kind, ParameterTier::Standard)?;
    let new = Parameter {
        scope: call.caller.scope.clone(),
        name: draft.name.clone(),
        tags: draft.tags.clone().unwrap_or_default(),
        latest: 1,
        versions: BTreeMap::from([(1, version)]),
    };
    let value = NewValue { version: "1".to_owned(), value: Secret::new(draft.value.clone()) };
    call.ports.parameters.create(&new, Some(&value), &call.audit(new.arn())).await??;
    Ok(new)
}

async fn replace(call: &Call<'_>, found: Parameter, draft: &Draft) -> Result<Parameter, Wrong> {
    if draft.tags.is_some() {
        let words = "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, remove overwrite flag. To \
                     update tags for an existing parameter, use AddTagsToResource or RemoveTagsFromResource.";
        return Err(Refusal::invalid(words).into());
    }
    let mut before = found;
    for _ in 0..limit::ROLE_CHANGE_TRIES {
        let (_, newest) = before.newest();
        if draft.kind.is_some_and(|kind| kind != newest.kind) {
            let words = "Parameter Store doesn't support changing a parameter type. Create a new, unique parameter.";
            return Err(Wrong::Declared(shape::HIERARCHY_TYPE_MISMATCH_EXCEPTION, words.to_owned()));
        }
        // What is not said stays.
        let mut next = version(call, draft, newest.kind, newest.tier)?;
        next.description = next.description.or_else(|| newest.description.clone());
        let full = || {
            let words = "The oldest version of the parameter has a label. Move the label to a newer version, then try again.";
            Wrong::Declared(shape::PARAMETER_MAX_VERSION_LIMIT_EXCEEDED, words.to_owned())
        };
        let after = before.with_version(next).ok_or_else(full)?;
        let value = NewValue { version: after.latest.to_string(), value: Secret::new(draft.value.clone()) };
        if call.ports.parameters.change(&before, &after, Some(&value), &call.audit(after.arn())).await? {
            return Ok(after);
        }
        let again = call.ports.parameters.get(&before.scope, &before.name).await?;
        before = again.ok_or_else(parameter::busy)?;
    }
    Err(parameter::busy())
}

/// The version that is written; `before` is the tier that a parameter has at least.
fn version(call: &Call<'_>, draft: &Draft, kind: ParameterKind, before: ParameterTier) -> Result<ParameterVersion, Wrong> {
    let small = draft.value.len() <= ParameterTier::Standard.value_bytes_max();
    let tier = match (draft.tier, before) {
        (Tier::Standard, ParameterTier::Advanced) => {
            let words = "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the \
                         standard-parameter tier.";
            return Err(Refusal::invalid(words).into());
        }
        (Tier::Advanced, _) | (_, ParameterTier::Advanced) => ParameterTier::Advanced,
        (Tier::Intelligent, ParameterTier::Standard) if !small => ParameterTier::Advanced,
        (Tier::Unsaid | Tier::Standard | Tier::Intelligent, ParameterTier::Standard) => ParameterTier::Standard,
    };
    let bytes_max = tier.value_bytes_max();
    if draft.value.is_empty() || draft.value.len() > bytes_max {
        let hint = if tier == ParameterTier::Standard {
            " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
        } else {
            ""
        };
        let words = format!("{} tier parameters have a value of 1 to {bytes_max} characters.{hint}", tier.as_str());
        return Err(Refusal::invalid(words).into());
    }
    if let Some(pattern) = draft.allowed_pattern.as_deref().filter(|pattern| !pattern.is_empty()) {
        let regex = RegexBuilder::new(pattern).size_limit(limit::ALLOWED_PATTERN_BYTES).build();
        let regex = regex.map_err(|_| {
            Wrong::Declared(
                shape::INVALID_ALLOWED_PATTERN_EXCEPTION,
                "The AllowedPattern is not a valid regular expression.".to_owned(),
            )
        })?;
        if !regex.is_match(draft.value.as_bytes()) {
            let words = "Parameter value, cannot be validated against allowedPattern.".to_owned();
            return Err(Wrong::Declared(shape::PARAMETER_PATTERN_MISMATCH_EXCEPTION, words));
        }
    }
    Ok(ParameterVersion {
        at: call.ports.clock.now(),
        by: call.caller.arn(),
        kind,
        tier,
        description: draft.description.clone(),
        allowed_pattern: draft.allowed_pattern.clone(),
        labels: BTreeSet::new(),
    })
}

fn parse(request: shape::PutParameterRequest) -> Result<Draft, Wrong> {
    let shape::PutParameterRequest {
        allowed_pattern,
        data_type,
        description,
        key_id,
        name,
        overwrite: _, // the caller's, looked at before
        policies,
        tags,
        tier,
        r#type,
        value,
    } = request;
    let name = name.expect("validation refuses a call without a required member");
    let kind = r#type.as_deref().map(|kind| match kind {
        "StringList" => ParameterKind::StringList,
        "SecureString" => ParameterKind::SecureString,
        // String: validation refuses all others.
        _ => ParameterKind::String,
    });
    if key_id.as_deref().is_some_and(|key| key != parameter::DEFAULT_KEY) {
        let words = "KeyId: only alias/aws/ssm is available in this version of Outrunner.".to_owned();
        return Err(Wrong::Declared(shape::INVALID_KEY_ID, words));
    }
    if policies.as_deref().is_some_and(|policies| !["", "[]", "[{}]"].contains(&policies)) {
        return Err(Refusal::invalid("Policies are not available in this version of Outrunner.").into());
    }
    if data_type.as_deref().is_some_and(|kind| kind != "text") {
        let words = "DataType: only text is available in this version of Outrunner.".to_owned();
        return Err(Wrong::Declared(shape::UNSUPPORTED_PARAMETER_TYPE, words));
    }
    let tier = match tier.as_deref() {
        None => Tier::Unsaid,
        Some("Advanced") => Tier::Advanced,
        Some("Intelligent-Tiering") => Tier::Intelligent,
        // Standard: validation refuses all others.
        Some(_) => Tier::Standard,
    };
    Ok(Draft {
        name: if name.starts_with("arn:") { name } else { name.trim().to_owned() },
        value: value.expect("validation refuses a call without a required member"),
        kind,
        tier,
        description,
        allowed_pattern,
        tags: tags.map(parameter::tags).transpose()?,
    })
}
