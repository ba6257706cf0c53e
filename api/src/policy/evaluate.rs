//! What one document says of one request.
//! Never combines documents: whoever asks knows which of them must agree. Source of truth: IAM User Guide, "Policy evaluation logic" and
//! "AWS JSON policy elements: Principal".

use super::{
    context::Context,
    document::{Document, Effect, Principals, Statement, Subject},
    glob::{Case, Glob, Stars},
};
use model::{
    account::AccountId,
    caller::{RoleSession, UserIdentity},
};

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Party<'a> {
    /// The root of an account.
    Root(&'a AccountId),
    /// A session of a role.
    Session(&'a RoleSession),
    /// A user.
    User(&'a UserIdentity),
    /// An AWS service, which the platform is here: `build.apprunner.amazonaws.com`.
    Service(&'a str),
}

/// A request to hold a document against.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub party: Party<'a>,
    /// `ecr:BatchGetImage`
    pub action: &'a str,
    /// An ARN, or `*`.
    pub resource: &'a str,
    pub context: &'a Context,
}

/// What a document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It denies: nothing can allow it any more.
    Denied,
    /// It allows: the caller itself where the document names principals, the holder of the policy where it does not.
    Allowed,
    /// It allows the caller's whole account, which decides by its own policies who of it may.
    AllowedToAccount,
    /// It says nothing of it.
    Silent,
}

/// How a principal element means a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    Itself,
    ItsAccount,
    No,
}

impl Document {
    /// What this document says of `request`. A denial wins, wherever it stands.
    pub fn evaluate(&self, request: &Request<'_>) -> Verdict {
        let mut verdict = Verdict::Silent;
        for statement in &self.statements {
            let meant = meant(statement, request.party);
            if meant == Meant::No || !applies(statement, request, self.variables) {
                continue;
            }
            match (statement.effect, meant) {
                (Effect::Deny, _) => return Verdict::Denied,
                (Effect::Allow, Meant::Itself) => verdict = Verdict::Allowed,
                (Effect::Allow, Meant::ItsAccount) if verdict == Verdict::Silent => verdict = Verdict::AllowedToAccount,
                (Effect::Allow, Meant::ItsAccount | Meant::No) => {}
            }
        }
        verdict
    }
}

fn applies(statement: &Statement, request: &Request<'_>, variables: bool) -> bool {
    let names =
        |actions: &[String]| actions.iter().any(|action| Glob::plain(action, Stars::Wild).matches(request.action, Case::Folded));
    let covers = |resources: &[String]| {
        resources.iter().any(|resource| {
            let glob = if variables {
                Glob::expand(resource, request.context, Stars::Wild)
            } else {
                Some(Glob::plain(resource, Stars::Wild))
            };
            glob.is_some_and(|glob| glob.matches(request.resource, Case::Kept))
        })
    };
    let acts = match &statement.actions {
        Subject::Of(actions) => names(actions),
        Subject::AllBut(actions) => !names(actions),
    };
    let concerns = match &statement.resources {
        // A document that belongs to one resource speaks of that one.
        None => true,
        Some(Subject::Of(resources)) => covers(resources),
        Some(Subject::AllBut(resources)) => !covers(resources),
    };
    acts && concerns && statement.conditions.iter().all(|condition| condition.holds(request.context, variables))
}

fn meant(statement: &Statement, party: Party<'_>) -> Meant {
    match &statement.principals {
        None => Meant::Itself,
        Some(Subject::Of(principals)) => named(principals, party),
        // To name an account here does not name each of its roles. Source: "AWS JSON policy elements: NotPrincipal".
        Some(Subject::AllBut(principals)) => match named(principals, party) {
            Meant::No | Meant::ItsAccount => Meant::Itself,
            Meant::Itself => Meant::No,
        },
    }
}

fn named(principals: &Principals, party: Party<'_>) -> Meant {
    let Principals { everybody, aws, services } = principals;
    if *everybody {
        return Meant::Itself;
    }
    let one = |found: bool| if found { Meant::Itself } else { Meant::No };
    match party {
        Party::Service(name) => one(services.iter().any(|service| service.eq_ignore_ascii_case(name))),
        Party::Root(account) => one(aws.iter().any(|text| text == "*" || is_account(text, account))),
        Party::Session(session) => {
            let itself =
                |text: &String| text == "*" || *text == session.role.as_str() || *text == session.arn() || *text == session.role_id;
            if aws.iter().any(itself) {
                return Meant::Itself;
            }
            let account = session.role.account();
            if aws.iter().any(|text| is_account(text, &account)) { Meant::ItsAccount } else { Meant::No }
        }
        Party::User(user) => {
            if aws.iter().any(|text| text == "*" || *text == user.arn.as_str() || *text == user.id) {
                return Meant::Itself;
            }
            let account = user.arn.account();
            if aws.iter().any(|text| is_account(text, &account)) { Meant::ItsAccount } else { Meant::No }
        }
    }
}

/// `111122223333`, or `arn:aws:iam::111122223333:root`: both mean the account.
fn is_account(text: &str, account: &AccountId) -> bool {
    let number = text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).unwrap_or(text);
    number == account.as_str()
}
