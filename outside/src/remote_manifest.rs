//! Manifests of other registries: verified, and of an index the entry for this machine.
//!
//! Never rewrites a byte. Source of truth: OCI image specification (manifest, index); Docker's image manifest V2, schema 2.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use bytes::Bytes;
use model::digest::{Algorithm, Digest};
use model::foreign_image::{ForeignImage, RemoteBlob, RemoteManifest};
use model::image_reference::Pick;
use model::refusal::RefusalKind;
use serde::Deserialize;

use crate::limit::{BLOB_BYTES, BLOBS};
use crate::snag::Snag;

/// Our architecture in OCI's words.
#[cfg(target_arch = "x86_64")]
pub(crate) const ARCHITECTURE: &str = "amd64";
/// Our architecture in OCI's words.
#[cfg(target_arch = "aarch64")]
pub(crate) const ARCHITECTURE: &str = "arm64";

/// What we can read, as `Accept` says it.
pub(crate) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";
const OCI_IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// What stands under a name.
#[derive(Debug)]
pub(crate) enum Found {
    Image(Box<RemoteManifest>),
    /// An index; this is the manifest for us.
    Elsewhere(Digest),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: Option<u64>,
    media_type: Option<String>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
    manifests: Option<Vec<Descriptor>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: Digest,
    size: u64,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    architecture: String,
    os: String,
}

/// The digest of bytes.
pub(crate) fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let kind = match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    Digest::from_hash(algorithm, digest(kind, bytes).as_ref())
}

/// Reads what came under an image's name. `told` is what the registry says that the digest is.
pub(crate) fn read(image: &ForeignImage, content_type: Option<&str>, told: Option<&str>, bytes: Bytes) -> Result<Found, Snag> {
    let invalid = |words: String| Snag::refused(RefusalKind::Invalid, words);
    let digest = verified(image, told, &bytes)?;
    let document: Document =
        serde_json::from_slice(&bytes).map_err(|error| invalid(format!("The manifest of {image} cannot be read: {error}.")))?;
    if document.schema_version != Some(2) {
        return Err(invalid(format!("The manifest of {image} is of an old form that cannot be run: push the image anew.")));
    }
    if let Some(manifests) = document.manifests {
        return for_us(image, &manifests).map(Found::Elsewhere);
    }
    let (Some(config), Some(layers)) = (document.config, document.layers) else {
        return Err(invalid(format!("The manifest of {image} names no configuration or no layers.")));
    };
    let plain = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    let media_type = document.media_type.as_deref().or(plain).unwrap_or(OCI_IMAGE);
    if media_type != OCI_IMAGE && media_type != DOCKER_IMAGE {
        return Err(invalid(format!("{image} is of the type '{media_type}', which is no image.")));
    }
    if layers.len() >= BLOBS {
        return Err(invalid(format!("{image} has {} layers; {} can be stacked.", layers.len(), BLOBS - 1)));
    }
    if let Some(large) = layers.iter().chain([&config]).find(|blob| blob.size > BLOB_BYTES) {
        return Err(invalid(format!("{image} has a layer of {} bytes; {BLOB_BYTES} is the most that is copied.", large.size)));
    }
    let blob = |descriptor: &Descriptor| RemoteBlob { digest: descriptor.digest.clone(), size_bytes: descriptor.size };
    Ok(Found::Image(Box::new(RemoteManifest {
        digest,
        media_type: media_type.to_owned(),
        config: blob(&config),
        config_type: config.media_type,
        layers: layers.iter().map(blob).collect(),
        bytes,
    })))
}

/// The digest of the bytes, if it is what was asked for and what the registry says.
fn verified(image: &ForeignImage, told: Option<&str>, bytes: &[u8]) -> Result<Digest, Snag> {
    let told = told.and_then(|told| Digest::parse(told).ok());
    let expected = match &image.pick {
        Pick::Digest(digest) => Some(digest),
        Pick::Tag(_) => told.as_ref(),
    };
    let algorithm = match &image.pick {
        Pick::Digest(digest) => digest.algorithm(),
        Pick::Tag(_) => told.as_ref().map_or(Algorithm::Sha256, Digest::algorithm),
    };
    let computed = digest_of(algorithm, bytes);
    match expected {
        Some(expected) if *expected != computed => {
            let words = format!("{} sent a manifest for {image} whose digest is {computed}, not {expected}.", image.registry);
            Err(Snag::refused(RefusalKind::Invalid, words))
        }
        Some(_) | None => Ok(computed),
    }
}

