//! Instance roles: whether App Runner's tasks may take one, and what a service's secret variables are, read with its rights at a deployment.
//! Never keeps or logs a value: it answers whoever deploys. Source of truth: App Runner Developer Guide, "Referencing environment variables".

use crate::{
    gatekeeper::PolicyGate,
    policy::{Kind, Party, Why},
    secretsmanager::secret,
};
use model::{
    account::Scope,
    caller::RoleSession,
    managed_secret::{ManagedSecret, SecretId, ValueForm, VersionPick},
    parameter::{Parameter, ParameterPick},
    port::{Action, Answer, Facts, Granted, InstanceRoles, ReadOrder, ResolvedSecrets, SealedNouns},
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn},
    secret::Secret,
    secret_reference::{SecretReference, SecretSource},
    tag::Tags,
    trouble::Trouble,
};
use serde_json::Value;
use std::sync::Arc;

/// Who takes instance roles.
pub(crate) const TASKS: &str = "tasks.apprunner.amazonaws.com";
/// The name of the platform's own sessions (unconfirmed: App Runner's is nowhere written down).
const SESSION: &str = "AppRunner";
/// What reads a secret. KMS is not asked: values are sealed with the platform's own key.
const READ_SECRET: &str = "secretsmanager:GetSecretValue";
/// What reads a parameter. Source: as above; it is the plural one.
const READ_PARAMETER: &str = "ssm:GetParameters";

/// Reads with the rights of instance roles.
pub struct InstanceRoleReader {
    gate: Arc<PolicyGate>,
    secrets: Arc<dyn SealedNouns<ManagedSecret>>,
    parameters: Arc<dyn SealedNouns<Parameter>>,
}

/// One variable's value, and of which version it is.
type Read = (Secret, String);

/// Who reads.
struct Reader<'a> {
    role: Role,
    session: RoleSession,
    order: &'a ReadOrder<'a>,
}

impl InstanceRoleReader {
    /// `gate` knows the roles.
    pub fn new(
        gate: Arc<PolicyGate>,
        secrets: Arc<dyn SealedNouns<ManagedSecret>>,
        parameters: Arc<dyn SealedNouns<Parameter>>,
    ) -> Self {
        Self { gate, secrets, parameters }
    }

    async fn resolve_all(&self, order: &ReadOrder<'_>) -> Result<Result<ResolvedSecrets, String>, Trouble> {
        if order.role.account() != order.service.scope.account {
            return Ok(Err(format!(
                "secret variables are read with a role of the service's own account, and {} is not one. Take the secrets away from the service, or \
                 have the app read them itself.",
                order.role
            )));
        }
        let role = match self.gate.assumed(TASKS, order.role, &order.service.to_string()).await? {
            Ok(role) => role,
            Err(why) => return Ok(Err(format!("Error in assuming instance role {}: {why}", order.role))),
        };
        let session = RoleSession {
            role: order.role.clone(),
            role_id: role.id.clone(),
            name: SESSION.to_owned(),
            expires_at: self.gate.clock.now(),
            policies: Vec::new(),
            federated: None,
            tags: Tags::default(),
            issued_at: Some(self.gate.clock.now()),
        };
        let reader = Reader { role, session, order };
        let (mut resolved, mut bytes) = (ResolvedSecrets::default(), 0);
        for (name, reference) in &order.references.0 {
            let (value, version) = match self.one(&reader, reference).await? {
                Ok(read) => read,
                Err(why) => return Ok(Err(format!("The secret variable {name} could not be read: {why}"))),
            };
            let is_text = value.expose_text().is_some_and(|text| !text.contains('\0'));
            if !is_text {
                return Ok(Err(format!(
                    "The secret variable {name} could not be read: {reference} is no text, or has a NUL in it."
                )));
            }
            bytes += name.len() + value.expose().len();
            if bytes > model::limit::RESOLVED_BYTES {
                let most = model::limit::RESOLVED_BYTES;
                return Ok(Err(format!("The secret variables have more than {most} bytes together. Use fewer or smaller ones.")));
            }
            resolved.values.insert(name.clone(), value);
            resolved.versions.insert(name.clone(), version);
        }
        Ok(Ok(resolved))
    }

    async fn one(&self, reader: &Reader<'_>, reference: &SecretReference) -> Result<Result<Read, String>, Trouble> {
        match reference.source(&reader.order.service.scope) {
            SecretSource::Managed { id, json_key, pick } => self.secret(reader, &id, json_key.as_deref(), &pick).await,
            SecretSource::Parameter(pick) => self.parameter(reader, &pick).await,
        }
    }

    async fn secret(
        &self,
        reader: &Reader<'_>,
        id: &SecretId,
        json_key: Option<&str>,
        pick: &VersionPick,
    ) -> Result<Result<Read, String>, Trouble> {
        let mut found = None;
        for name in id.names() {
            found = self.secrets.get(&id.scope, name).await?.filter(|secret| id.means(secret));
            if found.is_some() {
                break;
            }
        }
        let resource = found.as_ref().map_or_else(|| id.to_string(), ManagedSecret::arn);
        let facts = found.as_ref().map_or_else(Facts::default, |secret| secret::of(secret, &resource));
        let facts = secret::of_version(facts, pick);
        if let Err(why) = self.allowed(reader, READ_SECRET, &resource, &id.scope, facts).await? {
            return Ok(Err(why));
        }
        let name = id.names().last().map_or_else(String::new, |name| (*name).to_owned());
        let Some(secret) = found else {
            return Ok(Err(format!("there is no secret {resource}. Make it: aws secretsmanager create-secret --name {name}")));
        };
        if secret.deletion.is_some() {
            return Ok(Err(format!(
                "the secret {resource} is marked for deletion. Take it back: aws secretsmanager restore-secret --secret-id {resource}"
            )));
        }
        let absent = || {
            format!(
                "the secret {resource} has no such version. Give it a value: aws secretsmanager put-secret-value --secret-id {resource}"
            )
        };
        let version = match secret.picked(pick) {
            Ok(Some(version)) => version,
            Ok(None) => return Ok(Err(absent())),
            Err(refusal) => return Ok(Err(refusal.message)),
        };
        let (version_id, version) = version;
        let Some(value) = self.secrets.value(&secret, version_id).await? else { return Ok(Err(absent())) };
        if version.form == ValueForm::Binary {
            return Ok(Err(format!("the secret {resource} is a SecretBinary; a variable needs a SecretString.")));
        }
        let value = match json_key {
            None => value,
            Some(key) => match picked_key(&value, key) {
                Some(value) => value,
                None => return Ok(Err(format!("the secret {resource} is no JSON object with the key '{key}'."))),
            },
        };
        Ok(Ok((value, format!("{resource} {version_id}"))))
    }

