//! AssumeRoleWithWebIdentity through the door: tokens that are made here with keys of the test's own, good ones and every kind of bad one.
//! Never uses the library that the door verifies with. Source of truth: the STS API reference; RFC 7515 and RFC 7519 for tokens.

use crate::{
    house::{House, Reply, order},
    iam::{granted, refused},
    signer::Order,
};
use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use axum::body::Body;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use http::Request;
use model::{
    identity_provider::IssuerUrl,
    port::{Answer, Granted, Issuers},
    refusal::{Refusal, RefusalKind},
    role::Role,
    testbed::{MemoryIssuers, role},
    web_identity::{IssuerKey, KeyNumbers},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

const GITHUB: &str = "token.actions.githubusercontent.com";
const PROVIDER: &str = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com";
const SUBJECT: &str = "repo:octo/web:ref:refs/heads/main";
/// 2027-01-15T08:00:00Z, which is now in a house.
const NOW: i64 = 1_800_000_000;

/// A key pair of an issuer's. Making one of RSA's takes a while, so all tests have the same.
enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

fn pair(of: &str) -> &'static Pair {
    static RSA: OnceLock<Pair> = OnceLock::new();
    static EC: OnceLock<Pair> = OnceLock::new();
    match of {
        "RS256" => RSA.get_or_init(|| Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))),
        _ => EC.get_or_init(|| Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))),
    }
}

impl Pair {
    fn numbers(&self) -> KeyNumbers {
        match self {
            // The key as PKCS#1 has it: a sequence of the modulus of 2,048 bits (with a nought in front) and the exponent 65,537.
            Self::Rsa(pair) => {
                let der = pair.public_key().as_ref();
                let (n, e) = (&der[der.len() - 5 - 256..der.len() - 5], &der[der.len() - 3..]);
                KeyNumbers::Rsa { n: BASE64URL.encode(n), e: BASE64URL.encode(e) }
            }
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (BASE64URL.encode(&point[1..33]), BASE64URL.encode(&point[33..]));
                KeyNumbers::Ec { curve: "P-256".to_owned(), x, y }
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).expect("a signature");
                signature
            }
            Self::Ec(pair) => pair.sign(&SystemRandom::new(), message).expect("a signature").as_ref().to_vec(),
        }
    }
}

fn key(id: &str, of: &str) -> IssuerKey {
    IssuerKey { id: Some(id.to_owned()), algorithm: Some(of.to_owned()), numbers: pair(of).numbers() }
}

/// A token with this header and these claims, signed by the key of an algorithm.
fn signed(header: &Value, claims: &Value, of: &str) -> String {
    let message = format!("{}.{}", BASE64URL.encode(header.to_string()), BASE64URL.encode(claims.to_string()));
    let signature = BASE64URL.encode(pair(of).sign(message.as_bytes()));
    format!("{message}.{signature}")
}

fn claims() -> Value {
    json!({
        "iss": format!("https://{GITHUB}"), "aud": "sts.amazonaws.com", "sub": SUBJECT, "exp": NOW + 300, "iat": NOW - 5, "nbf": NOW - 5,
        "repository": "octo/web", "ref": "refs/heads/main", "actor": "mona", "secret": "hunter2",
    })
}

/// The claims with some changed; `null` takes one away.
fn but(changes: &Value) -> Value {
    let mut all = claims();
    for (claim, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => all.as_object_mut().expect("an object").remove(claim).map(drop).unwrap_or_default(),
            value => all[claim] = value.clone(),
        }
    }
    all
}

fn token(claims: &Value) -> String {
    signed(&json!({ "alg": "ES256", "kid": "ec", "typ": "JWT" }), claims, "ES256")
}

fn trusting(conditions: &Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": PROVIDER }, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": conditions
    }] })
    .to_string()
}

/// What GitHub's own page says to write.
fn trust() -> Value {
    json!({
        "StringEquals": { format!("{GITHUB}:aud"): "sts.amazonaws.com" },
        "StringLike": { format!("{GITHUB}:sub"): "repo:octo/web:*" }
    })
}

struct World {
    house: House,
    issuers: Arc<MemoryIssuers>,
}

