//! Every way in which a call fails, with its code, status and words: the one place for them.
//!
//! Never carries a secret; our own trouble is logged here once and answered without its cause, unless that is the caller's to mend.
//! Source of truth: OCI distribution specification, "Error Codes"; ECR's own texts.

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, StatusCode};
use model::digest::Digest;
use model::image_reference::{ImageTag, RepositoryName};
use model::refusal::{Refusal, RefusalKind};
use model::repository::RepositoryKey;
use model::trouble::{Retry, Trouble};
use serde_json::json;

use crate::limit;
use crate::range;
use crate::reply::reply;

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// No credentials, or not good ones. `realm` is what the challenge names.
    Unauthorized {
        realm: String,
    },
    /// Good credentials, but not for this.
    Denied {
        message: String,
    },
    NameInvalid {
        message: String,
    },
    NameUnknown {
        key: RepositoryKey,
    },
    NoSuchEndpoint,
    MethodNotAllowed {
        allow: &'static str,
    },
    DigestMalformed {
        message: String,
    },
    DigestMismatch {
        digest: Digest,
    },
    TagMalformed {
        message: String,
    },
    TagImmutable {
        tag: ImageTag,
        repository: RepositoryName,
    },
    ManifestUnknown,
    /// It is there, but the caller's `Accept` does not allow its media type.
    ManifestNotAcceptable {
        media_type: String,
    },
    ManifestInvalid {
        message: String,
    },
    ManifestTooLarge,
    /// What the manifest names and the repository does not have: layers and configurations, and the images of an index.
    ManifestReferencesUnknown {
        blobs: Vec<Digest>,
        manifests: Vec<Digest>,
    },
    BlobUnknown {
        digest: Digest,
    },
    BlobInUse {
        digest: Digest,
    },
    /// The range asked for begins behind the end.
    RangeNotSatisfiable {
        size_bytes: u64,
    },
    UploadUnknown,
    /// The chunk does not begin where the last one ended.
    UploadOutOfOrder {
        location: String,
        received_bytes: u64,
    },
    /// Another request is writing to the same upload.
    UploadBusy,
    UploadMalformed {
        message: String,
    },
    UploadTooLarge,
    /// The body ended before its time: too short, too long, silent, or the connection was cut.
    BodyBroken {
        message: String,
    },
    TooMany {
        message: String,
    },
    /// Asked for in a form, or at a moment, that does not work.
    Refused {
        message: String,
    },
    Trouble {
        trouble: Trouble,
        request_id: Option<String>,
    },
}

impl Fault {
    /// For ports that may refuse without a case of their own here.
    pub(crate) fn refused(refusal: Refusal, key: &RepositoryKey) -> Self {
        let message = refusal.message;
        match refusal.kind {
            RefusalKind::NotFound => Self::NameUnknown { key: key.clone() },
            RefusalKind::Denied => Self::Denied { message },
            RefusalKind::Quota | RefusalKind::Throttled => Self::TooMany { message },
            RefusalKind::Invalid | RefusalKind::AlreadyExists | RefusalKind::WrongState => Self::Refused { message },
        }
    }

