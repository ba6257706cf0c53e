//! A house with only this room in it: the router over ports in memory, and a client that signs.

use crate::signer::{KEY, Order, SECRET, sign};
use api::{AuditedReads, GuardPolicy, OperatorLogins, PolicyGate, Ports, Settings};
use axum::{Router, body::Body};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use model::{
    account::{AccountId, Region},
    arn::ServiceArn,
    audit::AuditRow,
    caller::{AccessKey, Caller, Principal},
    digest::{Algorithm, Digest},
    foreign_image::RegistryHost,
    instance::InstanceName,
    lifecycle::{Change, Promise, RouteSeen, Seen, Spare, absorb, absorb_image},
    log_line::{LogCursor, LogLine, LogStream},
    operation::{Failure, OperationState, Outcome},
    port::{
        AccessKeys, Action, Answer, Clock, Commit, Desk, Gatekeeper, Granted, Issuers, LogLines, Roles, ServiceChange, Services,
        Versioned,
    },
    quota::QuotaSetting,
    refusal::{Refusal, RefusalKind},
    revision::{ImagePin, Revision},
    role::Role,
    secret::Secret,
    service::{Phase, Service, Standing},
    tag::ServiceOptions,
    testbed::{
        JumpingBell, MemoryAccounts, MemoryAwsUpstreams, MemoryDesk, MemoryImages, MemoryIssuers, MemoryLogins,
        MemoryManagedPolicies, MemoryPolicyHolders, MemoryPushes, MemoryQuotas, MemoryRoles, MemorySealed, MemoryVault, SeededDice,
        TurnedClock, block_on, caller, role,
    },
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tower::ServiceExt;

/// 2027-01-15T08:00:00.250Z, and how clients write it.
pub const NOW_MILLIS: i64 = 1_800_000_000_250;
pub const NOW: &str = "20270115T080000Z";

pub struct House {
    pub router: Router,
    pub desk: Arc<MemoryDesk>,
    pub images: Arc<MemoryImages>,
    pub clock: Arc<TurnedClock>,
    pub roles: Arc<MemoryRoles>,
}

/// Waits for calls where a test is no future: properties are not. With a runtime, because the door keeps time.
pub fn wait<T>(calls: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a runtime").block_on(calls)
}

/// The names of what a list shows, page by page as `input` says (`MaxResults`); `between` happens after the first page.
pub async fn paged(
    house: &House,
    operation: &str,
    mut input: Value,
    list: &str,
    named: impl Fn(&Value) -> String,
    between: impl AsyncFnOnce(),
) -> Vec<String> {
    let most = input["MaxResults"].as_u64().expect("a number");
    let (mut found, mut between, mut pages) = (Vec::new(), Some(between), 0);
    loop {
        let body = house.call(operation, input.clone()).await.json();
        let items = body[list].as_array().expect("a list");
        assert!(items.len() as u64 <= most, "{items:?}");
        found.extend(items.iter().map(&named));
        pages += 1;
        assert!(pages < 100, "the list never ends");
        if let Some(between) = between.take() {
            between().await;
        }
        match &body["NextToken"] {
            Value::Null => return found,
            token => input["NextToken"] = token.clone(),
        }
    }
}

/// What a list showed while something was deleted: all that stayed, each once, nothing that was never there, and in order where nothing changed.
pub fn nothing_lost(before: &[String], found: &[String], after: &[String]) {
    for item in before.iter().filter(|item| after.contains(item)) {
        assert_eq!(found.iter().filter(|found| *found == item).count(), 1, "{item} was there all the time: {found:?}");
    }
    for item in found {
        assert!(before.contains(item) || after.contains(item), "{item} was never there: {found:?}");
    }
    if before == after {
        assert_eq!(found, before);
    }
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl House {
    pub fn new() -> Self {
        Self::at_millis(NOW_MILLIS)
    }

    /// A house at another time.
    pub fn at_millis(millis: i64) -> Self {
        let clock = Arc::new(TurnedClock::at_millis(millis));
        let desk = Arc::new(MemoryDesk::new(Arc::clone(&clock)));
        let roles = Arc::new(MemoryRoles::default());
        let images = Arc::new(MemoryImages::new(crate::layers::digest_of));
        let router = router(desk.clone(), &desk, clock.clone(), roles.clone(), images.clone());
        let house = Self { router, desk, images, clock, roles };
        house.keep(&Role { path: "/service-role/".to_owned(), ..role("AppRunnerECRAccessRole") });
        house
    }

    /// Keeps a role, as if it had been made before.
    pub fn keep(&self, role: &Role) {
        let audit =
            AuditRow { at: self.clock.now(), caller: caller(), action: "iam:CreateRole".to_owned(), resource: "*".to_owned() };
        block_on(Roles::create(&*self.roles, role, &audit)).expect("memory keeps it").expect("it is new");
    }

    /// The same house, in which a role is that trusts App Runner's builds.
    pub fn with_role(self, name: &str) -> Self {
        self.keep(&role(name));
        self
    }

    /// The platform was started again: what it holds is there, what it only remembered is not.
    pub fn restarted(self) -> Self {
        Self { router: self.router_with(self.desk.clone()), ..self }
    }

    /// A house whose desk is another one; the one in memory is there and unused.
    pub fn with_desk(other: Arc<dyn Desk>) -> Self {
        let house = Self::new();
        Self { router: house.router_with(other), ..house }
    }

    /// A house whose roles are others; those in memory are there and unused.
    pub fn with_roles(other: Arc<dyn Roles>) -> Self {
        let house = Self::new();
        Self { router: router(house.desk.clone(), &house.desk, house.clock.clone(), other, house.images.clone()), ..house }
    }

    fn router_with(&self, desk: Arc<dyn Desk>) -> Router {
        router(desk, &self.desk, self.clock.clone(), self.roles.clone(), self.images.clone())
    }

    /// A house in which App Runner's own quotas and limits hold.
    pub fn strict() -> Self {
        let house = Self::new();
        let (desk, roles, images) = (house.desk.clone(), house.roles.clone(), house.images.clone());
        Self {
            router: guarded(
                desk,
                &house.desk,
                house.clock.clone(),
                roles,
                images,
                Said { quotas: QuotaSetting::AppRunners, ..Said::default() },
            ),
            ..house
        }
    }

    /// A Service Quotas call.
    pub async fn quotas(&self, operation: &str, input: Value) -> Reply {
        self.order(&order(&format!("ServiceQuotasV20190624.{operation}"), "servicequotas", &input.to_string())).await
    }

    /// A house that writes down every call that only reads.
    pub fn auditing_reads() -> Self {
        let house = Self::new();
        let (desk, roles, images) = (house.desk.clone(), house.roles.clone(), house.images.clone());
        let said = Said { audited_reads: AuditedReads::All, ..Said::default() };
        let router = guarded(desk, &house.desk, house.clock.clone(), roles, images, said);
        Self { router, ..house }
    }

    /// A house from which calls of other services are sent on; `audited_reads` says whether reading ones are written down. One action may be denied to all.
    pub fn with_upstreams(upstreams: Arc<MemoryAwsUpstreams>, audited_reads: AuditedReads, denied: Option<&str>) -> Self {
        let house = Self::new();
        let (desk, roles, images) = (house.desk.clone(), house.roles.clone(), house.images.clone());
        let gatekeeper = denied.map(|action| Arc::new(Denying(action.to_owned())) as Arc<dyn Gatekeeper>);
        let said = Said { upstreams, audited_reads, gatekeeper, ..Said::default() };
        let router = guarded(desk, &house.desk, house.clock.clone(), roles, images, said);
        Self { router, ..house }
    }

    /// A house whose instances get identity tokens.
    pub fn making_tokens() -> Self {
        let house = Self::new();
        let (desk, roles, images) = (house.desk.clone(), house.roles.clone(), house.images.clone());
        let said = Said { makes_tokens: true, ..Said::default() };
        let router = guarded(desk, &house.desk, house.clock.clone(), roles, images, said);
        Self { router, ..house }
    }

    /// A house that reaches these outside issuers.
    pub fn knowing(issuers: Arc<dyn Issuers>) -> Self {
        let house = Self::new();
        let (desk, roles, images) = (house.desk.clone(), house.roles.clone(), house.images.clone());
        let router = guarded(desk, &house.desk, house.clock.clone(), roles, images, Said { issuers, ..Said::default() });
        Self { router, ..house }
    }

    /// The same house, in which one action is denied.
    pub fn denying(self, action: impl Into<String>) -> Self {
        self.guarded_by(Arc::new(Denying(action.into())))
    }

    /// The same with a guard policy too, which binds every account's root but the first's.
    pub fn bound_and_guarded_by(self, gatekeeper: Arc<dyn Gatekeeper>) -> Self {
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let first = AccountId::parse("000000000000").expect("an account");
        let guard_policy = Some(GuardPolicy::parse(text, first).expect("a policy"));
        let (desk, roles, images) = (self.desk.clone(), self.roles.clone(), self.images.clone());
        let said = Said { gatekeeper: Some(gatekeeper), guard_policy, ..Said::default() };
        let router = guarded(desk, &self.desk, self.clock.clone(), roles, images, said);
        Self { router, ..self }
    }

    /// The same house with another gatekeeper.
    pub fn guarded_by(self, gatekeeper: Arc<dyn Gatekeeper>) -> Self {
        let (desk, roles, images) = (self.desk.clone(), self.roles.clone(), self.images.clone());
        Self {
            router: guarded(
                desk,
                &self.desk,
                self.clock.clone(),
                roles,
                images,
                Said { gatekeeper: Some(gatekeeper), ..Said::default() },
            ),
            ..self
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.router.clone().oneshot(request).await.expect("a router never fails").into_parts();
        let text = body.collect().await.expect("the body is in memory").to_bytes();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            // What is no text, as CBOR, has text in it.
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    /// Signs and sends.
    pub async fn order(&self, order: &Order<'_>) -> Reply {
        self.send(sign(order)).await
    }

    /// An App Runner call with a body as it is.
    pub async fn raw(&self, operation: &str, body: &str) -> Reply {
        self.order(&order(&format!("AppRunner.{operation}"), "apprunner", body)).await
    }

    /// An App Runner call.
    pub async fn call(&self, operation: &str, input: Value) -> Reply {
        self.raw(operation, &input.to_string()).await
    }

    /// An ECR call.
    pub async fn ecr(&self, operation: &str, input: Value) -> Reply {
        let target = format!("AmazonEC2ContainerRegistry_V20150921.{operation}");
        self.order(&order(&target, "ecr", &input.to_string())).await
    }

    /// A CloudWatch Logs call.
    pub async fn logs(&self, operation: &str, input: Value) -> Reply {
        self.order(&order(&format!("Logs_20140328.{operation}"), "logs", &input.to_string())).await
    }

    /// A call of IAM or STS as the root, by its form.
    pub async fn form(&self, service: &str, body: &str) -> Reply {
        self.order(&Order { target: None, ..order("", service, body) }).await
    }

    /// A call of our own extension.
    pub async fn own(&self, operation: &str, input: Value) -> Reply {
        self.order(&order(&format!("Outrunner.{operation}"), "outrunner", &input.to_string())).await
    }

    /// Creates a service and says its ARN.
    pub async fn service(&self, name: &str) -> String {
        let reply = self.call("CreateService", service(name)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["Service"]["ServiceArn"].as_str().expect("an ARN").to_owned()
    }
}

/// This room over its ports. Log lines are those of the desk in memory.
fn router(
    desk: Arc<dyn Desk>,
    memory: &MemoryDesk,
    clock: Arc<TurnedClock>,
    roles: Arc<dyn Roles>,
    images: Arc<MemoryImages>,
) -> Router {
    guarded(desk, memory, clock, roles, images, Said::default())
}

/// What a person may say of a house.
struct Said {
    /// Services that have a place elsewhere.
    upstreams: Arc<MemoryAwsUpstreams>,
    /// Another gatekeeper than the one that evaluates policies.
    gatekeeper: Option<Arc<dyn Gatekeeper>>,
    quotas: QuotaSetting,
    audited_reads: AuditedReads,
    guard_policy: Option<GuardPolicy>,
    issuers: Arc<dyn Issuers>,
    makes_tokens: bool,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            upstreams: Arc::default(),
            gatekeeper: None,
            quotas: QuotaSetting::Lifted,
            audited_reads: AuditedReads::Denied,
            guard_policy: None,
            issuers: Arc::<MemoryIssuers>::default(),
            makes_tokens: false,
        }
    }
}

fn guarded(
    desk: Arc<dyn Desk>,
    memory: &MemoryDesk,
    clock: Arc<TurnedClock>,
    roles: Arc<dyn Roles>,
    images: Arc<MemoryImages>,
    Said { upstreams, gatekeeper, quotas, audited_reads, guard_policy, issuers, makes_tokens }: Said,
) -> Router {
    let vault = vault();
    let audit = memory.ledger.clone();
    let accounts = Arc::new(MemoryAccounts::default());
    let managed_policies = Arc::new(MemoryManagedPolicies::default());
    let gate = Arc::new(PolicyGate::new(roles.clone(), vault.clone(), managed_policies.clone(), images.clone(), clock.clone()));
    let gatekeeper = gatekeeper.unwrap_or_else(|| gate.clone());
    let (secrets, parameters) = (Arc::new(MemorySealed::default()), Arc::new(MemorySealed::default()));
    // A desk like the one in memory, over the same ledger.
    let revision_desk = Arc::new(MemoryDesk { ledger: memory.ledger.clone(), ..MemoryDesk::new(clock.clone()) });
    let ports = Ports {
        instance_roles: Arc::new(api::InstanceRoleReader::new(gate.clone(), secrets.clone(), parameters.clone())),
        secrets,
        parameters,
        aws_upstreams: upstreams,
        bell: Arc::new(JumpingBell::new(clock.clone())),
        desk,
        revision_desk,
        scaling_configurations: memory.ledger.clone(),
        observability_configurations: memory.ledger.clone(),
        vpc_connectors: memory.ledger.clone(),
        connections: memory.ledger.clone(),
        vpc_ingress_connections: memory.ledger.clone(),
        custom_domains: memory.ledger.clone(),
        repositories: images.clone(),
        repository_images: images.clone(),
        blobs: images.clone(),
        image_pushes: Arc::new(MemoryPushes::new(images, crate::layers::digest_of, crate::layers::read_manifest)),
        log_groups: memory.logs.clone(),
        log_lines: memory.logs.clone(),
        logins: Arc::new(MemoryLogins::default()),
        access_keys: vault.clone(),
        policy_holders: Arc::new(MemoryPolicyHolders::new(vault.clone(), roles.clone())),
        roles,
        users: vault,
        managed_policies,
        accounts: accounts.clone(),
        identity_providers: accounts,
        issuers,
        audit,
        quotas: Arc::new(MemoryQuotas::default()),
        gatekeeper,
        access_roles: gate,
        clock,
        dice: Arc::new(SeededDice::new(7)),
    };
    let settings = Settings {
        account: AccountId::parse("000000000000").expect("an account"),
        registry_hosts: ["localhost:4566", "127.0.0.1:4566"].map(str::to_owned).to_vec(),
        regions: ["us-east-1", "eu-west-1"].map(|region| Region::parse(region).expect("a region")).to_vec(),
        page_key: Secret::new([7; 32]),
        session_key: Secret::new([8; 32]),
        audited_reads,
        quotas,
        operator_logins: OperatorLogins {
            registries: vec![RegistryHost::parse("private.example").expect("a registry")],
            ecr: false,
        },
        guard_policy,
        makes_tokens,
    };
    api::router(ports, settings)
}

/// The keys of this house: two accounts' roots, and one that cannot sign.
fn vault() -> Arc<MemoryVault> {
    let vault = Arc::new(MemoryVault::default());
    for (id, account, secret) in
        [(KEY, "000000000000", SECRET), ("AKIDFOREIGN", "111111111111", SECRET), ("AKIDBROKEN", "222222222222", "")]
    {
        let account = AccountId::parse(account).expect("an account");
        let key = AccessKey::new(id, Secret::new(secret), account, Principal::Root);
        block_on(AccessKeys::keep(&*vault, &key)).expect("memory keeps it");
    }
    vault
}

/// Everything but one action is allowed.
struct Denying(String);

impl Gatekeeper for Denying {
    fn authorize<'a>(&'a self, _: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>> {
        let denied = || Refusal::new(RefusalKind::Denied, format!("{} on {} is denied.", action.name, action.resource));
        let granted = if action.name == self.0 { Err(denied()) } else { Ok(()) };
        Box::pin(async move { Ok(granted) })
    }
}

/// What the keeper would do, by hand.
impl House {
    /// The image of a new service does not exist: its creation fails.
    pub async fn fail(&self, arn: &str) {
        let mut found = self.find(arn).await;
        let promise = |service: &Service| Promise {
            service: service.clone(),
            revisions: BTreeMap::new(),
            options: ServiceOptions::default(),
        };
        let nothing = Seen { instances: Vec::new(), route: RouteSeen::Absent, wanted: 0, spare: Spare::Unwanted };
        let failure = Failure { message: "No such image.".to_owned() };
        let mut change = absorb_image(&promise(&found.value), Err(failure), self.desk.clock.now());
        while let Some(Change { service, operation, revision, events }) = change {
            self.clock.turn(Duration::from_secs(1));
            let change_now = ServiceChange { service, operation, revision, events, audit: None };
            self.desk.ledger.commit(found.version, &change_now).await.expect("memory commits");
            found = self.find(arn).await;
            change = absorb(&promise(&found.value), &nothing, self.desk.clock.now());
        }
    }

    /// What is under way has succeeded, and the service rests.
    pub async fn rest(&self, arn: &str, standing: Standing) {
        let found = self.find(arn).await;
        let mut service = found.value;
        let now = self.desk.clock.now();
        let operation = match &service.phase {
            Phase::Moving { operation, .. } => {
                Some(operation.with_state(OperationState::Ended { at: now, outcome: Outcome::Succeeded }, now))
            }
            Phase::Still(_) => None,
        };
        service.phase = Phase::Still(standing);
        let change = ServiceChange { service, operation, revision: None, events: Vec::new(), audit: None };
        assert!(matches!(self.desk.ledger.commit(found.version, &change).await, Ok(Commit::Done(_))), "memory commits");
    }

    /// A service that runs.
    pub async fn running(&self, name: &str) -> String {
        let arn = self.service(name).await;
        self.rest(&arn, Standing::Running { revision: 1 }).await;
        arn
    }

    /// As many revisions were deployed, and the last one runs.
    pub async fn revisions(&self, arn: &str, number: u32) {
        for number in 1..=number {
            let found = self.find(arn).await;
            let source = found.value.configuration.image_source().reference.own().expect("it is ours").clone();
            let digest = Digest::from_hash(Algorithm::Sha256, &[u8::try_from(number).expect("few"); 32]);
            let revision = Revision {
                number,
                created_at: self.clock.now(),
                configuration: found.value.configuration.clone(),
                image: ImagePin { scope: source.scope, repository: source.repository, digest },
                operation: None,
                restores: None,
            };
            let phase = Phase::Still(Standing::Running { revision: number });
            let service = Service { revisions: number, phase, ..found.value };
            let change = ServiceChange { service, operation: None, revision: Some(revision), events: Vec::new(), audit: None };
            assert!(matches!(self.desk.ledger.commit(found.version, &change).await, Ok(Commit::Done(_))), "memory commits");
        }
    }

    /// An instance of the service prints lines.
    pub async fn print(&self, arn: &str, lines: &[&[u8]]) {
        let service = self.find(arn).await.value;
        let from = InstanceName { service: service.id.clone(), revision: 1, slot: 0 };
        let stream = LogStream::of_instance(&service, &from);
        let at = self.clock.now();
        let lines: Vec<LogLine> = lines.iter().map(|bytes| LogLine { at, bytes: bytes.to_vec().into() }).collect();
        let read = self.desk.logs.cursor(&from).await.expect("memory reads");
        let next = LogCursor { offset: read.offset + 1, ..read };
        self.desk.logs.append(&stream, &lines, &from, read, next).await.expect("memory appends");
    }

    async fn find(&self, arn: &str) -> Versioned<Service> {
        let arn = ServiceArn::parse(arn).expect("an ARN");
        Services::get(&*self.desk.ledger, &arn).await.expect("memory reads").expect("it is there")
    }
}

impl Reply {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The fault's name and words; panics where there is none.
    #[track_caller]
    pub fn fault(&self) -> (String, String) {
        let body = self.json();
        assert!(self.status >= 400, "{}", self.text);
        let words = if body["Message"].is_string() { &body["Message"] } else { &body["message"] };
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no fault: {}", self.text)).to_owned();
        (text(&body["__type"]), text(words))
    }
}

/// An order of the account's root at the present time.
pub fn order<'a>(target: &'a str, service: &'a str, body: &'a str) -> Order<'a> {
    Order { key: KEY, secret: SECRET, date: NOW, region: "us-east-1", service, target: Some(target), body, token: None }
}

/// The smallest CreateService that is accepted.
pub fn service(name: &str) -> Value {
    json!({
        "ServiceName": name,
        "SourceConfiguration": { "ImageRepository": {
            "ImageIdentifier": "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1",
            "ImageRepositoryType": "ECR",
        } },
    })
}

/// Answers with a fault of this name whose words contain these.
#[track_caller]
pub fn faults(reply: &Reply, code: &str, words: &str) {
    let (found, message) = reply.fault();
    assert_eq!((reply.status, found.as_str()), (400, code), "{message}");
    assert!(message.contains(words), "{message} does not say {words}");
}

/// Holds `found` against a golden file; `UPDATE=1` rewrites it.
#[track_caller]
pub fn golden(name: &str, found: &Value) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let found = format!("{found:#}\n");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        #[expect(clippy::disallowed_methods, reason = "golden files are written by tests")]
        std::fs::write(&path, &found).expect("the golden file can be written");
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} differs: {found}", path.display());
}