impl World {
    /// A house whose account takes GitHub's tokens, and a role for them.
    async fn new() -> Self {
        let issuers = Arc::new(MemoryIssuers::default());
        issuers.offer(&IssuerUrl::parse(GITHUB).expect("an issuer"), vec![key("rsa", "RS256"), key("ec", "ES256")]);
        let house = House::knowing(issuers.clone());
        Self::of(house, issuers).await
    }

    async fn of(house: House, issuers: Arc<MemoryIssuers>) -> Self {
        let url = format!("https://{GITHUB}");
        let members = [("Url", url.as_str()), ("ClientIDList.member.1", "sts.amazonaws.com")];
        granted(&house, "CreateOpenIDConnectProvider", &members).await;
        let reads = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"apprunner:ListServices","Resource":"*"}}"#;
        let inline = [("own".to_owned(), reads.to_owned())].into();
        house.keep(&Role { trust: trusting(&trust()), inline, ..role("Deployer") });
        Self { house, issuers }
    }

    async fn take(&self, token: &str) -> Reply {
        self.take_with(token, &[]).await
    }

    /// Unsigned, as stock clients send it.
    async fn take_with(&self, token: &str, more: &[(&str, &str)]) -> Reply {
        let form = Self::form(token, more);
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded").header("host", "sts.local");
        self.house.send(request.body(Body::from(form)).expect("a request")).await
    }

    fn form(token: &str, more: &[(&str, &str)]) -> String {
        let mut form = form_urlencoded::Serializer::new("Action=AssumeRoleWithWebIdentity&Version=2011-06-15".to_owned());
        for (member, value) in
            [("RoleArn", "arn:aws:iam::000000000000:role/Deployer"), ("RoleSessionName", "run-7"), ("WebIdentityToken", token)]
        {
            if more.iter().all(|(other, _)| *other != member) {
                form.append_pair(member, value);
            }
        }
        form.extend_pairs(more.iter().filter(|(_, value)| !value.is_empty()));
        form.finish()
    }
}

/// Says nothing, ever.
struct Silent(Semaphore);

impl Issuers for Silent {
    fn keys<'a>(&'a self, _: &'a IssuerUrl, _: Option<&'a str>) -> Answer<'a, Granted<Arc<[IssuerKey]>>> {
        self.0.add_permits(1);
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn tokens_of_a_silent_issuer_keep_nobody_waiting_who_signs() {
    const TOKENS: u32 = 64;
    let issuer = Arc::new(Silent(Semaphore::new(0)));
    let world = Arc::new(World::of(House::knowing(issuer.clone()), Arc::default()).await);
    let mut waiting = tokio::task::JoinSet::new();
    let token = token(&claims());
    for _ in 0..TOKENS {
        let (world, token) = (world.clone(), token.clone());
        waiting.spawn(async move { world.take(&token).await.status });
    }
    let _ = issuer.0.acquire_many(TOKENS).await.expect("it is never closed");
    let one_more = tokio::time::timeout(std::time::Duration::from_secs(30), world.take(&token)).await;
    refused(&one_more.expect("it does not wait"), 400, "Throttling", "");
    let signed = world.house.order(&order("AppRunner.ListServices", "apprunner", "{}")).await;
    assert_eq!(signed.status, 200, "{}", signed.text);
    waiting.shutdown().await;
    waiting.spawn(async move { world.take(&token).await.status });
    let _ = issuer.0.acquire_many(TOKENS + 1).await.expect("who gave up gives his place back");
}

fn part<'a>(reply: &'a Reply, name: &str) -> &'a str {
    let found = reply.text.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split('<').next());
    found.unwrap_or_else(|| panic!("{} has no {name}", reply.text))
}

