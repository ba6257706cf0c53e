//! Outside issuers of identity tokens: where they say that their keys are, and the keys.
//!
//! Never believes a certificate that neither the machine nor the operator trusts: the thumbprints that an account writes down loosen nothing. Never keeps
//! a key longer than its limit, and never asks an issuer more often than its limit, whatever tokens name. Source of truth: OpenID Connect Discovery 1.0,
//! sections 3 and 4; RFC 7517 for the keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::ACCEPT;
use model::foreign_image::RegistryHost;
use model::identity_provider::IssuerUrl;
use model::port::{Answer, Granted, Hosts, Issuers, Resolver};
use model::refusal::{Refusal, RefusalKind};
use model::web_identity::{IssuerKey, KeyNumbers};
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use tracing::Instrument;

use crate::http_client::{Ask, Hints, HttpClient, TrustError, trust};
use crate::limit::{
    DISCOVERY_BYTES, ISSUER_ASKED, ISSUER_ASKED_AGAIN, ISSUER_KEPT, ISSUER_KEYS, ISSUER_KEYS_BYTES, ISSUER_REFUSAL_KEPT,
    ISSUER_REFUSAL_REST, ISSUERS_ASKED, ISSUERS_KEPT, Patience,
};
use crate::place::{Address, Named};
use crate::snag::{Snag, persist};

/// What stands behind an issuer's URL. Source: OpenID Connect Discovery 1.0, section 4.
const DISCOVERY: &str = "/.well-known/openid-configuration";
/// What the operator can do about an issuer that is not asked.
const HINTS: Hints = Hints {
    authority: "Name its authority with --issuer-ca FILE.",
    plain: "an issuer is only asked over HTTPS",
    elsewhere: "an issuer is only asked over HTTPS",
};

/// What an operator says about outside issuers.
#[derive(Default)]
pub struct IssuerSettings {
    /// May have private addresses.
    pub private: Vec<RegistryHost>,
    /// The machine's roots, as PEM.
    pub system_roots: Vec<u8>,
    /// The operator's own, as PEM; they must hold a certificate if they are not empty.
    pub authorities: Vec<u8>,
    /// Where HTTPS is spoken, as a provider's URL has no port: 443, but for tests.
    pub port: Option<u16>,
    pub patience: Option<Patience>,
}

/// Asks issuers, and remembers what they said.
pub struct OutsideIssuers {
    http: HttpClient,
    named: Named,
    port: u16,
    kept: Mutex<HashMap<IssuerUrl, Kept>>,
    /// Issuers that somebody asks, or waits for.
    asking: Mutex<HashMap<IssuerUrl, Arc<tokio::sync::Mutex<()>>>>,
    turns: Semaphore,
}

/// Who asks an issuer, or waits for whoever does. Dropped by the last one, the issuer is not asked any more.
struct Asking<'a> {
    all: &'a Mutex<HashMap<IssuerUrl, Arc<tokio::sync::Mutex<()>>>>,
    issuer: &'a IssuerUrl,
    alone: Arc<tokio::sync::Mutex<()>>,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        // One is the map's, one is ours; others are made under the lock only.
        if Arc::strong_count(&self.alone) <= 2 {
            all.remove(self.issuer);
        }
    }
}

/// What an issuer said when it was last asked.
#[derive(Clone)]
struct Kept {
    said: Granted<Arc<[IssuerKey]>>,
    /// When it was said.
    since: Instant,
    /// When somebody began to ask for the last time, whatever came of it.
    asked: Instant,
    /// How long a refusal is good.
    rest: Duration,
}

