//! Commits of services: conditional under races, whole under failures.

use std::sync::Arc;

use model::configuration::Source;
use model::event::Event;
use model::port::{Audit, Commit, Events, Operations, Repositories, Revisions, Services, Version};
use model::revision::{ImagePin, Revision};
use model::testbed::{scope, service_id};
use model::time::Timestamp;
use model::wish::{LogPosition, PageRequest};
use store::Store;
use store::limit::{EVENTS_KEPT, SHORT_PAGE_BYTES};

use crate::rig::{Rig, created, key, repository, row, sha256};

const ALL: PageRequest = PageRequest { after: None, items_max: None };

/// Commits an event until it was done `commits` times; answers how often somebody else was faster.
async fn commit_events(store: Arc<Store>, who: usize, commits: usize) -> usize {
    let mut stale = 0;
    let mut done = 0;
    while done < commits {
        let read = store.by_id(&service_id(1)).await.unwrap().unwrap();
        let mut change = created(1, "webs");
        change.operation = None;
        change.events = vec![Event::new(Timestamp::from_millis(1), format!("{who}"))];
        match store.commit(read.version, &change).await.unwrap() {
            Commit::Done(_) => done += 1,
            Commit::Stale => stale += 1,
            Commit::NameTaken | Commit::Bound(_) => panic!("the name is its own, and nothing leads here"),
        }
    }
    stale
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_commits_on_the_same_version_one_is_done_and_none_is_lost() {
    let rig = Rig::new();
    let store = Arc::new(rig.open());
    let first = created(1, "webs");
    assert_eq!(store.commit(Version(0), &first).await.unwrap(), Commit::Done(Version(1)));
    #[expect(clippy::disallowed_methods, reason = "the test is the owner of these callers")]
    let callers: Vec<_> = (0..8).map(|who| tokio::spawn(commit_events(store.clone(), who, 10))).collect();
    let mut stale = 0;
    for caller in callers {
        stale += caller.await.unwrap();
    }
    assert!(stale > 0, "eight callers meet");
    assert_eq!(store.by_id(&service_id(1)).await.unwrap().unwrap().version, Version(81));
    let events = Events::all(&*store, &service_id(1), LogPosition(0), 1_000).await.unwrap();
    assert_eq!(events.len(), first.events.len() + 80, "a stale commit writes nothing");
    let rows = Audit::list(&*store, LogPosition(0), 1_000).await.unwrap();
    assert_eq!(rows.len(), 81, "one audit row for each commit that was done");
}

#[tokio::test]
async fn a_service_that_has_events_without_end_keeps_the_newest() {
    let rig = Rig::new();
    let store = rig.open();
    let event = |n: u32| Event { at: Timestamp::from_millis(1), message: n.to_string(), deployment: None };
    let (mut one, mut other) = (created(1, "webs"), created(2, "other"));
    other.events = vec![event(0)];
    store.commit(Version(0), &other).await.unwrap();
    one.events = (0..EVENTS_KEPT).map(event).collect();
    store.commit(Version(0), &one).await.unwrap();
    one.events = vec![event(EVENTS_KEPT), event(EVENTS_KEPT + 1)];
    store.commit(Version(1), &one).await.unwrap();
    let events = Events::list(&store, &service_id(1), LogPosition(0), u32::MAX).await.unwrap();
    let messages: Vec<_> = events.into_iter().map(|placed| placed.event.message).collect();
    assert_eq!(messages, (2..EVENTS_KEPT + 2).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(Events::list(&store, &service_id(2), LogPosition(0), 9).await.unwrap().len(), 1, "another's are its own");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_services_that_want_a_name_at_once_one_gets_it() {
    let rig = Rig::new();
    let store = Arc::new(rig.open());
    #[expect(clippy::disallowed_methods, reason = "the test is the owner of these callers")]
    let callers: Vec<_> = (1..=10)
        .map(|byte| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(Version(0), &created(byte, "webs")).await.unwrap() })
        })
        .collect();
    let mut outcomes = Vec::new();
    for caller in callers {
        outcomes.push(caller.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Commit::Done(Version(1))).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Commit::NameTaken).count(), 9);
    assert_eq!(store.kept().await.unwrap().len(), 1);
    assert_eq!(Audit::list(&*store, LogPosition(0), 100).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_whose_audit_row_cannot_be_written_is_not_made() {
    let rig = Rig::new();
    drop(rig.open());
    rig.tamper("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END");
    let store = rig.open();
    let change = created(1, "webs");
    assert!(store.commit(Version(0), &change).await.is_err());
    assert_eq!(store.by_id(&change.service.id).await.unwrap(), None);
    assert!(Operations::list(&store, &change.service.id, &ALL).await.unwrap().items.is_empty());
    assert!(Events::list(&store, &change.service.id, LogPosition(0), 9).await.unwrap().is_empty());
    let repository = model::repository::Repository {
        key: key("hello"),
        created_at: Timestamp::from_millis(1),
        tag_mutability: model::repository::TagMutability::Mutable,
        tags: model::tag::Tags::default(),
        policy: None,
        lifecycle: None,
        scan_on_push: false,
    };
    assert!(store.create(&repository, &row("ecr:CreateRepository")).await.is_err());
    assert_eq!(Repositories::get(&store, &key("hello")).await.unwrap(), None);
}

#[tokio::test]
async fn a_revision_is_never_changed() {
    let rig = Rig::new();
    let store = rig.open();
    let mut change = created(1, "webs");
    let revision = |byte| Revision {
        number: 1,
        created_at: Timestamp::from_millis(1),
        configuration: change.service.configuration.clone(),
        operation: None,
        restores: None,
        image: ImagePin { scope: scope(), repository: key("hello").name, digest: sha256(&[byte]) },
    };
    let (first, other) = (revision(1), revision(2));
    change.revision = Some(first.clone());
    store.commit(Version(0), &change).await.unwrap();
    change.revision = Some(other);
    assert!(store.commit(Version(1), &change).await.is_err());
    assert_eq!(Revisions::get(&store, &change.service.id, 1).await.unwrap(), Some(first.clone()));
    assert_eq!(store.by_id(&change.service.id).await.unwrap().unwrap().version, Version(1), "nothing of that commit was written");
    change.revision = Some(first);
    assert_eq!(store.commit(Version(1), &change).await.unwrap(), Commit::Done(Version(2)), "the same one again is success");
}

#[tokio::test]
async fn a_page_token_that_we_did_not_make_gives_an_empty_page() {
    let rig = Rig::new();
    let store = rig.open();
    store.commit(Version(0), &created(1, "webs")).await.unwrap();
    repository(&store, "hello").await;
    for token in ["", "x", "1", "1.x", "1.2.3", "99999999999999999999.1"] {
        let page = PageRequest { after: Some(token.to_owned()), items_max: Some(5) };
        assert!(Services::list(&store, &scope(), &page).await.unwrap().items.is_empty(), "{token}");
    }
    let page = PageRequest { after: Some("x".to_owned()), items_max: Some(5) };
    assert!(Operations::list(&store, &service_id(1), &page).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_page_of_services_is_whole_however_long_their_documents_are() {
    let rig = Rig::new();
    let store = rig.open();
    // One that is longer than a short page by itself, and some that are together.
    for (byte, bytes) in [(1, 10), (2, SHORT_PAGE_BYTES + 1), (3, SHORT_PAGE_BYTES / 2), (4, SHORT_PAGE_BYTES / 2), (5, 10)] {
        let mut change = created(byte, &format!("webs{byte}"));
        let Source::Image(source) = &mut change.service.configuration.source else { panic!("it is an image") };
        source.identifier = "x".repeat(usize::try_from(bytes).unwrap());
        store.commit(Version(0), &change).await.unwrap();
    }
    for items_max in [1, 2, 5] {
        let (mut request, mut listed) = (PageRequest { after: None, items_max: Some(items_max) }, Vec::new());
        loop {
            let page = Services::list(&store, &scope(), &request).await.unwrap();
            listed.extend(page.items.into_iter().map(|service| service.id));
            let Some(next) = page.next else { break };
            request.after = Some(next);
        }
        assert_eq!(listed, [5, 4, 3, 2, 1].map(service_id), "{items_max} a page");
    }
}

#[tokio::test]
async fn operations_are_listed_newest_first_page_by_page() {
    let rig = Rig::new();
    let store = rig.open();
    let mut change = created(1, "webs");
    for version in 0..5u64 {
        change.operation = created(10 + version as u8, "webs").operation;
        store.commit(Version(version), &change).await.unwrap();
    }
    let mut request = PageRequest { after: None, items_max: Some(2) };
    let mut listed = Vec::new();
    loop {
        let page = Operations::list(&store, &service_id(1), &request).await.unwrap();
        listed.extend(page.items.into_iter().map(|operation| operation.id));
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    let expected: Vec<_> = (10..15).rev().map(|byte| created(byte, "webs").operation.unwrap().id).collect();
    assert_eq!(listed, expected);
}
