//! Who may do what: the root of an account everything in its own account, a session of a role what policies say.
//! Never authenticates, never looks whether what a caller names exists. Source of truth: IAM User Guide, "Policy evaluation logic"; the App
//! Runner API reference for the words.

use crate::policy::{Context, Document, Form, Party, Request, Verdict, managed};
use model::{
    account::{AccountId, Region, Scope},
    caller::{Caller, Principal, RoleSession},
    image_reference::RepositoryName,
    port::{Action, Answer, Clock, Gatekeeper, Granted, Repositories, Roles},
    refusal::{Refusal, RefusalKind},
    repository::RepositoryKey,
    role::Role,
    time::Timestamp,
    trouble::Trouble,
};
use std::sync::Arc;

/// Services to which a caller of App Runner passes a role; a policy may name any of them.
/// Source: AWSAppRunnerFullAccess says the first, the service authorization reference the second, customers write the others.
const PASSED_TO: [&str; 4] =
    ["apprunner.amazonaws.com", "bullet.amazonaws.com", "build.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"];

/// Decides by policies.
#[derive(Clone)]
pub struct PolicyGate {
    pub(crate) roles: Arc<dyn Roles>,
    pub(crate) repositories: Arc<dyn Repositories>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A policy of the role denies it.
    DeniedByIdentity,
    /// The resource's policy denies it.
    DeniedByResource,
    /// No policy of the role allows it.
    NotByIdentity,
    /// It is another account's, and its policy does not allow it.
    NotByResource,
}

impl PolicyGate {
    /// `roles` and `repositories` have the policies.
    pub fn new(roles: Arc<dyn Roles>, repositories: Arc<dyn Repositories>, clock: Arc<dyn Clock>) -> Self {
        Self { roles, repositories, clock }
    }

    /// Whether `party` may: the policies of a session's role, with the policy of the resource where it has one.
    pub(crate) async fn decide(&self, party: Party<'_>, region: &Region, action: &Action) -> Result<Result<(), Why>, Trouble> {
        let (account, role) = match party {
            Party::Root(account) => (account.clone(), None),
            Party::Session(session) => match self.role(session).await? {
                Some(role) => (role.account.clone(), Some(role)),
                // The role of the session is gone: what others grant to its name they do not grant to what it was.
                None => return Ok(Err(Why::NotByIdentity)),
            },
            // A service acts by roles, which are decided as sessions.
            Party::User(_) | Party::Service(_) => return Ok(Err(Why::NotByIdentity)),
        };
        let resource_policy = self.resource_policy(&action.resource).await?;
        let mut context = context(self.clock.now(), party, &account, role.as_ref(), region);
        for (key, values) in &action.facts.0 {
            context = context.with_all(key, values.clone());
        }
        let contexts = match action.name.as_str() {
            "iam:PassRole" => PASSED_TO.map(|service| context.clone().with("iam:PassedToService", service)).to_vec(),
            _ => vec![context],
        };
        let mut decided = Err(Why::NotByIdentity);
        for context in &contexts {
            let request = Request { party, action: &action.name, resource: &action.resource, context };
            // Only root has no role.
            let identity = role.as_ref().map_or(Ok(Verdict::Allowed), |role| identity(role, &request))?;
            let resource = resource_policy.as_ref().map_or(Verdict::Silent, |policy| policy.evaluate(&request));
            match combine(identity, resource, is_own(&action.resource, &account)) {
                // One name of a service that is denied is enough, and one that is allowed.
                Err(why @ (Why::DeniedByIdentity | Why::DeniedByResource)) => return Ok(Err(why)),
                Err(why) => decided = decided.map_err(|_| why),
                Ok(()) => decided = Ok(()),
            }
        }
        Ok(decided)
    }

    /// The role of a session, if it is still the one that was taken.
    pub(crate) async fn role(&self, session: &RoleSession) -> Result<Option<Role>, Trouble> {
        let role = self.roles.get(&session.role.account(), &session.role.name()).await?;
        Ok(role.filter(|role| role.id == session.role_id))
    }

    /// Only image repositories have policies of their own.
    async fn resource_policy(&self, resource: &str) -> Result<Option<Document>, Trouble> {
        let Some(key) = repository_key(resource) else { return Ok(None) };
        let policy = self.repositories.get(&key).await?.and_then(|repository| repository.policy);
        policy.map(|text| stored(&text, Form::Repository, &key.arn())).transpose()
    }
}

impl Gatekeeper for PolicyGate {
    fn authorize<'a>(&'a self, caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        Box::pin(async move {
            let party = party(&caller.principal, caller.account());
            // An account's root is never locked out of its own account, whatever a policy of its resources says.
            if matches!(party, Party::Root(_)) && is_own(&action.resource, caller.account()) {
                return Ok(Ok(()));
            }
            let decided = self.decide(party, caller.region(), action).await?;
            Ok(decided.map_err(|why| denied(caller, action, why)))
        })
    }
}

