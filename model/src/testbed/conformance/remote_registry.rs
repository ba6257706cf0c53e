//! Foreign registries: what a name means, by tag and by digest, and blobs from anywhere in them.

use bytes::Bytes;

use crate::digest::{Algorithm, Digest};
use crate::foreign_image::{ForeignImage, RemoteBlob};
use crate::image_reference::{ImageTag, Pick};
use crate::port::RemoteRegistry;
use crate::refusal::RefusalKind;
use crate::testbed::images::{Hasher, collect};

/// An image that is there.
pub struct RemoteFacts {
    /// By tag.
    pub image: ForeignImage,
    /// Of its manifest.
    pub digest: Digest,
    /// Its only layer: ten bytes or more.
    pub layer: Bytes,
    pub hash: Hasher,
}

/// All promises of the port.
pub async fn remote_registry(remote: &dyn RemoteRegistry, facts: &RemoteFacts) {
    let RemoteFacts { image, digest, layer, hash } = facts;
    assert!(remote.is_asked(&image.registry));
    let manifest = remote.manifest(image).await.unwrap().unwrap();
    assert_eq!(manifest.digest, *digest);
    assert_eq!(hash(Algorithm::Sha256, &manifest.bytes), *digest, "the bytes are those of the digest");
    let by_digest = ForeignImage { pick: Pick::Digest(digest.clone()), ..image.clone() };
    assert_eq!(remote.manifest(&by_digest).await.unwrap().unwrap(), manifest, "a tag and its digest mean the same");

    let [blob] = manifest.layers.as_slice() else { panic!("it has one layer") };
    assert_eq!(*blob, RemoteBlob { digest: hash(Algorithm::Sha256, layer), size_bytes: layer.len() as u64 });
    for offset in [0, 3, layer.len()] {
        let body = remote.blob(image, blob, offset as u64).await.unwrap().unwrap();
        assert_eq!(collect(body).await.unwrap(), layer[offset..], "from {offset}");
    }
    let config = remote.blob(image, &manifest.config, 0).await.unwrap().unwrap();
    assert_eq!(collect(config).await.unwrap().len() as u64, manifest.config.size_bytes);

    let other = ForeignImage { pick: Pick::Tag(ImageTag::parse("nobody").expect("a tag")), ..image.clone() };
    let refusal = remote.manifest(&other).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert!(refusal.message.contains(&other.to_string()), "{}", refusal.message);
    let nothing = RemoteBlob { digest: hash(Algorithm::Sha256, b"nothing of it"), size_bytes: 13 };
    match remote.blob(image, &nothing, 0).await.unwrap() {
        Err(refusal) => assert_eq!(refusal.kind, RefusalKind::NotFound),
        // A blob is asked for when it is read.
        Ok(body) => {
            let trouble = collect(body).await.unwrap_err();
            assert_eq!(trouble.refused_by().expect("it is the other side's").kind, RefusalKind::NotFound);
        }
    }
}
