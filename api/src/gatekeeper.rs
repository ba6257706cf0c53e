//! Who may do what: the root of an account everything in its own account, a session of a role what policies say.
//! Never authenticates, never looks whether what a caller names exists. Source of truth: IAM User Guide, "Policy evaluation logic"; the App
//! Runner API reference for the words.

use crate::{
    guard_policy::GuardPolicy,
    iam::iso,
    parsed::Parsed,
    policy::{Context, Document, Form, Kind, Party, Request, Verdict, Why},
};
use model::{
    account::{AccountId, Region, Scope},
    caller::{Caller, Origin, Principal, Transport},
    image_reference::RepositoryName,
    port::{Action, Answer, Clock, Facts, Gatekeeper, Granted, ManagedPolicies, Repositories, Roles, Users},
    refusal::{Refusal, RefusalKind},
    repository::RepositoryKey,
    role::Role,
    tag::Tags,
    time::Timestamp,
    trouble::Trouble,
    web_identity::WebIdentity,
};
use std::sync::Arc;

/// Services to which a caller of App Runner passes a role; a policy may name any of them.
/// Source: AWSAppRunnerFullAccess says the first, the service authorization reference the second, customers write the others.
const PASSED_TO: [&str; 4] =
    ["apprunner.amazonaws.com", "bullet.amazonaws.com", "build.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"];

/// How the ARNs of buckets and their objects begin.
const BUCKETS: &str = "arn:aws:s3:::";

/// Decides by policies.
#[derive(Clone)]
pub struct PolicyGate {
    pub(crate) roles: Arc<dyn Roles>,
    pub(crate) users: Arc<dyn Users>,
    pub(crate) managed_policies: Arc<dyn ManagedPolicies>,
    pub(crate) repositories: Arc<dyn Repositories>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) parsed: Arc<Parsed>,
    guard: Option<GuardPolicy>,
}

impl PolicyGate {
    /// `roles`, `users`, `managed_policies` and `repositories` have the policies.
    pub fn new(
        roles: Arc<dyn Roles>,
        users: Arc<dyn Users>,
        managed_policies: Arc<dyn ManagedPolicies>,
        repositories: Arc<dyn Repositories>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { roles, users, managed_policies, repositories, clock, parsed: Arc::default(), guard: None }
    }

    /// With a policy that binds the whole platform.
    #[must_use]
    pub fn with_guard(self, guard: Option<GuardPolicy>) -> Self {
        Self { guard, ..self }
    }

    /// Whether `party` may: its policies, with the policy of the resource where it has one.
    pub(crate) async fn decide(&self, party: Party<'_>, region: &Region, action: &Action) -> Result<Result<(), Why>, Trouble> {
        // Only image repositories have policies of their own; whoever asks about one has not looked at its tags.
        let repository = match repository_key(&action.resource) {
            Some(key) => self.repositories.get(&key).await?,
            None => None,
        };
        let Some(repository) = repository else { return self.decide_with(party, region, action, None).await };
        let owner = repository.key.arn();
        let policy = repository.policy.map(|text| self.parsed.stored(&text, Form::Repository, &owner)).transpose()?;
        let own = |facts: Facts, (key, value): (&String, &String)| facts.with(&format!("ecr:ResourceTag/{key}"), value.clone());
        let facts = repository.tags.0.iter().fold(action.facts.clone().resource_tags(&repository.tags), own);
        self.decide_with(party, region, &Action { facts, ..action.clone() }, policy).await
    }

