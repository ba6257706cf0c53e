//! Our own issuer of identity tokens: the tokens that instances show to others, and what others read of us to believe them.
//!
//! Never signs for anybody but a service of this platform, and never shows a private key. Source of truth: OpenID Connect Discovery 1.0, sections 3
//! and 4; IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM", for what AWS wants to see; `model::token_key` for which key when.

use crate::{limit, session::hexadecimal};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, StatusCode, header};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use model::{
    account::Region,
    arn::ServiceArn,
    port::{Answer, Clock, Dice, IdentityTokens, TokenKeys, draw},
    secret::Secret,
    time::Timestamp,
    token_key::{IdentityToken, KEYS_REMEMBERED, KeyPlan, TOKEN_LIFE, TOKEN_RENEWED, TokenKey, plan, signing, subject},
    trouble::Trouble,
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Whom the tokens are for. Source: STS API reference, AssumeRoleWithWebIdentity, as all of AWS's own projected tokens have it.
pub const AUDIENCE: &str = "sts.amazonaws.com";
/// What every verifier takes.
const ALGORITHM: Algorithm = Algorithm::RS256;
/// Where the public keys are, below an issuer's URL.
const KEYS: &str = "/keys";
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// Signs tokens, and shows the keys.
pub struct TokenIssuer {
    keys: Arc<dyn TokenKeys>,
    clock: Arc<dyn Clock>,
    dice: Arc<dyn Dice>,
    domain: String,
    /// What `/keys` shows, made by the first who asks for it after a change: whoever asks again and again opens no private key and costs no core.
    shown: Mutex<Option<String>>,
}

impl TokenIssuer {
    /// `domain` is the platform's.
    pub fn new(keys: Arc<dyn TokenKeys>, clock: Arc<dyn Clock>, dice: Arc<dyn Dice>, domain: impl Into<String>) -> Self {
        Self { keys, clock, dice, domain: domain.into(), shown: Mutex::default() }
    }

    /// The host of the issuer of a region's services. Its URL never has a port: AWS takes none.
    pub fn host(region: &Region, domain: &str) -> String {
        format!("oidc.{region}.{domain}")
    }

    /// Makes and forgets keys as their time comes. To be asked again and again, and before the first token.
    pub async fn tend(&self) -> Result<(), Trouble> {
        let keys = self.keys.list().await?;
        let KeyPlan { make, forget } = plan(&keys, self.clock.now());
        let changes = make.is_some() || !forget.is_empty();
        let done = self.carry_out(make, forget).await;
        if changes {
            // Also where only half of it was done. Whoever reads the keys just now holds the lock: what he has read is forgotten after him.
            *self.shown.lock().await = None;
        }
        done
    }

    async fn carry_out(&self, make: Option<Timestamp>, forget: Vec<String>) -> Result<(), Trouble> {
        if let Some(signs_from) = make {
            let id = hexadecimal(&draw::<16>(&*self.dice));
            let pair = tokio::task::spawn_blocking(new_pair).await;
            let pair = pair.map_err(|error| Trouble::lasting("making a key for identity tokens", error))??;
            tracing::info!(key = id, "a key for identity tokens was made");
            self.keys.keep(&TokenKey { id, pair, signs_from }).await?;
        }
        for id in forget {
            self.keys.remove(&id).await?;
        }
        Ok(())
    }

    async fn token(&self, service: &ServiceArn) -> Result<IdentityToken, Trouble> {
        let doing = || format!("making an identity token for {}", service.id);
        let (keys, now) = (self.keys.list().await?, self.clock.now());
        let key = signing(&keys, now).ok_or_else(|| Trouble::passing(doing(), "there is no key that signs yet"))?;
        let (seconds, life) = (now.millis() / 1_000, i64::try_from(TOKEN_LIFE.as_secs()).expect("some hours"));
        let claims = json!({
            "iss": format!("https://{}", Self::host(&service.scope.region, &self.domain)),
            "aud": AUDIENCE,
            "sub": subject(service),
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds + life,
            "jti": uuid::Builder::from_random_bytes(draw(&*self.dice)).into_uuid().to_string(),
        });
        let header = Header { kid: Some(key.id.clone()), ..Header::new(ALGORITHM) };
        let text = encode(&header, &claims, &encoding_key(key)?).map_err(|error| Trouble::lasting(doing(), error))?;
        Ok(IdentityToken { text: Secret::new(text), renewed_at: now.plus(TOKEN_RENEWED) })
    }

    /// The public keys, as they are shown.
    async fn keys_shown(&self) -> Result<String, Trouble> {
        let shown = &mut *self.shown.lock().await;
        match shown {
            Some(text) => Ok(text.clone()),
            None => Ok(shown.insert(self.public_keys().await?.to_string()).clone()),
        }
    }

    /// The public keys, those that do not sign yet or any more among them.
    async fn public_keys(&self) -> Result<Value, Trouble> {
        let mut keys = Vec::new();
        for key in self.keys.list().await? {
            let public = Jwk::from_encoding_key(&encoding_key(&key)?, ALGORITHM);
            let public = public.map_err(|error| Trouble::lasting("reading a key for identity tokens", error))?;
            let mut public = serde_json::to_value(public).map_err(|error| Trouble::lasting("writing a public key", error))?;
            (public["kid"], public["use"], public["alg"]) = (json!(key.id), json!("sig"), json!("RS256"));
            keys.push(public);
        }
        Ok(json!({ "keys": keys }))
    }

    fn discovery(host: &str) -> Value {
        let issuer = format!("https://{host}");
        json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}{KEYS}"),
            // Nobody asks for a token: each instance has its own. OpenID Connect demands the member all the same.
            "authorization_endpoint": "urn:outrunner:tokens-are-laid-into-instances",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"],
        })
    }

    /// The host that was asked, if it is one of ours.
    fn asked(&self, headers: &HeaderMap) -> Option<String> {
        let host = headers.get(header::HOST)?.to_str().ok()?.to_ascii_lowercase();
        let host = host.split(':').next().unwrap_or_default();
        let region = host.strip_prefix("oidc.")?.strip_suffix(&self.domain)?.strip_suffix('.')?;
        Region::parse(region).ok().map(|_| host.to_owned())
    }
}

