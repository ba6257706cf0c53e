//! Tokens of outside issuers: from the text of one to whom it speaks for, as far as an account takes the issuer's word.
//!
//! Never keeps a token, never shows one, and never lets an algorithm with a shared secret verify one. Source of truth: the STS API reference,
//! `AssumeRoleWithWebIdentity`; IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in IAM"; RFC 7519 and OpenID Connect Core 1.0,
//! section 3.1.3.7. The words are STS's where a comment says so; others are nowhere written down (unconfirmed) and say what was wrong.

use crate::{
    authenticate::origin,
    call::Ports,
    codec::form,
    constraint::{Dialect, violations},
    fault::{Common, Wrong},
    limit,
    policy::token_claims,
    shape::{Declared, sts as shape},
};
use bytes::Bytes;
use http::request::Parts;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, dangerous, decode};
use model::{
    account::{AccountId, Region, Scope},
    caller::{Caller, Principal},
    identity_provider::{IdentityProvider, IssuerUrl},
    port::{Facts, Issuers},
    quota::QuotaSetting,
    refusal::{Refusal, RefusalKind},
    role::RoleArn,
    time::Timestamp,
    web_identity::{IssuerKey, KeyNumbers, WebIdentity},
};
use serde_json::{Map, Value};

/// Algorithms that tokens may be signed with, the curve that a key for it lies on behind it. Source: IAM User Guide, "Create an OpenID Connect (OIDC)
/// identity provider in IAM" (ES512 has nobody here who verifies it).
const ALGORITHMS: [(&str, Algorithm, Option<&str>); 5] = [
    ("RS256", Algorithm::RS256, None),
    ("RS384", Algorithm::RS384, None),
    ("RS512", Algorithm::RS512, None),
    ("ES256", Algorithm::ES256, Some("P-256")),
    ("ES384", Algorithm::ES384, Some("P-384")),
];
/// Claims by which a token would bring tags or an identity of its own into the session: not here, and to leave them out would make it another session.
const UNAVAILABLE: [&str; 2] = ["https://aws.amazon.com/tags", "https://aws.amazon.com/source_identity"];

/// Whom a verified token speaks for, and what else of it conditions may ask.
pub struct Vouched {
    pub identity: WebIdentity,
    /// What only the taking of a role is told: `<issuer>:amr` and its like. `aud` and `sub` every context of the identity has.
    pub facts: Facts,
}

/// What a token says, checked for its form only.
struct Claims {
    issuer: String,
    subject: String,
    /// Whom it is for: `azp` if it is there, for then `aud` names others too.
    audiences: Vec<String>,
    /// `aud`, where `azp` stands in its place.
    other_audiences: Vec<String>,
    expires_at: Timestamp,
    not_before: Timestamp,
    all: Map<String, Value>,
}

/// Who calls with a token instead of a signature, in the role's account; whatever is signed beside it proves nothing and is not looked at.
///
/// # Errors
/// Every violation of the model; the faults of tokens; trouble where providers cannot be read.
pub async fn authenticate(
    ports: &Ports,
    region: &Region,
    quotas: QuotaSetting,
    (parts, body): (&Parts, &Bytes),
    request_id: &str,
) -> Result<(Caller, Vouched), Wrong> {
    let request: shape::AssumeRoleWithWebIdentityRequest = form::decode(body)?;
    if let Some(text) = violations(&request, Dialect::Classic, quotas) {
        return Err(Wrong::Invalid(text));
    }
    let shape::AssumeRoleWithWebIdentityRequest { role_arn, web_identity_token, .. } = request;
    let (role, token) = (role_arn.expect("it is required"), web_identity_token.expect("it is required"));
    let role = RoleArn::parse(&role).map_err(|_| Refusal::invalid(format!("{role} is invalid")))?;
    let vouched = verify(ports, &role.account(), &token).await?;
    let caller = Caller {
        scope: Scope { account: role.account(), region: region.clone() },
        principal: Principal::WebIdentity(vouched.identity.clone()),
        access_key_id: String::new(),
        request_id: request_id.to_owned(),
        own_session: None,
        origin: Some(origin(parts)),
    };
    Ok((caller, vouched))
}