/// Source: OpenID Connect Discovery 1.0, section 3.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// Source: RFC 7517, section 4; RFC 7518, section 6.
#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl OutsideIssuers {
    /// # Errors
    /// If `authorities` holds no certificate.
    pub fn new(settings: IssuerSettings, resolver: Arc<dyn Resolver>, hosts: Arc<dyn Hosts>) -> Result<Self, TrustError> {
        let IssuerSettings { private, system_roots, authorities, port, patience } = settings;
        let port = port.unwrap_or(443);
        let private = private.iter().map(|host| (host.host().to_owned(), host.port().unwrap_or(port))).collect();
        let tls = trust(&system_roots, &authorities)?;
        let http = HttpClient::new(resolver, hosts, tls, patience.unwrap_or_else(Patience::of_issuers));
        let http = http.with_hints(HINTS);
        let named = Named { private, ..Named::default() };
        Ok(Self { http, named, port, kept: Mutex::default(), asking: Mutex::default(), turns: Semaphore::new(ISSUERS_ASKED) })
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<IssuerUrl, Kept>> {
        self.kept.lock().expect("nothing panics while it holds the issuers")
    }

    /// What is known and new enough.
    fn remembered(&self, issuer: &IssuerUrl, wanted: Option<&str>) -> Option<Granted<Arc<[IssuerKey]>>> {
        let all = self.kept();
        let kept = all.get(issuer)?;
        let good = match &kept.said {
            Ok(keys) => {
                let has = wanted.is_none_or(|wanted| keys.iter().any(|key| key.id.as_deref() == Some(wanted)));
                kept.since.elapsed() < ISSUER_KEPT && (has || kept.asked.elapsed() < ISSUER_ASKED_AGAIN)
            }
            Err(_) => kept.since.elapsed() < kept.rest,
        };
        good.then(|| kept.said.clone())
    }

    /// Notes that somebody asks now: whoever comes meanwhile for an unknown key has what there is.
    fn note(&self, issuer: &IssuerUrl) {
        if let Some(kept) = self.kept().get_mut(issuer) {
            kept.asked = Instant::now();
        }
    }

    /// One asks, the others wait for what comes of it.
    fn asking<'a>(&'a self, issuer: &'a IssuerUrl) -> Asking<'a> {
        let mut all = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = all.entry(issuer.clone()).or_default().clone();
        Asking { all: &self.asking, issuer, alone }
    }

    fn remember(&self, issuer: &IssuerUrl, said: Granted<Arc<[IssuerKey]>>, took: Duration) -> Granted<Arc<[IssuerKey]>> {
        let mut all = self.kept();
        let now = Instant::now();
        if let (Err(_), Some(Kept { said: Ok(keys), since, .. })) = (&said, all.get(issuer))
            && since.elapsed() < ISSUER_KEPT
        {
            // An issuer that has a bad minute keeps the keys that it told.
            return Ok(keys.clone());
        }
        if all.len() >= ISSUERS_KEPT && !all.contains_key(issuer) {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.asked).map(|(issuer, _)| issuer.clone());
            oldest.and_then(|oldest| all.remove(&oldest));
        }
        let rest = ISSUER_REFUSAL_KEPT.max(took * ISSUER_REFUSAL_REST);
        all.insert(issuer.clone(), Kept { said: said.clone(), since: now, asked: now, rest });
        said
    }

    /// What it says, and how long that took once it was its turn.
    async fn ask(&self, issuer: &IssuerUrl) -> (Granted<Arc<[IssuerKey]>>, Duration) {
        let mut began = None;
        let asking = async {
            let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
            began = Some(Instant::now());
            persist(&self.http.patience, || self.ask_once(issuer)).await
        };
        let slow = || {
            let words = format!("https://{} did not say its keys within {} s.", issuer.as_str(), ISSUER_ASKED.as_secs());
            Err(Snag::Passing(words))
        };
        let said = timeout(ISSUER_ASKED, asking).instrument(tracing::info_span!("issuer_lookup")).await;
        let said = said.unwrap_or_else(|_| slow()).map_err(Snag::into_refusal);
        (said, began.map_or(Duration::ZERO, |began| began.elapsed()))
    }

    async fn ask_once(&self, issuer: &IssuerUrl) -> Result<Arc<[IssuerKey]>, Snag> {
        let url = format!("https://{}", issuer.as_str());
        let wrong = |words: String| Snag::refused(RefusalKind::Invalid, words);
        let mut address = Address::parse(&format!("{url}{DISCOVERY}")).ok_or_else(|| wrong(format!("{url} is no URL.")))?;
        address.place.port = self.port;
        // What the operator named for an issuer is named for what begins there, and for nobody else's issuer.
        let named = self.named.beginning_at(&address.place);
        let bytes = self.get(address, &named, DISCOVERY_BYTES).await?;
        let said: Discovery = serde_json::from_slice(&bytes)
            .map_err(|_| wrong(format!("{url}{DISCOVERY} is not what OpenID Connect Discovery calls a configuration.")))?;
        if said.issuer != url {
            let other: String = said.issuer.escape_debug().take(200).collect();
            return Err(wrong(format!("{url}{DISCOVERY} is of another issuer: '{other}'.")));
        }
        let keys = Address::parse(&said.jwks_uri).filter(|address| address.place.is_tls);
        let keys = keys.ok_or_else(|| wrong(format!("{url} says no https address of its keys.")))?;
        let bytes = self.get(keys, &named, ISSUER_KEYS_BYTES).await?;
        let set: KeySet =
            serde_json::from_slice(&bytes).map_err(|_| wrong(format!("What {url} gives for its keys is no set of keys.")))?;
        if set.keys.len() > ISSUER_KEYS {
            return Err(wrong(format!("{url} has {} keys; {ISSUER_KEYS} is the most that is read.", set.keys.len())));
        }
        Ok(set.keys.into_iter().filter_map(key).collect())
    }

    async fn get(&self, address: Address, named: &Named, bytes_max: usize) -> Result<bytes::Bytes, Snag> {
        let place = address.place.clone();
        let reply = self.http.send(address, Ask::get(&[(ACCEPT, "application/json")]), named).await?;
        let words = format!("{place} answers {}.", reply.status.as_u16());
        match reply.status.as_u16() {
            200 => reply.whole(&self.http.patience, bytes_max).await,
            429 => Err(Snag::Later { words, wait: reply.retry_after() }),
            500.. => Err(Snag::Passing(words)),
            _ => Err(Snag::refused(RefusalKind::Invalid, words)),
        }
    }
}

