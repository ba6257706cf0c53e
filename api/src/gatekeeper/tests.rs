//! Roots, sessions, and policies on both sides of an account's border.

mod sessions;

use super::*;
use crate::iam::service_linked_role::Linked;
use crate::policy::{SUPPLIED, is_supplied, managed_policies};
use model::{
    arn::ServiceArn,
    audit::AuditRow,
    caller::{RoleSession, UserIdentity},
    log_group::LogGroupKey,
    port::{AccessRoles, PullOrder},
    repository::{Repository, RepositoryChange, TagMutability},
    service::ServiceId,
    service_name::ServiceName,
    tag::Tags,
    testbed::{
        MemoryImages, MemoryManagedPolicies, MemoryRoles, MemoryVault, TurnedClock, block_on, caller, conformance, managed_policy,
        role, scope, user,
    },
    user::User,
};
use serde_json::{Value, json};

const PULL: &str = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess";
const HELLO: &str = "arn:aws:ecr:us-east-1:000000000000:repository/hello";
const FOREIGN: &str = "arn:aws:ecr:us-east-1:111111111111:repository/hello";

struct House {
    gate: PolicyGate,
    roles: Arc<MemoryRoles>,
    users: Arc<MemoryVault>,
    managed_policies: Arc<MemoryManagedPolicies>,
    repositories: Arc<MemoryImages>,
}

fn row() -> AuditRow {
    AuditRow { at: Timestamp::from_millis(0), caller: caller(), action: "test".to_owned(), resource: "*".to_owned() }
}

impl House {
    /// A house with a repository in each of two accounts.
    fn new() -> Self {
        let roles = Arc::new(MemoryRoles::default());
        let (users, managed_policies) = (Arc::new(MemoryVault::default()), Arc::new(MemoryManagedPolicies::default()));
        let repositories = Arc::new(MemoryImages::new(|_, _| panic!("no image is pushed here")));
        let house = Self {
            gate: PolicyGate::new(
                roles.clone(),
                users.clone(),
                managed_policies.clone(),
                repositories.clone(),
                Arc::new(TurnedClock::at_millis(1_800_000_000_000)),
            ),
            roles,
            users,
            managed_policies,
            repositories,
        };
        for arn in [HELLO, FOREIGN] {
            let (key, created_at) = (repository_key(arn).expect("a repository"), Timestamp::from_millis(0));
            let made = Repository {
                key,
                created_at,
                tag_mutability: TagMutability::Mutable,
                tags: Tags::default(),
                policy: None,
                lifecycle: None,
                scan_on_push: false,
            };
            block_on(Repositories::create(&*house.repositories, &made, &row())).unwrap().unwrap();
        }
        house
    }

    fn role(&self, role: &Role) {
        block_on(Roles::create(&*self.roles, role, &row())).unwrap().unwrap();
    }

    fn policy(&self, arn: &str, statement: Value) {
        let text = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        let key = repository_key(arn).expect("a repository");
        block_on(self.repositories.set_policy(&key, Some(&text), &row())).unwrap().unwrap();
    }

    fn authorize(&self, caller: &Caller, name: &str, resource: &str) -> Granted<()> {
        let action = Action::new(name, resource);
        block_on(self.gate.authorize(caller, &action)).expect("memory has no trouble")
    }
}

fn session_of(role: &Role) -> Caller {
    let expires_at = Timestamp::from_millis(0);
    let session = RoleSession {
        role: role.arn(),
        role_id: role.id.clone(),
        name: "ci".to_owned(),
        expires_at,
        policies: Vec::new(),
        federated: None,
        tags: Tags::default(),
        issued_at: Some(Timestamp::from_millis(1_799_999_000_000)),
    };
    Caller { principal: Principal::AssumedRole(session), ..caller() }
}

fn identity_of(user: &User) -> UserIdentity {
    UserIdentity { arn: user.arn(), id: user.id.clone() }
}

fn calls_as(user: &User) -> Caller {
    Caller { principal: Principal::User(identity_of(user)), ..caller() }
}

