//! Listing the manifests that are about another one: signatures, attestations, bills of materials.
//!
//! Source of truth: OCI distribution specification, "Listing Referrers".

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, LINK};
use http::{HeaderName, StatusCode};
use model::digest::Digest;
use model::repository::Manifest;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::body::collected;
use crate::door::{Registry, Visit};
use crate::fault::Fault;
use crate::limit;
use crate::manifest_document::{ManifestDocument, MediaType};
use crate::reply::reply;

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

/// `GET /v2/<name>/referrers/<digest>?artifactType=`. `last` (ours) goes on after a page, as its `Link` says.
pub(crate) async fn list(registry: Arc<Registry>, visit: Visit, digest: Digest) -> Result<Response, Fault> {
    let wanted = visit.query.get("artifactType");
    let last = visit.query.get("last").unwrap_or_default();
    let mut referrers = registry.parts.manifests.referrers(&visit.key, &digest).await?;
    referrers.retain(|manifest| wanted.is_none_or(|wanted| manifest.artifact_type.as_deref() == Some(wanted)));
    referrers.retain(|manifest| manifest.digest.as_str() > last);
    referrers.sort_by(|one, other| one.digest.cmp(&other.digest));

    let _held = registry.hold_manifest()?;
    let (mut descriptors, mut length_bytes) = (Vec::new(), 0);
    for manifest in &referrers {
        if descriptors.len() == limit::REFERRERS_PAGE || length_bytes > limit::REFERRERS_BYTES {
            break;
        }
        let descriptor = descriptor(&registry, &visit, manifest).await?;
        length_bytes += descriptor.to_string().len();
        descriptors.push(descriptor);
    }

    let mut headers = vec![(CONTENT_TYPE, MediaType::OciIndex.as_str().to_owned())];
    if wanted.is_some() {
        headers.push((FILTERS_APPLIED, "artifactType".to_owned()));
    }
    if let Some(shown) = descriptors.len().checked_sub(1).filter(|shown| shown + 1 < referrers.len()) {
        headers.push((LINK, link(&visit, &digest, wanted, &referrers[shown].digest)));
    }
    let body = json!({ "schemaVersion": 2, "mediaType": MediaType::OciIndex.as_str(), "manifests": descriptors });
    Ok(reply(StatusCode::OK, headers, Body::from(body.to_string())))
}

/// The annotations are only in the manifest's own bytes.
async fn descriptor(registry: &Registry, visit: &Visit, manifest: &Manifest) -> Result<Value, Fault> {
    let mut descriptor = json!({
        "mediaType": manifest.media_type,
        "size": manifest.size_bytes,
        "digest": manifest.digest.as_str(),
    });
    if let Some(artifact_type) = &manifest.artifact_type {
        descriptor["artifactType"] = json!(artifact_type);
    }
    // Deleted since it was listed: it still was a referrer when the call came.
    if let Some(body) = registry.parts.blobs.read(&visit.key, &manifest.digest, None).await? {
        let document = ManifestDocument::parse(&collected(body).await?, Some(&manifest.media_type))?;
        if !document.annotations.is_empty() {
            descriptor["annotations"] = json!(document.annotations);
        }
    }
    Ok(descriptor)
}

fn link(visit: &Visit, digest: &Digest, wanted: Option<&str>, last: &Digest) -> String {
    let last = utf8_percent_encode(last.as_str(), NON_ALPHANUMERIC);
    let filter = wanted.map(|wanted| format!("artifactType={}&", utf8_percent_encode(wanted, NON_ALPHANUMERIC)));
    let path = visit.location("referrers", digest);
    format!("<{path}?{}last={last}>; rel=\"next\"", filter.unwrap_or_default())
}