    async fn parameter(&self, reader: &Reader<'_>, pick: &ParameterPick) -> Result<Result<Read, String>, Trouble> {
        let mut found = None;
        for name in &pick.names {
            found = self.parameters.get(&pick.scope, name).await?;
            if found.is_some() {
                break;
            }
        }
        let resource = match &found {
            Some(parameter) => parameter.arn(),
            None => model::parameter::arn_of(&pick.scope, &pick.names[0]),
        };
        let mut facts = Facts::default();
        for (key, value) in found.iter().flat_map(|parameter| &parameter.tags.0) {
            facts =
                facts.with(&format!("ssm:resourceTag/{key}"), value.clone()).with(&format!("aws:ResourceTag/{key}"), value.clone());
        }
        if let Err(why) = self.allowed(reader, READ_PARAMETER, &resource, &pick.scope, facts).await? {
            return Ok(Err(why));
        }
        let absent = || {
            let name = &pick.names[0];
            format!(
                "there is no such parameter or version: {resource}. Make it: aws ssm put-parameter --name {name} --type SecureString --value <value>"
            )
        };
        let Some(parameter) = found else { return Ok(Err(absent())) };
        let Some((number, _)) = parameter.selected(pick.selector.as_deref()) else { return Ok(Err(absent())) };
        let value = self.parameters.value(&parameter, &number.to_string()).await?;
        Ok(value.map(|value| (value, format!("{resource} {number}"))).ok_or_else(absent))
    }

    /// Whether the role may; if not, why, and the command that mends it.
    async fn allowed(
        &self,
        reader: &Reader<'_>,
        name: &str,
        resource: &str,
        scope: &Scope,
        facts: Facts,
    ) -> Result<Result<(), String>, Trouble> {
        let action = Action { facts, ..Action::new(name, resource) };
        let decided = self.gate.decide(Party::Session(&reader.session), &scope.region, &action).await?;
        Ok(decided.map_err(|why| told(&reader.role, name, resource, why)))
    }
}

fn told(role: &Role, name: &str, resource: &str, why: Why) -> String {
    let (arn, role) = (role.arn(), &role.name);
    let document =
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{name}","Resource":"{resource}"}}]}}"#);
    match why {
        Why::NotBy(Kind::Identity) => format!(
            "none of the policies of the instance role {arn} allows {name} on {resource}. Give it one: aws iam put-role-policy --role-name {role} \
             --policy-name secrets --policy-document '{document}'"
        ),
        Why::DeniedBy(Kind::Identity) => format!(
            "one of the policies of the instance role {arn} denies {name} on {resource}. Find it: aws iam list-role-policies --role-name {role}, and \
             take it away: aws iam delete-role-policy --role-name {role} --policy-name <name>"
        ),
        Why::DeniedBy(kind @ (Kind::Boundary | Kind::Session | Kind::Guard)) => {
            format!("the {} of the instance role {arn} denies {name} on {resource}.", kind.name())
        }
        Why::NotBy(kind @ (Kind::Boundary | Kind::Session | Kind::Guard)) => {
            format!("the {} of the instance role {arn} does not allow {name} on {resource}.", kind.name())
        }
        Why::DeniedBy(Kind::Resource) | Why::NotBy(Kind::Resource) => format!(
            "{resource} belongs to another account, and its policy does not allow {name} to the instance role {arn}. Keep the secret in the \
             service's own account."
        ),
    }
}

/// One key of a JSON object: a text as it is, anything else as JSON.
fn picked_key(value: &Secret, key: &str) -> Option<Secret> {
    let Value::Object(mut object) = serde_json::from_slice(value.expose()).ok()? else { return None };
    Some(match object.remove(key)? {
        Value::String(text) => Secret::new(text),
        other => Secret::new(other.to_string()),
    })
}

impl InstanceRoles for InstanceRoleReader {
    fn may_take<'a>(&'a self, role: &'a RoleArn, service: &'a str) -> Answer<'a, Granted<()>> {
        Box::pin(async move {
            let assumed = self.gate.assumed(TASKS, role, service).await?;
            // The first words are what Terraform waits on: a role that was just made may be looked at too early on AWS.
            Ok(assumed.map(drop).map_err(|why| Refusal::invalid(format!("Error in assuming instance role {role}: {why}"))))
        })
    }

    fn resolve<'a>(&'a self, order: &'a ReadOrder<'a>) -> Answer<'a, Granted<ResolvedSecrets>> {
        Box::pin(async move { Ok(self.resolve_all(order).await?.map_err(|words| Refusal::new(RefusalKind::Denied, words))) })
    }
}
