//! Whether a signature proves a request whose body it knows by what the request names only: by a hash, or not at all. So is a body signed that is on its
//! way still, as S3's are.
//!
//! Signs the request anew and compares in constant time. Never reads the body: that it has the hash is for whoever passes it on. Source of truth:
//! `aws-sigv4`, AWS's own crate, for the canonical form; S3 API reference, "Signature Calculations for the Authorization Header".

use super::{Claim, Rejection, SIGNED_IF_PRESENT, SIGNED_PREFIXES, incomplete, jiff_time};
use aws_credential_types::Credentials;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_sigv4::{
    http_request::{PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use http::{HeaderMap, request::Parts};
use model::secret::Secret;
use std::time::SystemTime;

/// The header that names what the signature knows of the body.
pub const CONTENT_SHA256: &str = "x-amz-content-sha256";
/// Where the signature does not cover the body, nor what comes behind it.
const UNCOVERED: [&str; 2] = [super::UNSIGNED_BODY, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"];
/// Services whose paths are signed as they are. Source: the S3 API reference above.
const PATH_AS_IT_IS: [&str; 4] = ["s3", "s3-object-lambda", "s3-outposts", "s3express"];
/// The host is in a header that is signed, so that of the URL is never looked at.
const ANY_HOST: &str = "http://host.invalid";

/// What a request names, if it names it and it is a way that is passed on.
///
/// # Errors
/// Incomplete, in words that say which ways are.
pub fn named(headers: &HeaderMap) -> Result<Option<String>, Rejection> {
    let Some(value) = headers.get(CONTENT_SHA256) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let is_hash = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hash || UNCOVERED.contains(&text) {
        return Ok(Some(text.to_owned()));
    }
    if text.starts_with(super::BODY_IN_PIECES) {
        return Err(incomplete(
            "X-Amz-Content-Sha256: bodies whose pieces are signed one by one (STREAMING-AWS4-…) cannot be sent on, because only you can sign them. \
             Sign the body as a whole, or say UNSIGNED-PAYLOAD (in the SDK for Java: chunkedEncodingEnabled(false)).",
        ));
    }
    Err(incomplete("X-Amz-Content-Sha256 is neither a SHA-256 in 64 small hexadecimal digits nor UNSIGNED-PAYLOAD."))
}

/// Whether the signature says nothing of the body.
pub fn is_uncovered(payload: &str) -> bool {
    UNCOVERED.contains(&payload)
}

/// Whether `secret` signed this request for a body of which it knows `payload`.
///
/// # Errors
/// As [`super::verify`].
pub fn verify_named(claim: &Claim, parts: &Parts, payload: &str, secret: &Secret) -> Result<(), Option<Rejection>> {
    let secret = secret.expose_text().filter(|text| !text.is_empty()).ok_or(None)?;
    let authorization = parts.headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let part = |name: &str| authorization.split([',', ' ']).find_map(|part| part.strip_prefix(name));
    let missing = |name: &str| Some(incomplete(format!("Authorization header requires '{name}' parameter.")));
    let names: Vec<&str> = part("SignedHeaders=").ok_or_else(|| missing("SignedHeaders"))?.split(';').collect();
    let told = part("Signature=").ok_or_else(|| missing("Signature"))?;
    check_signed(&parts.headers, &names).map_err(Some)?;
    let mismatch = || {
        Some(Rejection::Mismatch(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."
                .to_owned(),
        ))
    };
    let mut headers = Vec::new();
    for name in &names {
        for value in parts.headers.get_all(*name) {
            headers.push((*name, std::str::from_utf8(value.as_bytes()).map_err(|_| mismatch())?));
        }
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let body = SignableBody::Precomputed(payload.to_owned());
    let signable = SignableRequest::new(parts.method.as_str(), format!("{ANY_HOST}{path}"), headers.into_iter(), body);
    let identity: Identity = Credentials::new(&claim.access_key_id, secret, None, None, "a caller").into();
    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    if PATH_AS_IT_IS.contains(&claim.service.as_str()) {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let builder = v4::SigningParams::builder().identity(&identity).region(&claim.region).name(&claim.service);
    let params = builder.time(SystemTime::from(jiff_time(claim.signed_at))).settings(settings).build().map_err(|_| None)?.into();
    let (_, signature) = signable.and_then(|signable| sign(signable, &params)).map_err(|_| mismatch())?.into_parts();
    verify_slices_are_equal(signature.as_bytes(), told.as_bytes()).map_err(|_| mismatch())
}

/// Whether everything is signed that decides what the call means.
fn check_signed(headers: &HeaderMap, names: &[&str]) -> Result<(), Rejection> {
    let must = |name: &str| SIGNED_IF_PRESENT.contains(&name) || SIGNED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let unsigned = headers.keys().map(|name| name.as_str()).find(|name| must(name) && !names.contains(name));
    let unsigned = unsigned.or_else(|| ["host", "x-amz-date"].into_iter().find(|name| !names.contains(name)));
    match unsigned {
        Some(name) => Err(Rejection::Mismatch(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."))),
        None => Ok(()),
    }
}
