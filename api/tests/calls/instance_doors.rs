//! Instances at their own doors: what their SDKs ask for and get, who they are then, and what nobody gets.

use crate::{
    house::{House, Reply, order},
    signer::{Order, sign},
};
use api::{InstanceSessionIssuer, PolicyGate, Visitor, instance_router};
use axum::{Extension, Router, body::Body};
use http::{Request, header};
use http_body_util::BodyExt;
use model::{
    account::AccountId,
    arn::ServiceArn,
    audit::AuditRow,
    instance::InstanceName,
    instance_door::{CREDENTIALS_PATH, InstanceRole},
    port::{Audit, Events, InstanceSessions, Roles, Services},
    refusal::{Refusal, RefusalKind},
    role::{Role, RoleArn},
    secret::Secret,
    testbed::{
        MemoryImages, MemoryManagedPolicies, MemoryRealRoles, MemoryVault, SeededDice, caller,
        conformance::{SessionsBench, instance_sessions},
        role, service_id,
    },
    wish::LogPosition,
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tower::ServiceExt;

const TOKEN: &str = "0123456789abcdef";
const LIFE: Duration = Duration::from_secs(6 * 3600);

/// A house with a service, its role, and the doors of its instances.
struct Bench {
    house: House,
    service: ServiceArn,
    issuer: Arc<InstanceSessionIssuer>,
    doors: Router,
}

fn runner() -> Role {
    let trust = role("x").trust.replace("build.", "tasks.");
    let lists = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apprunner:ListServices","Resource":"*"}]}"#;
    Role { trust, inline: [("lists".to_owned(), lists.to_owned())].into(), ..role("Runner") }
}

fn row() -> AuditRow {
    AuditRow { at: model::time::Timestamp::from_millis(1), caller: caller(), action: "test".to_owned(), resource: "*".to_owned() }
}

impl Bench {
    async fn new() -> Self {
        Self::with(|_| None).await
    }

    /// With a real role that stands for the instance's.
    async fn with(real: impl FnOnce(&House) -> Option<Arc<MemoryRealRoles>>) -> Self {
        let house = House::new();
        house.keep(&runner());
        let service = ServiceArn::parse(&house.service("webs").await).unwrap();
        let gate = Arc::new(PolicyGate::new(
            house.roles.clone(),
            Arc::new(MemoryVault::default()),
            Arc::new(MemoryManagedPolicies::default()),
            Arc::new(MemoryImages::new(|_, _| panic!("nothing is pushed here"))),
            house.clock.clone(),
        ));
        let ledger = house.desk.ledger.clone();
        // The key that the house opens session tokens with.
        let key = Secret::new([8; 32]);
        let issuer = InstanceSessionIssuer::new(gate, &key, ledger.clone(), ledger, Arc::new(SeededDice::new(11)));
        let issuer = Arc::new(real(&house).into_iter().fold(issuer, |issuer, real| issuer.with_real(real)));
        let doors = instance_router(house.router.clone(), issuer.clone());
        Self { house, service, issuer, doors }
    }

    fn role(&self, name: &str) -> InstanceRole {
        let role = RoleArn::parse(&format!("arn:aws:iam::000000000000:role/{name}")).unwrap();
        InstanceRole { role, service: self.service.clone() }
    }

    /// At the door of the instance with this slot.
    async fn at(&self, slot: u16, request: Request<Body>) -> Reply {
        let instance = InstanceName { service: service_id(7), revision: 1, slot };
        let visitor = Visitor { instance, role: self.role("Runner"), token: Secret::new(format!("{TOKEN}{slot}")) };
        let answer = self.doors.clone().layer(Extension(visitor)).oneshot(request).await.expect("a router never fails");
        let (parts, body) = answer.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Reply { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    async fn asks(&self, slot: u16, token: &str) -> Reply {
        self.at(slot, ask("GET", Some(token))).await
    }
}

fn ask(method: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(CREDENTIALS_PATH).header(header::ACCEPT, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, token);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn sessions_of_instance_roles_keep_the_promises_of_their_port() {
    let bench = Bench::new().await;
    let clock = bench.house.clock.clone();
    let turn = |by| clock.turn(by);
    let (trusted, missing) = (bench.role("Runner"), bench.role("Missing"));
    let sessions = SessionsBench { clock: &*bench.house.clock, turn: &turn, life: LIFE, trusted, missing };
    instance_sessions(&*bench.issuer, &sessions).await;
}

#[tokio::test]
async fn an_instance_gets_its_roles_credentials_in_the_form_of_the_sdks_and_is_that_role_with_them() {
    let bench = Bench::new().await;
    let reply = bench.asks(3, &format!("{TOKEN}3")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
    let given = reply.json();
    assert_eq!(given["RoleArn"], "arn:aws:iam::000000000000:role/Runner");
    assert_eq!(given["AccountId"], "000000000000");
    assert_eq!(given["Expiration"], "2027-01-15T14:00:00Z");
    assert_eq!(given.as_object().unwrap().len(), 6, "{given}");
    let text = |name: &str| given[name].as_str().unwrap();
    assert!(text("AccessKeyId").starts_with("ASIA") && text("SecretAccessKey").len() == 40);
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.json(), given, "whoever asks again soon gets the same");

    // The API stands behind the same door, and is as strict as everywhere.
    let signed = |order: Order<'_>| {
        sign(&Order { key: text("AccessKeyId"), secret: text("SecretAccessKey"), token: Some(text("Token")), ..order })
    };
    let me = Order { target: None, ..order("", "sts", "Action=GetCallerIdentity&Version=2011-06-15") };
    let reply = bench.at(3, signed(me)).await;
    let session =
        format!("arn:aws:sts::000000000000:assumed-role/Runner/{}", InstanceName { service: service_id(7), revision: 1, slot: 3 });
    assert!(reply.text.contains(&session), "{}", reply.text);
    let reply = bench.at(3, signed(order("AppRunner.ListServices", "apprunner", "{}"))).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let reply = bench.at(3, signed(order("AppRunner.ListConnections", "apprunner", "{}"))).await;
    assert_eq!(reply.fault().0, "AccessDeniedException", "{}", reply.text);
    let unsigned = Request::post("/").header("x-amz-target", "AppRunner.ListServices").body(Body::from("{}")).unwrap();
    assert_ne!(bench.at(3, unsigned).await.status, 200, "nobody is somebody for being at a door");

    let rows = Audit::list(&*bench.house.desk.ledger, LogPosition(0), 100).await.unwrap();
    let taken: Vec<_> = rows.iter().filter(|(_, row)| row.action == "sts:AssumeRole").collect();
    assert_eq!(taken.len(), 1, "it is written down once that the role was taken");
    assert!(taken[0].1.resource.ends_with("r1-3"), "{:?}", taken[0]);
}

#[tokio::test]
async fn without_its_own_token_nobody_gets_anything() {
    let bench = Bench::new().await;
    let right = format!("{TOKEN}3");
    let neighbours = format!("{TOKEN}4");
    for shown in [None, Some(""), Some(TOKEN), Some(&*neighbours), Some("Bearer 0123456789abcdef3")] {
        let reply = bench.at(3, ask("GET", shown)).await;
        assert_eq!(reply.status, 401, "{shown:?}");
        assert!(reply.json()["code"].is_string() && reply.json()["message"].is_string(), "{}", reply.text);
        assert!(!reply.text.contains(TOKEN), "a token is never told: {}", reply.text);
    }
    for method in ["POST", "PUT", "DELETE", "HEAD"] {
        let reply = bench.at(3, ask(method, Some(&right))).await;
        assert_eq!(reply.status, 405, "{method}");
        assert!(!reply.text.contains("ASIA"), "{method}");
    }
}

#[tokio::test]
async fn a_role_that_is_gone_or_trusts_no_more_gives_nothing_and_its_owner_is_told_once() {
    let bench = Bench::new().await;
    let ledger = bench.house.desk.ledger.clone();
    let told = async || {
        let events = Events::list(&*ledger, &bench.service.id, LogPosition(0), 100).await.unwrap();
        events.into_iter().filter(|event| event.event.message.contains("get no credentials")).count()
    };
    let asks = async || bench.asks(3, &format!("{TOKEN}3")).await;
    let first = asks().await.json();
    let account = AccountId::parse("000000000000").unwrap();
    let roles = bench.house.roles.clone();
    let stored = async || roles.get(&account, &bench.role("Runner").role.name()).await.unwrap().unwrap();
    let closed = Role { trust: role("x").trust, ..stored().await };
    assert!(roles.change(&stored().await, &closed, &row()).await.unwrap());
    for _ in 0..3 {
        let reply = asks().await;
        assert_eq!((reply.status, &reply.json()["code"]), (403, &Value::from("AccessDenied")));
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains("aws iam update-assume-role-policy --role-name Runner"), "{message}");
    }
    assert_eq!(told().await, 1, "however often it asks");
    assert!(roles.change(&stored().await, &runner(), &row()).await.unwrap());
    assert_eq!(asks().await.json(), first, "nothing has happened to what was given before");
    assert!(roles.remove(&stored().await, &row()).await.unwrap());
    assert_eq!(asks().await.status, 403);
    assert_eq!(told().await, 2, "it was well in between");
    // Made again under its name it is another role.
    let again = Role { id: "AROAANOTHERANOTHER456".to_owned(), ..runner() };
    roles.create(&again, &row()).await.unwrap().unwrap();
    let second = asks().await.json();
    assert_ne!(second["AccessKeyId"], first["AccessKeyId"]);
    assert!(Services::get(&*ledger, &bench.service).await.unwrap().is_some());
    assert!(
        bench
            .issuer
            .credentials(&InstanceName { service: service_id(7), revision: 1, slot: 3 }, &bench.role("Runner"))
            .await
            .unwrap()
            .is_ok()
    );
}

#[tokio::test]
async fn where_a_real_role_stands_for_its_own_an_instance_gets_that_ones_credentials_and_new_ones_in_time() {
    let role = |text: &str| RoleArn::parse(text).unwrap();
    let (ours, real) = (role("arn:aws:iam::000000000000:role/Runner"), role("arn:aws:iam::123456789012:role/app"));
    let mut roles = None;
    let bench = Bench::with(|house| {
        let taking = Arc::new(MemoryRealRoles::new(ours.clone(), real.clone(), house.clock.clone()));
        roles = Some(taking.clone());
        Some(taking)
    })
    .await;
    let roles = roles.expect("it was made");
    let first = bench.asks(3, &format!("{TOKEN}3")).await.json();
    assert_eq!((&first["RoleArn"], &first["AccountId"]), (&Value::from(real.as_str()), &Value::from("123456789012")));
    assert_eq!(first["Token"], "a real token");
    let instance = InstanceName { service: service_id(7), revision: 1, slot: 3 }.to_string();
    assert_eq!(roles.taken(), std::slice::from_ref(&instance));
    bench.house.clock.turn(Duration::from_secs(43 * 60));
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.json(), first, "seventeen minutes before their end they are good");
    bench.house.clock.turn(Duration::from_secs(2 * 60));
    let second = bench.asks(3, &format!("{TOKEN}3")).await.json();
    assert_ne!(second["AccessKeyId"], first["AccessKeyId"], "a quarter of an hour before it, SDKs want others");
    bench.asks(4, &format!("{TOKEN}4")).await;
    assert_eq!(roles.taken().len(), 3, "each instance has its own");

    let ledger = bench.house.desk.ledger.clone();
    let rows = Audit::list(&*ledger, LogPosition(0), 100).await.unwrap();
    let taken: Vec<&str> =
        rows.iter().filter(|(_, row)| row.action == "sts:AssumeRole").map(|(_, row)| row.resource.as_str()).collect();
    assert_eq!(taken[0], format!("{real} as {instance}"));
    assert_eq!(taken.len(), 3);
}

#[tokio::test]
async fn while_the_real_sts_is_ill_an_instance_keeps_its_credentials_and_one_without_is_told_to_come_back() {
    let role = |text: &str| RoleArn::parse(text).unwrap();
    let (ours, real) = (role("arn:aws:iam::000000000000:role/Runner"), role("arn:aws:iam::123456789012:role/app"));
    let mut roles = None;
    let bench = Bench::with(|house| {
        let taking = Arc::new(MemoryRealRoles::new(ours, real, house.clock.clone()));
        roles = Some(taking.clone());
        Some(taking)
    })
    .await;
    let roles = roles.expect("it was made");
    let first = bench.asks(3, &format!("{TOKEN}3")).await.json();
    roles.answer(Some(Refusal::new(RefusalKind::WrongState, "https://sts.us-east-1.amazonaws.com answers 503.")));
    bench.house.clock.turn(Duration::from_secs(50 * 60));
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.json(), first, "they are good for ten minutes");
    assert_eq!(bench.asks(4, &format!("{TOKEN}4")).await.status, 503);
    assert_eq!(roles.asked(), 2, "one asks for all");
    bench.house.clock.turn(Duration::from_secs(11 * 60));
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.status, 503, "nothing is given that is over");
    roles.answer(None);
    bench.house.clock.turn(Duration::from_secs(30));
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.status, 200);
}

