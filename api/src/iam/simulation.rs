//! What policies would say: one answer for each action and resource, by the engine that decides real calls.
//! Never calls anything, and knows of the request only what it is told, what the caller is, and what time it is. Source of truth: the IAM
//! API reference, SimulatePrincipalPolicy, SimulateCustomPolicy, EvaluationResult; IAM User Guide, "IAM policy testing with the IAM policy
//! simulator".

use super::marker::Marked;
use crate::{
    action,
    call::Call,
    fault::Wrong,
    gatekeeper::{context, is_own, party},
    holder::{Held, Shelf},
    limit::{IAM_ITEMS_DEFAULT, SIMULATED_PAIRS, SIMULATED_POLICY_BYTES},
    policy::{Context, Document, Effect, Form, Identity, Kind, Place, Policies, Request, Verdict, Why, places},
    shape::iam as shape,
};
use model::{
    account::AccountId,
    caller::{Principal, RoleSession, UserIdentity},
    refusal::Refusal,
    role::RoleArn,
    tag::Tags,
    user::UserArn,
};
use std::{collections::BTreeSet, sync::Arc};

/// A policy that takes part.
pub struct Part {
    /// How the answer names it.
    pub id: String,
    /// The answer's word for where it comes from.
    pub from: &'static str,
    pub text: Arc<str>,
    pub document: Arc<Document>,
}

/// What both operations ask about.
pub struct Question {
    pub principal: Principal,
    /// Of the principal.
    pub account: AccountId,
    pub tags: Tags,
    pub identity: Vec<Part>,
    pub boundary: Option<Vec<Part>>,
    pub resource: Option<Part>,
    /// Account of what is asked for; without it the one in its ARN.
    pub owner: Option<String>,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    pub context: Vec<shape::ContextEntry>,
}

impl Part {
    /// A document that a caller sent.
    ///
    /// # Errors
    /// `InvalidInput` with what is wrong with it.
    pub fn read(text: String, id: String, form: Form, from: &'static str) -> Result<Self, Wrong> {
        let document = Document::parse(&text, form).map_err(|words| invalid(format!("{id}: {words}")))?;
        Ok(Self { id, from, text: text.into(), document: Arc::new(document) })
    }

    /// The documents of one list of the request.
    ///
    /// # Errors
    /// As `read`.
    pub fn list(texts: Option<Vec<String>>, list: &str) -> Result<Vec<Self>, Wrong> {
        let named = texts.unwrap_or_default().into_iter().enumerate();
        named.map(|(n, text)| Self::read(text, format!("{list}.{}", n + 1), Form::Identity, "IAM Policy")).collect()
    }
}

impl From<Held> for Part {
    fn from(held: Held) -> Self {
        let Held { name, shelf, text, document } = held;
        let from = match shelf {
            Shelf::User => "user",
            Shelf::Role => "role",
            Shelf::Aws => "aws-managed",
            Shelf::Account => "user-managed",
        };
        Self { id: name, from, text, document }
    }
}

/// Whom an ARN names, as one who calls. Nobody is looked up: a simulation says what policies would say of the name, and not whether somebody has it.
///
/// # Errors
/// `InvalidInput` where it is neither a user's nor a role's.
pub fn caller(call: &Call<'_>, arn: &str) -> Result<(Principal, AccountId), Wrong> {
    if let Ok(arn) = UserArn::parse(arn) {
        let account = arn.account();
        return Ok((Principal::User(UserIdentity { arn, id: String::new() }), account));
    }
    let role = RoleArn::parse(arn).map_err(|_| no_principal(arn))?;
    let account = role.account();
    Ok((Principal::AssumedRole(session(call, role, String::new())), account))
}

/// A session of a role, such as one that calls has.
pub fn session(call: &Call<'_>, role: RoleArn, role_id: String) -> RoleSession {
    let (name, expires_at) = ("simulation".to_owned(), call.ports.clock.now());
    let (policies, tags) = (Vec::new(), Tags::default());
    // Nobody says when it began.
    RoleSession { role, role_id, name, expires_at, policies, federated: None, tags, issued_at: None }
}

/// What is neither a user's nor a role's.
pub fn no_principal(arn: &str) -> Wrong {
    invalid(format!("{arn} is neither the ARN of a user nor that of a role: arn:aws:iam::<account>:user/<name>."))
}

