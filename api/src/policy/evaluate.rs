//! What one document says of one request.
//! Never combines documents: `decide` does. Source of truth: IAM User Guide, "Policy evaluation logic" and "AWS JSON policy elements:
//! Principal".

use super::{
    context::Context,
    document::{Document, Effect, Principals, Statement, Subject},
    glob::{Case, Glob, Stars, wild},
    rule::{Rule, broken},
};
use model::{
    account::AccountId,
    caller::{RoleSession, UserIdentity},
    port::UNTOLD_RESOURCE,
    web_identity::WebIdentity,
};

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Party<'a> {
    /// The root of an account.
    Root(&'a AccountId),
    /// A user.
    User(&'a UserIdentity),
    /// A session of a role.
    Session(&'a RoleSession),
    /// An AWS service, which the platform is here: `build.apprunner.amazonaws.com`.
    Service(&'a str),
    /// Somebody with a token of an outside issuer.
    Federated(&'a WebIdentity),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It says nothing of it.
    Silent,
    /// It allows the caller's whole account, which decides by its own policies who of it may.
    AllowedToAccount,
    /// It allows the role of a session, within what limits the role and the session.
    AllowedToRole,
    /// It allows: the caller itself where the document names principals, the holder of the policy where it does not.
    Allowed,
    /// It denies: nothing can allow it any more.
    Denied,
}

/// How a principal element means a party, the closest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meant {
    No,
    ItsAccount,
    ItsRole,
    Itself,
}

impl Document {
    /// What this document says of `request`. A denial wins, wherever it stands.
    pub fn evaluate(&self, request: &Request<'_>) -> Verdict {
        let mut verdict = Verdict::Silent;
        for (_, effect, says) in self.matching(request) {
            match effect {
                Effect::Deny if broken(Rule::ExplicitDenyWins) && verdict != Verdict::Silent => {}
                Effect::Deny if broken(Rule::ExplicitDenyWins) => verdict = Verdict::Denied,
                Effect::Deny => return Verdict::Denied,
                Effect::Allow if broken(Rule::ExplicitDenyWins) => verdict = says,
                Effect::Allow => verdict = verdict.max(says),
            }
        }
        verdict
    }

    /// The statements that speak of `request`: the number of each, from nought, whether it denies, and what it says.
    pub fn matching<'a>(&'a self, request: &'a Request<'_>) -> impl Iterator<Item = (usize, Effect, Verdict)> + 'a {
        self.statements.iter().enumerate().filter_map(|(n, statement)| {
            // The action first: it tells most statements of a long policy apart from a request, and costs least.
            if !acts(statement, request) {
                return None;
            }
            let says = match (meant(statement, request.party), statement.effect) {
                (Meant::No, _) => return None,
                (Meant::Itself | Meant::ItsRole | Meant::ItsAccount, Effect::Deny) => Verdict::Denied,
                (Meant::Itself, Effect::Allow) => Verdict::Allowed,
                (Meant::ItsRole, Effect::Allow) => Verdict::AllowedToRole,
                (Meant::ItsAccount, Effect::Allow) => Verdict::AllowedToAccount,
            };
            applies(statement, request, self.variables).then_some((n, statement.effect, says))
        })
    }
}

fn acts(statement: &Statement, request: &Request<'_>) -> bool {
    let case = if broken(Rule::ActionCase) { Case::Kept } else { Case::Folded };
    let names = |actions: &[String]| actions.iter().any(|action| wild(action, request.action, case));
    match &statement.actions {
        Subject::Of(actions) => names(actions),
        Subject::AllBut(actions) => names(actions) == broken(Rule::NotAction),
    }
}

fn applies(statement: &Statement, request: &Request<'_>, variables: bool) -> bool {
    let case = if broken(Rule::ResourceCase) { Case::Folded } else { Case::Kept };
    let covers = |resources: &[String]| {
        resources.iter().any(|resource| {
            if variables && resource.contains("${") {
                Glob::expand(resource, request.context, Stars::Wild).is_some_and(|glob| glob.matches(request.resource, case))
            } else {
                wild(resource, request.resource, case)
            }
        })
    };
    let is_untold = request.context.get(UNTOLD_RESOURCE).is_some();
    let denies = statement.effect == Effect::Deny;
    let concerns = match &statement.resources {
        // It may be any of them: a denial of some holds, and what allows all but some does not allow it.
        Some(_) if is_untold && denies => true,
        Some(Subject::AllBut(_)) if is_untold => false,
        // A document that belongs to one resource speaks of that one.
        None => true,
        Some(Subject::Of(resources)) => covers(resources),
        Some(Subject::AllBut(resources)) => covers(resources) == broken(Rule::NotResource),
    };
    let mut holding = statement.conditions.iter().map(|condition| {
        if is_untold && is_of_input(&condition.key) { denies } else { condition.holds(request.context, variables) }
    });
    let hold = if broken(Rule::EveryConditionHolds) {
        statement.conditions.is_empty() || holding.any(|holds| holds)
    } else {
        holding.all(|holds| holds)
    };
    concerns && hold
}

/// Whether a condition's key is about what a call's input names: the tags of a resource, and those that the call brings.
fn is_of_input(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key == "aws:tagkeys" || key.contains(":resourcetag/") || key.contains(":requesttag/")
}

fn meant(statement: &Statement, party: Party<'_>) -> Meant {
    match &statement.principals {
        None => Meant::Itself,
        Some(Subject::Of(principals)) => named(principals, party),
        // To name an account here does not name each of its roles. Source: "AWS JSON policy elements: NotPrincipal".
        Some(Subject::AllBut(principals)) => match (named(principals, party), broken(Rule::NotPrincipal)) {
            (Meant::ItsAccount, false) if broken(Rule::NotPrincipalNamesNoAccount) => Meant::No,
            (Meant::No | Meant::ItsAccount, false) | (Meant::Itself | Meant::ItsRole, true) => Meant::Itself,
            (Meant::Itself | Meant::ItsRole, false) | (Meant::No | Meant::ItsAccount, true) => Meant::No,
        },
    }
}

fn named(principals: &Principals, party: Party<'_>) -> Meant {
    let Principals { everybody, aws, services, federated } = principals;
    // A service is nobody of AWS's callers, whom the star among them means, nor is whoever has no more than a token.
    let is_of_aws = !matches!(party, Party::Service(_) | Party::Federated(_));
    let everybody = *everybody || (is_of_aws && aws.iter().any(|text| text == "*"));
    if everybody && !broken(Rule::PrincipalEverybody) {
        return Meant::Itself;
    }
    let of_account = |account: &str| {
        let found = aws.iter().any(|text| is_account(text, account)) && !broken(Rule::PrincipalAccount);
        if found { Meant::ItsAccount } else { Meant::No }
    };
    let is = |text: &str, rule: Rule| aws.iter().any(|name| name == text) && !broken(rule);
    match party {
        Party::Service(name) => {
            let found = services.iter().any(|service| service.eq_ignore_ascii_case(name)) && !broken(Rule::PrincipalService);
            if found { Meant::Itself } else { Meant::No }
        }
        // The provider by its whole ARN: another account's provider of the same issuer is somebody else.
        Party::Federated(identity) => {
            let found = federated.contains(&identity.provider) && !broken(Rule::PrincipalFederated);
            if found { Meant::Itself } else { Meant::No }
        }
        // The account itself is whom the account's name means.
        Party::Root(account) => match of_account(account.as_str()) {
            Meant::No => Meant::No,
            Meant::ItsAccount | Meant::ItsRole | Meant::Itself => Meant::Itself,
        },
        Party::User(user) => {
            if is(user.arn.as_str(), Rule::PrincipalUserArn) || is(&user.id, Rule::PrincipalId) {
                return Meant::Itself;
            }
            of_account(user.arn.account().as_str())
        }
        Party::Session(session) => {
            if is(&session.arn(), Rule::PrincipalSessionArn) {
                Meant::Itself
            } else if is(session.role.as_str(), Rule::PrincipalRoleArn) || is(&session.role_id, Rule::PrincipalId) {
                Meant::ItsRole
            } else {
                of_account(session.role.account().as_str())
            }
        }
    }
}

/// `111122223333`, or `arn:aws:iam::111122223333:root`: both mean the account.
fn is_account(text: &str, account: &str) -> bool {
    let number = text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).unwrap_or(text);
    number == account
}
