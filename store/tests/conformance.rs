//! The promises of the ports, held by the store with real files. The suites are `model`'s; the ports in memory pass them too.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use model::connection::{Connection, SourceProvider};
use model::digest::{Algorithm, Digest};
use model::observability_configuration::{ObservabilityConfiguration, TracingVendor};
use model::secret::Secret;
use model::testbed::{TurnedClock, conformance};
use model::vpc_connector::VpcConnector;
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
async fn vpc_ingress_connections_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::vpc_ingress_connections(&store, &store, &store).await;
}

#[tokio::test]
async fn custom_domains_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::custom_domains(&store, &store, &store).await;
}

#[tokio::test]
async fn observability_configurations_vpc_connectors_and_connections_keep_their_promises() {
    let data_dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [one, two, three] = [0, 1, 2].map(|n| open(data_dirs[n].path()));
    conformance::records(&one, &one, &one, ObservabilityConfiguration { tracing: Some(TracingVendor::AwsXray) }).await;
    let (subnets, security_groups) = (vec!["subnet-2".to_owned(), "subnet-1".to_owned()], Some(vec!["sg-1".to_owned()]));
    conformance::records(&two, &two, &two, VpcConnector { subnets, security_groups }).await;
    conformance::records(&three, &three, &three, Connection::pending(SourceProvider::GitHub)).await;
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
async fn secrets_and_parameters_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::sealed_nouns(&store, &store).await;
}

#[tokio::test]
async fn changes_of_quotas_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    conformance::quotas(&open(data_dir.path())).await;
}

#[tokio::test]
async fn keys_and_certificates_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::vault(&store, &store).await;
}

#[tokio::test]
async fn keys_of_identity_tokens_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    conformance::token_keys(&open(data_dir.path())).await;
}

#[tokio::test]
async fn users_and_their_keys_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::users(&store, &store).await;
}

#[tokio::test]
async fn policies_of_accounts_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    conformance::managed_policies(&open(data_dir.path())).await;
}

#[tokio::test]
async fn who_has_a_policy_keeps_its_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::policy_holders(&store, &store, &store).await;
}

#[tokio::test]
async fn accounts_and_issuers_keep_their_promises() {
    let data_dir = tempfile::tempdir().unwrap();
    let store = open(data_dir.path());
    conformance::accounts(&store, &store).await;
}