/// `InvalidInput`, in these words.
pub fn invalid(words: impl Into<String>) -> Wrong {
    Wrong::Declared(shape::INVALID_INPUT_EXCEPTION, words.into())
}

/// Refuses what this version cannot honour, by name.
///
/// # Errors
/// Names the members that were sent.
pub fn refuse_unavailable(members: &[(&str, bool)]) -> Result<(), Refusal> {
    let sent: Vec<&str> = members.iter().filter_map(|(member, sent)| sent.then_some(*member)).collect();
    if sent.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", sent.join(", "))))
}

impl Question {
    /// The page of answers that is asked for.
    ///
    /// # Errors
    /// `InvalidInput` where an action or a condition key cannot be, and where too much is asked at once.
    pub fn answer(
        &self,
        call: &Call<'_>,
        marker: Option<&str>,
        items_max: Option<i32>,
    ) -> Result<shape::SimulatePolicyResponse, Wrong> {
        if let Some(unknown) = self.actions.iter().find(|action| !action.contains(':') || !action::is_known(action)) {
            return Err(invalid(format!("{unknown} is not an action: it has the form service:Action, such as ecr:BatchGetImage.")));
        }
        let pairs = self.pairs()?;
        // What is asked is in every token already; the key of an answer is its number, since the same question has the same answers in the same order.
        let marked = Marked::read(call, String::new(), marker, items_max)?;
        let from = marked.page().after.as_deref().map_or(Ok(0), |after| after.parse::<usize>().map(|last| last + 1));
        let from = from.expect("only numbers are given out as markers").min(pairs);
        let until = pairs.min(from + marked.page().items_max.unwrap_or(IAM_ITEMS_DEFAULT) as usize);
        let (context, policies) = (self.context(call), self.policies(call));
        let places: Vec<_> = self.parts().map(|(_, part)| places(&part.text)).collect();
        let asked = (from..until).map(|n| (&self.actions[n / self.resources.len()], &self.resources[n % self.resources.len()]));
        let results = asked.map(|(action, resource)| self.result(&policies, &context, &places, action, resource)).collect();
        let marker = marked.marker(call, (until < pairs).then(|| format!("{:08}", until - 1)));
        Ok(shape::SimulatePolicyResponse { evaluation_results: Some(results), is_truncated: Some(marker.is_some()), marker })
    }

    /// How many answers there are.
    fn pairs(&self) -> Result<usize, Wrong> {
        let pairs = self.actions.len().saturating_mul(self.resources.len());
        if pairs > SIMULATED_PAIRS {
            let words = format!("{} actions on {} resources", self.actions.len(), self.resources.len());
            return Err(invalid(format!(
                "{words} are too many for one simulation: it has {SIMULATED_PAIRS} answers at most. Ask in parts."
            )));
        }
        let bytes: usize = self.parts().map(|(_, part)| part.text.len()).sum();
        if bytes > SIMULATED_POLICY_BYTES {
            let words = format!("The policies have {bytes} bytes together: a simulation reads {SIMULATED_POLICY_BYTES} at most.");
            return Err(invalid(words));
        }
        Ok(pairs)
    }

    fn context(&self, call: &Call<'_>) -> Context {
        let party = party(&self.principal, &self.account);
        let known = context(call.ports.clock.now(), party, &self.account, &self.tags, call.caller.region());
        // Of whoever is only named nobody says which one of that name it is.
        let is_named = match &self.principal {
            Principal::User(user) => user.id.is_empty(),
            Principal::AssumedRole(session) => session.role_id.is_empty(),
            Principal::Root | Principal::Service(_) | Principal::WebIdentity(_) => false,
        };
        let known = if is_named { known.without("aws:userid") } else { known };
        self.context.iter().fold(known, |context, entry| {
            let shape::ContextEntry { context_key_name, context_key_type: _, context_key_values } = entry;
            context.with_all(context_key_name.as_deref().unwrap_or_default(), context_key_values.clone().unwrap_or_default())
        })
    }

