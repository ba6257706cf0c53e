//! A policy document as it is read, once, on its way in: every mistake is told in a sentence, so that nothing stored has to be guessed at.
//! Never evaluates. Source of truth: IAM User Guide, "JSON policy element reference" and "Grammar of the IAM JSON policy language".

use super::{
    condition::{Condition, Operator},
    glob::{Case, Glob, Stars},
    json, key,
    rule::{Rule, broken},
};
use serde_json::{Map, Value};

/// What a document is for: it decides which elements it must and must not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Belongs to a role: what the role may do.
    Identity,
    /// A role's trust policy: who may take it.
    Trust,
    /// Belongs to an image repository: who may use it.
    Repository,
    /// Belongs to a resource of any kind, and may say of which part of it it speaks.
    Resource,
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The version of the language knows variables.
    pub(super) variables: bool,
    pub(super) statements: Vec<Statement>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Allow,
    Deny,
}

/// An element, or its opposite: `Action` and `NotAction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject<T> {
    Of(T),
    AllBut(T),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub effect: Effect,
    pub actions: Subject<Vec<String>>,
    pub resources: Option<Subject<Vec<String>>>,
    pub principals: Option<Subject<Principals>>,
    pub conditions: Vec<Condition>,
}

/// Who is named. Canonical users are read and never are anybody here: no such caller exists on this platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Principals {
    /// `"*"`.
    pub everybody: bool,
    pub aws: Vec<String>,
    pub services: Vec<String>,
    /// ARNs of providers of identities.
    pub federated: Vec<String>,
}

const MEMBERS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
/// What a trust policy may be about.
const TRUST_ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
];

/// A text shown in a sentence, as long as sentences may be.
fn shown(text: &str) -> String {
    text.chars().take(crate::limit::SHOWN_VALUE_CHARS).collect()
}

impl Document {
    /// One that says nothing of anything.
    pub const fn nothing() -> Self {
        Self { variables: true, statements: Vec::new() }
    }

    /// The statements of several documents as those of one. Variables are known where all of them know some.
    pub fn joined(documents: &[std::sync::Arc<Self>]) -> Self {
        let variables = documents.iter().all(|document| document.variables);
        Self { variables, statements: documents.iter().flat_map(|document| document.statements.clone()).collect() }
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The first mistake, in a sentence for the person who wrote it.
    pub fn parse(text: &str, form: Form) -> Result<Self, String> {
        let value = json::parse(text).map_err(|error| format!("This policy contains invalid Json: {error}."))?;
        let Value::Object(members) = value else { return Err("The policy must be a JSON object.".to_owned()) };
        if let Some(unknown) = members.keys().find(|member| !["Version", "Id", "Statement"].contains(&member.as_str())) {
            return Err(format!("The policy has no element {}: it has Version, Id and Statement.", shown(unknown)));
        }
        let variables = match members.get("Version") {
            None => broken(Rule::VariablesNeedVersion),
            Some(Value::String(version)) if version == "2008-10-17" => broken(Rule::VariablesNeedVersion),
            Some(Value::String(version)) if version == "2012-10-17" => true,
            Some(_) => return Err("The policy's Version must be \"2012-10-17\" (or the older \"2008-10-17\").".to_owned()),
        };
        let statements = match members.get("Statement") {
            Some(Value::Array(statements)) if !statements.is_empty() => statements.iter().collect(),
            Some(statement @ Value::Object(_)) => vec![statement],
            Some(_) | None => return Err("The policy must have a Statement: an object, or a list of some.".to_owned()),
        };
        let read = |(n, value): (usize, &Value)| statement(value, form).map_err(|words| format!("Statement {}: {words}", n + 1));
        let statements = statements.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self { variables, statements })
    }

