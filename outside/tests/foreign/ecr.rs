//! The real ECR, played by a server of ours: logins by signed calls, renewed before they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use model::foreign_image::{ForeignImage, RegistryHost};
use model::port::{Clock, RemoteRegistry};
use model::secret::Secret;
use model::testbed::TurnedClock;
use outside::{AwsKeys, EcrUpstream, Place, Registries, RegistrySettings};

use crate::bench::{honest, host, refusal, registries, settings};
use crate::server::{Act, Asked, Server, json, status, with};

fn ecr_image() -> ForeignImage {
    let image = model::image_reference::OwnImage::parse("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/hello:v1").unwrap();
    image.at_ecr()
}

fn client(server: &Server, clock: Arc<TurnedClock>, keys: Result<AwsKeys, String>) -> Registries {
    let endpoint = Some(Place { is_tls: false, host: "127.0.0.1".to_owned(), port: server.at.port() });
    let ecr = Some(EcrUpstream { keys: Arc::new(move || keys.clone()), endpoint, clock });
    registries(RegistrySettings { ecr, ..settings() })
}

fn keys() -> Result<AwsKeys, String> {
    let session_token = Some(Secret::new("the session"));
    Ok(AwsKeys { id: "AKIDREAL".to_owned(), secret: Secret::new("hunter2"), session_token })
}

/// Gives `AWS:<login number>` for twelve hours of the clock, and lets the newest one in.
fn ecr(clock: Arc<TurnedClock>) -> impl Fn(&Asked) -> Act {
    let logins = AtomicUsize::new(0);
    move |asked| {
        if asked.line == "POST /" {
            let login = logins.fetch_add(1, Ordering::Relaxed) + 1;
            let token = ["QVdTOjE=", "QVdTOjI=", "QVdTOjM="][login - 1];
            let expires = clock.now().plus(Duration::from_secs(12 * 3600)).seconds();
            return json(&format!(r#"{{"authorizationData":[{{"authorizationToken":"{token}","expiresAt":{expires}}}]}}"#));
        }
        let newest = ["", "Basic QVdTOjE=", "Basic QVdTOjI=", "Basic QVdTOjM="][logins.load(Ordering::Relaxed)];
        if asked.header("authorization") == newest {
            honest(asked)
        } else {
            with(401, &[("www-authenticate", "Basic realm=\"x\"")])
        }
    }
}

/// Answers as `inner` does, but otherwise to the first request whose line begins so.
fn but_first(inner: impl Fn(&Asked) -> Act, line: &'static str, otherwise: impl Fn() -> Act) -> impl Fn(&Asked) -> Act {
    let met = AtomicUsize::new(0);
    move |asked| {
        let is_first = asked.line.starts_with(line) && met.fetch_add(1, Ordering::Relaxed) == 0;
        if is_first { otherwise() } else { inner(asked) }
    }
}

#[tokio::test]
async fn a_login_is_asked_for_with_a_signed_call_used_again_and_renewed_before_it_ends() {
    let clock = Arc::new(TurnedClock::default());
    let server = Server::start(ecr(clock.clone())).await;
    let client = client(&server, clock.clone(), keys());
    assert!(client.is_asked(&ecr_image().registry));
    client.manifest(&ecr_image()).await.unwrap().unwrap();
    let asked = server.take();
    let login = &asked[0];
    assert_eq!(login.header("x-amz-target"), "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
    assert!(login.header("authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKIDREAL/"), "{login:?}");
    assert!(login.header("authorization").contains("/eu-west-1/ecr/aws4_request"), "{login:?}");
    assert_eq!(login.header("x-amz-security-token"), "the session");
    assert_eq!(asked.len(), 2);
    client.manifest(&ecr_image()).await.unwrap().unwrap();
    assert_eq!(server.take().len(), 1, "the login is good for twelve hours");
    clock.turn(Duration::from_secs(11 * 3600 + 31 * 60));
    client.manifest(&ecr_image()).await.unwrap().unwrap();
    let lines: Vec<String> = server.take().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines, ["POST /", "GET /v2/team/hello/manifests/v1"], "half an hour before its end");
}

#[tokio::test]
async fn a_login_that_is_refused_is_renewed_once() {
    let clock = Arc::new(TurnedClock::default());
    let server = Server::start(but_first(ecr(clock.clone()), "GET ", || status(401))).await;
    client(&server, clock, keys()).manifest(&ecr_image()).await.unwrap().unwrap();
    assert_eq!(server.take().iter().filter(|asked| asked.line == "POST /").count(), 2);
}

#[tokio::test]
async fn an_ecr_that_was_asked_too_often_is_asked_again() {
    let clock = Arc::new(TurnedClock::default());
    let throttled = || {
        let body = br#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#.to_vec();
        Act::Answer { status: 400, headers: Vec::new(), body }
    };
    let server = Server::start(but_first(ecr(clock.clone()), "POST /", throttled)).await;
    client(&server, clock, keys()).manifest(&ecr_image()).await.unwrap().unwrap();
    assert_eq!(server.take().iter().filter(|asked| asked.line == "POST /").count(), 2);
}

#[tokio::test]
async fn a_signed_call_is_not_sent_on_to_another_place() {
    let other = Server::start(|_| json("{}")).await;
    let location = format!("http://{}/", other.at);
    let server = Server::start(move |_| with(307, &[("location", &location)])).await;
    let endpoint = Some(Place { is_tls: false, host: "127.0.0.1".to_owned(), port: server.at.port() });
    let ecr = Some(EcrUpstream { keys: Arc::new(keys), endpoint, clock: Arc::new(TurnedClock::default()) });
    let client = registries(RegistrySettings { ecr, insecure: vec![host(other.at)], ..settings() });
    let told = refusal(&client, &ecr_image()).await;
    assert!(told.message.contains("gives no login") && told.message.contains("307"), "{}", told.message);
    assert!(other.take().is_empty(), "it would have got the session token");
}

#[tokio::test]
async fn keys_that_are_missing_or_wrong_are_told_and_do_not_show() {
    let clock = Arc::new(TurnedClock::default());
    let wrong = r#"{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}"#;
    let server = Server::start(|_| Act::Answer { status: 400, headers: Vec::new(), body: wrong.as_bytes().to_vec() }).await;
    let told = refusal(&client(&server, clock.clone(), keys()), &ecr_image()).await;
    assert!(
        told.message.contains("UnrecognizedClientException") && told.message.contains("account 111122223333"),
        "{}",
        told.message
    );
    assert!(!told.message.contains("hunter2"));
    let told = refusal(&client(&server, clock, Err("the profile 'x' is not there.".to_owned())), &ecr_image()).await;
    assert!(told.message.contains("the profile 'x' is not there"), "{}", told.message);
}

#[tokio::test]
async fn without_keys_an_accounts_registry_is_not_asked() {
    let client = registries(settings());
    assert!(!client.is_asked(&ecr_image().registry));
    assert!(client.is_asked(&RegistryHost::parse("public.ecr.aws").unwrap()));
}
