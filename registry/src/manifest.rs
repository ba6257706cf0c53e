//! Manifests: push, pull and delete, by tag or digest.
//!
//! Keeps the bytes exactly as they came. Rings the bell after a tag was made or moved, never before the commit.
//! Source of truth: OCI distribution specification, "Pushing Manifests", "Pulling manifests", "Deleting Manifests".

use std::sync::Arc;

use aws_lc_rs::digest as hash;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderMap, HeaderName, StatusCode};
use model::audit::AuditRow;
use model::digest::{Algorithm, Digest};
use model::image_reference::{ImageTag, Pick};
use model::port::{PutManifest, Ring, Stored};
use model::refusal::RefusalKind;
use model::repository::{Manifest, RepositoryKey};
use model::trouble::Trouble;

use crate::blob::etag;
use crate::body::{Breakage, outgoing, whole};
use crate::door::{Registry, Verb, Visit};
use crate::fault::Fault;
use crate::limit;
use crate::manifest_document::{ManifestDocument, MediaType, Reference, ReferenceKind};
use crate::reply::{CONTENT_DIGEST, reply};

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// `GET` and `HEAD /v2/<name>/manifests/<tag or digest>`.
pub(crate) async fn get(registry: Arc<Registry>, visit: Visit, verb: Verb, pick: Pick) -> Result<Response, Fault> {
    let digest = match pick {
        Pick::Digest(digest) => digest,
        Pick::Tag(tag) => registry.parts.tags.get(&visit.key, &tag).await?.ok_or(Fault::ManifestUnknown)?,
    };
    let manifest = registry.parts.manifests.get(&visit.key, &digest).await?.ok_or(Fault::ManifestUnknown)?;
    if !accepts(&visit.headers, &manifest.media_type) {
        return Err(Fault::ManifestNotAcceptable { media_type: manifest.media_type });
    }
    let body = if verb == Verb::Head {
        Body::empty()
    } else {
        let body = registry.parts.blobs.read(&visit.key, &digest, None).await?;
        let gone = || Trouble::lasting("reading a manifest", "its row is there and its bytes are not");
        outgoing(body.ok_or_else(gone)?, registry.send_body()?)
    };
    let headers = [
        (CONTENT_TYPE, manifest.media_type),
        (CONTENT_LENGTH, manifest.size_bytes.to_string()),
        (CONTENT_DIGEST, digest.to_string()),
        (ETAG, etag(&digest)),
    ];
    Ok(reply(StatusCode::OK, headers, body))
}

/// `PUT /v2/<name>/manifests/<tag or digest>`.
pub(crate) async fn put(registry: Arc<Registry>, visit: Visit, pick: Pick, body: Body) -> Result<Response, Fault> {
    if visit.content_length().is_some_and(|length| length > limit::MANIFEST_BYTES) {
        return Err(Fault::ManifestTooLarge);
    }
    let _held = registry.hold_manifest()?;
    let bytes = whole(body, limit::MANIFEST_BYTES, limit::MANIFEST_TIME).await.map_err(|breakage| match breakage {
        Breakage::TooLong => Fault::ManifestTooLarge,
        Breakage::WrongLength | Breakage::Silent | Breakage::Cut => Fault::BodyBroken { message: breakage.message().to_owned() },
    })?;
    let (said, tag) = match pick {
        Pick::Tag(tag) => (None, Some(tag)),
        Pick::Digest(digest) => (Some(digest), None),
    };
    let audit = registry.audit(&visit.caller, &visit.key, "ecr:PutImage");
    let push = Push { repository: &visit.key, bytes, media_type: visit.header(CONTENT_TYPE), tag, said };
    let Kept { digest, subject, .. } = push.keep(&registry, &audit).await?;
    let mut headers = vec![(LOCATION, visit.location("manifests", &digest)), (CONTENT_DIGEST, digest.to_string())];
    headers.extend(subject.map(|subject| (SUBJECT, subject.to_string())));
    Ok(reply(StatusCode::CREATED, headers, Body::empty()))
}

/// `DELETE /v2/<name>/manifests/<tag or digest>`: a tag goes alone, a manifest with the tags that point at it.
pub(crate) async fn delete(registry: Arc<Registry>, visit: Visit, pick: Pick) -> Result<Response, Fault> {
    let audit = registry.audit(&visit.caller, &visit.key, "ecr:BatchDeleteImage");
    let gone = match pick {
        Pick::Tag(tag) => registry.parts.tags.remove(&visit.key, &tag, &audit).await?,
        Pick::Digest(digest) => match registry.parts.manifests.remove(&visit.key, &digest, &audit).await? {
            Ok(gone) => gone,
            Err(refusal) if refusal.kind == RefusalKind::WrongState => return Err(Fault::BlobInUse { digest }),
            Err(refusal) => return Err(Fault::refused(refusal, &visit.key)),
        },
    };
    if gone { Ok(reply(StatusCode::ACCEPTED, [], Body::empty())) } else { Err(Fault::ManifestUnknown) }
}

/// A manifest that came, whichever way.
pub(crate) struct Push<'a> {
    pub repository: &'a RepositoryKey,
    pub bytes: Bytes,
    /// What its sender says that it is.
    pub media_type: Option<&'a str>,
    pub tag: Option<ImageTag>,
    /// The digest that its sender says.
    pub said: Option<Digest>,
}

/// A manifest that is kept now.
pub(crate) struct Kept {
    pub digest: Digest,
    pub media_type: MediaType,
    pub subject: Option<Digest>,
    pub stored: Stored,
}