    /// Says which call the trouble befell, so that its log line can be found.
    pub(crate) fn of_call(self, id: &str) -> Self {
        match self {
            Self::Trouble { trouble, request_id: None } => Self::Trouble { trouble, request_id: Some(id.to_owned()) },
            other => other,
        }
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::Unauthorized { .. } => (S::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::Denied { .. } => (S::FORBIDDEN, "DENIED"),
            Self::NameInvalid { .. } => (S::BAD_REQUEST, "NAME_INVALID"),
            Self::NameUnknown { .. } => (S::NOT_FOUND, "NAME_UNKNOWN"),
            Self::NoSuchEndpoint => (S::NOT_FOUND, "UNSUPPORTED"),
            Self::MethodNotAllowed { .. } => (S::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
            Self::DigestMalformed { .. } | Self::DigestMismatch { .. } => (S::BAD_REQUEST, "DIGEST_INVALID"),
            // Not in the specification's list: ECR's own, which its clients know.
            Self::TagMalformed { .. } | Self::TagImmutable { .. } => (S::BAD_REQUEST, "TAG_INVALID"),
            Self::ManifestUnknown | Self::ManifestNotAcceptable { .. } => (S::NOT_FOUND, "MANIFEST_UNKNOWN"),
            Self::ManifestInvalid { .. } => (S::BAD_REQUEST, "MANIFEST_INVALID"),
            Self::ManifestReferencesUnknown { .. } => (S::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN"),
            Self::BlobUnknown { .. } => (S::NOT_FOUND, "BLOB_UNKNOWN"),
            Self::BlobInUse { .. } => (S::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
            Self::RangeNotSatisfiable { .. } => (S::RANGE_NOT_SATISFIABLE, "SIZE_INVALID"),
            Self::UploadUnknown => (S::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
            Self::UploadOutOfOrder { .. } => (S::RANGE_NOT_SATISFIABLE, "BLOB_UPLOAD_INVALID"),
            Self::UploadBusy => (S::CONFLICT, "BLOB_UPLOAD_INVALID"),
            Self::UploadMalformed { .. } => (S::BAD_REQUEST, "BLOB_UPLOAD_INVALID"),
            Self::ManifestTooLarge | Self::UploadTooLarge => (S::PAYLOAD_TOO_LARGE, "SIZE_INVALID"),
            Self::BodyBroken { .. } => (S::BAD_REQUEST, "SIZE_INVALID"),
            Self::TooMany { .. } => (S::TOO_MANY_REQUESTS, "TOOMANYREQUESTS"),
            Self::Refused { .. } => (S::BAD_REQUEST, "UNSUPPORTED"),
            // The specification names codes for the caller's faults only. What may pass says so: clients try a 503 again.
            Self::Trouble { trouble, .. } => match trouble.retry() {
                Retry::Worthwhile => (S::SERVICE_UNAVAILABLE, "UNKNOWN"),
                Retry::Pointless => (S::INTERNAL_SERVER_ERROR, "UNKNOWN"),
            },
        }
    }

    /// What the caller reads.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Unauthorized { .. } => UNAUTHORIZED.to_owned(),
            Self::Denied { message }
            | Self::NameInvalid { message }
            | Self::DigestMalformed { message }
            | Self::TagMalformed { message }
            | Self::ManifestInvalid { message }
            | Self::UploadMalformed { message }
            | Self::BodyBroken { message }
            | Self::TooMany { message }
            | Self::Refused { message } => message.clone(),
            Self::NameUnknown { key } => key.not_found().message,
            Self::NoSuchEndpoint => "This registry has no such endpoint.".to_owned(),
            Self::MethodNotAllowed { allow } => format!("The methods here are {allow}."),
            Self::DigestMismatch { digest } => format!("What was received does not have the digest {digest}."),
            Self::TagImmutable { tag, repository } => format!(
                "The image tag '{tag}' already exists in the '{repository}' repository and cannot be overwritten because the \
                 repository is immutable."
            ),
            Self::ManifestUnknown => "Requested image not found".to_owned(),
            Self::ManifestNotAcceptable { media_type } => {
                format!("The image is there as {media_type}, which the Accept header does not allow.")
            }
            Self::ManifestTooLarge => format!("A manifest has at most {} bytes.", limit::MANIFEST_BYTES),
            Self::ManifestReferencesUnknown { blobs, manifests } => missing_message(&[blobs.as_slice(), manifests].concat()),
            Self::BlobUnknown { digest } => format!("The blob {digest} is not in the repository."),
            Self::BlobInUse { digest } => format!("A manifest in the repository names {digest}. Delete the manifest first."),
            Self::RangeNotSatisfiable { size_bytes } => {
                format!("The blob has {size_bytes} bytes: the range asked for lies outside it.")
            }
            Self::UploadUnknown => "There is no such upload in this repository.".to_owned(),
            Self::UploadOutOfOrder { received_bytes, .. } => {
                format!("Chunks come in order: the next one begins at {received_bytes}.")
            }
            Self::UploadBusy => "Another request is writing to this upload.".to_owned(),
            Self::UploadTooLarge => format!("A blob has at most {} bytes.", limit::BLOB_BYTES),
            Self::Trouble { trouble, request_id } => {
                let words = trouble.words_for_caller().unwrap_or_else(|| "Internal error.".to_owned());
                format!("{words} The request id is {}.", request_id.as_deref().unwrap_or("unknown"))
            }
        }
    }

    /// Headers beyond the body's: what tells the client how to go on.
    fn hints(&self) -> Vec<(HeaderName, String)> {
        match self {
            Self::Unauthorized { realm } => {
                vec![(WWW_AUTHENTICATE, format!(r#"Basic realm="{realm}",service="ecr.amazonaws.com""#))]
            }
            Self::MethodNotAllowed { allow } => vec![(ALLOW, (*allow).to_owned())],
            Self::RangeNotSatisfiable { size_bytes } => vec![(CONTENT_RANGE, format!("bytes */{size_bytes}"))],
            Self::UploadOutOfOrder { location, received_bytes } => {
                vec![(LOCATION, location.clone()), (RANGE, range::received(*received_bytes))]
            }
            Self::TooMany { .. } => vec![(RETRY_AFTER, limit::RETRY_AFTER_SECONDS.to_string())],
            Self::Trouble { trouble, .. } if trouble.retry() == Retry::Worthwhile => {
                vec![(RETRY_AFTER, limit::RETRY_AFTER_SECONDS.to_string())]
            }
            Self::BlobInUse { .. } => vec![(ALLOW, "GET, HEAD".to_owned())],
            Self::Denied { .. }
            | Self::NameInvalid { .. }
            | Self::NameUnknown { .. }
            | Self::NoSuchEndpoint
            | Self::DigestMalformed { .. }
            | Self::DigestMismatch { .. }
            | Self::TagMalformed { .. }
            | Self::TagImmutable { .. }
            | Self::ManifestUnknown
            | Self::ManifestNotAcceptable { .. }
            | Self::ManifestInvalid { .. }
            | Self::ManifestTooLarge
            | Self::ManifestReferencesUnknown { .. }
            | Self::BlobUnknown { .. }
            | Self::UploadUnknown
            | Self::UploadBusy
            | Self::UploadMalformed { .. }
            | Self::UploadTooLarge
            | Self::BodyBroken { .. }
            | Self::Refused { .. }
            | Self::Trouble { .. } => Vec::new(),
        }
    }

    /// The answer. Trouble is logged here, and only here.
    pub(crate) fn into_response(self) -> Response {
        if let Self::Trouble { trouble, request_id } = &self {
            let request_id = request_id.as_deref().unwrap_or("unknown");
            match trouble.retry() {
                Retry::Worthwhile => tracing::warn!(request_id = request_id, cause = trouble.chain(), "a registry call failed"),
                Retry::Pointless => tracing::error!(request_id = request_id, cause = trouble.chain(), "a registry call failed"),
            }
        }
        let (status, code) = self.status_and_code();
        let error = json!({ "code": code, "message": self.message() });
        let mut headers = self.hints();
        headers.push((CONTENT_TYPE, "application/json".to_owned()));
        reply(status, headers, Body::from(json!({ "errors": [error] }).to_string()))
    }
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble { trouble, request_id: None }
    }
}

/// Names the first few: the client's log should say what to push, not fill up.
fn missing_message(missing: &[Digest]) -> String {
    let named: Vec<&str> = missing.iter().take(limit::MISSING_NAMED).map(Digest::as_str).collect();
    let more = missing.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("The manifest names blobs or manifests that are not in the repository; push them first: {}{more}.", named.join(", "))
}

const UNAUTHORIZED: &str =
    "Log in first: user AWS, and the password that 'aws ecr get-login-password' prints. It is good for 12 hours.";