#[tokio::test]
async fn a_token_of_github_becomes_credentials_that_work() {
    let world = World::new().await;
    for (header, of) in [
        (json!({ "alg": "ES256", "kid": "ec", "typ": "JWT" }), "ES256"),
        (json!({ "alg": "RS256", "kid": "rsa", "typ": "JWT", "x5t": "abc" }), "RS256"),
        // One key alone fits, so it needs no name.
        (json!({ "alg": "RS256" }), "RS256"),
    ] {
        let reply = world.take(&signed(&header, &claims(), of)).await;
        assert_eq!(reply.status, 200, "{header}: {}", reply.text);
        assert_eq!(part(&reply, "Arn"), "arn:aws:sts::000000000000:assumed-role/Deployer/run-7");
        assert_eq!(part(&reply, "SubjectFromWebIdentityToken"), SUBJECT);
        assert_eq!((part(&reply, "Audience"), part(&reply, "Provider")), ("sts.amazonaws.com", PROVIDER));
        assert_eq!(part(&reply, "Expiration"), "2027-01-15T09:00:00Z");
        let (key, secret, token) = (part(&reply, "AccessKeyId"), part(&reply, "SecretAccessKey"), part(&reply, "SessionToken"));
        let list = order("AppRunner.ListServices", "apprunner", "{}");
        let listed = world.house.order(&Order { key, secret, token: Some(token), ..list.clone() }).await;
        assert_eq!(listed.status, 200, "{}", listed.text);
        let other =
            world.house.order(&Order { key, secret, token: Some(token), target: Some("AppRunner.ListConnections"), ..list }).await;
        assert_eq!(other.fault().0, "AccessDeniedException", "and no more than its role may");
    }
    let reply = world.take_with(&token(&claims()), &[("DurationSeconds", "900"), ("Policy", "{}")]).await;
    refused(&reply, 400, "MalformedPolicyDocument", "");
    let reply = world.take_with(&token(&claims()), &[("DurationSeconds", "900")]).await;
    assert_eq!(part(&reply, "Expiration"), "2027-01-15T08:15:00Z");
    let reply = world.take_with(&token(&claims()), &[("DurationSeconds", "7200")]).await;
    refused(&reply, 400, "ValidationError", "exceeds the MaxSessionDuration");
}

#[tokio::test]
async fn a_token_that_says_something_wrong_is_refused_by_name() {
    let world = World::new().await;
    let mended = token(&claims());
    assert_eq!(world.take(&mended).await.status, 200, "nothing but the change is wrong");
    let invalid = "InvalidIdentityToken";
    for (changes, status, code, words) in [
        (
            json!({ "iss": "https://evil.example" }),
            400,
            invalid,
            "No OpenIDConnect provider found in your account for https://evil.example",
        ),
        (json!({ "iss": format!("https://{GITHUB}/") }), 400, invalid, "No OpenIDConnect provider found"),
        (json!({ "iss": GITHUB }), 400, invalid, "No OpenIDConnect provider found"),
        (json!({ "iss": format!("http://{GITHUB}") }), 400, invalid, "No OpenIDConnect provider found"),
        (json!({ "aud": "https://github.com/octo" }), 400, invalid, "Incorrect token audience"),
        (json!({ "aud": [] }), 400, invalid, "Incorrect token audience"),
        // With an authorized party it is the audience. Source: IAM User Guide, "Available keys for AWS OIDC federation".
        (json!({ "azp": "somebody" }), 400, invalid, "Incorrect token audience"),
        (json!({ "exp": NOW - 60 }), 400, "ExpiredTokenException", "Token expired: current date/time 1800000000 must be before"),
        (json!({ "nbf": NOW + 62 }), 403, "IDPRejectedClaim", "is not good before"),
        (json!({ "iat": NOW + 62 }), 403, "IDPRejectedClaim", "is not good before"),
        (json!({ "exp": null }), 400, invalid, "Missing a required claim: exp"),
        (json!({ "iat": null }), 400, invalid, "Missing a required claim: iat"),
        (json!({ "sub": null }), 400, invalid, "Missing a required claim: sub"),
        (json!({ "aud": null }), 400, invalid, "Missing a required claim: aud"),
        (json!({ "exp": "tomorrow" }), 400, invalid, "is not a valid JWT"),
        (json!({ "exp": 1e300 }), 400, invalid, "is not a valid JWT"),
        (json!({ "sub": 7 }), 400, invalid, "is not a valid JWT"),
        (json!({ "sub": "a\nb" }), 400, invalid, "control character"),
        (json!({ "sub": "x".repeat(256) }), 400, invalid, "1 to 255 characters"),
        (
            json!({ "https://aws.amazon.com/tags": { "principal_tags": { "team": ["admin"] } } }),
            400,
            invalid,
            "https://aws.amazon.com/tags",
        ),
        (
            json!({ "sub": "repo:evil/web:ref:refs/heads/main" }),
            403,
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ),
    ] {
        let reply = world.take(&token(&but(&changes))).await;
        refused(&reply, status, code, words);
        assert!(!reply.text.contains("hunter2"), "{}", reply.text);
    }
    for good in [
        json!({ "exp": NOW - 59 }),
        json!({ "nbf": NOW + 59 }),
        json!({ "aud": ["x", "sts.amazonaws.com"] }),
        json!({ "nbf": null }),
    ] {
        let reply = world.take(&token(&but(&good))).await;
        assert_eq!(reply.status, 200, "{good}: {}", reply.text);
    }
}

