//! Signature version 4, header form: what a request claims, and whether its signature proves it.
//! Never looks up a key, never reads the clock, never decides what a caller may do.
//! Source of truth: `scratchstack-aws-signature` for the canonical form and the comparison; recorded requests of
//! real clients in `tests/wire`. Query-string (presigned) authentication is not offered, nor are bodies that the signature does not cover or that
//! are signed piece by piece: no client uses them for these services, and each is refused by its name.

pub mod named_payload;

use crate::limit;
use bytes::Bytes;
use http::{HeaderMap, request::Parts};
use jiff::civil::DateTime;
use model::{secret::Secret, time::Timestamp};
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, SignatureError, SignatureOptions, VecSignedHeaderRequirements,
    sigv4_validate_request,
};
use std::str::FromStr;
use tower::BoxError;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const BASIC_FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// Headers that must be signed where they are present: they decide what the call means.
const SIGNED_IF_PRESENT: [&str; 1] = ["content-type"];
const SIGNED_PREFIXES: [&str; 1] = ["x-amz-"];

/// Why a request is not from whom it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// There is no signature at all.
    Missing,
    /// The `Authorization` header is malformed, or the date is.
    Incomplete(String),
    /// No such access key here, or a session token that belongs to none.
    UnknownKey,
    /// The session of the token is over.
    Expired,
    /// A wrong secret, a changed request, a wrong scope, or a clock too far from ours.
    Mismatch(String),
}

/// What the `Authorization` header claims. Nothing of it is proven before [`verify`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose key.
    pub access_key_id: String,
    /// The region of the credential scope.
    pub region: String,
    /// The service of the credential scope: its signing name.
    pub service: String,
    /// `X-Amz-Date` as sent.
    date: String,
    /// The same as a point in time.
    signed_at: Timestamp,
    /// `X-Amz-Security-Token`, which only session credentials have.
    pub session_token: Option<Secret>,
}

/// What a presigned request has in its query.
const PRESIGNED: [&str; 3] = ["X-Amz-Algorithm=", "X-Amz-Signature=", PRESIGNED_V2];
/// The same of version 2, in which some clients still presign for S3, and nobody for anything else.
const PRESIGNED_V2: &str = "AWSAccessKeyId=";
/// And where it says for which service.
const PRESIGNED_CREDENTIAL: &str = "X-Amz-Credential=";
/// What `X-Amz-Content-Sha256` says where the signature does not cover the body, or not at once.
const UNSIGNED_BODY: &str = "UNSIGNED-PAYLOAD";
const BODY_IN_PIECES: &str = "STREAMING-";

/// Refuses what is signed in a way that is not offered.
///
/// # Errors
/// Incomplete, with words that say which way is.
pub fn check_form(parts: &Parts) -> Result<(), Rejection> {
    check_not_presigned(parts)?;
    let hash = parts.headers.get("x-amz-content-sha256").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if hash.eq_ignore_ascii_case(UNSIGNED_BODY) {
        return Err(incomplete("X-Amz-Content-Sha256: the signature must cover the body, UNSIGNED-PAYLOAD is not accepted here."));
    }
    if hash.get(..BODY_IN_PIECES.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(BODY_IN_PIECES)) {
        return Err(incomplete(
            "X-Amz-Content-Sha256: bodies that are signed in pieces (STREAMING-…) are not accepted here. Sign the body as a whole.",
        ));
    }
    Ok(())
}

/// Refuses a signature in the query.
///
/// # Errors
/// Incomplete, with words that say where it belongs.
pub fn check_not_presigned(parts: &Parts) -> Result<(), Rejection> {
    let query = parts.uri.query().unwrap_or_default();
    let begins =
        |part: &str| PRESIGNED.iter().any(|name| part.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)));
    if query.split('&').any(begins) {
        return Err(incomplete(
            "Signatures in the query (presigned requests) are not accepted here. Sign the request in its Authorization header.",
        ));
    }
    Ok(())
}

/// The service that a request says it was signed for, in its header or in its query. Nothing of it is proven.
pub fn service_named(parts: &Parts) -> Option<String> {
    if let Ok(claim) = Claim::read(&parts.headers) {
        return Some(claim.service);
    }
    let query = parts.uri.query().unwrap_or_default();
    if query.split('&').any(|part| part.starts_with(PRESIGNED_V2)) {
        return Some("s3".to_owned());
    }
    let credential = query.split('&').find_map(|part| part.strip_prefix(PRESIGNED_CREDENTIAL))?;
    credential.split("%2F").flat_map(|part| part.split('/')).nth(3).map(str::to_owned)
}