#[tokio::test]
async fn a_real_role_that_is_not_given_is_told_with_the_words_of_who_denies_it_and_once() {
    let (ours, real) = ("arn:aws:iam::000000000000:role/Runner", "arn:aws:iam::123456789012:role/app");
    let mut roles = None;
    let bench = Bench::with(|house| {
        let role = |text: &str| RoleArn::parse(text).unwrap();
        let taking = Arc::new(MemoryRealRoles::new(role(ours), role(real), house.clock.clone()));
        roles = Some(taking.clone());
        Some(taking)
    })
    .await;
    let roles = roles.expect("it was made");
    roles.refuse(Some("https://sts.us-east-1.amazonaws.com does not give it (403 AccessDenied): no."));
    for _ in 0..3 {
        let reply = bench.asks(3, &format!("{TOKEN}3")).await;
        assert_eq!(reply.status, 403);
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        let wanted = format!(
            "Error in assuming {real}, which stands for instance role {ours}: https://sts.us-east-1.amazonaws.com does not"
        );
        assert!(message.starts_with(&wanted), "{message}");
    }
    let ledger = bench.house.desk.ledger.clone();
    let events = Events::list(&*ledger, &bench.service.id, LogPosition(0), 100).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.event.message.contains("get no credentials")).count(), 1);
    assert_eq!(roles.asked(), 1, "AWS counts what is asked with the operator's keys");
    roles.refuse(None);
    bench.house.clock.turn(Duration::from_secs(30));
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.status, 200);

    // Who takes the trust away from the role of ours takes the real one's credentials away with it.
    let stored = bench.house.roles.get(&AccountId::parse("000000000000").unwrap(), &bench.role("Runner").role.name()).await;
    let stored = stored.unwrap().unwrap();
    let closed = Role { trust: role("x").trust, ..stored.clone() };
    assert!(bench.house.roles.change(&stored, &closed, &row()).await.unwrap());
    assert_eq!(bench.asks(3, &format!("{TOKEN}3")).await.status, 403);
}