#[tokio::test]
async fn only_the_issuers_own_key_of_the_right_kind_signs_a_token() {
    let world = World::new().await;
    let unsigned = |header: &Value| format!("{}.{}.", BASE64URL.encode(header.to_string()), BASE64URL.encode(claims().to_string()));
    // The public key as a shared secret: every form in which somebody might have it.
    let KeyNumbers::Rsa { n, .. } = pair("RS256").numbers() else { panic!("it is of RSA") };
    let shared = |secret: &[u8]| {
        let message = unsigned(&json!({ "alg": "HS256", "kid": "rsa" }));
        let message = message.trim_end_matches('.');
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", BASE64URL.encode(tag.as_ref()))
    };
    let good = token(&claims());
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let (head, body) = message.split_once('.').expect("three parts");
    let other = BASE64URL.encode(but(&json!({ "sub": "repo:octo/web:ref:refs/heads/other" })).to_string());
    let fresh = Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"));
    for (what, token) in [
        ("no algorithm", unsigned(&json!({ "alg": "none" }))),
        ("no algorithm in capitals", unsigned(&json!({ "alg": "None", "kid": "ec" }))),
        ("nothing for a signature", unsigned(&json!({ "alg": "ES256", "kid": "ec" }))),
        ("the public key as a shared secret", shared(&BASE64URL.decode(&n).expect("base64"))),
        ("its text as a shared secret", shared(n.as_bytes())),
        ("a critical header", signed(&json!({ "alg": "ES256", "kid": "ec", "crit": ["b64"], "b64": false }), &claims(), "ES256")),
        ("an unknown key", signed(&json!({ "alg": "ES256", "kid": "nobody's" }), &claims(), "ES256")),
        ("another key's name", signed(&json!({ "alg": "RS256", "kid": "ec" }), &claims(), "RS256")),
        ("an algorithm that the key is not for", signed(&json!({ "alg": "RS384", "kid": "rsa" }), &claims(), "RS256")),
        ("an algorithm that AWS does not take", signed(&json!({ "alg": "PS256", "kid": "rsa" }), &claims(), "RS256")),
        ("a key of its own in the header", {
            let KeyNumbers::Ec { x, y, .. } = fresh.numbers() else { panic!("it is of a curve") };
            let header = json!({ "alg": "ES256", "kid": "ec", "jwk": { "kty": "EC", "crv": "P-256", "x": x, "y": y } });
            let message = format!("{}.{body}", BASE64URL.encode(header.to_string()));
            format!("{message}.{}", BASE64URL.encode(fresh.sign(message.as_bytes())))
        }),
        ("other claims", format!("{head}.{other}.{signature}")),
        ("half a signature", format!("{message}.{}", &signature[..40])),
        ("a fourth part", format!("{good}.x")),
        ("two parts", message.to_owned()),
        ("no JSON", format!("{head}.{}.{signature}", BASE64URL.encode("sub=me"))),
        ("no text at all", "....".to_owned()),
    ] {
        let reply = world.take(&token).await;
        assert_eq!((reply.status, part(&reply, "Code")), (400, "InvalidIdentityToken"), "{what}: {}", reply.text);
        assert!(!reply.text.contains(body), "{what}: a token is not repeated");
    }
    let reply = world.take(&"x".repeat(20_001)).await;
    refused(&reply, 400, "ValidationError", "less than or equal to 20000");
    assert!(!reply.text.contains("xxxx"), "a token is not repeated");
    let reply = world.take_with("", &[("WebIdentityToken", "")]).await;
    refused(&reply, 400, "ValidationError", "Member must not be null");
}

