//! The identity token of an instance: there before it begins, its to read and nobody's to write, replaced while it lives, gone with it.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use engine::local::LocalEngine;
use engine::local::premises::Premises;
use model::arn::ServiceArn;
use model::instance::InstanceSpec;
use model::port::{Answer, Clock, Engine, IdentityTokens};
use model::secret::Secret;
use model::service_name::ServiceName;
use model::testbed::{scope, service_id};
use model::token_key::{IdentityToken, TOKEN_FILE, TOKEN_FOLDER};

use crate::bench::{Bench, RealClock, init, name, ready, spec};

/// Tokens that say which one they are, each good for so long.
struct Numbered {
    made: AtomicU64,
    life: Duration,
}

impl IdentityTokens for Numbered {
    fn issue<'a>(&'a self, service: &'a ServiceArn) -> Answer<'a, IdentityToken> {
        let number = self.made.fetch_add(1, Ordering::SeqCst);
        let text = Secret::new(format!("token {number} of {}", service.name));
        let renewed_at = RealClock.now().plus(self.life);
        Box::pin(std::future::ready(Ok(IdentityToken { text, renewed_at })))
    }
}

fn service() -> ServiceArn {
    ServiceArn { scope: scope(), name: ServiceName::parse("webs").unwrap(), id: service_id(7) }
}

async fn open(bench: &Bench, life: Duration) -> LocalEngine {
    let engine = bench.open().await;
    engine.make_tokens_by(Arc::new(Numbered { made: AtomicU64::new(0), life }));
    engine
}

/// The folder as the instance's first process sees it.
fn inside(bench: &Bench, slot: u16) -> PathBuf {
    PathBuf::from(format!("/proc/{}/root{TOKEN_FOLDER}", init(bench, slot)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_there_from_the_first_moment_and_another_takes_its_place_whole() {
    let bench = Bench::new();
    let image = bench.resident("serves", &["serve"]).await;
    let engine = open(&bench, Duration::ZERO).await;
    engine.start(&InstanceSpec { identity: Some(service()), ..spec(0, &image) }).await.unwrap();
    engine.start(&spec(1, &image)).await.unwrap();
    for slot in [0, 1] {
        ready(&engine, &name(slot)).await;
    }
    let file = inside(&bench, 0).join(TOKEN_FILE);
    assert_eq!(fs::read_to_string(&file).unwrap(), "token 0 of webs");
    assert!(!inside(&bench, 1).exists(), "who has no use for one has none");
    let mounts = fs::read_to_string(format!("/proc/{}/mountinfo", init(&bench, 0))).unwrap();
    let mount = mounts.lines().find(|line| line.contains(&format!(" {TOKEN_FOLDER} "))).unwrap();
    assert!(mount.split(' ').nth(5).unwrap().split(',').any(|option| option == "ro"), "{mount}");

    assert_eq!(engine.renew_tokens().await.unwrap(), 1);
    assert_eq!(fs::read_to_string(&file).unwrap(), "token 1 of webs", "the instance sees the new one");
    let names: Vec<_> = fs::read_dir(inside(&bench, 0)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [TOKEN_FILE]);

    // The next platform finds who has one, and renews only what is due.
    drop(engine);
    let engine = open(&bench, Duration::from_secs(3_600)).await;
    assert_eq!(engine.renew_tokens().await.unwrap(), 1);
    assert_eq!(engine.renew_tokens().await.unwrap(), 0, "it is new");
    assert_eq!(fs::read_to_string(&file).unwrap(), "token 0 of webs");
    let folder = Premises::of(bench.data()).unwrap().shim(&name(0));
    assert!(folder.exists());
    for slot in [0, 1] {
        tokio::time::timeout(Duration::from_secs(60), engine.discard(&name(slot))).await.unwrap().unwrap();
    }
    assert!(!folder.exists(), "it goes with its instance");
    assert_eq!(engine.renew_tokens().await.unwrap(), 0);
    drop(engine);
    bench.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_was_made_ahead_has_its_token_too_and_one_without_an_issuer_is_not_started() {
    let bench = Bench::new();
    let image = bench.resident("serves", &["serve"]).await;
    let engine = bench.open().await;
    let asked = InstanceSpec { identity: Some(service()), ..spec(0, &image) };
    let trouble = engine.start(&asked).await.expect_err("nobody makes tokens");
    assert!(trouble.chain().contains("makes no identity tokens"), "{}", trouble.chain());
    engine.make_tokens_by(Arc::new(Numbered { made: AtomicU64::new(0), life: Duration::ZERO }));
    engine.create(&asked).await.unwrap();
    assert_eq!(engine.renew_tokens().await.unwrap(), 1, "while it waits");
    engine.start(&asked).await.unwrap();
    ready(&engine, &name(0)).await;
    assert_eq!(fs::read_to_string(inside(&bench, 0).join(TOKEN_FILE)).unwrap(), "token 1 of webs");
    tokio::time::timeout(Duration::from_secs(60), engine.discard(&name(0))).await.unwrap().unwrap();
    drop(engine);
    bench.remove().await;
}