fn text(statements: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn with_inline(name: &str, statements: Value) -> Role {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    Role { inline: [("own".to_owned(), text)].into(), ..role(name) }
}

#[track_caller]
fn refuses(granted: Granted<()>, words: &str) {
    let refusal = granted.expect_err(words);
    assert_eq!(refusal.kind, RefusalKind::Denied);
    assert!(refusal.message.contains(words), "{refusal}");
}

#[test]
fn the_gatekeeper_keeps_its_promises() {
    block_on(conformance::gatekeeper(&House::new().gate));
}

#[test]
fn root_may_do_everything_in_its_own_account_and_in_another_what_it_was_given() {
    let house = House::new();
    for own in [
        "*",
        HELLO,
        "arn:aws:apprunner:us-east-1:000000000000:service/webs/*",
        "arn:aws:iam::000000000000:role/x",
        "arn:aws:s3:::bucket",
    ] {
        house.authorize(&caller(), "apprunner:DescribeService", own).unwrap_or_else(|refusal| panic!("{own}: {refusal}"));
    }
    for foreign in
        [FOREIGN, "arn:aws:apprunner:us-east-1:111111111111:service/webs/*", "arn:aws:iam::111111111111:role/x", "webs", ""]
    {
        let words = "User: arn:aws:iam::000000000000:root is not authorized to perform: ecr:BatchGetImage on resource: ";
        refuses(house.authorize(&caller(), "ecr:BatchGetImage", foreign), words);
    }
    let allow = json!({ "Effect": "Allow", "Principal": { "AWS": "000000000000" }, "Action": "ecr:BatchGetImage" });
    house.policy(FOREIGN, allow);
    house.authorize(&caller(), "ecr:BatchGetImage", FOREIGN).expect("its owner lets it in");
    refuses(house.authorize(&caller(), "ecr:PutImage", FOREIGN), "because no resource-based policy allows the ecr:PutImage action");
    house.policy(HELLO, json!({ "Effect": "Deny", "Principal": "*", "Action": "*" }));
    house.authorize(&caller(), "ecr:PutImage", HELLO).expect("root is never locked out");
}

#[test]
fn a_session_may_do_what_its_role_may() {
    let house = House::new();
    let reader = Role { attached: [managed_policies()[0].arn(), PULL.to_owned()].into(), ..role("Reader") };
    let nobody = role("Nobody");
    let no_deletes = with_inline(
        "NoDeletes",
        json!([
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": "*:*Delete*", "Resource": "*" }
        ]),
    );
    for role in [&reader, &nobody, &no_deletes] {
        house.role(role);
    }
    house.authorize(&session_of(&reader), "ecr:BatchGetImage", HELLO).expect("a managed policy says so");
    let words = "User: arn:aws:sts::000000000000:assumed-role/Nobody/ci is not authorized to perform: ecr:BatchGetImage on resource: \
                 arn:aws:ecr:us-east-1:000000000000:repository/hello because no identity-based policy allows the ecr:BatchGetImage action";
    refuses(house.authorize(&session_of(&nobody), "ecr:BatchGetImage", HELLO), words);
    house.authorize(&session_of(&no_deletes), "ecr:PutImage", HELLO).expect("its own policy says so");
    house.authorize(&session_of(&no_deletes), "iam:GetPolicy", PULL).expect("AWS's own policies are everybody's to look at");
    refuses(house.authorize(&session_of(&reader), "iam:GetPolicy", PULL), "no identity-based policy");
    let deny = "with an explicit deny in an identity-based policy";
    refuses(house.authorize(&session_of(&no_deletes), "ecr:BatchDeleteImage", HELLO), deny);
    // Made again under the same name, the role is another one, and the session is nobody's.
    block_on(house.roles.remove(&no_deletes, &row())).unwrap();
    refuses(house.authorize(&session_of(&no_deletes), "ecr:PutImage", HELLO), "no identity-based policy");
    house.role(&Role { id: "AROAEXAMPLEEXAMPLE999".to_owned(), ..no_deletes.clone() });
    refuses(house.authorize(&session_of(&no_deletes), "ecr:PutImage", HELLO), "no identity-based policy");
}

#[test]
fn within_an_account_either_side_allows_and_across_accounts_both_must() {
    let house = House::new();
    let (plain, puller) = (role("Plain"), Role { attached: [PULL.to_owned()].into(), ..role("Puller") });
    house.role(&plain);
    house.role(&puller);
    let get = "ecr:BatchGetImage";
    let allow = |principal: &str| json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "ecr:*" });
    house.policy(HELLO, allow("arn:aws:iam::000000000000:root"));
    refuses(house.authorize(&session_of(&plain), get, HELLO), "no identity-based policy");
    house.policy(HELLO, allow("arn:aws:iam::000000000000:role/Plain"));
    house.authorize(&session_of(&plain), get, HELLO).expect("the repository names the role");
    house.policy(HELLO, json!({ "Effect": "Deny", "Principal": { "AWS": "000000000000" }, "Action": "ecr:BatchGetImage" }));
    refuses(house.authorize(&session_of(&puller), get, HELLO), "explicit deny in a resource-based policy");
    refuses(house.authorize(&session_of(&puller), get, FOREIGN), "because no resource-based policy allows");
    house.policy(FOREIGN, allow("000000000000"));
    house.authorize(&session_of(&puller), get, FOREIGN).expect("both sides allow");
    refuses(house.authorize(&session_of(&plain), get, FOREIGN), "no identity-based policy");
}

