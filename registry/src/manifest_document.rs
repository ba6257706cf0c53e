//! A manifest's JSON: what it is, what it names, and what it is about.
//!
//! Reads; never rewrites, because the bytes are what the digest is of. Source of truth: OCI image specification, `manifest.md`
//! and `image-index.md`; Docker's image manifest V2, schema 2.

use std::collections::BTreeMap;

use model::digest::Digest;
use serde::Deserialize;

use crate::fault::Fault;
use crate::limit;

/// The manifests that this registry keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaType {
    OciImage,
    OciIndex,
    DockerImage,
    DockerList,
}

/// A manifest that was read.
#[derive(Debug)]
pub(crate) struct ManifestDocument {
    pub media_type: MediaType,
    pub references: Vec<Reference>,
    /// Bytes of an image's layers, each as often as it stands there; none of an index.
    pub layers_bytes: u64,
    pub subject: Option<Digest>,
    pub artifact_type: Option<String>,
    pub annotations: BTreeMap<String, String>,
}

/// Something that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub digest: Digest,
    pub size_bytes: u64,
    pub kind: ReferenceKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceKind {
    Blob,
    Manifest,
    /// A layer that its owner lets nobody pass on: it may be missing here.
    ForeignLayer,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Json {
    schema_version: u64,
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
    manifests: Option<Vec<Descriptor>>,
    subject: Option<Descriptor>,
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
}

impl MediaType {
    const ALL: [Self; 4] = [Self::OciImage, Self::OciIndex, Self::DockerImage, Self::DockerList];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::OciImage => "application/vnd.oci.image.manifest.v1+json",
            Self::OciIndex => "application/vnd.oci.image.index.v1+json",
            Self::DockerImage => "application/vnd.docker.distribution.manifest.v2+json",
            Self::DockerList => "application/vnd.docker.distribution.manifest.list.v2+json",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media_type| media_type.as_str() == text)
    }
}

impl ManifestDocument {
    /// Reads a manifest that was sent with a `Content-Type` (its parameters are ignored).
    pub(crate) fn parse(bytes: &[u8], content_type: Option<&str>) -> Result<Self, Fault> {
        let json: Json =
            serde_json::from_slice(bytes).map_err(|error| invalid(format!("The manifest cannot be read: {error}.")))?;
        if json.schema_version != 2 {
            return Err(invalid(format!("Manifests of schema version {} are not kept: push version 2.", json.schema_version)));
        }
        let media_type = media_type(content_type, json.media_type.as_deref())?;
        let artifact_type = json.artifact_type.filter(|text| !text.is_empty());
        let mut layers_bytes = 0_u64;
        let (references, artifact_type) = match media_type {
            MediaType::OciImage | MediaType::DockerImage => {
                // Were both allowed, two readers of the same bytes could see two different images.
                let (Some(config), Some(layers), None) = (json.config, json.layers, json.manifests) else {
                    return Err(invalid("An image manifest has config and layers, and no manifests."));
                };
                let artifact_type = artifact_type.unwrap_or_else(|| config.media_type.clone());
                layers_bytes = layers.iter().fold(0, |sum, layer| sum.saturating_add(layer.size));
                (std::iter::once(config).chain(layers).collect(), Some(artifact_type))
            }
            MediaType::OciIndex | MediaType::DockerList => {
                let (None, None, Some(manifests)) = (json.config, json.layers, json.manifests) else {
                    return Err(invalid("An index has manifests, and neither config nor layers."));
                };
                (manifests, artifact_type)
            }
        };
        Ok(Self {
            media_type,
            references: read_references(references)?,
            layers_bytes,
            subject: json.subject.map(|subject| parse_digest(&subject.digest)).transpose()?,
            artifact_type,
            annotations: json.annotations.unwrap_or_default(),
        })
    }
}

