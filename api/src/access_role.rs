//! Access roles: whether App Runner may take one, and whether it lets a service pull its image.
//! Never pulls, and never keeps an answer: it is asked again at every deployment. Source of truth: App Runner Developer Guide, "How App
//! Runner works with IAM"; ECR User Guide, "Private repository policies".

use crate::{
    gatekeeper::{PolicyGate, context},
    policy::{Form, Kind, Party, Request, Verdict, Why},
};
use model::{
    account::Region,
    caller::{Caller, RoleSession},
    port::{AccessRoles, Action, Answer, Granted, PullOrder},
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn},
    tag::Tags,
    trouble::Trouble,
};

/// Who takes access roles.
const BUILDS: &str = "build.apprunner.amazonaws.com";
/// The managed policy that App Runner's tutorials attach.
const PULL_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess";
/// The name of the platform's own sessions (unconfirmed: App Runner's is nowhere written down).
const SESSION: &str = "AppRunner";
/// What a pull does to the repository, beside asking for a login.
const PULL_ACTIONS: [&str; 3] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribeImages"];
/// What becomes of an image of the service's own account without an access role. App Runner demands one; here it is the default to pull
/// without, so that a service needs no role before it needs anything of one. `--strict` will demand it.
const WITHOUT_ROLE: WithoutRole = WithoutRole::OwnAccountOnly;

/// Who may pull without an access role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WithoutRole {
    OwnAccountOnly,
}

impl PolicyGate {
    /// The role, if `taker`, a part of App Runner, may take it; else why not, and the command that mends it.
    pub(crate) async fn assumed(&self, taker: &str, arn: &RoleArn, service: &str) -> Result<Result<Role, String>, Trouble> {
        let name = arn.name();
        let role = self.roles.get(&arn.account(), &name).await?.filter(|role| role.arn() == *arn);
        let Some(role) = role else {
            return Ok(Err(format!(
                "there is no such role. Make it: aws iam create-role --role-name {name} --assume-role-policy-document '{}'",
                trust_document(taker)
            )));
        };
        let account = arn.account();
        // A confused deputy is one that another account's service sends: whose service it is, is asked for, not whose role.
        let (region, owner) = (service.split(':').nth(3), service.split(':').nth(4).unwrap_or_default());
        let party = Party::Service(taker);
        let known = |region: Region| context(self.clock.now(), party, &account, &Tags::default(), &region);
        let context = region.and_then(|region| Region::parse(region).ok()).map(known).unwrap_or_default();
        let context = context.with("aws:SourceAccount", owner).with("aws:SourceArn", service);
        let request = Request { party, action: "sts:AssumeRole", resource: arn.as_str(), context: &context };
        match self.parsed.stored(&role.trust, Form::Trust, arn.as_str())?.evaluate(&request) {
            Verdict::Allowed => Ok(Ok(role)),
            Verdict::Denied | Verdict::AllowedToAccount | Verdict::AllowedToRole | Verdict::Silent => Ok(Err(format!(
                "its trust policy does not let {taker} perform sts:AssumeRole. Mend it: aws iam update-assume-role-policy \
                 --role-name {name} --policy-document '{}'",
                trust_document(taker)
            ))),
        }
    }

    async fn pull(&self, order: &PullOrder<'_>) -> Result<Result<(), String>, Trouble> {
        let PullOrder { service, role, repository } = *order;
        let Some(arn) = role else {
            return Ok(match WITHOUT_ROLE {
                WithoutRole::OwnAccountOnly if repository.scope.account == service.scope.account => Ok(()),
                WithoutRole::OwnAccountOnly => Err(format!(
                    "The service has no access role, and {} belongs to another account. Give it one: AuthenticationConfiguration.\
                     AccessRoleArn of the service's source.",
                    repository.arn()
                )),
            });
        };
        let role = match self.assumed(BUILDS, arn, &service.to_string()).await? {
            Ok(role) => role,
            Err(why) => return Ok(Err(format!("Error in assuming access role {arn}: {why}"))),
        };
        let expires_at = self.clock.now();
        let session = RoleSession {
            role: arn.clone(),
            role_id: role.id,
            name: SESSION.to_owned(),
            expires_at,
            policies: Vec::new(),
            federated: None,
            tags: Tags::default(),
            issued_at: Some(expires_at),
        };
        let login = Action::new("ecr:GetAuthorizationToken", "*");
        let rest = PULL_ACTIONS.map(|name| Action::new(name, repository.arn()));
        for action in std::iter::once(login).chain(rest) {
            if let Err(why) = self.decide(Party::Session(&session), &repository.scope.region, &action).await? {
                return Ok(Err(told(arn, &action, why, order)));
            }
        }
        Ok(Ok(()))
    }
}

/// Why a pull is not allowed, and the command that mends it.
fn told(arn: &RoleArn, action: &Action, why: Why, order: &PullOrder<'_>) -> String {
    let Action { name, resource, facts: _ } = action;
    let role = arn.name();
    let repository = &order.repository.name;
    match why {
        Why::NotBy(Kind::Identity) => format!(
            "The access role {arn} may not pull: none of its policies allows {name} on {resource}. Attach one: aws iam \
             attach-role-policy --role-name {role} --policy-arn {PULL_POLICY}"
        ),
        Why::DeniedBy(Kind::Identity) => format!(
            "The access role {arn} may not pull: one of its policies denies {name} on {resource}. Find it: aws iam \
             list-role-policies --role-name {role}, and take it away: aws iam delete-role-policy --role-name {role} --policy-name <name>"
        ),
        Why::DeniedBy(Kind::Resource) => format!(
            "The access role {arn} may not pull: the policy of the repository denies {name} on {resource}. Look at it: aws ecr \
             get-repository-policy --repository-name {repository}"
        ),
        Why::NotBy(Kind::Resource) => format!(
            "The access role {arn} may not pull: {resource} belongs to another account, and its policy does not allow {name}. Its owner \
             allows it: aws ecr set-repository-policy --repository-name {repository} --policy-text <a policy that names the role>"
        ),
        Why::DeniedBy(kind @ (Kind::Boundary | Kind::Session | Kind::Guard)) => {
            format!("The access role {arn} may not pull: its {} denies {name} on {resource}.", kind.name())
        }
        Why::NotBy(kind @ (Kind::Boundary | Kind::Session | Kind::Guard)) => {
            format!("The access role {arn} may not pull: its {} does not allow {name} on {resource}.", kind.name())
        }
    }
}

/// A trust policy that is enough.
fn trust_document(taker: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{taker}"}},"Action":"sts:AssumeRole"}}]}}"#
    )
}

impl AccessRoles for PolicyGate {
    fn may_assume<'a>(&'a self, role: &'a RoleArn, service: &'a str) -> Answer<'a, Granted<()>> {
        Box::pin(async move {
            let assumed = self.assumed(BUILDS, role, service).await?;
            // Source of the first words: App Runner API reference, and what clients look for (for access roles unconfirmed).
            Ok(assumed.map(drop).map_err(|why| Refusal::invalid(format!("Error in assuming access role {role}: {why}"))))
        })
    }

    fn may_take<'a>(&'a self, caller: &'a Caller, role: &'a Role, action: &'a Action) -> Answer<'a, bool> {
        Box::pin(self.trusts(caller, role, action))
    }

    fn may_pull<'a>(&'a self, order: &'a PullOrder<'a>) -> Answer<'a, Granted<()>> {
        Box::pin(async move { Ok(self.pull(order).await?.map_err(|words| Refusal::new(RefusalKind::Denied, words))) })
    }
}