    async fn decide_with(
        &self,
        party: Party<'_>,
        region: &Region,
        action: &Action,
        resource: Option<Arc<Document>>,
    ) -> Result<Result<(), Why>, Trouble> {
        // A service acts by roles, which are decided as sessions.
        let Some(holder) = self.holder(party).await? else { return Ok(Err(Why::NotBy(Kind::Identity))) };
        let party = holder.user.as_ref().map_or(party, Party::User);
        let own = is_own(&action.resource, &holder.account);
        let mut policies = holder.policies(own, resource);
        policies.guard = self.guard.as_ref().filter(|_| !holder.service_linked).and_then(|guard| guard.binding(party));
        // An account's root is never locked out of its own account, whatever a policy of its resources says.
        if matches!(party, Party::Root(_)) && own {
            policies.resource = None;
        }
        let mut context = context(self.clock.now(), party, &holder.account, &holder.tags, region);
        for (key, values) in &action.facts.0 {
            context = context.with_all(key, values.clone());
        }
        let contexts = match action.name.as_str() {
            "iam:PassRole" if context.get("iam:PassedToService").is_none() => {
                PASSED_TO.map(|service| context.clone().with("iam:PassedToService", service)).to_vec()
            }
            _ => vec![context],
        };
        let mut decided = Err(Why::NotBy(Kind::Identity));
        for context in &contexts {
            let request = Request { party, action: &action.name, resource: &action.resource, context };
            match policies.decide(&request) {
                // One name of a service that is denied is enough, and one that is allowed.
                Err(why @ Why::DeniedBy(_)) => return Ok(Err(why)),
                Err(why) => decided = decided.map_err(|_| why),
                Ok(()) => decided = Ok(()),
            }
        }
        Ok(decided)
    }

    /// Whether a role trusts the caller, and nothing else keeps the caller from taking it. The trust policy is the role's resource policy;
    /// unlike others it has to speak for the caller even in the caller's own account. Source: IAM User Guide, "Role trust policy".
    pub(crate) async fn trusts(&self, caller: &Caller, role: &Role, action: &Action) -> Result<bool, Trouble> {
        let (action, party) = (&from_where(caller, action), party(&caller.principal, caller.account()));
        let trust = self.parsed.stored(&role.trust, Form::Trust, role.arn().as_str())?;
        if let Party::Federated(_) = party {
            return Ok(self.trusts_token(party, caller, &trust, action));
        }
        let Some(holder) = self.holder(party).await? else { return Ok(false) };
        let party = holder.user.as_ref().map_or(party, Party::User);
        let mut context = context(self.clock.now(), party, &holder.account, &holder.tags, caller.region());
        for (key, values) in &action.facts.0 {
            context = context.with_all(key, values.clone());
        }
        let request = Request { party, action: &action.name, resource: &action.resource, context: &context };
        let spoken = match trust.evaluate(&request) {
            Verdict::Denied | Verdict::Silent => false,
            Verdict::AllowedToAccount | Verdict::AllowedToRole | Verdict::Allowed => true,
        };
        Ok(spoken && self.decide_with(party, caller.region(), action, Some(trust)).await?.is_ok())
    }

    /// Whether a role trusts somebody who has a token and nothing else: no policies of its own to allow it, none to limit it. The role's
    /// account has to be the provider's, which it is: providers are looked up there. Source: IAM User Guide, "Creating a role for OIDC federation".
    fn trusts_token(&self, party: Party<'_>, caller: &Caller, trust: &Document, action: &Action) -> bool {
        let mut context = context(self.clock.now(), party, caller.account(), &Tags::default(), caller.region());
        for (key, values) in &action.facts.0 {
            context = context.with_all(key, values.clone());
        }
        let request = Request { party, action: &action.name, resource: &action.resource, context: &context };
        match trust.evaluate(&request) {
            Verdict::Allowed => true,
            Verdict::Denied | Verdict::AllowedToAccount | Verdict::AllowedToRole | Verdict::Silent => false,
        }
    }
}

impl Gatekeeper for PolicyGate {
    fn authorize<'a>(&'a self, caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        Box::pin(async move {
            let party = party(&caller.principal, caller.account());
            let decided = self.decide(party, caller.region(), &from_where(caller, action)).await?;
            Ok(decided.map_err(|why| denied(caller, action, why)))
        })
    }
}