/// Whom a token speaks for in an account.
async fn verify(ports: &Ports, account: &AccountId, token: &str) -> Result<Vouched, Wrong> {
    let (header, claims) = read(token)?;
    let url = IssuerUrl::of_url(&claims.issuer);
    let provider = match &url {
        Ok(url) => ports.identity_providers.get(account, url).await?,
        Err(_) => None,
    };
    let provider = provider.ok_or_else(|| {
        // Source of the words: STS.
        invalid(format!("No OpenIDConnect provider found in your account for {}", shown(&claims.issuer)))
    })?;
    let audience = claims.audiences.iter().find(|audience| provider.client_ids.contains(audience)).cloned();
    // Source of the words: STS.
    let audience = audience.ok_or_else(|| invalid("Incorrect token audience"))?;
    let (name, algorithm, curve) = ALGORITHMS
        .into_iter()
        .find(|(_, known, _)| *known == header.alg)
        .ok_or_else(|| invalid(format!("A token is signed with one of {}.", ALGORITHMS.map(|(name, ..)| name).join(", "))))?;
    let keys = keys(&*ports.issuers, &provider, header.kid.as_deref()).await?;
    let mut fitting = keys.iter().filter(|key| {
        let named = header.kid.is_none() || key.id == header.kid;
        named && key.algorithm.as_deref().is_none_or(|only| only == name) && is_on(key, curve)
    });
    let found = fitting.next().filter(|_| header.kid.is_some() || fitting.next().is_none());
    let key = found.ok_or_else(|| unfound("it has no such key, or the token names none"))?;
    check_signature(token, key, algorithm)?;
    check_time(&claims, ports.clock.now())?;
    if let Some(claim) = UNAVAILABLE.iter().find(|claim| claims.all.contains_key(**claim)) {
        return Err(invalid(format!("Not available in this version of Outrunner: the claim {claim}.")));
    }
    let identity = WebIdentity { provider: provider.arn(), subject: claims.subject.clone(), audience };
    let facts = facts(&claims, identity.issuer());
    Ok(Vouched { identity, facts })
}

/// The parts of a token, none of which is believed yet.
fn read(token: &str) -> Result<(Header, Claims), Wrong> {
    // Source of the words: STS.
    let none = || invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
    let token = dangerous::insecure_decode::<Map<String, Value>>(token).map_err(|_| none())?;
    // What its maker calls critical must be understood or refused, and we understand none. Source: RFC 7515, section 4.1.11.
    if token.header.crit.is_some() {
        return Err(invalid("The token has critical header parameters, which nobody here understands."));
    }
    let all = token.claims;
    let text = |claim: &str| match all.get(claim) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(none()),
        None => Err(invalid(format!("Missing a required claim: {claim}"))),
    };
    let time = |claim: &str| match all.get(claim) {
        Some(Value::Number(seconds)) => seconds.as_f64().and_then(timestamp).ok_or_else(none),
        Some(_) => Err(none()),
        None => Err(invalid(format!("Missing a required claim: {claim}"))),
    };
    let (issuer, subject) = (text("iss")?, text("sub")?);
    let aud = match all.get("aud") {
        Some(Value::Array(several)) => {
            several.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>().ok_or_else(none)?
        }
        _ => vec![text("aud")?],
    };
    let (audiences, other_audiences) = if all.contains_key("azp") { (vec![text("azp")?], aud) } else { (aud, Vec::new()) };
    let (expires_at, issued_at) = (time("exp")?, time("iat")?);
    let not_before = if all.contains_key("nbf") { time("nbf")?.max(issued_at) } else { issued_at };
    let readable =
        |text: &str| !text.is_empty() && text.chars().count() <= limit::SUBJECT_CHARS && !text.chars().any(char::is_control);
    if !readable(&subject) {
        return Err(invalid(format!(
            "The claim sub has 1 to {} characters, and none of them is a control character.",
            limit::SUBJECT_CHARS
        )));
    }
    Ok((token.header, Claims { issuer, subject, audiences, other_audiences, expires_at, not_before, all }))
}

/// Seconds since the epoch, as far as a clock of ours goes.
fn timestamp(seconds: f64) -> Option<Timestamp> {
    // The year 9999: what is later is no time of anybody's.
    (0.0..253_402_300_800.0).contains(&seconds).then(|| Timestamp::from_millis((seconds * 1_000.0) as i64))
}

