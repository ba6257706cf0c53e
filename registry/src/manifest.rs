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
use model::digest::{Algorithm, Digest};
use model::image_reference::{ImageTag, Pick};
use model::port::{PutManifest, Ring, Stored};
use model::refusal::RefusalKind;
use model::repository::Manifest;
use model::trouble::Trouble;

use crate::blob::etag;
use crate::body::{Breakage, outgoing, whole};
use crate::door::{Registry, Verb, Visit};
use crate::fault::Fault;
use crate::limit;
use crate::manifest_document::{ManifestDocument, Reference, ReferenceKind};
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
    let (digest, tag) = match pick {
        Pick::Tag(tag) => (digest_of(Algorithm::Sha256, &bytes), Some(tag)),
        Pick::Digest(given) if digest_of(given.algorithm(), &bytes) == given => (given, None),
        Pick::Digest(digest) => return Err(Fault::DigestMismatch { digest }),
    };
    let document = ManifestDocument::parse(&bytes, visit.header(CONTENT_TYPE))?;
    let (references, image_bytes) = present(&registry, &visit, &document).await?;
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
    keep(&registry, &visit, manifest, bytes, tag).await?;
    let mut headers = vec![(LOCATION, visit.location("manifests", &digest)), (CONTENT_DIGEST, digest.to_string())];
    headers.extend(document.subject.map(|subject| (SUBJECT, subject.to_string())));
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

/// Commits a manifest, and its tag if it has one.
async fn keep(registry: &Registry, visit: &Visit, manifest: Manifest, bytes: Bytes, tag: Option<ImageTag>) -> Result<(), Fault> {
    let order = PutManifest { repository: visit.key.clone(), manifest, bytes, tag };
    let audit = registry.audit(&visit.caller, &visit.key, "ecr:PutImage");
    match (registry.parts.manifests.put(&order, &audit).await?, order.tag) {
        (Ok(Stored::New { .. }), Some(tag)) => {
            let (repository, digest) = (visit.key.uri(), order.manifest.digest.as_str());
            tracing::info!(repository = repository, tag = tag.as_str(), digest = digest, "a tag was pushed");
            registry.parts.bell.ring(&Ring::Pushes);
            Ok(())
        }
        (Ok(Stored::New { .. }), None) | (Ok(Stored::Same), _) => Ok(()),
        (Err(refusal), Some(tag)) if refusal.kind == RefusalKind::WrongState => {
            Err(Fault::TagImmutable { tag, repository: visit.name().clone() })
        }
        // What was there when we looked has gone since.
        (Err(refusal), _) if refusal.kind == RefusalKind::Invalid => {
            Err(Fault::ManifestReferencesUnknown { missing: order.manifest.references })
        }
        (Err(refusal), _) => Err(Fault::refused(refusal, &visit.key)),
    }
}

/// What a manifest names, once all that must be there is there, in the size that the manifest says; and the image's size as ECR counts it.
async fn present(registry: &Registry, visit: &Visit, document: &ManifestDocument) -> Result<(Vec<Digest>, u64), Fault> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    let mut image_bytes = document.layers_bytes;
    for Reference { digest, size_bytes, kind } in &document.references {
        let actual = match kind {
            ReferenceKind::Manifest => match registry.parts.manifests.get(&visit.key, digest).await? {
                Some(manifest) => {
                    image_bytes = image_bytes.max(manifest.image_bytes.unwrap_or(0));
                    Some(manifest.size_bytes)
                }
                None => None,
            },
            ReferenceKind::Blob | ReferenceKind::ForeignLayer => {
                registry.parts.blobs.stat(&visit.key, digest).await?.map(|blob| blob.size_bytes)
            }
        };
        match actual {
            Some(actual) if actual == *size_bytes => found.push(digest.clone()),
            Some(actual) => {
                let message = format!("The manifest says that {digest} has {size_bytes} bytes, but it has {actual}.");
                return Err(Fault::ManifestInvalid { message });
            }
            None if *kind == ReferenceKind::ForeignLayer => {}
            None => missing.push(digest.clone()),
        }
    }
    if missing.is_empty() { Ok((found, image_bytes)) } else { Err(Fault::ManifestReferencesUnknown { missing }) }
}

fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
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
