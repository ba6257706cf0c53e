//! Uploads: begin, append in order, finish by digest, ask, cancel; in one request or in many.
//!
//! Never shows a byte before its digest is verified, and never counts bytes itself: the store says how many it has.
//! Source of truth: OCI distribution specification, "Pushing blobs"; ECR's permissions for pushing.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, LOCATION, RANGE};
use http::{HeaderName, StatusCode};
use http_body::Body as _;
use model::audit::AuditRow;
use model::caller::{Caller, Principal};
use model::chunks;
use model::digest::Digest;
use model::image_reference::RepositoryName;
use model::port::{UploadId, draw};
use model::refusal::RefusalKind;
use model::repository::RepositoryKey;

use crate::body::{Breakage, Expected, incoming};
use crate::door::{Registry, Visit, location};
use crate::fault::Fault;
use crate::open_uploads::Claim;
use crate::reply::{CONTENT_DIGEST, UPLOAD_UUID, reply};
use crate::{limit, range};

/// `POST …/blobs/uploads/`: mounts a blob of another repository if that is asked and possible, else begins an upload.
pub(crate) async fn post(registry: Arc<Registry>, visit: Visit) -> Result<Response, Fault> {
    if let Some(algorithm) = visit.query.get("digest-algorithm")
        && !matches!(algorithm, "sha256" | "sha512")
    {
        let message = format!("'{algorithm}' is not an algorithm of this registry: use sha256 or sha512.");
        return Err(Fault::DigestMalformed { message });
    }
    if let Some(digest) = visit.query.get("mount") {
        let digest = parse_digest(digest)?;
        if mount(&registry, &visit, &digest).await? {
            return Ok(created(&visit, &digest));
        }
    }
    let (id, _claim) = begin(&registry, &visit.caller, &visit.key).await?;
    Ok(progress(StatusCode::ACCEPTED, &visit, &id, 0))
}

/// `POST …/blobs/uploads/?digest=`: the whole blob in one request. Whatever goes wrong, no upload stays.
pub(crate) async fn post_whole(registry: Arc<Registry>, visit: Visit, body: Body) -> Result<Response, Fault> {
    let digest = required_digest(&visit)?;
    let (id, _claim) = begin(&registry, &visit.caller, &visit.key).await?;
    let outcome = async {
        receive(&registry, &visit, &id, 0, body).await?;
        finish(&registry, &visit, &id, &digest).await
    };
    let outcome = outcome.await;
    if outcome.is_err() {
        // Not counted any more, even if it cannot be cancelled: nobody was told its name.
        registry.uploads.close(&id);
        registry.parts.blobs.cancel(&visit.key, &id).await?;
    }
    outcome
}

/// `PATCH <upload>`: one chunk, or a stream of unknown length.
pub(crate) async fn patch(registry: Arc<Registry>, visit: Visit, id: UploadId, body: Body) -> Result<Response, Fault> {
    let (_claim, received) = claim(&registry, &visit.caller, &visit.key, &id).await?;
    let received = receive(&registry, &visit, &id, received, body).await?;
    Ok(progress(StatusCode::ACCEPTED, &visit, &id, received))
}

/// `PUT <upload>?digest=`: the last chunk, if there is one left, and the end.
pub(crate) async fn put(registry: Arc<Registry>, visit: Visit, id: UploadId, body: Body) -> Result<Response, Fault> {
    let digest = required_digest(&visit)?;
    let (_claim, received) = claim(&registry, &visit.caller, &visit.key, &id).await?;
    if body.size_hint().exact() != Some(0) || visit.headers.contains_key(CONTENT_RANGE) {
        receive(&registry, &visit, &id, received, body).await?;
    }
    finish(&registry, &visit, &id, &digest).await
}

/// `GET <upload>`: how far it is.
pub(crate) async fn status(registry: Arc<Registry>, visit: Visit, id: UploadId) -> Result<Response, Fault> {
    let received = registry.parts.blobs.received(&visit.key, &id).await?.ok_or(Fault::UploadUnknown)?;
    Ok(progress(StatusCode::NO_CONTENT, &visit, &id, received))
}

/// `DELETE <upload>`: never mind.
pub(crate) async fn delete(registry: Arc<Registry>, visit: Visit, id: UploadId) -> Result<Response, Fault> {
    let (_claim, _received) = claim(&registry, &visit.caller, &visit.key, &id).await?;
    registry.parts.blobs.cancel(&visit.key, &id).await?;
    registry.uploads.close(&id);
    Ok(reply(StatusCode::NO_CONTENT, [], Body::empty()))
}

