//! An image to pull, and a client that asks a server of ours for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use model::digest::{Algorithm, Digest};
use model::foreign_image::{ForeignImage, RegistryHost, RemoteBlob};
use model::port::RemoteRegistry;
use model::refusal::Refusal;
use model::testbed::collect;
use outside::{Patience, Registries, RegistrySettings, SystemResolver};

use crate::server::{Act, Asked, Server, ok, status};

pub const LAYER: &[u8] = b"0123456789abcdef";
pub const CONFIG: &[u8] = b"{}";

pub fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_hash(Algorithm::Sha256, digest(&SHA256, bytes).as_ref())
}

pub fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    assert_eq!(algorithm, Algorithm::Sha256, "the tests need no other");
    sha256(bytes)
}

/// The manifest of an image of one layer.
pub fn manifest() -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},
        "layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{}","size":{}}}]}}"#,
        sha256(CONFIG),
        CONFIG.len(),
        sha256(LAYER),
        LAYER.len()
    )
}

/// The layer as the manifest names it.
pub fn layer() -> RemoteBlob {
    RemoteBlob { digest: sha256(LAYER), size_bytes: LAYER.len() as u64 }
}

/// A registry without malice: `team/hello:v1`, and ranges.
pub fn honest(asked: &Asked) -> Act {
    let manifest = manifest();
    let (by_tag, by_digest) =
        ("GET /v2/team/hello/manifests/v1", format!("GET /v2/team/hello/manifests/{}", sha256(manifest.as_bytes())));
    if asked.line == by_tag || asked.line == by_digest {
        return ok(manifest.as_bytes());
    }
    for blob in [LAYER, CONFIG] {
        if asked.line == format!("GET /v2/team/hello/blobs/{}", sha256(blob)) {
            let from = asked.from();
            if from == 0 {
                return ok(blob);
            }
            let range = format!("bytes {from}-{}/{}", blob.len() - 1, blob.len());
            return Act::Answer { status: 206, headers: vec![("content-range", range)], body: blob[from..].to_vec() };
        }
    }
    status(404)
}

/// Waits little, so that tests do.
pub fn patience() -> Patience {
    Patience {
        answer: Duration::from_secs(3),
        silence: Duration::from_secs(3),
        window: Duration::from_secs(3),
        window_bytes: 1_000,
        pause: Duration::from_millis(5),
    }
}

pub fn host(at: SocketAddr) -> RegistryHost {
    RegistryHost::parse(&at.to_string()).unwrap()
}

pub fn image(at: SocketAddr) -> ForeignImage {
    ForeignImage::parse(&format!("{at}/team/hello:v1")).unwrap()
}

pub fn settings() -> RegistrySettings {
    RegistrySettings { patience: patience(), ..RegistrySettings::default() }
}

/// With a name server that nobody listens at: names of tests are addresses.
pub fn registries(settings: RegistrySettings) -> Registries {
    let resolver = Arc::new(SystemResolver::of_servers(&["127.0.0.1:9".parse().unwrap()]).unwrap());
    Registries::new(settings, resolver.clone(), resolver).expect("there is nothing wrong with the authorities")
}

/// A client whose operator named the server as a plain one on loopback.
pub fn client_of(server: &Server) -> Registries {
    registries(RegistrySettings { insecure: vec![host(server.at)], ..settings() })
}

/// The layer's bytes from an offset, or why not.
pub async fn pull_layer(client: &Registries, server: &Server, offset: u64) -> Result<Vec<u8>, Refusal> {
    let body = client.blob(&image(server.at), &layer(), offset).await.unwrap()?;
    collect(body).await.map_err(|trouble| trouble.refused_by().expect("it is the other side's doing").clone())
}

/// Why there is no manifest.
pub async fn refusal(client: &Registries, image: &ForeignImage) -> Refusal {
    client.manifest(image).await.unwrap().expect_err("it is refused")
}

pub fn bytes(text: &[u8]) -> Bytes {
    Bytes::copy_from_slice(text)
}
