//! Blobs are collected in a loop while a stock client pushes images that share layers: nothing that was pushed is lost, everything else goes.
//!
//! The real store on a real disk, the real registry on a loopback port, the real skopeo. Only the clock is ours, so that a day can go by.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use model::audit::AuditRow;
use model::digest::{Algorithm, Digest};
use model::image_reference::{ImageTag, RepositoryName};
use model::port::{Blobs, Logins, Repositories, RepositoryImages};
use model::repository::{Repository, RepositoryKey, TagMutability};
use model::repository_image::ImageId;
use model::secret::Secret;
use model::tag::Tags;
use model::testbed::{JumpingBell, RootGate, SeededDice, TurnedClock, caller, collect, scope};
use model::time::Timestamp;
use registry::{Parts, SignedLogins};
use store::Store;
use store::limit::BLOB_PROMISED_PUSHING;

const ROUNDS: usize = 8;
const IMAGES: usize = 3;
const REPOSITORIES: [&str; 2] = ["one", "two"];

fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_hash(Algorithm::Sha256, digest(&SHA256, bytes).as_ref())
}

fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

fn key(name: &str) -> RepositoryKey {
    RepositoryKey { scope: scope(), name: RepositoryName::parse(name).unwrap() }
}

/// An OCI layout of images `v0`, `v1`…: two layers that all share, and one of its own each.
fn lay_out(layout: &Path) {
    std::fs::create_dir_all(layout.join("blobs/sha256")).unwrap();
    std::fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let descriptor = |media_type: &str, bytes: &[u8], more: &str| {
        let digest = sha256(bytes);
        std::fs::write(layout.join("blobs/sha256").join(digest.hex()), bytes).unwrap();
        let media_type = format!("application/vnd.oci.image.{media_type}");
        format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{}{more}}}"#, bytes.len())
    };
    let layer = |seed: usize| {
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761 + seed as u32 * 97) >> 24) as u8).collect();
        descriptor("layer.v1.tar+gzip", &bytes, "")
    };
    let images: Vec<String> = (0..IMAGES)
        .map(|image| {
            let config =
                format!(r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":[]}},"n":{image}}}"#);
            let manifest = format!(
                r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[{},{},{}]}}"#,
                descriptor("config.v1+json", config.as_bytes(), ""),
                layer(100),
                layer(101),
                layer(image)
            );
            let name = format!(r#","annotations":{{"org.opencontainers.image.ref.name":"v{image}"}}"#);
            descriptor("manifest.v1+json", manifest.as_bytes(), &name)
        })
        .collect();
    std::fs::write(layout.join("index.json"), format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, images.join(","))).unwrap();
}

/// The client's world: its home, its layout, and where it pushes to.
#[derive(Clone)]
struct Client {
    home: PathBuf,
    password: String,
    host: String,
}

impl Client {
    fn push(&self, image: usize, repository: &str) {
        let mut command = Command::new("skopeo");
        command.args(["--insecure-policy", "copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false", "--dest-creds"]);
        command.arg(format!("AWS:{}", self.password)).arg(format!("oci:{}:v{image}", self.home.join("layout").display()));
        command.arg(format!("docker://{}/{repository}:v{image}", self.host));
        command.env("HOME", &self.home).env("TMPDIR", &self.home).env("XDG_RUNTIME_DIR", &self.home);
        command.env("_CONTAINERS_ROOTLESS_UID", "65534");
        let output = command.output().expect("skopeo is part of what tests need");
        assert!(output.status.success(), "v{image} into {repository}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

async fn serve(store: &Store, home: &Path) -> Client {
    let stored = Arc::new(store.clone());
    // Its own clock: a login does not last a day.
    let clock = Arc::new(TurnedClock::at_millis(1_000));
    let dice = Arc::new(SeededDice::new(7));
    let logins = Arc::new(SignedLogins::new(&Secret::new([7; 32]), clock.clone(), dice.clone(), stored.clone()));
    let token = logins.issue(&caller()).await.unwrap();
    let parts = Parts {
        repositories: stored.clone(),
        tags: stored.clone(),
        manifests: stored.clone(),
        blobs: stored.clone(),
        audit: stored,
        logins,
        gatekeeper: Arc::new(RootGate),
        bell: Arc::new(JumpingBell::new(clock.clone())),
        clock,
        dice,
        link_key: Secret::new([9; 32]),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, registry::open(parts).router).await });
    Client { home: home.to_owned(), password: token.password.expose_text().unwrap().to_owned(), host }
}

/// Reads all that an image names; then removes the image.
async fn read_and_remove(store: &Store, repository: &str, image: usize) {
    let (repository, id) = (key(repository), ImageId::Tag(ImageTag::parse(&format!("v{image}")).unwrap()));
    let found = RepositoryImages::find(store, &repository, std::slice::from_ref(&id)).await.unwrap().unwrap();
    let found = found[0].as_ref().expect("what was pushed is there");
    assert_eq!(found.size_bytes, 600_000, "the bytes of its layers");
    for digest in &found.manifest.references {
        let body = Blobs::read(store, &repository, digest, None).await.unwrap().expect("what an image names is there");
        assert_eq!(sha256(&collect(body).await.unwrap()), *digest);
    }
    let removed = RepositoryImages::remove(store, &repository, &[id], &row("ecr:BatchDeleteImage")).await.unwrap().unwrap();
    assert!(removed[0].is_ok());
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn collecting_in_a_loop_beside_real_pushes_loses_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(TurnedClock::at_millis(1_000));
    let store = Store::open(&folder.path().join("data"), clock.clone(), &Secret::new([7; 32])).unwrap();
    for name in REPOSITORIES {
        let created_at = Timestamp::from_millis(5);
        let made = Repository {
            key: key(name),
            created_at,
            tag_mutability: TagMutability::Mutable,
            tags: Tags::default(),
            policy: None,
            lifecycle: None,
            scan_on_push: false,
        };
        store.create(&made, &row("ecr:CreateRepository")).await.unwrap().unwrap();
    }
    lay_out(&folder.path().join("layout"));
    let client = serve(&store, folder.path()).await;
    let mut collected = 0;
    for _ in 0..ROUNDS {
        let pushes = REPOSITORIES.map(|repository| {
            let client = client.clone();
            tokio::task::spawn_blocking(move || (0..IMAGES).for_each(|image| client.push(image, repository)))
        });
        // What the round before has left is a day old: each layer that a client asks for is about to be collected, or just was.
        while pushes.iter().any(|push| !push.is_finished()) {
            collected += store.sweep().await.unwrap().blobs;
        }
        for push in pushes {
            push.await.unwrap();
        }
        for repository in REPOSITORIES {
            for image in 0..IMAGES {
                read_and_remove(&store, repository, image).await;
            }
        }
        clock.turn(BLOB_PROMISED_PUSHING + std::time::Duration::from_millis(1));
    }
    store.sweep().await.unwrap();
    assert!(collected > 0, "it was collected beside the pushes");
    assert_eq!(files(&folder.path().join("data/blobs")), 0, "what no image names has left the disk");
    assert_eq!(files(&folder.path().join("data/uploads")), 0);
}