async fn keys(
    issuers: &dyn Issuers,
    provider: &IdentityProvider,
    wanted: Option<&str>,
) -> Result<std::sync::Arc<[IssuerKey]>, Wrong> {
    match issuers.keys(&provider.url, wanted).await? {
        Ok(keys) => Ok(keys),
        Err(Refusal { kind: RefusalKind::WrongState | RefusalKind::Throttled, message }) => {
            Err(Wrong::Declared(shape::IDP_COMMUNICATION_ERROR_EXCEPTION, message))
        }
        Err(Refusal { message, .. }) => Err(unfound(&message)),
    }
}

/// Whether a key is of the kind that an algorithm is for.
fn is_on(key: &IssuerKey, curve: Option<&str>) -> bool {
    match (&key.numbers, curve) {
        (KeyNumbers::Rsa { .. }, None) => true,
        (KeyNumbers::Ec { curve: own, .. }, Some(curve)) => own == curve,
        (KeyNumbers::Rsa { .. }, Some(_)) | (KeyNumbers::Ec { .. }, None) => false,
    }
}

fn check_signature(token: &str, key: &IssuerKey, algorithm: Algorithm) -> Result<(), Wrong> {
    let key = match &key.numbers {
        KeyNumbers::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
        KeyNumbers::Ec { curve: _, x, y } => DecodingKey::from_ec_components(x, y),
    };
    let key = key.map_err(|_| unfound("its key is no key"))?;
    // Only the signature is asked about here: whom it is for, and when it is good, are held against this account and this clock.
    let mut validation = Validation::new(algorithm);
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    validation.required_spec_claims.clear();
    let verified = decode::<Map<String, Value>>(token, &key, &validation);
    verified.map(drop).map_err(|_| invalid("The signature of the token is not the issuer's."))
}

fn check_time(claims: &Claims, now: Timestamp) -> Result<(), Wrong> {
    if claims.expires_at.plus(limit::TOKEN_CLOCK_SKEW) <= now {
        // Source of the words: STS.
        let words = format!(
            "Token expired: current date/time {} must be before the expiration date/time {}",
            now.millis() / 1_000,
            claims.expires_at.millis() / 1_000
        );
        return Err(Wrong::Declared(shape::EXPIRED_TOKEN_EXCEPTION, words));
    }
    if now.plus(limit::TOKEN_CLOCK_SKEW) < claims.not_before {
        // The claim is the issuer's, and says no. (unconfirmed: which of its faults STS has for it)
        let words = format!("The token is not good before the date/time {}.", claims.not_before.millis() / 1_000);
        return Err(Wrong::Declared(shape::IDP_REJECTED_CLAIM_EXCEPTION, words));
    }
    Ok(())
}

/// What conditions may ask of the token beside `aud` and `sub`.
fn facts(claims: &Claims, issuer: &str) -> Facts {
    let mut facts = Facts::default();
    if !claims.other_audiences.is_empty() {
        facts.0.insert(format!("{issuer}:oaud"), claims.other_audiences.clone());
    }
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    for claim in token_claims(issuer) {
        let values: Vec<String> = match claims.all.get(claim) {
            Some(Value::Array(values)) => values.iter().filter_map(one).collect(),
            value => value.and_then(one).into_iter().collect(),
        };
        if !values.is_empty() {
            facts.0.insert(format!("{issuer}:{claim}"), values);
        }
    }
    facts
}

fn invalid(words: impl Into<String>) -> Wrong {
    declared(shape::INVALID_IDENTITY_TOKEN_EXCEPTION, words)
}

fn declared(fault: Declared, words: impl Into<String>) -> Wrong {
    Wrong::Declared(fault, words.into())
}

/// Source of the first words: STS.
fn unfound(why: &str) -> Wrong {
    invalid(format!(
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for \
         requirements: {why}"
    ))
}

fn shown(text: &str) -> String {
    text.chars().take(limit::SHOWN_VALUE_CHARS).collect()
}

/// What everybody is told to whom a role is not given, whether it is there or not. Source of the words: STS.
pub fn unauthorized() -> Wrong {
    Common::Denied("Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned()).into()
}