    /// The condition keys that it asks for, in conditions and as variables, each as often as it does.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(|statement| {
            let Statement { resources, conditions, .. } = statement;
            let resources = resources.iter().flat_map(|(Subject::Of(texts) | Subject::AllBut(texts))| texts);
            let texts = resources.chain(conditions.iter().flat_map(|condition| &condition.values)).filter(|_| self.variables);
            texts.flat_map(|text| key::variables(text)).chain(conditions.iter().map(|condition| condition.key.as_str()))
        })
    }

    /// Whether calls have what this document asks of them. Asked when somebody writes it.
    ///
    /// # Errors
    /// A sentence that names the first condition key, or variable, that no call here has.
    pub fn check_keys(&self) -> Result<(), String> {
        for (n, Statement { resources, conditions, .. }) in self.statements.iter().enumerate() {
            let resources = resources.iter().flat_map(|(Subject::Of(texts) | Subject::AllBut(texts))| texts);
            let texts = resources.chain(conditions.iter().flat_map(|condition| &condition.values));
            let variables = texts.filter(|_| self.variables).filter_map(|text| key::unsupplied_variable(text));
            let keys = conditions.iter().map(|condition| condition.key.as_str()).filter(|key| !key::is_supplied(key));
            if let Some(key) = keys.chain(variables).next() {
                return Err(format!("Statement {}: {}", n + 1, key::refusal(key)));
            }
        }
        Ok(())
    }
}

fn statement(value: &Value, form: Form) -> Result<Statement, String> {
    let Value::Object(members) = value else { return Err("it must be an object.".to_owned()) };
    if let Some(unknown) = members.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
        return Err(format!("there is no element {}. Elements are {}.", shown(unknown), MEMBERS.join(", ")));
    }
    if !matches!(members.get("Sid"), None | Some(Value::String(_))) {
        return Err("Sid must be a text.".to_owned());
    }
    let effect = match members.get("Effect") {
        Some(Value::String(effect)) if effect == "Allow" => Effect::Allow,
        Some(Value::String(effect)) if effect == "Deny" => Effect::Deny,
        Some(_) | None => return Err("Effect must be \"Allow\" or \"Deny\".".to_owned()),
    };
    let actions = subject(members, "Action", "NotAction", texts)?
        .ok_or_else(|| "it needs an Action, such as \"ecr:BatchGetImage\".".to_owned())?;
    check_actions(&actions, form)?;
    let resources = subject(members, "Resource", "NotResource", texts)?;
    check_resources(resources.as_ref(), form)?;
    let principals = subject(members, "Principal", "NotPrincipal", principals)?;
    match (form, &principals) {
        (Form::Identity, Some(_)) => return Err("Policy document should not specify a principal.".to_owned()),
        (Form::Trust | Form::Repository | Form::Resource, None) => {
            return Err("it needs a Principal, such as {\"Service\": \"build.apprunner.amazonaws.com\"}.".to_owned());
        }
        // It would trust, or mistrust, whoever is not thought of. Source: IAM refuses it.
        (Form::Trust, Some(Subject::AllBut(_))) => return Err("Has prohibited field NotPrincipal.".to_owned()),
        (Form::Identity, None) | (Form::Trust | Form::Repository | Form::Resource, Some(_)) => {}
    }
    Ok(Statement { effect, actions, resources, principals, conditions: conditions(members.get("Condition"))? })
}

type Read<T> = fn(&str, &Value) -> Result<T, String>;

/// An element or its opposite, never both.
fn subject<T>(members: &Map<String, Value>, name: &str, opposite: &str, read: Read<T>) -> Result<Option<Subject<T>>, String> {
    match (members.get(name), members.get(opposite)) {
        (Some(_), Some(_)) => Err(format!("it has both {name} and {opposite}: leave one of them out.")),
        (Some(value), None) => read(name, value).map(|value| Some(Subject::Of(value))),
        (None, Some(value)) => read(opposite, value).map(|value| Some(Subject::AllBut(value))),
        (None, None) => Ok(None),
    }
}

/// A text, or a list of some.
fn texts(name: &str, value: &Value) -> Result<Vec<String>, String> {
    let wrong = || format!("{name} must be a text or a list of texts, and not empty.");
    let texts: Vec<String> = match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<_>>().ok_or_else(wrong)?
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return Err(wrong()),
    };
    if texts.is_empty() || texts.iter().any(String::is_empty) { Err(wrong()) } else { Ok(texts) }
}

fn check_actions(actions: &Subject<Vec<String>>, form: Form) -> Result<(), String> {
    let (Subject::Of(texts) | Subject::AllBut(texts)) = actions;
    for text in texts {
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_*?".contains(&b));
        let good = text == "*" || text.split_once(':').is_some_and(|(service, action)| plain(service) && plain(action));
        if !good {
            return Err(format!("'{}' is not an action: it has the form service:Action, such as ecr:BatchGetImage.", shown(text)));
        }
        let means = |action: &&str| Glob::plain(text, Stars::Wild).matches(action, Case::Folded);
        if form == Form::Trust && (text == "*" || !TRUST_ACTIONS.iter().any(means)) {
            return Err(format!("AssumeRole policy may only specify STS AssumeRole actions, not '{}'.", shown(text)));
        }
    }
    Ok(())
}

