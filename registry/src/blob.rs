//! Reading, looking for and deleting blobs.
//!
//! Source of truth: OCI distribution specification, "Pulling blobs", "Deleting Blobs"; RFC 9110 §13, §14 for ranges.

use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE};
use http::{HeaderName, StatusCode};
use model::digest::Digest;
use model::refusal::RefusalKind;
use model::trouble::Trouble;

use crate::body::outgoing;
use crate::door::{Registry, Visit};
use crate::fault::Fault;
use crate::range::{self, Wanted};
use crate::reply::{CONTENT_DIGEST, reply};

/// `GET /v2/<name>/blobs/<digest>`, whole or a range.
pub(crate) async fn get(registry: Arc<Registry>, visit: Visit, digest: Digest) -> Result<Response, Fault> {
    let size_bytes = size(&registry, &visit, &digest).await?;
    // A range of another version would be wrong, but a digest has no other version: only a strange If-Range voids the range.
    let same = visit.header(IF_RANGE).is_none_or(|tag| tag == etag(&digest));
    match range::wanted(visit.header(RANGE).filter(|_| same), size_bytes) {
        Wanted::Whole => {
            let body = read(&registry, &visit, &digest, None).await?;
            Ok(reply(StatusCode::OK, headers(&digest, size_bytes), body))
        }
        Wanted::Part(part) => {
            let body = read(&registry, &visit, &digest, Some(part.clone())).await?;
            let mut headers = headers(&digest, part.end - part.start);
            headers.push((CONTENT_RANGE, format!("bytes {}-{}/{size_bytes}", part.start, part.end - 1)));
            Ok(reply(StatusCode::PARTIAL_CONTENT, headers, body))
        }
        Wanted::Nothing => Err(Fault::RangeNotSatisfiable { size_bytes }),
    }
}

/// `HEAD /v2/<name>/blobs/<digest>`: is it there, and how large?
pub(crate) async fn head(registry: Arc<Registry>, visit: Visit, digest: Digest) -> Result<Response, Fault> {
    // Whoever asks may be about to push: told that it is there, it will not upload it.
    // One who may not push is promised nothing: a promise is written down.
    let info = if registry.allows(&visit.caller, "ecr:PutImage", &visit.key).await?.is_ok() {
        registry.parts.blobs.promise(&visit.key, &digest).await?
    } else {
        registry.parts.blobs.stat(&visit.key, &digest).await?
    };
    let size_bytes = info.map(|info| info.size_bytes).ok_or_else(|| Fault::BlobUnknown { digest: digest.clone() })?;
    Ok(reply(StatusCode::OK, headers(&digest, size_bytes), Body::empty()))
}

/// `DELETE /v2/<name>/blobs/<digest>`: out of this repository; others that have it keep it.
pub(crate) async fn delete(registry: Arc<Registry>, visit: Visit, digest: Digest) -> Result<Response, Fault> {
    match registry
        .parts
        .blobs
        .remove(&visit.key, &digest, &registry.audit(&visit.caller, &visit.key, "ecr:BatchDeleteImage"))
        .await?
    {
        Ok(true) => Ok(reply(StatusCode::ACCEPTED, [], Body::empty())),
        Ok(false) => Err(Fault::BlobUnknown { digest }),
        Err(refusal) if refusal.kind == RefusalKind::WrongState => Err(Fault::BlobInUse { digest }),
        Err(refusal) => Err(Fault::refused(refusal, &visit.key)),
    }
}

async fn size(registry: &Registry, visit: &Visit, digest: &Digest) -> Result<u64, Fault> {
    let info = registry.parts.blobs.stat(&visit.key, digest).await?;
    info.map(|info| info.size_bytes).ok_or_else(|| Fault::BlobUnknown { digest: digest.clone() })
}

async fn read(registry: &Registry, visit: &Visit, digest: &Digest, part: Option<Range<u64>>) -> Result<Body, Fault> {
    let permit = registry.send_body()?;
    let body = registry.parts.blobs.read(&visit.key, digest, part).await?;
    // It was there a moment ago; deleted in between is a trouble that passes, and the client's retry gets the 404.
    let gone = || Trouble::passing("reading a blob", "it went away after its size was read");
    Ok(outgoing(body.ok_or_else(gone)?, permit))
}

fn headers(digest: &Digest, length_bytes: u64) -> Vec<(HeaderName, String)> {
    vec![
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, length_bytes.to_string()),
        (CONTENT_DIGEST, digest.to_string()),
        (ETAG, etag(digest)),
        (ACCEPT_RANGES, "bytes".to_owned()),
    ]
}

/// A digest never means other bytes, so it is its own strong validator.
pub(crate) fn etag(digest: &Digest) -> String {
    format!("\"{digest}\"")
}