#[test]
fn a_role_is_passed_to_any_of_app_runners_names_and_to_nobody_else() {
    let house = House::new();
    let passes = |name: &str, service: &str| {
        with_inline(
            name,
            json!([{ "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::000000000000:role/x",
                "Condition": { "StringEquals": { "iam:PassedToService": service } } }]),
        )
    };
    for (name, service, granted) in
        [("A", "apprunner.amazonaws.com", true), ("B", "build.apprunner.amazonaws.com", true), ("C", "lambda.amazonaws.com", false)]
    {
        let role = passes(name, service);
        house.role(&role);
        let found = house.authorize(&session_of(&role), "iam:PassRole", "arn:aws:iam::000000000000:role/x");
        assert_eq!(found.is_ok(), granted, "{service}");
        assert!(house.authorize(&session_of(&role), "iam:PassRole", "arn:aws:iam::000000000000:role/y").is_err());
    }
}

/// What callers of the gatekeeper put in themselves.
const OF_ONE_ACTION: [&str; 8] = [
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:TagKeys",
    "iam:PassedToService",
    "sts:ExternalId",
    "sts:RoleSessionName",
];

#[test]
fn the_list_of_condition_keys_is_what_calls_really_have() {
    let tagged = Role { tags: Tags([("team".to_owned(), "blue".to_owned())].into()), ..role("Blue") };
    let (caller, session) = (caller(), session_of(&tagged));
    let user = Principal::User(identity_of(&user("ann")));
    let parties = [&caller.principal, &session.principal, &user].map(|principal| party(principal, caller.account()));
    let identity = WebIdentity {
        provider: "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com".to_owned(),
        subject: "repo:octo/web".to_owned(),
        audience: "sts.amazonaws.com".to_owned(),
    };
    let parties = parties.into_iter().chain([Party::Service("x.y"), Party::Federated(&identity)]);
    let contexts: Vec<Context> =
        parties.map(|party| context(Timestamp::from_millis(0), party, caller.account(), &tagged.tags, caller.region())).collect();
    for key in contexts.iter().flat_map(Context::keys) {
        assert!(is_supplied(key), "{key} is there, and no policy may ask for it");
    }
    for key in SUPPLIED {
        let found = OF_ONE_ACTION.contains(&key) || contexts.iter().any(|context| context.get(key).is_some());
        assert!(found, "{key} is never there");
    }
}

#[test]
fn a_denial_of_one_name_that_a_role_is_passed_to_is_final() {
    let house = House::new();
    for service in PASSED_TO {
        let role = with_inline(
            &service.replace('.', "-"),
            json!([
                { "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*" },
                { "Effect": "Deny", "Action": "iam:PassRole", "Resource": "*",
                    "Condition": { "StringEquals": { "iam:PassedToService": service } } }
            ]),
        );
        house.role(&role);
        let found = house.authorize(&session_of(&role), "iam:PassRole", "arn:aws:iam::000000000000:role/x");
        refuses(found, "with an explicit deny in an identity-based policy");
    }
}