/// Whether the blob could be mounted. A source that is not there, or not the caller's to read, only means an upload.
async fn mount(registry: &Registry, visit: &Visit, digest: &Digest) -> Result<bool, Fault> {
    let Some(Ok(name)) = visit.query.get("from").map(RepositoryName::parse) else { return Ok(false) };
    let from = RepositoryKey { scope: visit.scope().clone(), name };
    if registry.allows(&visit.caller, "ecr:GetDownloadUrlForLayer", &from).await?.is_err() {
        return Ok(false);
    }
    Ok(registry
        .parts
        .blobs
        .mount(&from, &visit.key, digest, &registry.audit(&visit.caller, &visit.key, "ecr:CompleteLayerUpload"))
        .await?)
}

/// By what uploads are counted: a session has a key of its own each time that its role is taken.
fn login(caller: &Caller) -> &str {
    match &caller.principal {
        Principal::AssumedRole(session) => session.role.as_str(),
        // A user has two keys, and is one all the same.
        Principal::User(user) => &user.id,
        Principal::Root | Principal::Service(_) | Principal::WebIdentity(_) => &caller.access_key_id,
    }
}

/// Opens an upload and takes the right to write to it.
pub(crate) async fn begin(registry: &Registry, caller: &Caller, key: &RepositoryKey) -> Result<(UploadId, Claim), Fault> {
    let drawn = u128::from_be_bytes(draw::<16>(&*registry.parts.dice));
    let id = UploadId(format!("{drawn:032x}"));
    let claim = registry.uploads.claim(&id, login(caller), registry.parts.clock.now())?;
    if let Err(trouble) = registry.parts.blobs.begin(key, &id).await {
        registry.uploads.close(&id);
        return Err(trouble.into());
    }
    Ok((id, claim))
}

/// Takes the right to write to an upload that is under way, and says how many bytes it has.
pub(crate) async fn claim(registry: &Registry, caller: &Caller, key: &RepositoryKey, id: &UploadId) -> Result<(Claim, u64), Fault> {
    let claim = registry.uploads.claim(id, login(caller), registry.parts.clock.now())?;
    match registry.parts.blobs.received(key, id).await? {
        Some(received) => Ok((claim, received)),
        None => {
            registry.uploads.close(id);
            Err(Fault::UploadUnknown)
        }
    }
}

/// Appends a request's body behind what was received; all of it or nothing. Answers the new length.
async fn receive(registry: &Registry, visit: &Visit, id: &UploadId, received: u64, body: Body) -> Result<u64, Fault> {
    let (body, witness) = incoming(body, expected(visit, id, received)?);
    let appended = append(registry, &visit.key, id, received, body).await;
    // The store only sees that the body ended early; the witness knows whose fault it was.
    match (appended, witness.breakage()) {
        (Err(Fault::Trouble { .. }), Some(Breakage::TooLong)) => Err(Fault::UploadTooLarge),
        (Err(Fault::Trouble { .. }), Some(breakage)) => Err(Fault::BodyBroken { message: breakage.message().to_owned() }),
        (appended, _) => appended,
    }
}

/// Appends what a body brings behind what was received; all of it or nothing. Answers the new length.
pub(crate) async fn append(
    registry: &Registry,
    key: &RepositoryKey,
    id: &UploadId,
    received: u64,
    body: chunks::Body,
) -> Result<u64, Fault> {
    match registry.parts.blobs.append(key, id, received, body, limit::BLOB_BYTES).await? {
        Ok(length) => Ok(length),
        Err(refusal) => match refusal.kind {
            RefusalKind::WrongState => Err(out_of_order(key, id, received)),
            RefusalKind::Quota => Err(Fault::UploadTooLarge),
            RefusalKind::NotFound => Err(Fault::UploadUnknown),
            RefusalKind::Invalid | RefusalKind::AlreadyExists | RefusalKind::Denied | RefusalKind::Throttled => {
                Err(Fault::refused(refusal, key))
            }
        },
    }
}

