//! A house with only this room in it: the router over ports in memory, and a client that signs.

use crate::signer::{KEY, Order, SECRET, sign};
use api::{OwnAccount, Ports, Settings};
use axum::{Router, body::Body};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use model::{
    account::{AccountId, Region},
    arn::ServiceArn,
    caller::{AccessKey, Principal},
    digest::{Algorithm, Digest},
    instance::InstanceName,
    lifecycle::{Change, Promise, RouteSeen, Seen, absorb, absorb_image},
    log_line::{LogCursor, LogLine, LogStream},
    operation::Failure,
    port::{AccessKeys, Clock, Desk, LogLines, ServiceChange, Services, Versioned},
    secret::Secret,
    service::Service,
    tag::ServiceOptions,
    testbed::{MemoryDesk, MemoryImages, MemoryLogins, MemoryVault, SeededDice, TurnedClock, block_on},
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
    pub clock: Arc<TurnedClock>,
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
        Self { router: router(desk.clone(), clock.clone()), desk, clock }
    }

    /// The platform was started again: what it holds is there, what it only remembered is not.
    pub fn restarted(self) -> Self {
        Self { router: router(self.desk.clone(), self.clock.clone()), ..self }
    }

    /// A house whose desk is another one; the one in memory is there and unused.
    pub fn with_desk(other: Arc<dyn Desk>) -> Self {
        let house = Self::new();
        Self { router: router(other, house.clock.clone()), ..house }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.router.clone().oneshot(request).await.expect("a router never fails").into_parts();
        let text = body.collect().await.expect("the body is in memory").to_bytes();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(text.to_vec()).expect("answers are UTF-8"),
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

/// This room over its ports.
fn router(desk: Arc<dyn Desk>, clock: Arc<TurnedClock>) -> Router {
    let vault = MemoryVault::default();
    for (id, account, secret) in
        [(KEY, "000000000000", SECRET), ("AKIDFOREIGN", "111111111111", SECRET), ("AKIDBROKEN", "000000000000", "")]
    {
        let key = AccessKey {
            id: id.to_owned(),
            secret: Secret::new(secret),
            account: AccountId::parse(account).expect("an account"),
            principal: Principal::Root,
        };
        block_on(vault.keep(&key)).expect("memory keeps it");
    }
    let ports = Ports {
        desk,
        repositories: Arc::new(MemoryImages::new(no_digest)),
        logins: Arc::new(MemoryLogins::default()),
        access_keys: Arc::new(vault),
        gatekeeper: Arc::new(OwnAccount),
        clock,
        dice: Arc::new(SeededDice::new(7)),
    };
    let settings = Settings {
        registry_hosts: ["localhost:4566", "127.0.0.1:4566"].map(str::to_owned).to_vec(),
        regions: ["us-east-1", "eu-west-1"].map(|region| Region::parse(region).expect("a region")).to_vec(),
        page_key: Secret::new([7; 32]),
    };
    api::router(ports, settings)
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
        let nothing = Seen { instances: Vec::new(), route: RouteSeen::Absent };
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

    /// An instance of the service prints lines.
    pub async fn print(&self, arn: &str, lines: &[&[u8]]) {
        let service = self.find(arn).await.value;
        let from = InstanceName { service: service.id.clone(), revision: 1, slot: 0 };
        let stream = LogStream::of_instance(&service, &from);
        let at = self.clock.now();
        let lines: Vec<LogLine> = lines.iter().map(|bytes| LogLine { at, bytes: bytes.to_vec() }).collect();
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
    Order { key: KEY, secret: SECRET, date: NOW, region: "us-east-1", service, target: Some(target), body }
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

/// This room never hashes an image.
fn no_digest(_: Algorithm, _: &[u8]) -> Digest {
    panic!("no image is pushed through the AWS door")
}
