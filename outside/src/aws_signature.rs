//! Our signature under what we ask of the real AWS, or of what stands in for it.
//!
//! Never prints a key. Source of truth: Signature Version 4 by AWS's own crate.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use http::{HeaderName, HeaderValue};
use model::secret::Secret;
use model::time::Timestamp;

/// Keys of the real AWS.
#[derive(Clone, Debug)]
pub struct AwsKeys {
    pub id: String,
    pub secret: Secret,
    pub session_token: Option<Secret>,
}

/// Reads the keys as they are now, or says in a sentence why it cannot.
pub type ReadKeys = dyn Fn() -> Result<AwsKeys, String> + Send + Sync;

/// Services whose paths are signed as they are. Source: S3 API reference, "Signature Calculations for the Authorization Header".
const PATH_AS_IT_IS: [&str; 4] = ["s3", "s3-object-lambda", "s3-outposts", "s3express"];

/// What is signed.
pub(crate) struct ToSign<'a> {
    pub method: &'a str,
    /// Absolute.
    pub url: &'a str,
    /// Those that the signature covers, `host` among them.
    pub headers: &'a [(&'a str, &'a str)],
    pub body: SignableBody<'a>,
    /// Whether `X-Amz-Content-Sha256` says what the signature says of the body.
    pub names_payload: bool,
    pub service: &'a str,
    pub region: &'a str,
}

/// The headers that make a request a signed one; nothing where these keys, or what is to be signed, are not such as can be.
pub(crate) fn signature(order: ToSign<'_>, keys: &AwsKeys, now: Timestamp) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let token = match &keys.session_token {
        Some(token) => Some(token.expose_text()?.to_owned()),
        None => None,
    };
    let identity: Identity = Credentials::new(&keys.id, keys.secret.expose_text()?, token, None, "outrunner").into();
    let time = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).ok()?);
    let mut settings = SigningSettings::default();
    if PATH_AS_IT_IS.contains(&order.service) {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    if order.names_payload {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let builder = v4::SigningParams::builder().identity(&identity).region(order.region).name(order.service);
    let params = builder.time(time).settings(settings).build().ok()?.into();
    let signable = SignableRequest::new(order.method, order.url, order.headers.iter().copied(), order.body).ok()?;
    let (instructions, _) = sign(signable, &params).ok()?.into_parts();
    let mut signed = Vec::new();
    for (name, value) in instructions.headers() {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        signed.push((HeaderName::from_bytes(name.as_bytes()).ok()?, value));
    }
    Some(signed)
}
