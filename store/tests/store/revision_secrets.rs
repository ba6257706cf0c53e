//! Values of revisions' secrets go when nothing can come back to them, in the commit that makes it so, and a service that is gone leaves none.

use std::collections::BTreeMap;

use model::operation::{Failure, Operation, OperationId, OperationKind};
use model::port::{Commit, ResolvedSecrets, RevisionSecrets, Revisions, ServiceChange, Services};
use model::revision::{ImagePin, Revision, RevisionNumber};
use model::secret::Secret;
use model::service::{Phase, Standing, Step};
use model::testbed::{scope, service_id};
use model::time::Timestamp;
use store::Store;

use crate::rig::{Rig, created, key, sha256};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn secrets(revision: RevisionNumber) -> ResolvedSecrets {
    let values = BTreeMap::from([("KEY".to_owned(), Secret::new(format!("hunter{revision}")))]);
    ResolvedSecrets { values, versions: BTreeMap::new() }
}

/// Commits a service in a phase, with a revision that is written.
async fn commit(store: &Store, phase: Phase, revision: Option<Revision>) {
    let read = store.by_id(&service_id(1)).await.unwrap();
    let (version, mut service) =
        read.map_or_else(|| (model::port::Version(0), created(1, "webs").service), |read| (read.version, read.value));
    service.phase = phase;
    service.revisions = revision.as_ref().map_or(service.revisions, |revision| revision.number);
    let change = ServiceChange { service, operation: None, revision, events: Vec::new(), audit: None };
    assert!(matches!(store.commit(version, &change).await.unwrap(), Commit::Done(_)));
}

fn moving(from: Option<RevisionNumber>, step: Step) -> Phase {
    let operation = Operation::begun(OperationId::from_random([9; 16]), OperationKind::Deployment, at(1));
    Phase::Moving { from: from.map(|revision| Standing::Running { revision }), operation, step }
}

fn running(revision: RevisionNumber) -> Phase {
    Phase::Still(Standing::Running { revision })
}

fn revision(number: RevisionNumber, restores: Option<RevisionNumber>) -> Revision {
    let image = ImagePin { scope: scope(), repository: key("hello").name, digest: sha256(b"image") };
    let configuration = created(1, "webs").service.configuration;
    Revision { number, created_at: at(1), configuration, image, operation: None, restores }
}

fn before(number: RevisionNumber) -> Option<RevisionNumber> {
    Some(number - 1).filter(|before| *before > 0)
}

/// A deployment from its first step to its last.
async fn deploy(store: &Store, number: RevisionNumber) {
    commit(store, moving(before(number), Step::Resolving), None).await;
    RevisionSecrets::keep(store, &service_id(1), number, &secrets(number)).await.unwrap();
    let starting = Step::Starting { revision: number, since: at(1), warned: false };
    commit(store, moving(before(number), starting), Some(revision(number, None))).await;
    commit(store, running(number), None).await;
}

/// The revisions that have values.
async fn kept(store: &Store) -> Vec<RevisionNumber> {
    let mut kept = Vec::new();
    for number in 1..30 {
        if let Some(found) = RevisionSecrets::get(store, &service_id(1), number).await.unwrap() {
            assert_eq!(found, secrets(number), "its own");
            kept.push(number);
        }
    }
    kept
}

#[tokio::test]
async fn values_go_with_the_last_revision_that_can_come_back_to_them() {
    let rig = Rig::new();
    let store = rig.open();
    for number in 1..=7 {
        deploy(&store, number).await;
    }
    assert_eq!(kept(&store).await, [3, 4, 5, 6, 7], "as many as there are images");
    // A rollback to the oldest that is there: what it restores stays as long as it can be come back to itself.
    let starting = Step::Starting { revision: 8, since: at(1), warned: false };
    commit(&store, moving(Some(7), starting), Some(revision(8, Some(3)))).await;
    assert_eq!(kept(&store).await, [3, 4, 5, 6, 7]);
    commit(&store, running(8), None).await;
    for number in 9..=12 {
        deploy(&store, number).await;
        assert!(kept(&store).await.contains(&3), "revision 8 has the values of revision 3");
    }
    assert_eq!(kept(&store).await, [3, 9, 10, 11, 12]);
    deploy(&store, 13).await;
    assert_eq!(kept(&store).await, [9, 10, 11, 12, 13]);
    assert_eq!(Revisions::get(&store, &service_id(1), 3).await.unwrap().map(|found| found.number), Some(3), "revisions stay");
}

#[tokio::test]
async fn what_runs_keeps_its_values_however_many_deployments_fail() {
    let rig = Rig::new();
    let store = rig.open();
    deploy(&store, 1).await;
    for number in 2..=9 {
        commit(&store, moving(Some(1), Step::Resolving), None).await;
        RevisionSecrets::keep(&store, &service_id(1), number, &secrets(number)).await.unwrap();
        assert!(kept(&store).await.contains(&number), "what is being resolved stays");
        let starting = Step::Starting { revision: number, since: at(1), warned: false };
        commit(&store, moving(Some(1), starting), Some(revision(number, None))).await;
        commit(&store, moving(Some(1), Step::RollingBack { failure: Failure { message: "no".to_owned() } }), None).await;
        commit(&store, running(1), None).await;
    }
    assert_eq!(kept(&store).await, [1, 5, 6, 7, 8, 9]);
}

#[tokio::test]
async fn a_deployment_that_never_was_and_a_service_that_is_gone_leave_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    deploy(&store, 1).await;
    commit(&store, moving(Some(1), Step::Resolving), None).await;
    RevisionSecrets::keep(&store, &service_id(1), 2, &secrets(2)).await.unwrap();
    commit(&store, running(1), None).await;
    assert_eq!(kept(&store).await, [1], "it was cancelled while it was resolved");
    RevisionSecrets::keep(&store, &service_id(1), 2, &secrets(2)).await.unwrap();
    assert_eq!(kept(&store).await, [1], "and what comes too late comes to nothing");
    commit(&store, moving(Some(1), Step::Retiring), None).await;
    assert_eq!(kept(&store).await, [1], "a deletion may fail yet");
    commit(&store, Phase::Still(Standing::Deleted { at: at(5) }), None).await;
    RevisionSecrets::keep(&store, &service_id(1), 2, &secrets(2)).await.unwrap();
    assert!(kept(&store).await.is_empty());
    drop(store);
    let ledger = rusqlite::Connection::open(rig.data_dir().join("ledger.db")).unwrap();
    let rows: u32 = ledger.query_row("SELECT count(*) FROM revision_secret", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0, "the service itself can still be described");
}

#[tokio::test]
async fn a_creation_that_failed_leaves_nothing() {
    let rig = Rig::new();
    let store = rig.open();
    deploy(&store, 1).await;
    commit(&store, Phase::Still(Standing::CreateFailed), None).await;
    assert!(kept(&store).await.is_empty());
}
