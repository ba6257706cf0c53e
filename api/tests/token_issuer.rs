//! Our own issuer of identity tokens: what it signs, and what everybody may read of it.
//! Never verifies with the library that signs. Source of truth: OpenID Connect Discovery 1.0; RFC 7515, RFC 7517.

use api::{TokenIssuer, issuer_router};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::body::Body;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use http::Request;
use http_body_util::BodyExt;
use model::{
    account::{AccountId, Region, Scope},
    arn::ServiceArn,
    port::{Clock, IdentityTokens, TokenKeys},
    service::ServiceId,
    service_name::ServiceName,
    testbed::{MemoryTokenKeys, SeededDice, TurnedClock},
    token_key::{KEY_SHOWN_AFTER, KEY_SHOWN_AHEAD, KEY_SIGNS, TOKEN_LIFE, TOKEN_RENEWED},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tower::ServiceExt;

const HOST: &str = "oidc.eu-west-1.apps.example.net";
const NOW: i64 = 1_800_000_000;

struct World {
    issuer: Arc<TokenIssuer>,
    keys: Arc<MemoryTokenKeys>,
    clock: Arc<TurnedClock>,
}

impl World {
    fn new() -> Self {
        let (keys, clock) = (Arc::new(MemoryTokenKeys::default()), Arc::new(TurnedClock::at_millis(NOW * 1_000)));
        let issuer = TokenIssuer::new(keys.clone(), clock.clone(), Arc::new(SeededDice::new(7)), "apps.example.net");
        Self { issuer: Arc::new(issuer), keys, clock }
    }

    async fn ask(&self, host: &str, path: &str) -> (u16, String, Value) {
        let request = Request::get(path).header("host", host).body(Body::empty()).expect("a request");
        let (parts, body) = issuer_router(self.issuer.clone()).oneshot(request).await.expect("a router never fails").into_parts();
        let bytes = body.collect().await.expect("the body is in memory").to_bytes();
        let remembered = parts.headers.get("cache-control").map_or("", |value| value.to_str().expect("ASCII")).to_owned();
        (parts.status.as_u16(), remembered, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// A token's header and claims, verified with the keys that are shown.
    async fn verified(&self, token: &str) -> Option<(Value, Value)> {
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let read = |part: &str| BASE64URL.decode(part).expect("base64url");
        let (head, body) = message.split_once('.').expect("three parts");
        let json = |part: &str| serde_json::from_slice::<Value>(&read(part)).expect("JSON");
        let (_, _, set) = self.ask(HOST, "/keys").await;
        let keys = set["keys"].as_array().expect("a list").clone();
        let key = keys.iter().find(|key| key["kid"] == json(head)["kid"])?;
        let number = |name: &str| read(key[name].as_str().expect("a number"));
        let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
        public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &read(signature)).ok()?;
        Some((json(head), json(body)))
    }
}

fn service() -> ServiceArn {
    let scope = Scope {
        account: AccountId::parse("000000000000").expect("an account"),
        region: Region::parse("eu-west-1").expect("a region"),
    };
    ServiceArn { scope, name: ServiceName::parse("webs").expect("a name"), id: ServiceId::from_random([7; 16]) }
}

fn text(token: &model::token_key::IdentityToken) -> &str {
    token.text.expose_text().expect("a token is text")
}

#[tokio::test]
async fn a_token_is_verified_by_what_the_issuer_shows_and_says_whose_it_is() {
    let world = World::new();
    assert!(world.issuer.issue(&service()).await.is_err(), "before there is a key");
    world.issuer.tend().await.expect("memory has no trouble");
    let token = world.issuer.issue(&service()).await.expect("there is a key");
    assert_eq!(token.renewed_at, world.clock.now().plus(TOKEN_RENEWED));
    let (head, claims) = world.verified(text(&token)).await.expect("it verifies");
    assert_eq!((&head["alg"], &head["typ"]), (&json!("RS256"), &json!("JWT")));
    assert_eq!(claims["iss"], format!("https://{HOST}"));
    assert_eq!(claims["aud"], "sts.amazonaws.com");
    assert_eq!(claims["sub"], format!("service:000000000000:eu-west-1:webs:{}", "07".repeat(16)));
    assert_eq!((&claims["iat"], &claims["nbf"]), (&json!(NOW), &json!(NOW)));
    assert_eq!(claims["exp"], NOW + i64::try_from(TOKEN_LIFE.as_secs()).expect("hours"));
    let other = world.issuer.issue(&service()).await.expect("there is a key");
    let (_, others) = world.verified(text(&other)).await.expect("it verifies");
    assert_ne!(claims["jti"], others["jti"], "no two tokens are the same");
}

#[tokio::test]
async fn the_discovery_document_names_the_keys_of_the_host_that_was_asked() {
    let world = World::new();
    world.issuer.tend().await.expect("memory has no trouble");
    for host in [HOST, "OIDC.eu-west-1.apps.example.net", "oidc.eu-west-1.apps.example.net:443"] {
        let (status, remembered, document) = world.ask(host, "/.well-known/openid-configuration").await;
        assert_eq!((status, remembered.as_str()), (200, "public, max-age=3600"));
        assert_eq!(document["issuer"], format!("https://{HOST}"));
        assert_eq!(document["jwks_uri"], format!("https://{HOST}/keys"));
        // What AWS wants to see. Source: IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM".
        for member in ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"] {
            assert!(document[member].is_array(), "{document}");
        }
    }
    let (_, _, set) = world.ask(HOST, "/keys").await;
    let [key] = &set["keys"].as_array().expect("a list")[..] else { panic!("{set}") };
    assert_eq!((&key["kty"], &key["use"], &key["alg"]), (&json!("RSA"), &json!("sig"), &json!("RS256")));
    for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        assert!(key.get(private).is_none(), "{key}");
    }
    for (host, path) in [
        ("apps.example.net", "/keys"),
        ("oidc.apps.example.net", "/keys"),
        ("oidc.eu-west-1.apps.example.net.evil.example", "/keys"),
        ("oidc.a.b.apps.example.net", "/.well-known/openid-configuration"),
        (HOST, "/"),
        (HOST, "/v2/"),
    ] {
        assert_eq!(world.ask(host, path).await.0, 404, "{host}{path}");
    }
}