/// What every policy may ask about a caller.
pub fn context(now: Timestamp, party: Party<'_>, account: &AccountId, role: Option<&Role>, region: &Region) -> Context {
    let now = jiff::Timestamp::from_millisecond(now.millis()).expect("the clock is between the years -9999 and 9999");
    let mut context = Context::default()
        .with("aws:CurrentTime", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .with("aws:EpochTime", now.as_second().to_string())
        .with("aws:RequestedRegion", region.as_str())
        .with("aws:PrincipalAccount", account.as_str())
        .with("aws:PrincipalIsAWSService", matches!(party, Party::Service(_)).to_string())
        // Nothing here calls with a caller's own rights on its behalf.
        .with("aws:ViaAWSService", "false");
    match party {
        Party::Root(account) => {
            context = context
                .with("aws:PrincipalType", "Account")
                .with("aws:PrincipalArn", format!("arn:aws:iam::{account}:root"))
                .with("aws:userid", account.as_str());
        }
        Party::Session(session) => {
            context = context
                .with("aws:PrincipalType", "AssumedRole")
                .with("aws:PrincipalArn", session.role.as_str())
                .with("aws:userid", session.user_id());
        }
        Party::User(user) => {
            context = context
                .with("aws:PrincipalType", "User")
                .with("aws:PrincipalArn", user.arn.as_str())
                .with("aws:userid", user.id.as_str())
                .with("aws:username", user.arn.name().as_str());
        }
        Party::Service(name) => {
            context = context.with("aws:PrincipalServiceName", name);
        }
    }
    for (key, value) in role.iter().flat_map(|role| &role.tags.0) {
        context = context.with(&format!("aws:PrincipalTag/{key}"), value.clone());
    }
    context
}

/// A caller, as policies know it.
pub fn party<'a>(principal: &'a Principal, account: &'a AccountId) -> Party<'a> {
    match principal {
        Principal::Root => Party::Root(account),
        Principal::AssumedRole(session) => Party::Session(session),
        Principal::User(user) => Party::User(user),
        Principal::Service(name) => Party::Service(name),
    }
}

/// What the policies of a role say, all together. A denial of one of them wins.
pub fn identity(role: &Role, request: &Request<'_>) -> Result<Verdict, Trouble> {
    let mut verdict = Verdict::Silent;
    let inline = role.inline.values().map(|text| stored(text, Form::Identity, role.arn().as_str()));
    let attached = role.attached.iter().filter_map(|arn| managed(arn)).map(|policy| Ok(policy.document.clone()));
    for document in inline.chain(attached) {
        match document?.evaluate(request) {
            Verdict::Denied => return Ok(Verdict::Denied),
            Verdict::Allowed => verdict = Verdict::Allowed,
            // Without principals there is no account to allow.
            Verdict::AllowedToAccount | Verdict::Silent => {}
        }
    }
    Ok(verdict)
}

/// A policy that was read before it was stored.
pub fn stored(text: &str, form: Form, owner: &str) -> Result<Document, Trouble> {
    Document::parse(text, form).map_err(|words| Trouble::lasting(format!("reading a policy of {owner}"), words))
}

/// Within an account either side may allow; across accounts both must.
fn combine(identity: Verdict, resource: Verdict, own: bool) -> Result<(), Why> {
    match (identity, resource) {
        (Verdict::Denied, _) => Err(Why::DeniedByIdentity),
        (_, Verdict::Denied) => Err(Why::DeniedByResource),
        (Verdict::Allowed, _) if own => Ok(()),
        (_, Verdict::Allowed) if own => Ok(()),
        (Verdict::Allowed, Verdict::Allowed | Verdict::AllowedToAccount) => Ok(()),
        (Verdict::Allowed, Verdict::Silent) => Err(Why::NotByResource),
        (Verdict::AllowedToAccount | Verdict::Silent, _) => Err(Why::NotByIdentity),
    }
}

/// Whether the resource is the account's: `*`, or an ARN with the account in the fifth place. AWS's own (managed policies) are everybody's.
fn is_own(resource: &str, account: &AccountId) -> bool {
    resource == "*" || resource.split(':').nth(4).is_some_and(|owner| owner == account.as_str() || owner == "aws")
}

/// `arn:aws:ecr:<region>:<account>:repository/<name>`.
fn repository_key(resource: &str) -> Option<RepositoryKey> {
    let rest = resource.strip_prefix("arn:aws:ecr:")?;
    let (region, rest) = rest.split_once(':')?;
    let (account, name) = rest.split_once(":repository/")?;
    let scope = Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? };
    Some(RepositoryKey { scope, name: RepositoryName::parse(name).ok()? })
}

/// AWS's sentence.
pub fn denied(caller: &Caller, action: &Action, why: Why) -> Refusal {
    let Action { name, resource, facts: _ } = action;
    let because = match why {
        Why::DeniedByIdentity => "with an explicit deny in an identity-based policy".to_owned(),
        Why::DeniedByResource => "with an explicit deny in a resource-based policy".to_owned(),
        Why::NotByIdentity => format!("because no identity-based policy allows the {name} action"),
        Why::NotByResource => format!("because no resource-based policy allows the {name} action"),
    };
    let words = format!("User: {} is not authorized to perform: {name} on resource: {resource} {because}", caller.arn());
    Refusal::new(RefusalKind::Denied, words)
}

#[cfg(test)]
mod tests;