#[tokio::test]
async fn an_issuer_that_cannot_be_asked_is_told_from_one_that_answers_nonsense() {
    let world = World::new().await;
    let github = IssuerUrl::parse(GITHUB).expect("an issuer");
    for (kind, code, words) in [
        (RefusalKind::WrongState, "IDPCommunicationError", "is not reached"),
        (RefusalKind::Throttled, "IDPCommunicationError", "is not reached"),
        (RefusalKind::Denied, "InvalidIdentityToken", "retrieve verification key from your identity provider"),
        (RefusalKind::Invalid, "InvalidIdentityToken", "is not reached"),
    ] {
        world.issuers.refuse(&github, Refusal::new(kind, "It is not reached."));
        refused(&world.take(&token(&claims())).await, 400, code, words);
    }
    world.issuers.offer(&github, Vec::new());
    refused(&world.take(&token(&claims())).await, 400, "InvalidIdentityToken", "no such key");
}

#[tokio::test]
async fn a_provider_of_another_account_vouches_for_nobody_here() {
    let world = World::new().await;
    let body = "Action=CreateOpenIDConnectProvider&Version=2010-05-08&Url=https://other.example&ClientIDList.member.1=x";
    let foreign = Order { key: "AKIDFOREIGN", target: None, ..order("", "iam", body) };
    assert_eq!(world.house.order(&foreign).await.status, 200, "the other account has it");
    world.issuers.offer(&IssuerUrl::parse("other.example").expect("an issuer"), vec![key("ec", "ES256")]);
    let other = but(&json!({ "iss": "https://other.example", "aud": "x" }));
    refused(&world.take(&token(&other)).await, 400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account");
    // And this account's provider nobody in the other one, whatever its role trusts.
    let role = ("RoleArn", "arn:aws:iam::111111111111:role/Deployer");
    refused(&world.take_with(&token(&claims()), &[role]).await, 400, "InvalidIdentityToken", "No OpenIDConnect provider found");
}

#[tokio::test]
async fn a_trust_policy_asks_what_the_token_says_and_a_missing_role_is_as_good_as_one_that_does_not_trust() {
    let world = World::new().await;
    let denied = async |role: &str| {
        let arn = format!("arn:aws:iam::000000000000:role/{role}");
        let reply = world.take_with(&token(&claims()), &[("RoleArn", &arn)]).await;
        refused(&reply, 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    };
    let equals = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    for (name, conditions, taken) in [
        ("Repository", equals(&format!("{GITHUB}:repository"), "octo/web"), true),
        ("OtherRepository", equals(&format!("{GITHUB}:repository"), "octo/api"), false),
        ("Actor", equals(&format!("{GITHUB}:ACTOR"), "mona"), true),
        ("Provider", equals("aws:FederatedProvider", PROVIDER), true),
        ("Session", equals("sts:RoleSessionName", "run-7"), true),
        ("OtherSession", equals("sts:RoleSessionName", "run-8"), false),
        ("Absent", equals(&format!("{GITHUB}:environment"), "production"), false),
    ] {
        let document = trusting(&conditions);
        granted(&world.house, "CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", &document)]).await;
        if taken {
            let arn = format!("arn:aws:iam::000000000000:role/{name}");
            let reply = world.take_with(&token(&claims()), &[("RoleArn", &arn)]).await;
            assert_eq!(reply.status, 200, "{name}: {}", reply.text);
        } else {
            denied(name).await;
        }
    }
    denied("Nobody").await;
    denied("service-role/AppRunnerECRAccessRole").await;
    // A claim that no token brings to conditions, and an issuer that is none.
    for key in [format!("{GITHUB}:secret"), "other.example:repository".to_owned(), "nothing:sub".to_owned()] {
        let document = trusting(&equals(&key, "x"));
        let reply =
            crate::iam::iam(&world.house, "CreateRole", &[("RoleName", "X"), ("AssumeRolePolicyDocument", &document)]).await;
        refused(&reply, 400, "MalformedPolicyDocument", &key);
    }
}