fn check_resources(resources: Option<&Subject<Vec<String>>>, form: Form) -> Result<(), String> {
    match (form, resources) {
        (Form::Identity, None) => Err("it needs a Resource: an ARN, or \"*\".".to_owned()),
        (Form::Trust, Some(_)) => Err("Has prohibited field Resource: a trust policy is about its own role.".to_owned()),
        (Form::Repository, Some(_)) => {
            Err("Has prohibited field Resource: the policy of a repository is about its own repository.".to_owned())
        }
        (Form::Trust | Form::Repository | Form::Resource, None) => Ok(()),
        (Form::Identity | Form::Resource, Some(Subject::Of(texts) | Subject::AllBut(texts))) => {
            let bad = texts.iter().find(|text| *text != "*" && !(text.starts_with("arn:") && text.split(':').count() >= 6));
            match bad {
                Some(text) => Err(format!("Resource {} must be in ARN format or \"*\".", shown(text))),
                None => Ok(()),
            }
        }
    }
}

fn principals(name: &str, value: &Value) -> Result<Principals, String> {
    let members = match value {
        Value::String(text) if text == "*" => return Ok(Principals { everybody: true, ..Principals::default() }),
        Value::Object(members) if !members.is_empty() => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            return Err(format!("{name} must be \"*\" or an object, such as {{\"Service\": \"build.apprunner.amazonaws.com\"}}."));
        }
    };
    let mut principals = Principals::default();
    for (kind, value) in members {
        let names = texts(&format!("{name}.{}", shown(kind)), value)?;
        match kind.as_str() {
            "AWS" => {
                if let Some(bad) = names.iter().find(|name| !is_aws_principal(name)) {
                    return Err(format!("Invalid principal in policy: \"AWS\":\"{}\".", shown(bad)));
                }
                principals.aws = names;
            }
            "Service" => {
                if let Some(bad) = names.iter().find(|name| !name.contains('.')) {
                    return Err(format!("Invalid principal in policy: \"SERVICE\":\"{}\".", shown(bad)));
                }
                principals.services = names;
            }
            "Federated" => principals.federated = names,
            "CanonicalUser" => {}
            other => {
                return Err(format!("{name} has no kind {}: kinds are AWS, Service, Federated and CanonicalUser.", shown(other)));
            }
        }
    }
    Ok(principals)
}

/// `*`, an account, an ARN of IAM or STS without wildcards, or the id of a role or user.
fn is_aws_principal(name: &str) -> bool {
    let digits = name.len() == 12 && name.bytes().all(|b| b.is_ascii_digit());
    let arn = (name.starts_with("arn:aws:iam::") || name.starts_with("arn:aws:sts::")) && !name.contains(['*', '?']);
    let id = ["AROA", "AIDA"].iter().any(|prefix| name.starts_with(prefix)) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    name == "*" || digits || arn || id
}

fn conditions(value: Option<&Value>) -> Result<Vec<Condition>, String> {
    let operators = match value {
        None => return Ok(Vec::new()),
        Some(Value::Object(operators)) => operators,
        Some(_) => return Err("Condition must be an object of operators.".to_owned()),
    };
    let mut conditions = Vec::new();
    for (name, keys) in operators {
        let operator = Operator::parse(name).ok_or_else(|| format!("Invalid Condition type : {}.", shown(name)))?;
        let Value::Object(keys) = keys else {
            return Err(format!("the condition {name} must be an object of condition keys and their values."));
        };
        for (key, values) in keys {
            let values = condition_values(values)
                .ok_or_else(|| format!("the condition {name} of {} needs a text, or a list of texts.", shown(key)))?;
            if let Some((value, wanted)) = values.iter().find_map(|value| operator.misread(value).map(|wanted| (value, wanted))) {
                return Err(format!("the condition {name} of {}: '{}' is {wanted}.", shown(key), shown(value)));
            }
            conditions.push(Condition { operator, key: key.clone(), values });
        }
    }
    Ok(conditions)
}

/// Numbers and booleans are texts to conditions.
fn condition_values(value: &Value) -> Option<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match value {
        Value::Array(values) if values.is_empty() => None,
        Value::Array(values) => values.iter().map(one).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            one(value).map(|value| vec![value])
        }
    }
}