    fn policies(&self, call: &Call<'_>) -> Policies {
        let documents = |parts: &[Part]| parts.iter().map(|part| part.document.clone()).collect::<Vec<_>>();
        let guard = call.settings.guard_policy.as_ref();
        Policies {
            identity: Identity::Policies(documents(&self.identity)),
            // Of several boundaries one that allows is enough, as of several policies: they are one list.
            boundary: self.boundary.as_ref().map(|parts| Arc::new(Document::joined(&documents(parts)))),
            session: None,
            guard: guard.and_then(|guard| guard.binding(party(&self.principal, &self.account))),
            resource: self.resource.as_ref().map(|part| part.document.clone()),
            own: true,
        }
    }

    fn result(
        &self,
        policies: &Policies,
        context: &Context,
        places: &[Vec<(Place, Place)>],
        action: &str,
        resource: &str,
    ) -> shape::EvaluationResult {
        let own = match &self.owner {
            Some(owner) => owner.contains(self.account.as_str()),
            // An ARN without an account says nothing of whose it is. Source: SimulatePrincipalPolicy, `ResourceOwner`.
            None => resource.split(':').nth(4).is_none_or(str::is_empty) || is_own(resource, &self.account),
        };
        let policies = Policies { own, ..policies.clone() };
        let request = Request { party: party(&self.principal, &self.account), action, resource, context };
        let decided = policies.decide(&request);
        let boundary = policies.boundary.as_ref().map(|document| document.evaluate(&request) == Verdict::Allowed);
        let guard = policies.guard.as_ref().map(|document| document.evaluate(&request) == Verdict::Allowed);
        shape::EvaluationResult {
            eval_action_name: action.to_owned(),
            eval_decision: match decided {
                Ok(()) => "allowed",
                Err(Why::DeniedBy(_)) => "explicitDeny",
                Err(Why::NotBy(_)) => "implicitDeny",
            }
            .to_owned(),
            eval_decision_details: None,
            eval_resource_name: Some(resource.to_owned()),
            matched_statements: Some(self.matched(&request, decided, places)),
            missing_context_values: Some(self.missing(context)),
            organizations_decision_detail: guard
                .map(|allowed| shape::OrganizationsDecisionDetail { allowed_by_organizations: Some(allowed) }),
            permissions_boundary_decision_detail: boundary
                .map(|allowed| shape::PermissionsBoundaryDecisionDetail { allowed_by_permissions_boundary: Some(allowed) }),
            resource_specific_results: None,
        }
    }

    fn parts(&self) -> impl Iterator<Item = (Kind, &Part)> {
        let identity = self.identity.iter().map(|part| (Kind::Identity, part));
        let boundary = self.boundary.iter().flatten().map(|part| (Kind::Boundary, part));
        identity.chain(boundary).chain(self.resource.iter().map(|part| (Kind::Resource, part)))
    }

    /// The statements that decided: those that deny where something does, else those that allow.
    fn matched(&self, request: &Request<'_>, decided: Result<(), Why>, places: &[Vec<(Place, Place)>]) -> Vec<shape::Statement> {
        let wanted = if matches!(decided, Err(Why::DeniedBy(_))) { Effect::Deny } else { Effect::Allow };
        let mut matched = Vec::new();
        // What a boundary allows it does not grant.
        let placed = self.parts().zip(places);
        for ((_, part), places) in placed.filter(|((kind, _), _)| wanted == Effect::Deny || *kind != Kind::Boundary) {
            for (n, _, _) in part.document.matching(request).filter(|(_, effect, _)| *effect == wanted) {
                matched.push(shape::Statement {
                    start_position: places.get(n).map(|(from, _)| position(*from)),
                    end_position: places.get(n).map(|(_, to)| position(*to)),
                    source_policy_id: Some(part.id.clone()),
                    source_policy_type: Some(part.from.to_owned()),
                });
            }
        }
        matched
    }

    /// Condition keys that the policies ask for and nobody gave.
    fn missing(&self, context: &Context) -> Vec<String> {
        let asked: BTreeSet<&str> = self.parts().flat_map(|(_, part)| part.document.keys()).collect();
        asked.into_iter().filter(|key| context.get(key).is_none()).map(str::to_owned).collect()
    }
}

fn position(place: Place) -> shape::Position {
    let number = |number: usize| Some(i32::try_from(number).expect("a policy is shorter than two gigabytes"));
    shape::Position { line: number(place.line), column: number(place.column) }
}
