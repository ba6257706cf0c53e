//! Services, operations, revisions, events and audit: commits are conditional, whole, and never doubled.

use crate::audit::AuditRow;
use crate::event::Event;
use crate::lifecycle::{Admission, FreshIds, admit_create};
use crate::operation::{OperationId, OperationState, Outcome};
use crate::port::{Audit, Commit, Events, Operations, Revisions, ServiceChange, Services, Version};
use crate::revision::{ImagePin, Revision};
use crate::service::{HostLabel, Phase, Standing};
use crate::testbed::{caller, create_service, scope, service_id};
use crate::time::Timestamp;
use crate::wish::{LogPosition, PageRequest};

/// A service as CreateService makes it.
pub(super) fn created(byte: u8, name: &str, at_millis: i64) -> ServiceChange {
    let ids = FreshIds {
        service: service_id(byte),
        label: HostLabel::from_random([byte; 10]),
        operation: OperationId::from_random([byte; 16]),
    };
    let now = Timestamp::from_millis(at_millis);
    let Admission::Begin(change) = admit_create(&create_service(name), &scope(), None, ids, now) else {
        panic!("a free name is admitted")
    };
    let row = AuditRow {
        at: now,
        caller: caller(),
        action: "apprunner:CreateService".to_owned(),
        resource: change.service.arn().to_string(),
    };
    let change = *change;
    ServiceChange { service: change.service, operation: change.operation, revision: None, events: change.events, audit: Some(row) }
}

/// All promises of the five ports.
pub async fn services(
    services: &dyn Services,
    operations: &dyn Operations,
    revisions: &dyn Revisions,
    events: &dyn Events,
    audit: &dyn Audit,
) {
    let first = created(1, "first", 1_000);
    let id = first.service.id.clone();
    let arn = first.service.arn();
    commits_are_conditional(services, &first).await;
    let stored = services.get(&arn).await.unwrap().expect("what was committed is found by its ARN");
    assert_eq!(stored.value, first.service, "what is read is what was written");
    assert_eq!(stored.version, Version(1));
    let mut other_name = arn.clone();
    other_name.name = create_service("other").name;
    assert_eq!(services.get(&other_name).await.unwrap(), None, "an ARN with another name finds nothing");

    let mut next = first.clone();
    next.service.revisions = 1;
    next.revision = Some(Revision {
        number: 1,
        created_at: Timestamp::from_millis(2_000),
        configuration: first.service.configuration.clone(),
        operation: None,
        restores: None,
        image: ImagePin {
            scope: scope(),
            repository: first.service.configuration.image_source().reference.own().expect("it is ours").repository.clone(),
            digest: crate::digest::Digest::from_hash(crate::digest::Algorithm::Sha256, &[1; 32]),
        },
    });
    next.operation = None;
    let at = Timestamp::from_millis(2_000);
    let of_it = Event::of_deployment(at, &OperationId::from_random([1; 16]), "Deployed.");
    next.events = vec![Event::new(at, "Pulled."), of_it.clone()];
    next.audit = None;
    assert_eq!(services.commit(Version(1), &next).await.unwrap(), Commit::Done(Version(2)));
    assert_eq!(revisions.get(&id, 1).await.unwrap(), next.revision);
    assert_eq!(revisions.get(&id, 2).await.unwrap(), None);
    let listed = revisions.list(&id, &PageRequest { after: None, items_max: None }).await.unwrap();
    assert_eq!((listed.items.iter().map(|revision| revision.number).collect::<Vec<_>>(), listed.next), (vec![1], None));

    let told = events.list(&id, LogPosition(0), 100).await.unwrap();
    let told: Vec<&str> = told.iter().map(|placed| placed.event.message.as_str()).collect();
    assert_eq!(told.last(), Some(&"[AppRunner] Pulled."), "events come in the order they were committed");
    let all = events.all(&id, LogPosition(0), 100).await.unwrap();
    assert_eq!(all.len(), first.events.len() + 2, "a refused commit leaves no event");
    assert_eq!(all.last().map(|placed| &placed.event), Some(&of_it), "with its stream, behind what came before");
    let of_deployments = all.iter().filter(|placed| placed.event.deployment.is_some()).count();
    assert_eq!(told.len(), all.len() - of_deployments, "the list has those of its own stream");
    let last = events.list(&id, LogPosition(0), 1).await.unwrap()[0].position;
    assert_eq!(events.list(&id, last, 100).await.unwrap().len(), told.len() - 1);
    let rows = audit.list(LogPosition(0), 100).await.unwrap();
    assert_eq!(rows.len(), 1, "one audit row for one changing call, none for a refused one");
    assert_eq!(rows[0].1.action, "apprunner:CreateService");
    audit.append(&rows[0].1).await.unwrap();
    assert_eq!(audit.list(rows[0].0, 100).await.unwrap().len(), 1);

    operations_end_with_their_service(services, operations, &next).await;
    lists_are_whole(services).await;
}