/// The header and the document must not disagree. Docker's types must stand in the document (as Docker's own specification says), so that the
/// same bytes are never two types.
fn media_type(header: Option<&str>, document: Option<&str>) -> Result<MediaType, Fault> {
    let header = header.map(|text| text.split(';').next().unwrap_or_default().trim()).filter(|text| !text.is_empty());
    let text = match (header, document) {
        (Some(header), Some(document)) if header != document => {
            return Err(invalid(format!("The Content-Type says {header}, the manifest says {document}.")));
        }
        (Some(text), _) | (None, Some(text)) => text,
        (None, None) => return Err(invalid("Neither the Content-Type nor the manifest says what kind of manifest it is.")),
    };
    match MediaType::parse(text) {
        Some(MediaType::DockerImage | MediaType::DockerList) if document.is_none() => {
            Err(invalid(format!("A manifest of type {text} says so itself, in mediaType.")))
        }
        Some(media_type) => Ok(media_type),
        None => {
            let kept = "push an OCI image or index, or Docker's of schema 2";
            Err(invalid(format!("Manifests of type '{text}' are not kept: {kept}.")))
        }
    }
}

/// Without repetitions: base layers often stand twice.
fn read_references(descriptors: Vec<Descriptor>) -> Result<Vec<Reference>, Fault> {
    if descriptors.len() > limit::MANIFEST_REFERENCES {
        return Err(invalid(format!("A manifest names at most {} blobs or manifests.", limit::MANIFEST_REFERENCES)));
    }
    let mut references = BTreeMap::new();
    for Descriptor { media_type, digest, size } in descriptors {
        let digest = parse_digest(&digest)?;
        let reference = Reference { digest: digest.clone(), size_bytes: size, kind: kind(&media_type) };
        if let Some(other) = references.insert(digest, reference.clone())
            && other.size_bytes != size
        {
            return Err(invalid(format!("The manifest names {} with two sizes.", reference.digest)));
        }
    }
    Ok(references.into_values().collect())
}

/// An index may name what is no manifest (build caches do): that is a blob.
fn kind(media_type: &str) -> ReferenceKind {
    let foreign = media_type.starts_with("application/vnd.oci.image.layer.nondistributable.")
        || media_type.starts_with("application/vnd.docker.image.rootfs.foreign.");
    match MediaType::parse(media_type) {
        Some(MediaType::OciImage | MediaType::OciIndex | MediaType::DockerImage | MediaType::DockerList) => ReferenceKind::Manifest,
        None if foreign => ReferenceKind::ForeignLayer,
        None => ReferenceKind::Blob,
    }
}

fn parse_digest(text: &str) -> Result<Digest, Fault> {
    Digest::parse(text).map_err(|refusal| invalid(refusal.message))
}