/// The entry of an index for this machine. Attestations stand in indexes too, with the platform unknown/unknown.
fn for_us(image: &ForeignImage, manifests: &[Descriptor]) -> Result<Digest, Snag> {
    let ours = |platform: &Platform| platform.os == "linux" && platform.architecture == ARCHITECTURE;
    let found = manifests.iter().find(|entry| entry.platform.as_ref().is_some_and(ours));
    let only = match manifests {
        [only] if only.platform.is_none() => Some(only),
        _ => None,
    };
    if let Some(entry) = found.or(only) {
        return Ok(entry.digest.clone());
    }
    let platforms = manifests.iter().filter_map(|entry| entry.platform.as_ref()).filter(|platform| platform.os != "unknown");
    let offered: Vec<String> = platforms.map(|platform| format!("{}/{}", platform.os, platform.architecture)).collect();
    let offered = if offered.is_empty() { "none".to_owned() } else { offered.join(", ") };
    Err(Snag::refused(
        RefusalKind::Invalid,
        format!(
            "The image {image} has no variant for linux/{ARCHITECTURE}; it has {offered}. \
             Build it for this machine: --platform linux/{ARCHITECTURE}."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(pick: &str) -> ForeignImage {
        ForeignImage::parse(&format!("registry.test/x{pick}")).unwrap()
    }

    fn words(json: &str) -> String {
        let found = read(&image(":1"), None, None, Bytes::copy_from_slice(json.as_bytes()));
        found.unwrap_err().into_refusal().message
    }

    fn descriptor(digit: &str, more: &str) -> String {
        format!(r#"{{"mediaType":"m","digest":"sha256:{}","size":7{more}}}"#, digit.repeat(64))
    }

    #[test]
    fn of_an_index_the_entry_for_this_machine_is_taken_and_another_machines_is_refused_with_what_to_do() {
        let entry = |digit: &str, os: &str, architecture: &str| {
            descriptor(digit, &format!(r#","platform":{{"os":"{os}","architecture":"{architecture}"}}"#))
        };
        let index = |entries: &[String]| format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, entries.join(","));
        let both = index(&[entry("a", "linux", "riscv64"), entry("b", "linux", ARCHITECTURE), entry("c", "unknown", "unknown")]);
        let found = read(&image(":1"), None, None, both.into()).unwrap();
        assert!(matches!(found, Found::Elsewhere(digest) if digest.hex().starts_with('b')));
        let alone = words(&index(&[entry("a", "linux", "riscv64"), entry("c", "unknown", "unknown")]));
        assert!(alone.contains("it has linux/riscv64. ") && alone.contains("--platform linux/"), "{alone}");
        assert!(words(&index(&[])).contains("it has none"));
        let only = read(&image(":1"), None, None, index(&[descriptor("d", "")]).into()).unwrap();
        assert!(matches!(only, Found::Elsewhere(digest) if digest.hex().starts_with('d')));
    }

    #[test]
    fn what_is_no_image_is_refused_with_the_reason() {
        let (config, layer) = (descriptor("a", ""), descriptor("b", ""));
        let large = layer.replace(":7", ":99999999999");
        for (json, reason) in [
            ("".to_owned(), "cannot be read"),
            (r#"{"schemaVersion":1,"fsLayers":[]}"#.to_owned(), "old form"),
            (r#"{"schemaVersion":2}"#.to_owned(), "names no configuration"),
            (format!(r#"{{"schemaVersion":2,"mediaType":"x/y","config":{config},"layers":[]}}"#), "no image"),
            (format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{large}]}}"#), "99999999999 bytes"),
            (format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{}]}}"#, vec![layer.clone(); BLOBS].join(",")), "stacked"),
        ] {
            assert!(words(&json).contains(reason), "{reason}: {}", words(&json));
        }
    }

    #[test]
    fn a_digest_that_is_not_that_of_the_bytes_is_a_lie() {
        let json = format!(r#"{{"schemaVersion":2,"config":{},"layers":[]}}"#, descriptor("a", ""));
        let right = digest_of(Algorithm::Sha256, json.as_bytes());
        let wrong = digest_of(Algorithm::Sha256, b"else");
        let by = |pick: &str, told: Option<&Digest>| read(&image(pick), None, told.map(Digest::as_str), json.clone().into());
        assert!(matches!(by(":1", Some(&right)).unwrap(), Found::Image(manifest) if manifest.digest == right));
        assert!(by(&format!("@{right}"), None).is_ok());
        for lie in [by(":1", Some(&wrong)), by(&format!("@{wrong}"), None), by(&format!("@{wrong}"), Some(&wrong))] {
            let message = lie.unwrap_err().into_refusal().message;
            assert!(message.contains(&format!("whose digest is {right}, not {wrong}")), "{message}");
        }
    }
}