async fn commits_are_conditional(services: &dyn Services, first: &ServiceChange) {
    assert_eq!(services.commit(Version(1), first).await.unwrap(), Commit::Stale, "nothing was there at version 1");
    assert_eq!(services.commit(Version(0), first).await.unwrap(), Commit::Done(Version(1)));
    assert_eq!(services.commit(Version(0), first).await.unwrap(), Commit::Stale, "it is there already");
    let rival = created(2, "first", 1_500);
    assert_eq!(services.commit(Version(0), &rival).await.unwrap(), Commit::NameTaken);
    let mut same_label = created(3, "third", 1_500);
    same_label.service.label = first.service.label.clone();
    assert_eq!(services.commit(Version(0), &same_label).await.unwrap(), Commit::NameTaken, "a host leads to one service");
    assert_eq!(services.by_id(&rival.service.id).await.unwrap(), None, "a refused commit leaves nothing");
}

async fn operations_end_with_their_service(services: &dyn Services, operations: &dyn Operations, last: &ServiceChange) {
    let page = PageRequest { after: None, items_max: None };
    let id = &last.service.id;
    let open = operations.list(id, &page).await.unwrap().items;
    assert_eq!(open.len(), 1);
    assert!(open[0].is_open());
    let now = Timestamp::from_millis(3_000);
    let mut done = last.clone();
    done.revision = None;
    done.operation = Some(open[0].with_state(OperationState::Ended { at: now, outcome: Outcome::Succeeded }, now));
    done.service.phase = Phase::Still(Standing::Deleted { at: now });
    assert_eq!(services.commit(Version(2), &done).await.unwrap(), Commit::Done(Version(3)));
    let ended = operations.list(id, &page).await.unwrap().items;
    assert_eq!(ended.len(), 1, "an operation that moves on is the same operation");
    assert!(!ended[0].is_open());
    assert_eq!(services.by_name(&scope(), &done.service.name).await.unwrap(), None, "a deleted service's name is free");
    assert!(services.get(&done.service.arn()).await.unwrap().is_some(), "a deleted service stays describable");
    assert_eq!(services.gone().await.unwrap(), vec![done.service.clone()]);
    let again = created(4, "first", 4_000);
    assert_eq!(services.commit(Version(0), &again).await.unwrap(), Commit::Done(Version(1)), "its name can be used again");
}

async fn lists_are_whole(services: &dyn Services) {
    for byte in 10..15u8 {
        let change = created(byte, &format!("list-{byte}"), i64::from(byte) * 1_000);
        assert_eq!(services.commit(Version(0), &change).await.unwrap(), Commit::Done(Version(1)));
    }
    let mut request = PageRequest { after: None, items_max: Some(4) };
    let mut names = Vec::new();
    loop {
        let page = services.list(&scope(), &request).await.unwrap();
        assert!(page.items.len() <= 4, "a page keeps its size");
        names.extend(page.items.iter().map(|service| service.name.to_string()));
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    assert_eq!(
        names,
        ["list-14", "list-13", "list-12", "list-11", "list-10", "first"],
        "newest first, each once, deleted ones left out"
    );
    let all = services.list(&scope(), &PageRequest { after: None, items_max: None }).await.unwrap();
    assert_eq!((all.items.len(), all.next), (6, None));
    assert_eq!(services.kept().await.unwrap().len(), 6);
}