fn invalid(message: impl Into<String>) -> Fault {
    Fault::ManifestInvalid { message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(digit: &str) -> String {
        format!("sha256:{}", digit.repeat(64))
    }

    fn descriptor(media_type: &str, digit: &str) -> String {
        format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":7}}"#, digest(digit))
    }

    fn refusal(json: &str, content_type: Option<&str>) -> String {
        match ManifestDocument::parse(json.as_bytes(), content_type) {
            Err(Fault::ManifestInvalid { message }) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_image_names_its_configuration_and_layers_once_each() {
        let (config, layer) = (descriptor("application/vnd.oci.image.config.v1+json", "a"), descriptor("application/x", "b"));
        let foreign = descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "c");
        let json = format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{layer},{layer},{foreign}]}}"#);
        let content_type = "application/vnd.oci.image.manifest.v1+json; charset=utf-8";
        let document = ManifestDocument::parse(json.as_bytes(), Some(content_type)).unwrap();
        assert_eq!(document.media_type, MediaType::OciImage);
        assert_eq!(document.artifact_type.as_deref(), Some("application/vnd.oci.image.config.v1+json"));
        let kinds: Vec<_> = document.references.iter().map(|reference| reference.kind).collect();
        assert_eq!(kinds, [ReferenceKind::Blob, ReferenceKind::Blob, ReferenceKind::ForeignLayer]);
    }

    #[test]
    fn an_index_names_manifests_and_what_it_is_about() {
        let image = descriptor(MediaType::OciImage.as_str(), "a");
        let (cache, subject) = (descriptor("application/vnd.buildkit.cacheconfig.v0", "b"), descriptor("x", "c"));
        let json = format!(
            r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[{image},{cache}],"subject":{subject},"artifactType":"a/b"}}"#,
            MediaType::OciIndex.as_str()
        );
        let document = ManifestDocument::parse(json.as_bytes(), None).unwrap();
        let kinds: Vec<_> = document.references.iter().map(|reference| reference.kind).collect();
        assert_eq!(kinds, [ReferenceKind::Manifest, ReferenceKind::Blob]);
        assert_eq!(document.subject.unwrap().as_str(), digest("c"));
        assert_eq!(document.artifact_type.as_deref(), Some("a/b"));
    }

    #[test]
    fn what_is_not_one_plain_manifest_is_refused_with_a_reason() {
        let image = Some("application/vnd.oci.image.manifest.v1+json");
        let config = descriptor("c", "a");
        let whole = format!(r#""config":{config},"layers":[]"#);
        let cases = [
            ("".to_owned(), image, "cannot be read"),
            ("[]".to_owned(), image, "cannot be read"),
            (format!(r#"{{"schemaVersion":2,{whole}"#), image, "cannot be read"),
            (format!(r#"{{"schemaVersion":2,{whole},"config":{config}}}"#), image, "duplicate field"),
            (format!(r#"{{"schemaVersion":1,{whole}}}"#), image, "schema version 1"),
            (format!(r#"{{"schemaVersion":2,{whole}}}"#), None, "what kind of manifest"),
            (format!(r#"{{"schemaVersion":2,{whole}}}"#), Some("application/vnd.docker.distribution.manifest.v1+json"), "not kept"),
            (format!(r#"{{"schemaVersion":2,{whole}}}"#), Some("application/json"), "not kept"),
            (format!(r#"{{"schemaVersion":2,"mediaType":"x/y",{whole}}}"#), image, "the manifest says x/y"),
            (format!(r#"{{"schemaVersion":2,{whole},"manifests":[]}}"#), image, "no manifests"),
            (format!(r#"{{"schemaVersion":2,"config":{config}}}"#), image, "config and layers"),
            (format!(r#"{{"schemaVersion":2,{whole}}}"#), Some(MediaType::OciIndex.as_str()), "An index has manifests"),
            (format!(r#"{{"schemaVersion":2,{whole}}}"#), Some(MediaType::DockerImage.as_str()), "says so itself"),
            (
                r#"{"schemaVersion":2,"config":{"mediaType":"c","digest":"sha256:../x","size":1},"layers":[]}"#.to_owned(),
                image,
                "not a digest",
            ),
            (
                r#"{"schemaVersion":2,"config":{"mediaType":"c","digest":"sha256:00","size":-1},"layers":[]}"#.to_owned(),
                image,
                "cannot be read",
            ),
            (format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{}]}}"#, config.replace(":7", ":8")), image, "two sizes"),
            (format!("{}{}", r#"{"schemaVersion":2,"x":"#, "[".repeat(100_000)), image, "cannot be read"),
        ];
        for (json, content_type, words) in cases {
            let message = refusal(&json, content_type);
            assert!(message.contains(words), "{words}: {message}");
        }
    }

    #[test]
    fn a_manifest_with_too_many_references_is_refused() {
        let layers = vec![descriptor("x", "b"); limit::MANIFEST_REFERENCES].join(",");
        let json = format!(r#"{{"schemaVersion":2,"config":{},"layers":[{layers}]}}"#, descriptor("c", "a"));
        assert!(refusal(&json, Some(MediaType::OciImage.as_str())).contains("at most"));
    }
}