#[tokio::test]
async fn asking_for_the_keys_again_and_again_reads_none_of_them() {
    let world = World::new();
    world.issuer.tend().await.expect("memory has no trouble");
    let (_, _, first) = world.ask(HOST, "/keys").await;
    let [key] = &world.keys.list().await.expect("memory")[..] else { panic!("one key") };
    world.keys.remove(&key.id).await.expect("memory");
    assert_eq!(world.ask(HOST, "/keys").await.2, first, "what was shown is remembered");
    world.issuer.tend().await.expect("memory has no trouble");
    assert_ne!(world.ask(HOST, "/keys").await.2, first, "until the keys change");
}

#[tokio::test]
async fn the_next_key_is_shown_before_it_signs_and_the_old_one_until_its_tokens_are_over() {
    let world = World::new();
    let kid = async || {
        let token = world.issuer.issue(&service()).await.expect("there is a key");
        world.verified(text(&token)).await.expect("what signs is shown").0["kid"].clone()
    };
    world.issuer.tend().await.expect("memory has no trouble");
    let first = kid().await;
    world.clock.turn(KEY_SIGNS - KEY_SHOWN_AHEAD);
    for _ in 0..2 {
        world.issuer.tend().await.expect("memory has no trouble");
    }
    assert_eq!(world.keys.list().await.expect("memory").len(), 2, "the next one is made, once");
    assert_eq!(kid().await, first, "and does not sign yet");
    world.clock.turn(KEY_SHOWN_AHEAD - Duration::from_secs(1));
    let last = world.issuer.issue(&service()).await.expect("there is a key");
    world.clock.turn(Duration::from_secs(1));
    assert_ne!(kid().await, first);
    world.clock.turn(TOKEN_LIFE);
    world.issuer.tend().await.expect("memory has no trouble");
    assert!(world.verified(text(&last)).await.is_some(), "a token is good as long as it lives");
    world.clock.turn(KEY_SHOWN_AFTER);
    world.issuer.tend().await.expect("memory has no trouble");
    assert_eq!(world.keys.list().await.expect("memory").len(), 1);
    assert!(world.verified(text(&last)).await.is_none(), "then its key is forgotten");
}