impl Claim {
    /// Reads the claim of a request.
    pub fn read(headers: &HeaderMap) -> Result<Self, Rejection> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization = headers.get(http::header::AUTHORIZATION).ok_or(Rejection::Missing)?;
        let authorization = authorization.to_str().map_err(|_| incomplete("Authorization is not ASCII."))?;
        let (algorithm, parameters) = authorization.split_once(' ').unwrap_or((authorization, ""));
        if algorithm != ALGORITHM {
            return Err(incomplete(format!("Unsupported AWS 'algorithm': '{algorithm}'.")));
        }
        let credential = parameters.split(',').rev().find_map(|part| part.trim().strip_prefix("Credential="));
        let credential = credential.ok_or_else(|| incomplete("Authorization header requires 'Credential' parameter."))?;
        let parts: Vec<&str> = credential.split('/').collect();
        let [access_key_id, _, region, service, _] = parts[..] else {
            return Err(incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                 '{credential}'"
            )));
        };
        let date = text("x-amz-date")
            .or_else(|| text("date"))
            .ok_or_else(|| incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."))?;
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            signed_at: point_in_time(date)?,
            date: date.to_owned(),
            session_token: text("x-amz-security-token").map(Secret::new),
        })
    }

    /// Whether the request was signed near `now`. The words are AWS's own: clients correct their clocks by them.
    pub fn check_clock(&self, now: Timestamp) -> Result<(), Rejection> {
        let minutes = limit::CLOCK_SKEW.as_secs() / 60;
        let oldest = Timestamp::from_millis(now.millis() - skew_millis());
        let newest = now.plus(limit::CLOCK_SKEW);
        let Self { date, signed_at, .. } = self;
        if *signed_at < oldest {
            return Err(Rejection::Mismatch(format!(
                "Signature expired: {date} is now earlier than {} ({} - {minutes} min.)",
                basic(oldest),
                basic(now)
            )));
        }
        if *signed_at > newest {
            return Err(Rejection::Mismatch(format!(
                "Signature not yet current: {date} is still later than {} ({} + {minutes} min.)",
                basic(newest),
                basic(now)
            )));
        }
        Ok(())
    }

    /// Whether the request was signed for `service`.
    pub fn check_service(&self, service: &str) -> Result<(), Rejection> {
        if self.service == service {
            return Ok(());
        }
        Err(Rejection::Mismatch(format!("Credential should be scoped to correct service: '{service}'.")))
    }

    /// When the request was signed.
    #[cfg(test)]
    pub fn signed_at(&self) -> Timestamp {
        self.signed_at
    }
}

/// Bytes of a secret access key.
const SECRET_BYTES: usize = 40;

/// AWS's own secrets have 40 characters, and the verifier takes no others. HMAC fills a short key up with zeros by itself (RFC 2104, section 2), so a
/// shorter one, as of a platform with test keys, is the same key with zeros behind it.
fn padded(secret: &str) -> String {
    // Bytes, not letters: that is what the verifier counts.
    format!("{secret}{}", "\0".repeat(SECRET_BYTES.saturating_sub(secret.len())))
}

/// Whether `secret` signed exactly this request.
///
/// # Errors
/// The rejection, or `None` when `secret` cannot be an AWS secret key (then it is our record that is broken).
pub async fn verify(claim: &Claim, parts: &Parts, body: &Bytes, secret: &Secret) -> Result<(), Option<Rejection>> {
    let key = secret.expose_text().filter(|text| !text.is_empty()).and_then(|text| KSecretKey::from_str(&padded(text)).ok());
    let key: KSecretKey = key.ok_or(None)?;
    let mut keys = tower::service_fn(move |request: GetSigningKeyRequest| async move {
        let signing = key.to_ksigning(request.request_date(), request.region(), request.service());
        Ok::<_, BoxError>(GetSigningKeyResponse::builder().signing_key(signing).build()?)
    });
    let mut request = http::Request::builder()
        .method(parts.method.clone())
        .uri(parts.uri.path_and_query().map_or("/", |path| path.as_str()))
        .body(body.clone())
        .expect("method and path come from a request that was parsed");
    *request.headers_mut() = parts.headers.clone();
    let required = VecSignedHeaderRequirements::new::<str, str, str>(&[], &SIGNED_IF_PRESENT, &SIGNED_PREFIXES);
    let result = sigv4_validate_request(
        request,
        &claim.region,
        &claim.service,
        &mut keys,
        // The crate allows 15 minutes of its own; ours are checked by `check_clock`, so it is given the signer's time.
        chrono_text(claim.signed_at).parse().expect("it was just written in RFC 3339"),
        &required,
        SignatureOptions::default(),
    );
    match result.await {
        Ok(_) => Ok(()),
        Err(error) => Err(error.downcast::<SignatureError>().ok().and_then(|error| rejection(*error))),
    }
}

fn rejection(error: SignatureError) -> Option<Rejection> {
    match error {
        SignatureError::MissingAuthenticationToken(_) => Some(Rejection::Missing),
        SignatureError::SignatureDoesNotMatch(words) => Some(Rejection::Mismatch(words.unwrap_or_default())),
        SignatureError::IncompleteSignature(words)
        | SignatureError::InvalidBodyEncoding(words)
        | SignatureError::InvalidContentType(words)
        | SignatureError::InvalidRequestMethod(words)
        | SignatureError::InvalidURIPath(words)
        | SignatureError::MalformedQueryString(words) => Some(Rejection::Incomplete(words)),
        _ => None,
    }
}

fn incomplete(words: impl Into<String>) -> Rejection {
    Rejection::Incomplete(words.into())
}

fn skew_millis() -> i64 {
    i64::try_from(limit::CLOCK_SKEW.as_millis()).expect("five minutes fit")
}

fn point_in_time(date: &str) -> Result<Timestamp, Rejection> {
    let wrong =
        || incomplete(format!("Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"));
    let civil = DateTime::strptime(BASIC_FORMAT, date).map_err(|_| wrong())?;
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?;
    Ok(Timestamp::from_millis(utc.timestamp().as_millisecond()))
}

fn jiff_time(time: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(time.millis()).expect("the clock is between the years -9999 and 9999")
}

fn basic(time: Timestamp) -> String {
    jiff_time(time).strftime(BASIC_FORMAT).to_string()
}

fn chrono_text(time: Timestamp) -> String {
    jiff_time(time).to_string()
}

#[cfg(test)]
mod tests;