impl IdentityTokens for TokenIssuer {
    fn issue<'a>(&'a self, service: &'a ServiceArn) -> Answer<'a, IdentityToken> {
        Box::pin(self.token(service))
    }
}

/// What everybody may read of the issuer, and nothing else of the platform: `daemon` serves it behind a socket of its own.
pub fn issuer_router(issuer: Arc<TokenIssuer>) -> Router {
    Router::new().route(DISCOVERY, get(show_discovery)).route(KEYS, get(show_keys)).with_state(issuer)
}

async fn show_discovery(State(issuer): State<Arc<TokenIssuer>>, request: Request) -> Response {
    match issuer.asked(request.headers()) {
        Some(host) => shown(TokenIssuer::discovery(&host).to_string()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn show_keys(State(issuer): State<Arc<TokenIssuer>>, request: Request) -> Response {
    if issuer.asked(request.headers()).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    match issuer.keys_shown().await {
        Ok(keys) => shown(keys),
        Err(trouble) => {
            tracing::error!(cause = trouble.chain(), "the keys of identity tokens cannot be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn shown(document: String) -> Response {
    let remembered = format!("public, max-age={}", KEYS_REMEMBERED.as_secs());
    ([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CACHE_CONTROL, remembered)], document).into_response()
}

fn new_pair() -> Result<Secret, Trouble> {
    let doing = "making a key for identity tokens";
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|error| Trouble::lasting(doing, error))?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|error| Trouble::lasting(doing, error))?;
    Ok(Secret::new(der.as_ref()))
}

/// The library takes PKCS#8 in its text form only.
fn encoding_key(key: &TokenKey) -> Result<EncodingKey, Trouble> {
    let text = BASE64_STANDARD.encode(key.pair.expose());
    let lines: Vec<&str> = text.as_bytes().chunks(limit::PEM_LINE).map(|line| std::str::from_utf8(line).expect("base64")).collect();
    let pem = Secret::new(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")));
    EncodingKey::from_rsa_pem(pem.expose())
        .map_err(|error| Trouble::lasting(format!("reading the key {} of identity tokens", key.id), error))
}