impl Push<'_> {
    /// Holds the manifest against all rules and commits it, with its tag if it has one.
    pub(crate) async fn keep(self, registry: &Registry, audit: &AuditRow) -> Result<Kept, Fault> {
        let Self { repository, bytes, media_type, tag, said } = self;
        let digest = digest_of(said.as_ref().map_or(Algorithm::Sha256, Digest::algorithm), &bytes);
        if let Some(digest) = said.filter(|said| *said != digest) {
            return Err(Fault::DigestMismatch { digest });
        }
        let document = ManifestDocument::parse(&bytes, media_type)?;
        let (references, image_bytes) = present(registry, repository, &document).await?;
        let manifest = Manifest {
            digest: digest.clone(),
            media_type: document.media_type.as_str().to_owned(),
            size_bytes: bytes.len() as u64,
            pushed_at: registry.parts.clock.now(),
            references,
            subject: document.subject.clone(),
            artifact_type: document.artifact_type,
            image_bytes: Some(image_bytes),
        };
        let order = PutManifest { repository: repository.clone(), manifest, bytes, tag };
        let stored = commit(registry, order, audit).await?;
        Ok(Kept { digest, media_type: document.media_type, subject: document.subject, stored })
    }
}

/// Commits a manifest, and its tag if it has one.
async fn commit(registry: &Registry, order: PutManifest, audit: &AuditRow) -> Result<Stored, Fault> {
    let stored = match (registry.parts.manifests.put(&order, audit).await?, order.tag) {
        (Ok(stored), Some(tag)) if matches!(stored, Stored::New { .. }) => {
            let (repository, digest) = (order.repository.uri(), order.manifest.digest.as_str());
            tracing::info!(repository = repository, tag = tag.as_str(), digest = digest, "a tag was pushed");
            registry.parts.bell.ring(&Ring::Pushes);
            stored
        }
        (Ok(stored), _) => stored,
        (Err(refusal), Some(tag)) if refusal.kind == RefusalKind::WrongState => {
            return Err(Fault::TagImmutable { tag, repository: order.repository.name });
        }
        // What was there when we looked has gone since.
        (Err(refusal), _) if refusal.kind == RefusalKind::Invalid => {
            return Err(Fault::ManifestReferencesUnknown { blobs: order.manifest.references, manifests: Vec::new() });
        }
        (Err(refusal), _) => return Err(Fault::refused(refusal, &order.repository)),
    };
    Ok(stored)
}

/// What a manifest names, once all that must be there is there, in the size that the manifest says; and the image's size as ECR counts it.
async fn present(
    registry: &Registry,
    repository: &RepositoryKey,
    document: &ManifestDocument,
) -> Result<(Vec<Digest>, u64), Fault> {
    let (mut found, mut blobs, mut manifests) = (Vec::new(), Vec::new(), Vec::new());
    let mut image_bytes = document.layers_bytes;
    for Reference { digest, size_bytes, kind } in &document.references {
        let actual = match kind {
            ReferenceKind::Manifest => match registry.parts.manifests.get(repository, digest).await? {
                Some(manifest) => {
                    image_bytes = image_bytes.max(manifest.image_bytes.unwrap_or(0));
                    Some(manifest.size_bytes)
                }
                None => None,
            },
            ReferenceKind::Blob | ReferenceKind::ForeignLayer => {
                registry.parts.blobs.stat(repository, digest).await?.map(|blob| blob.size_bytes)
            }
        };
        match actual {
            Some(actual) if actual == *size_bytes => found.push(digest.clone()),
            Some(actual) => {
                let message = format!("The manifest says that {digest} has {size_bytes} bytes, but it has {actual}.");
                return Err(Fault::ManifestInvalid { message });
            }
            None => match kind {
                ReferenceKind::ForeignLayer => {}
                ReferenceKind::Blob => blobs.push(digest.clone()),
                ReferenceKind::Manifest => manifests.push(digest.clone()),
            },
        }
    }
    if blobs.is_empty() && manifests.is_empty() {
        Ok((found, image_bytes))
    } else {
        Err(Fault::ManifestReferencesUnknown { blobs, manifests })
    }
}

pub(crate) fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let function = match algorithm {
        Algorithm::Sha256 => &hash::SHA256,
        Algorithm::Sha512 => &hash::SHA512,
    };
    Digest::from_hash(algorithm, hash::digest(function, bytes).as_ref())
}

/// Whether the `Accept` headers allow a media type. No header allows all; `q=0` takes a type away.
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let mut ranges =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        !refused && (name == media_type || name == "*/*" || name == "application/*")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_allows_by_name_by_wildcard_and_by_absence() {
        let index = "application/vnd.oci.image.index.v1+json";
        let cases: [(&[&str], bool); 8] = [
            (&[], true),
            (&["*/*"], true),
            (&["application/*;q=0.5"], true),
            (&[index], true),
            (&["application/json", index], true),
            (&["application/json, application/vnd.oci.image.index.v1+json;q=0.9"], true),
            (&["application/vnd.oci.image.manifest.v1+json"], false),
            (&["application/vnd.oci.image.index.v1+json;q=0"], false),
        ];
        for (values, expected) in cases {
            let headers: HeaderMap = values.iter().map(|value| (ACCEPT, value.parse().unwrap())).collect();
            let mut all = HeaderMap::new();
            values.iter().for_each(|value| {
                all.append(ACCEPT, value.parse().unwrap());
            });
            assert_eq!(accepts(&all, index), expected, "{headers:?}");
        }
    }
}