#[test]
fn a_session_of_a_role_that_is_gone_has_nothing_of_what_a_repository_grants_its_name() {
    let house = House::new();
    let old = role("Old");
    house.role(&old);
    let grant = |principal: &str| json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "ecr:*" });
    for principal in ["*", "arn:aws:iam::000000000000:role/Old", "arn:aws:sts::000000000000:assumed-role/Old/ci"] {
        house.policy(HELLO, grant(principal));
        house.authorize(&session_of(&old), "ecr:PutImage", HELLO).expect("it lives");
    }
    block_on(house.roles.remove(&old, &row())).unwrap();
    refuses(house.authorize(&session_of(&old), "ecr:PutImage", HELLO), "no identity-based policy");
    house.role(&Role { id: "AROAEXAMPLEEXAMPLE999".to_owned(), ..old.clone() });
    for principal in ["*", "arn:aws:iam::000000000000:role/Old", "arn:aws:sts::000000000000:assumed-role/Old/ci"] {
        house.policy(HELLO, grant(principal));
        refuses(house.authorize(&session_of(&old), "ecr:PutImage", HELLO), "no identity-based policy");
    }
}

/// Policies of log groups end with `:*`, as their ARNs do in answers.
#[test]
fn a_policy_about_a_log_group_is_about_calls_on_the_whole_group() {
    let house = House::new();
    let key = LogGroupKey { scope: scope(), name: "/aws/apprunner/webs".to_owned() };
    let group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/apprunner/*:*";
    let reader = with_inline("Reader", json!([{ "Effect": "Allow", "Action": "logs:*", "Resource": group }]));
    let kept = with_inline(
        "Kept",
        json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }, { "Effect": "Deny", "Action": "logs:*", "Resource": group }]),
    );
    house.role(&reader);
    house.role(&kept);
    for (action, resource) in [("logs:DescribeLogStreams", key.action_arn()), ("logs:GetLogEvents", key.stream_arn("s"))] {
        house.authorize(&session_of(&reader), action, &resource).unwrap_or_else(|refusal| panic!("{action}: {refusal}"));
        refuses(house.authorize(&session_of(&kept), action, &resource), "explicit deny");
    }
}

#[test]
fn conditions_know_the_caller_and_the_time() {
    let house = House::new();
    let condition = json!({
        "StringEquals": {
            "aws:PrincipalTag/team": "blue", "aws:RequestedRegion": "us-east-1", "aws:PrincipalType": "AssumedRole",
            "aws:userid": "AROAEXAMPLEEXAMPLE123:ci", "aws:PrincipalAccount": "000000000000"
        },
        "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::000000000000:role/*" },
        "DateGreaterThan": { "aws:CurrentTime": "2027-01-15T07:59:59Z" },
        "DateLessThan": { "aws:CurrentTime": "2027-01-15T08:00:01Z" }
    });
    let mut role = with_inline("Blue", json!([{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition }]));
    role.tags = Tags([("team".to_owned(), "blue".to_owned())].into());
    house.role(&role);
    house.authorize(&session_of(&role), "ecr:PutImage", HELLO).expect("every line of the condition holds");
}

fn service() -> ServiceArn {
    ServiceArn { scope: scope(), name: ServiceName::parse("webs").expect("a name"), id: ServiceId::from_random([7; 16]) }
}

#[track_caller]
fn pull(house: &House, role: Option<&Role>, repository: &str) -> Granted<()> {
    let (service, role) = (service(), role.map(Role::arn));
    let repository = repository_key(repository).expect("a repository");
    let order = PullOrder { service: &service, role: role.as_ref(), repository: &repository };
    block_on(house.gate.may_pull(&order)).expect("memory has no trouble")
}

#[test]
fn an_access_role_pulls_when_trust_and_policies_say_so() {
    let house = House::new();
    let puller = Role { attached: [PULL.to_owned()].into(), ..role("Puller") };
    house.role(&puller);
    pull(&house, Some(&puller), HELLO).expect("the tutorial's role");
    pull(&house, None, HELLO).expect("in its own account no role is needed");
    refuses(pull(&house, None, FOREIGN), "belongs to another account");
    refuses(pull(&house, Some(&puller), FOREIGN), "its policy does not allow ecr:BatchGetImage");
    house.policy(
        FOREIGN,
        json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::000000000000:role/Puller" },
        "Action": ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"] }),
    );
    pull(&house, Some(&puller), FOREIGN).expect("the guide's cross-account policy");
}

#[test]
fn a_role_that_cannot_pull_is_told_with_action_resource_and_command() {
    let house = House::new();
    let absent = role("Absent");
    refuses(pull(&house, Some(&absent), HELLO), "Error in assuming access role arn:aws:iam::000000000000:role/Absent: there is no");
    refuses(pull(&house, Some(&absent), HELLO), "aws iam create-role --role-name Absent");
    let distrustful = Role { trust: role("x").trust.replace("build.apprunner", "tasks.apprunner"), ..role("Distrustful") };
    house.role(&distrustful);
    refuses(pull(&house, Some(&distrustful), HELLO), "does not let build.apprunner.amazonaws.com perform sts:AssumeRole");
    refuses(pull(&house, Some(&distrustful), HELLO), "aws iam update-assume-role-policy --role-name Distrustful");
    let bare = role("Bare");
    house.role(&bare);
    refuses(
        pull(&house, Some(&bare), HELLO),
        "The access role arn:aws:iam::000000000000:role/Bare may not pull: none of its policies allows ecr:GetAuthorizationToken on *. \
         Attach one: aws iam attach-role-policy --role-name Bare --policy-arn arn:aws:iam::aws:policy/service-role/",
    );
    let partly =
        with_inline("Partly", json!([{ "Effect": "Allow", "Action": ["ecr:Get*", "ecr:BatchGetImage"], "Resource": "*" }]));
    house.role(&partly);
    refuses(pull(&house, Some(&partly), HELLO), &format!("allows ecr:DescribeImages on {HELLO}"));
    let denied = Role {
        attached: [PULL.to_owned()].into(),
        ..with_inline("Denied", json!([{ "Effect": "Deny", "Action": "ecr:*", "Resource": HELLO }]))
    };
    house.role(&denied);
    refuses(pull(&house, Some(&denied), HELLO), "one of its policies denies ecr:BatchGetImage");
    let puller = Role { attached: [PULL.to_owned()].into(), ..role("Puller") };
    house.role(&puller);
    house.policy(HELLO, json!({ "Effect": "Deny", "Principal": "*", "Action": "ecr:GetDownloadUrlForLayer" }));
    refuses(pull(&house, Some(&puller), HELLO), "the policy of the repository denies ecr:GetDownloadUrlForLayer");
}

#[test]
fn a_trust_policy_may_ask_for_which_service_the_role_is_taken() {
    let house = House::new();
    let trusting = |name: &str, source: &str| {
        let statement = json!({ "Effect": "Allow", "Principal": { "Service": "build.apprunner.amazonaws.com" },
            "Action": "sts:AssumeRole", "Condition": { "StringEquals": { "aws:SourceAccount": "000000000000" },
            "ArnLike": { "aws:SourceArn": source } } });
        let trust = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        Role { trust, ..role(name) }
    };
    let (ours, theirs) = (
        trusting("Ours", "arn:aws:apprunner:us-east-1:000000000000:service/webs/*"),
        trusting("Theirs", "arn:aws:apprunner:us-east-1:000000000000:service/other/*"),
    );
    for (role, granted) in [(&ours, true), (&theirs, false)] {
        house.role(role);
        let future = "arn:aws:apprunner:us-east-1:000000000000:service/webs/*";
        for service in [service().to_string(), future.to_owned()] {
            let found = block_on(house.gate.may_assume(&role.arn(), &service)).expect("memory has no trouble");
            assert_eq!(found.is_ok(), granted, "{} {service}: {found:?}", role.name);
        }
    }
}

/// A role of one account that a service of another makes App Runner take is what a confused deputy does.
#[test]
fn the_account_that_a_trust_policy_asks_for_is_the_one_of_the_service() {
    let house = House::new();
    let statement = json!({ "Effect": "Allow", "Principal": { "Service": "build.apprunner.amazonaws.com" },
        "Action": "sts:AssumeRole", "Condition": { "StringEquals": { "aws:SourceAccount": "000000000000" } } });
    let trust = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    let role = Role { trust, ..role("Mine") };
    house.role(&role);
    for (account, granted) in [("000000000000", true), ("111111111111", false)] {
        let service = service().to_string().replace("000000000000", account);
        let found = block_on(house.gate.may_assume(&role.arn(), &service)).expect("memory has no trouble");
        assert_eq!(found.is_ok(), granted, "{service}: {found:?}");
    }
}

impl House {
    fn user(&self, user: &User) {
        block_on(Users::create(&*self.users, user, &row())).unwrap().unwrap();
    }

    /// A policy of the account; its ARN.
    fn managed(&self, name: &str, statements: Value) -> String {
        let made = managed_policy(name, &text(statements));
        block_on(ManagedPolicies::create(&*self.managed_policies, &made, &row())).unwrap().unwrap();
        made.arn().to_string()
    }
}

#[test]
fn a_user_may_what_its_policies_and_its_boundary_both_allow() {
    let house = House::new();
    let all = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]);
    let own = house.managed("Ecr", json!([{ "Effect": "Allow", "Action": "ecr:*", "Resource": "*" }]));
    let bound = house.managed(
        "Bound",
        json!([{ "Effect": "Allow", "Action": "ecr:Batch*", "Resource": "*" }, { "Effect": "Deny", "Action": "iam:*", "Resource": "*" }]),
    );
    let ann = User { inline: [("own".to_owned(), text(all))].into(), boundary: Some(bound.clone()), ..user("ann") };
    let bob = User { attached: [own].into(), id: "AIDAEXAMPLEEXAMPLE777".to_owned(), ..user("bob") };
    let eve = User { boundary: Some(bound.replace("Bound", "Gone")), id: "AIDAEXAMPLEEXAMPLE778".to_owned(), ..ann.clone() };
    let eve = User { name: user("eve").name, ..eve };
    for user in [&ann, &bob, &eve] {
        house.user(user);
    }
    house.authorize(&calls_as(&ann), "ecr:BatchGetImage", HELLO).expect("both allow");
    let words = "User: arn:aws:iam::000000000000:user/ann is not authorized to perform: ecr:PutImage on resource: \
                 arn:aws:ecr:us-east-1:000000000000:repository/hello because no permissions boundary allows the ecr:PutImage action";
    refuses(house.authorize(&calls_as(&ann), "ecr:PutImage", HELLO), words);
    refuses(house.authorize(&calls_as(&ann), "iam:GetRole", "*"), "with an explicit deny in a permissions boundary");
    house.authorize(&calls_as(&bob), "ecr:PutImage", HELLO).expect("a policy of the account");
    refuses(house.authorize(&calls_as(&bob), "iam:GetRole", "*"), "because no identity-based policy allows the iam:GetRole action");
    refuses(house.authorize(&calls_as(&eve), "ecr:BatchGetImage", HELLO), "because no permissions boundary allows");
    // Made again under its name, a user is another one.
    let other = User { id: "AIDAEXAMPLEEXAMPLE779".to_owned(), ..bob.clone() };
    refuses(house.authorize(&calls_as(&other), "ecr:PutImage", HELLO), "no identity-based policy");
}

#[test]
fn a_session_that_was_narrowed_may_what_its_role_and_one_of_its_policies_allow() {
    let house = House::new();
    let role = with_inline("Wide", json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    house.role(&role);
    let narrowed = |policies: Vec<String>| {
        let Principal::AssumedRole(session) = session_of(&role).principal else { panic!("a session") };
        Caller { principal: Principal::AssumedRole(RoleSession { policies, ..session }), ..caller() }
    };
    let put = text(json!([{ "Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*" }]));
    let session = narrowed(vec![put, PULL.to_owned()]);
    house.authorize(&session, "ecr:PutImage", HELLO).expect("the document allows");
    house.authorize(&session, "ecr:BatchGetImage", HELLO).expect("the managed policy allows");
    refuses(house.authorize(&session, "ecr:DeleteRepository", HELLO), "because no session policy allows the ecr:DeleteRepository");
    let deny = narrowed(vec![text(json!([
        { "Effect": "Allow", "Action": "*", "Resource": "*" }, { "Effect": "Deny", "Action": "ecr:PutImage", "Resource": "*" }
    ]))]);
    refuses(house.authorize(&deny, "ecr:PutImage", HELLO), "with an explicit deny in a session policy");
    let gone = narrowed(vec!["arn:aws:iam::000000000000:policy/Gone".to_owned()]);
    refuses(house.authorize(&gone, "ecr:PutImage", HELLO), "because no session policy allows");
}

#[test]
fn the_guard_policy_binds_everybody_but_the_first_accounts_root() {
    let mut house = House::new();
    let first = caller().scope.account;
    let guard = text(json!([
        { "Effect": "Allow", "Action": ["ecr:*", "iam:*"], "Resource": "*" }, { "Effect": "Deny", "Action": "iam:Delete*", "Resource": "*" }
    ]));
    house.gate = house.gate.clone().with_guard(Some(GuardPolicy::parse(&guard, first).expect("a policy")));
    let role = with_inline("Wide", json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    house.role(&role);
    let session = session_of(&role);
    house.authorize(&session, "ecr:PutImage", HELLO).expect("both allow");
    refuses(
        house.authorize(&session, "logs:GetLogEvents", "*"),
        "because no service control policy allows the logs:GetLogEvents action",
    );
    refuses(house.authorize(&session, "iam:DeleteRole", "*"), "with an explicit deny in a service control policy");
    house.authorize(&caller(), "iam:DeleteRole", "*").expect("the first account's root is free");
    let mut other = caller();
    other.scope.account = AccountId::parse("111111111111").expect("an account");
    house.authorize(&other, "iam:GetRole", "*").expect("the guard allows it");
    refuses(house.authorize(&other, "iam:DeleteRole", "*"), "with an explicit deny in a service control policy");
    refuses(house.authorize(&other, "logs:GetLogEvents", "*"), "because no service control policy allows");
    let service = Linked::of_service("apprunner.amazonaws.com").expect("it has one");
    let allowing = |name: &str| Role {
        path: service.path(),
        ..with_inline(name, json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]))
    };
    let guard = |house: &mut House| {
        let first = caller().scope.account;
        house.gate = house.gate.clone().with_guard(Some(GuardPolicy::parse(&guard, first).expect("a policy")));
    };
    for false_one in [Role { trust: service.trust(), ..allowing("Linked") }, allowing(service.role)] {
        let mut house = House::new();
        guard(&mut house);
        house.role(&false_one);
        refuses(house.authorize(&session_of(&false_one), "logs:GetLogEvents", "*"), "because no service control policy allows");
    }
    let linked = Role { trust: service.trust(), id: "AROALINKED".to_owned(), ..allowing(service.role) };
    house.role(&linked);
    house.authorize(&session_of(&linked), "logs:GetLogEvents", "*").expect("AWS's own hand is not bound");
    let unknown =
        text(json!([{ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "Bool": { "aws:Colour": "true" } } }]));
    let words = GuardPolicy::parse(&unknown, caller().scope.account).expect_err("no call has it");
    assert!(words.contains("aws:Colour"), "{words}");
}

/// The registry's door and access roles ask without having looked at the repository.
#[test]
fn the_tags_of_a_repository_bind_whoever_asks_about_it() {
    for key in ["aws:ResourceTag/protected", "ecr:ResourceTag/protected"] {
        let house = House::new();
        let condition = json!({ "StringEquals": { key: "true" } });
        let statements = json!([
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": "ecr:PutImage", "Resource": "*", "Condition": condition },
        ]);
        let pusher = with_inline("pusher", statements);
        house.role(&pusher);
        house.authorize(&session_of(&pusher), "ecr:PutImage", HELLO).expect("it has no tag yet");
        let tags = Tags([("protected".to_owned(), "true".to_owned())].into());
        let repository = repository_key(HELLO).expect("a repository");
        block_on(house.repositories.change(&repository, &RepositoryChange::Tag(tags), &row())).unwrap().unwrap();
        refuses(house.authorize(&session_of(&pusher), "ecr:PutImage", HELLO), "with an explicit deny");
    }
}