/// What the headers promise of a chunk, refused before a byte is read if it cannot be right.
fn expected(visit: &Visit, id: &UploadId, received: u64) -> Result<Expected, Fault> {
    let room = limit::BLOB_BYTES.saturating_sub(received);
    let length = visit.content_length();
    if length.is_some_and(|length| length > room) {
        return Err(Fault::UploadTooLarge);
    }
    let Some(header) = visit.headers.get(CONTENT_RANGE) else {
        return Ok(Expected { length, ..Expected::at_most(room) });
    };
    let malformed =
        || Fault::UploadMalformed { message: "Content-Range has the form <first>-<last>, for example 0-99.".to_owned() };
    let chunk = header.to_str().ok().and_then(range::chunk).ok_or_else(malformed)?;
    if chunk.start != received {
        return Err(out_of_order(&visit.key, id, received));
    }
    let chunk_length = chunk.end - chunk.start;
    if chunk_length > room {
        return Err(Fault::UploadTooLarge);
    }
    if length.is_some_and(|length| length != chunk_length) {
        return Err(Fault::BodyBroken { message: "Content-Length and Content-Range disagree.".to_owned() });
    }
    Ok(Expected { length: Some(chunk_length), ..Expected::at_most(room) })
}

/// The end of an upload, and the answer to it.
async fn finish(registry: &Registry, visit: &Visit, id: &UploadId, digest: &Digest) -> Result<Response, Fault> {
    let audit = registry.audit(&visit.caller, &visit.key, "ecr:CompleteLayerUpload");
    seal(registry, &visit.key, id, digest, &audit).await?;
    Ok(created(visit, digest))
}

/// Verifies and shows the blob. However it goes, the upload is not counted any more; one that the store still has is counted again from its
/// next request.
pub(crate) async fn seal(
    registry: &Registry,
    key: &RepositoryKey,
    id: &UploadId,
    digest: &Digest,
    audit: &AuditRow,
) -> Result<(), Fault> {
    let finished = registry.parts.blobs.finish(key, id, digest, audit).await;
    registry.uploads.close(id);
    match finished? {
        Ok(()) => Ok(()),
        Err(refusal) => match refusal.kind {
            RefusalKind::Invalid => Err(Fault::DigestMismatch { digest: digest.clone() }),
            RefusalKind::NotFound => Err(Fault::UploadUnknown),
            RefusalKind::WrongState
            | RefusalKind::AlreadyExists
            | RefusalKind::Quota
            | RefusalKind::Denied
            | RefusalKind::Throttled => Err(Fault::refused(refusal, key)),
        },
    }
}

fn required_digest(visit: &Visit) -> Result<Digest, Fault> {
    match visit.query.get("digest") {
        Some(text) => parse_digest(text),
        None => Err(Fault::DigestMalformed { message: "The digest parameter is missing.".to_owned() }),
    }
}

fn parse_digest(text: &str) -> Result<Digest, Fault> {
    Digest::parse(text).map_err(|refusal| Fault::DigestMalformed { message: refusal.message })
}

pub(crate) fn out_of_order(key: &RepositoryKey, id: &UploadId, received_bytes: u64) -> Fault {
    Fault::UploadOutOfOrder { location: location(key, "blobs/uploads", &id.0), received_bytes }
}

fn progress(status: StatusCode, visit: &Visit, id: &UploadId, received: u64) -> Response {
    let mut headers: Vec<(HeaderName, String)> =
        vec![(LOCATION, visit.location("blobs/uploads", &id.0)), (RANGE, range::received(received)), (UPLOAD_UUID, id.0.clone())];
    if status != StatusCode::NO_CONTENT {
        headers.push((CONTENT_LENGTH, "0".to_owned()));
    }
    reply(status, headers, Body::empty())
}

fn created(visit: &Visit, digest: &Digest) -> Response {
    let headers = [(LOCATION, visit.location("blobs", digest)), (CONTENT_DIGEST, digest.to_string())];
    reply(StatusCode::CREATED, headers, Body::empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::caller::RoleSession;
    use model::tag::Tags;
    use model::testbed::{caller, role};
    use model::time::Timestamp;

    #[test]
    fn a_role_that_is_taken_again_has_no_uploads_more() {
        let session = |key: &str, name: &str| {
            let role = role("Pusher");
            let expires_at = Timestamp::from_millis(0);
            let session = RoleSession {
                role: role.arn(),
                role_id: role.id,
                name: name.to_owned(),
                expires_at,
                policies: Vec::new(),
                federated: None,
                tags: Tags::default(),
                issued_at: None,
            };
            Caller { principal: Principal::AssumedRole(session), access_key_id: key.to_owned(), ..caller() }
        };
        assert_eq!(login(&session("ASIA1", "one")), login(&session("ASIA2", "two")));
        assert_eq!(login(&caller()), caller().access_key_id);
    }
}
