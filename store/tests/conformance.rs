//! The promises of the ports, held by the store with real files. The suites are `model`'s; the ports in memory pass them too.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use model::digest::{Algorithm, Digest};
use model::secret::Secret;
use model::testbed::{TurnedClock, conformance};
use store::Store;

fn open(data_dir: &Path) -> Store {
    Store::open(data_dir, Arc::new(TurnedClock::at_millis(1_000)), &Secret::new([7; 32])).unwrap()
}

fn hash(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let function = match algorithm {
        Algorithm::Sha256 => &SHA256,
        Algorithm::Sha512 => &SHA512,
    };
    Digest::from_hash(algorithm, digest(function, bytes).as_ref())
}

#[tokio::test]
async fn services_operations_revisions_events_and_audit_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::services(&store, &store, &store, &store, &store).await;
}

#[tokio::test]
async fn the_audit_log_keeps_its_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    conformance::audit(&open(data_dir.path())).await;
}

#[tokio::test]
async fn auto_scaling_configurations_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::scaling_configurations(&store, &store, &store).await;
}

#[tokio::test]
async fn repositories_tags_manifests_and_blobs_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::images(&store, &store, &store, &store, hash).await;
}

#[tokio::test]
async fn images_of_repositories_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::repository_images(&store, &store, &store, &store, hash).await;
}

#[tokio::test]
async fn pinned_images_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::pinned_images(&store, &store, &store, &store, hash).await;
}

#[tokio::test]
async fn copies_of_foreign_images_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    let bench =
        conformance::CopiesBench { copies: &store, repositories: &store, manifests: &store, blobs: &store, pinned: &store, hash };
    conformance::image_copies(&bench).await;
}

#[tokio::test]
async fn log_lines_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    conformance::logs(&open(data_dir.path())).await;
}

#[tokio::test]
async fn log_groups_streams_and_searches_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::log_groups(&store, &store).await;
}

#[tokio::test]
async fn roles_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    conformance::roles(&open(data_dir.path())).await;
}

#[tokio::test]
async fn keys_and_certificates_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::vault(&store, &store).await;
}