impl Issuers for OutsideIssuers {
    fn keys<'a>(&'a self, issuer: &'a IssuerUrl, wanted: Option<&'a str>) -> Answer<'a, Granted<Arc<[IssuerKey]>>> {
        Box::pin(async move {
            if let Some(said) = self.remembered(issuer, wanted) {
                return Ok(said);
            }
            let asking = self.asking(issuer);
            let _alone = asking.alone.lock().await;
            // Whoever was here before may have heard it.
            if let Some(said) = self.remembered(issuer, wanted) {
                return Ok(said);
            }
            self.note(issuer);
            let (said, took) = self.ask(issuer).await;
            if let Err(Refusal { message, .. }) = &said {
                tracing::info!(issuer = issuer.as_str(), cause = message, "an outside issuer of tokens did not say its keys");
            }
            Ok(self.remember(issuer, said, took))
        })
    }
}

/// A key that a token of a kind that we take can be signed with; others are passed over, since issuers have keys for other purposes too.
fn key(value: serde_json::Value) -> Option<IssuerKey> {
    let Key { kty, kid, alg, purpose, crv, n, e, x, y } = serde_json::from_value(value).ok()?;
    if purpose.is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let numbers = match kty.as_str() {
        "RSA" => KeyNumbers::Rsa { n: n?, e: e? },
        "EC" => KeyNumbers::Ec { curve: crv?, x: x?, y: y? },
        _ => return None,
    };
    Some(IssuerKey { id: kid, algorithm: alg, numbers })
}
