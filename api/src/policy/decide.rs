//! What all policies together say of one request.
//! Never looks one up: whoever asks brings them. Source of truth: IAM User Guide, "Policy evaluation logic", with its sections "Evaluating
//! identity-based policies with resource-based policies", "… with permissions boundaries", "… with AWS Organizations SCPs" and
//! "Determining whether a cross-account request is allowed"; for session policies "Session policies".

use super::{
    document::Document,
    evaluate::{Request, Verdict},
    rule::{Rule, broken},
};
use std::sync::Arc;

/// What kind of policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the user or role.
    Identity,
    /// Of what is asked for.
    Resource,
    /// The most that a user or role may have.
    Boundary,
    /// The most that a session may have of its role.
    Session,
    /// The most that anybody may on this platform.
    Guard,
}

impl Kind {
    /// As AWS's sentences call it, without an article. The guard policy is what a service control policy is to an organisation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Resource => "resource-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Guard => "service control policy",
        }
    }
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A policy of this kind denies it.
    DeniedBy(Kind),
    /// No policy of this kind allows it, and one would have to.
    NotBy(Kind),
}

/// What a caller's own policies are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// An account's root needs none.
    Everything,
    /// Those of a user or a role, of its own and attached.
    Policies(Vec<Arc<Document>>),
}

/// The policies that decide about a request.
#[derive(Clone, Debug)]
pub struct Policies {
    pub identity: Identity,
    /// None where the user or role has no boundary.
    pub boundary: Option<Arc<Document>>,
    /// None where the session was not narrowed.
    pub session: Option<Vec<Arc<Document>>>,
    /// None where it binds nobody.
    pub guard: Option<Arc<Document>>,
    /// None where the resource has none.
    pub resource: Option<Arc<Document>>,
    /// Whether the resource is of the caller's own account.
    pub own: bool,
}

impl Policies {
    /// What they say together. Every denial wins; then each that limits must allow; then either side does within an account, and both must
    /// across accounts.
    ///
    /// # Errors
    /// The first reason, in the order of AWS's flow chart.
    pub fn decide(&self, request: &Request<'_>) -> Result<(), Why> {
        let identity = match &self.identity {
            Identity::Everything => Verdict::Allowed,
            Identity::Policies(documents) => all(documents, request),
        };
        let resource = self.resource.as_ref().map_or(Verdict::Silent, |document| document.evaluate(request));
        let boundary = self.boundary.as_ref().map_or(Verdict::Allowed, |document| document.evaluate(request));
        let session = self.session.as_ref().map_or(Verdict::Allowed, |documents| narrowed(documents, request));
        let guard = self.guard.as_ref().map_or(Verdict::Allowed, |document| document.evaluate(request));
        for (verdict, kind, rule) in [
            (identity, Kind::Identity, Rule::IdentityDeny),
            (resource, Kind::Resource, Rule::ResourceDeny),
            (boundary, Kind::Boundary, Rule::BoundaryDeny),
            (session, Kind::Session, Rule::SessionDeny),
            (guard, Kind::Guard, Rule::GuardDeny),
        ] {
            if verdict == Verdict::Denied && !broken(rule) {
                return Err(Why::DeniedBy(kind));
            }
        }
        if guard == Verdict::Silent && !broken(Rule::GuardLimits) {
            return Err(Why::NotBy(Kind::Guard));
        }
        if self.own { within(identity, resource, boundary, session) } else { across(identity, resource, boundary, session) }
    }
}

/// Within an account either side allows. What the resource grants to the caller itself passes by what limits the caller; what it grants
/// to the caller's role does not, and what it grants to the account is for the caller's own policies to hand on.
/// Source: "Permissions boundaries for IAM entities", "Resource-based policies".
fn within(identity: Verdict, resource: Verdict, boundary: Verdict, session: Verdict) -> Result<(), Why> {
    let direct = resource == Verdict::Allowed && !broken(Rule::ResourceAloneWithinAccount);
    let to_role = resource == Verdict::AllowedToRole && !broken(Rule::ResourceAloneWithinAccount);
    let to_account = resource == Verdict::AllowedToAccount && broken(Rule::AccountGrantDelegates);
    let itself = identity == Verdict::Allowed && !broken(Rule::IdentityAloneWithinAccount);
    if !(direct || to_role || to_account || itself || broken(Rule::DefaultDeny)) {
        return Err(Why::NotBy(Kind::Identity));
    }
    let free = direct || (to_role && broken(Rule::RoleGrantIsLimited));
    if !free || broken(Rule::DirectGrantPassesBoundary) {
        limit(boundary, Kind::Boundary, Rule::BoundaryLimits)?;
    }
    if !free || broken(Rule::DirectGrantPassesSession) {
        limit(session, Kind::Session, Rule::SessionLimits)?;
    }
    Ok(())
}

/// Across accounts both sides allow, and everything that limits the caller in its own account does so.
fn across(identity: Verdict, resource: Verdict, boundary: Verdict, session: Verdict) -> Result<(), Why> {
    if identity != Verdict::Allowed && !broken(Rule::IdentityNeededAcrossAccounts) {
        return Err(Why::NotBy(Kind::Identity));
    }
    limit(boundary, Kind::Boundary, Rule::BoundaryLimits)?;
    limit(session, Kind::Session, Rule::SessionLimits)?;
    let granted = matches!(resource, Verdict::Allowed | Verdict::AllowedToRole | Verdict::AllowedToAccount);
    if granted || broken(Rule::ResourceNeededAcrossAccounts) { Ok(()) } else { Err(Why::NotBy(Kind::Resource)) }
}

fn limit(verdict: Verdict, kind: Kind, rule: Rule) -> Result<(), Why> {
    if verdict == Verdict::Silent && !broken(rule) { Err(Why::NotBy(kind)) } else { Ok(()) }
}

/// What several policies of one kind say: a denial of one wins, and one that allows is enough.
pub fn all(documents: &[Arc<Document>], request: &Request<'_>) -> Verdict {
    let mut verdict = Verdict::Silent;
    for document in documents {
        match document.evaluate(request) {
            Verdict::Denied => return Verdict::Denied,
            Verdict::Allowed => verdict = Verdict::Allowed,
            // Without principals there is no role and no account to allow.
            Verdict::AllowedToRole | Verdict::AllowedToAccount | Verdict::Silent => {}
        }
    }
    verdict
}

/// The same for session policies. Source: STS API reference, AssumeRole, `PolicyArns`: an inline policy and managed ones count together.
fn narrowed(documents: &[Arc<Document>], request: &Request<'_>) -> Verdict {
    let each = documents.iter().all(|document| document.evaluate(request) == Verdict::Allowed);
    match all(documents, request) {
        Verdict::Allowed if broken(Rule::AnySessionPolicyAllows) && !each => Verdict::Silent,
        verdict => verdict,
    }
}