/// The action with where the call came from and how, as far as its door knows, and the age of the root's or a user's own session: a key that is not
/// known is absent. Source: IAM User Guide, "AWS global condition context keys", `aws:SourceIp`, `aws:SecureTransport`, `aws:TokenIssueTime`.
fn from_where(caller: &Caller, action: &Action) -> Action {
    let mut action = action.clone();
    if let Some(session) = caller.own_session {
        action.facts = action.facts.with("aws:TokenIssueTime", iso(session.issued_at));
    }
    let Some(Origin { address, agent: _, transport }) = &caller.origin else { return action };
    if let Some(address) = address {
        action.facts = action.facts.with("aws:SourceIp", address.as_str());
    }
    if let Some(transport) = transport {
        action.facts = action.facts.with("aws:SecureTransport", (*transport == Transport::Tls).to_string());
    }
    action
}

/// What every policy may ask about a caller.
pub fn context(now: Timestamp, party: Party<'_>, account: &AccountId, tags: &Tags, region: &Region) -> Context {
    let mut context = Context::default()
        .with("aws:CurrentTime", iso(now))
        .with("aws:EpochTime", now.millis().div_euclid(1_000).to_string())
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
            if let Some(issued_at) = session.issued_at {
                context = context.with("aws:TokenIssueTime", iso(issued_at));
            }
            if let Some(identity) = &session.federated {
                context = vouched(context, identity);
            }
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
        Party::Federated(identity) => context = vouched(context, identity),
    }
    for (key, value) in &tags.0 {
        context = context.with(&format!("aws:PrincipalTag/{key}"), value.clone());
    }
    // Keys are not told apart by case: a session's tag takes the place of its role's. Source: IAM User Guide, "Pass session tags in AWS STS".
    if let Party::Session(session) = party {
        for (key, value) in &session.tags.0 {
            context = context.with(&format!("aws:PrincipalTag/{key}"), value.clone());
        }
    }
    context
}

/// What an outside issuer says of somebody, also of the sessions that come of it. Source: IAM User Guide, "Available keys for AWS OIDC federation"
/// (`aud` and `sub` are in sessions, what else the token says is not).
fn vouched(context: Context, identity: &WebIdentity) -> Context {
    let issuer = identity.issuer();
    context
        .with("aws:FederatedProvider", identity.provider.as_str())
        .with(&format!("{issuer}:aud"), identity.audience.as_str())
        .with(&format!("{issuer}:sub"), identity.subject.as_str())
}

/// A caller, as policies know it.
pub fn party<'a>(principal: &'a Principal, account: &'a AccountId) -> Party<'a> {
    match principal {
        Principal::Root => Party::Root(account),
        Principal::AssumedRole(session) => Party::Session(session),
        Principal::User(user) => Party::User(user),
        Principal::Service(name) => Party::Service(name),
        Principal::WebIdentity(identity) => Party::Federated(identity),
    }
}

/// Whether the resource is the account's: `*`, or an ARN with the account in the fifth place. AWS's own (managed policies) are everybody's. Buckets name no
/// account: their owner has a policy of his own about whose keys we use.
pub fn is_own(resource: &str, account: &AccountId) -> bool {
    resource == "*"
        || resource.starts_with(BUCKETS)
        || resource.split(':').nth(4).is_some_and(|owner| owner == account.as_str() || owner == "aws")
}

/// `arn:aws:ecr:<region>:<account>:repository/<name>`.
pub fn repository_key(resource: &str) -> Option<RepositoryKey> {
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
        // Source: IAM User Guide, "Access denied error message examples".
        Why::DeniedBy(kind @ Kind::Identity) => format!("with an explicit deny in an {}", kind.name()),
        Why::DeniedBy(kind) => format!("with an explicit deny in a {}", kind.name()),
        Why::NotBy(kind) => format!("because no {} allows the {name} action", kind.name()),
    };
    let words = format!("User: {} is not authorized to perform: {name} on resource: {resource} {because}", caller.arn());
    Refusal::new(RefusalKind::Denied, words)
}

#[cfg(test)]
mod tests;