#[tokio::test]
async fn who_came_with_a_token_stands_in_the_log_and_the_token_does_not() {
    let world = World::new().await;
    let good = token(&claims());
    assert_eq!(world.take(&good).await.status, 200);
    assert_eq!(world.take(&token(&but(&json!({ "sub": "repo:evil/web" })))).await.status, 403);
    // Before anybody is known nothing is written down: strangers would fill the log.
    assert_eq!(world.take(&token(&but(&json!({ "aud": "x" })))).await.status, 400);
    let look = json!({ "LookupAttributes": [{ "AttributeKey": "EventName", "AttributeValue": "AssumeRoleWithWebIdentity" }] });
    let body = look.to_string();
    let found = world.house.order(&order("CloudTrail_20131101.LookupEvents", "cloudtrail", &body)).await;
    assert!(!found.text.contains(good.rsplit('.').next().expect("a signature")) && !found.text.contains("hunter2"));
    let events = found.json()["Events"].as_array().expect("a list").clone();
    let records: Vec<Value> = events
        .iter()
        .map(|event| serde_json::from_str(event["CloudTrailEvent"].as_str().expect("a text")).expect("JSON"))
        .collect();
    let [denied, taken] = &records[..] else { panic!("{records:?}") };
    assert_eq!(taken["userIdentity"]["type"], "WebIdentityUser", "{taken}");
    assert_eq!(taken["userIdentity"]["userName"], SUBJECT);
    assert_eq!(taken["userIdentity"]["identityProvider"], PROVIDER);
    assert_eq!(taken["userIdentity"]["principalId"], format!("{PROVIDER}:sts.amazonaws.com:{SUBJECT}"));
    assert_eq!(taken["resources"][0]["ARN"], "arn:aws:iam::000000000000:role/Deployer");
    assert_eq!((&denied["errorCode"], &denied["userIdentity"]["userName"]), (&json!("AccessDenied"), &json!("repo:evil/web")));
    assert_eq!(events[1]["Username"], SUBJECT);
}

#[tokio::test]
async fn a_session_that_came_of_a_token_knows_its_provider() {
    let world = World::new().await;
    let deny = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "*", "Resource": "*" },
        { "Effect": "Deny", "Action": "apprunner:ListConnections", "Resource": "*",
            "Condition": { "StringEquals": { "aws:FederatedProvider": PROVIDER } } },
        { "Effect": "Deny", "Action": "apprunner:ListVpcConnectors", "Resource": "*",
            "Condition": { "StringEquals": { format!("{GITHUB}:sub"): SUBJECT } } }
    ] });
    let members = [("RoleName", "Deployer"), ("PolicyName", "own"), ("PolicyDocument", &*deny.to_string())];
    granted(&world.house, "PutRolePolicy", &members).await;
    let reply = world.take(&token(&claims())).await;
    let (key, secret, token) = (part(&reply, "AccessKeyId"), part(&reply, "SecretAccessKey"), part(&reply, "SessionToken"));
    for (operation, status) in [("ListServices", 200), ("ListConnections", 400), ("ListVpcConnectors", 400)] {
        let target = format!("AppRunner.{operation}");
        let order = Order { key, secret, token: Some(token), ..order(&target, "apprunner", "{}") };
        assert_eq!(world.house.order(&order).await.status, status, "{operation}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands where a token belongs, it is answered with one of the faults of tokens, and never taken for one.
    #[test]
    fn what_is_no_token_is_refused_whatever_it_is(
        text in prop_oneof![
            "[ -~]{4,200}",
            "[A-Za-z0-9_-]{1,60}\\.[A-Za-z0-9_-]{1,60}\\.[A-Za-z0-9_-]{0,60}",
            ("\\PC{0,40}", "\\PC{0,80}").prop_map(|(head, body)| {
                format!("{}.{}.AAAA", BASE64URL.encode(format!("{{\"alg\":\"ES256\",{head}}}")), BASE64URL.encode(body))
            }),
            any::<(i64, f64, String)>().prop_map(|(exp, iat, sub)| token(&but(&json!({ "exp": exp, "iat": iat, "sub": sub, "aud": sub })))),
        ]
    ) {
        crate::house::wait(async {
            let world = World::new().await;
            let reply = world.take(&text).await;
            assert!(matches!(reply.status, 400 | 403), "{text}: {}", reply.text);
            assert!(reply.headers.contains_key("x-amzn-requestid"));
        });
    }
}
