//! Auto scaling configurations: revisions count up, a default is there from the start, what is used stays.

use crate::audit::AuditRow;
use crate::lifecycle::{Admission, FreshIds, admit_create};
use crate::operation::OperationId;
use crate::port::{Audit, Commit, ScalingConfigurations, ServiceChange, Services, Version};
use crate::refusal::RefusalKind;
use crate::scaling_configuration::{
    NewScaling, ScalingArn, ScalingConfiguration, ScalingExtent, ScalingFilter, ScalingRevision, ScalingView,
};
use crate::service::{HostLabel, Phase, Service, Standing};
use crate::tag::{TagChange, Tags};
use crate::testbed::{caller, create_service, revision, scope, service_id};
use crate::time::Timestamp;
use crate::wish::{LogPosition, PageRequest};

const ALL: PageRequest = PageRequest { after: None, items_max: None };

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn row(action: &str) -> AuditRow {
    AuditRow { at: at(5), caller: caller(), action: format!("apprunner:{action}"), resource: "*".to_owned() }
}

/// A new revision whose id is made of one digit.
fn new(name: &str, digit: char) -> NewScaling {
    let id = digit.to_string().repeat(32);
    let configuration = ScalingConfiguration { name: name.to_owned(), id, ..ScalingConfiguration::default() };
    NewScaling { scope: scope(), configuration, tags: Tags::default(), at: at(5) }
}

fn arn(tail: &str) -> ScalingArn {
    ScalingArn::parse(&format!("arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/{tail}")).expect("an ARN")
}

fn tails(views: &[ScalingView]) -> Vec<String> {
    views.iter().map(|view| format!("{}/{}", view.revision.configuration.name, view.revision.configuration.revision)).collect()
}

/// A service that is configured so.
async fn used(services: &dyn Services, byte: u8, scaling: &ScalingConfiguration) -> Service {
    let ids = FreshIds {
        service: service_id(byte),
        label: HostLabel::from_random([byte; 10]),
        operation: OperationId::from_random([byte; 16]),
    };
    let mut wish = create_service(&format!("user-{byte}"));
    wish.configuration.scaling = scaling.clone();
    let Admission::Begin(change) = admit_create(&wish, &scope(), None, ids, at(i64::from(byte))) else {
        panic!("a free name is admitted")
    };
    let service = change.service;
    let change = ServiceChange { service: service.clone(), operation: None, revision: None, events: Vec::new(), audit: None };
    assert_eq!(services.commit(Version(0), &change).await.unwrap(), Commit::Done(Version(1)));
    service
}

/// All promises of the port. The three are one memory: what services use is not deleted.
pub async fn scaling_configurations(kept: &dyn ScalingConfigurations, services: &dyn Services, audit: &dyn Audit) {
    let default = kept.find(&arn("DefaultConfiguration")).await.unwrap().expect("it is there from the start");
    assert_eq!(default.revision, ScalingRevision::default_of(&scope()));
    assert!(default.latest && !default.in_use && default.is_default);
    assert_eq!(kept.default(&scope()).await.unwrap(), ScalingConfiguration::default());

    let first = kept.create(&new("mine", 'a'), &row("Create")).await.unwrap().unwrap();
    let second = kept.create(&new("mine", 'b'), &row("Create")).await.unwrap().unwrap();
    assert_eq!(tails(&[first.clone(), second.clone()]), ["mine/1", "mine/2"]);
    assert!(first.latest && second.latest, "each was the latest when it was made");
    assert_eq!(kept.find(&arn("mine/1")).await.unwrap(), Some(ScalingView { latest: false, ..first.clone() }));
    assert_eq!(kept.find(&arn("mine")).await.unwrap(), Some(second.clone()));
    assert_eq!(kept.find(&second.revision.arn()).await.unwrap(), Some(second.clone()), "the whole of it is read back");
    for absent in ["yours", "mine/3", &format!("mine/1/{}", "c".repeat(32))] {
        assert_eq!(kept.find(&arn(absent)).await.unwrap(), None, "{absent}");
    }
    let mut elsewhere = arn("mine");
    elsewhere.scope.region = crate::account::Region::parse("eu-west-1").expect("a region");
    assert_eq!(kept.find(&elsewhere).await.unwrap(), None, "a region has its own");

    lists_are_whole(kept).await;
    what_is_used_stays(kept, services).await;
    what_an_operation_may_come_back_to_stays(kept, services).await;
    tags_change(kept).await;
    deleted_ones_stay_describable(kept).await;
    one_is_the_default(kept).await;

    let rows = audit.list(LogPosition(0), 100).await.unwrap();
    let of = |action: &str| rows.iter().filter(|(_, row)| row.action == format!("apprunner:{action}")).count();
    assert_eq!(
        (of("Create"), of("Delete"), of("Tag"), of("Default")),
        (5, 4, 2, 3),
        "a row for each revision that was changed, none for what was refused"
    );
    assert_eq!(rows[0].1.resource, first.revision.arn().to_string());
    a_deletion_between_pages_loses_nothing(kept).await;
}

async fn a_deletion_between_pages_loses_nothing(kept: &dyn ScalingConfigurations) {
    for digit in ['1', '2', '3', '4'] {
        kept.create(&new("paged", digit), &row("Create")).await.unwrap().unwrap();
    }
    let filter = ScalingFilter { name: Some("paged".to_owned()), latest_only: false };
    let list = async |after| kept.list(&scope(), &filter, &PageRequest { after, items_max: Some(2) }).await.unwrap();
    let first = list(None).await;
    for revision in [1, 2, 3] {
        // One before the place where the next page begins, that place itself, and one behind it.
        kept.delete(&arn(&format!("paged/{revision}")), ScalingExtent::Revision, at(11), &row("Delete")).await.unwrap().unwrap();
    }
    let second = list(first.next).await;
    assert_eq!(
        (tails(&first.items), tails(&second.items)),
        (vec!["paged/1".to_owned(), "paged/2".to_owned()], vec!["paged/4".to_owned()])
    );
    assert_eq!(second.next, None);
}

async fn lists_are_whole(kept: &dyn ScalingConfigurations) {
    kept.create(&new("other", 'd'), &row("Create")).await.unwrap().unwrap();
    let list = async |name: Option<&str>, latest_only, page: &PageRequest| {
        let filter = ScalingFilter { name: name.map(str::to_owned), latest_only };
        kept.list(&scope(), &filter, page).await.unwrap()
    };
    let all = list(None, false, &ALL).await;
    assert_eq!(tails(&all.items), ["DefaultConfiguration/1", "mine/1", "mine/2", "other/1"]);
    assert_eq!(tails(&list(None, true, &ALL).await.items), ["DefaultConfiguration/1", "mine/2", "other/1"]);
    assert_eq!(tails(&list(Some("mine"), false, &ALL).await.items), ["mine/1", "mine/2"]);
    assert!(list(Some("nowhere"), false, &ALL).await.items.is_empty());
    let mut request = PageRequest { after: None, items_max: Some(3) };
    let mut found = Vec::new();
    loop {
        let page = list(None, false, &request).await;
        found.push(tails(&page.items));
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, [vec!["DefaultConfiguration/1", "mine/1", "mine/2"], vec!["other/1"]]);
}

async fn what_is_used_stays(kept: &dyn ScalingConfigurations, services: &dyn Services) {
    let view = kept.find(&arn("mine/2")).await.unwrap().expect("it is there");
    let users = [used(services, 1, &view.revision.configuration).await, used(services, 2, &view.revision.configuration).await];
    let page = kept.services(&view.revision, &PageRequest { after: None, items_max: Some(1) }).await.unwrap();
    assert_eq!(page.items, [users[0].arn()]);
    let rest = kept.services(&view.revision, &PageRequest { after: page.next, items_max: Some(1) }).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![users[1].arn()], None));
    assert!(kept.find(&arn("mine")).await.unwrap().expect("it is there").in_use);
    for (tail, extent) in [("mine/2", ScalingExtent::Revision), ("mine", ScalingExtent::Name)] {
        let refused = kept.delete(&arn(tail), extent, at(9), &row("Delete")).await.unwrap().unwrap_err();
        assert_eq!(refused.kind, RefusalKind::Invalid, "{refused}");
    }
    assert!(kept.find(&arn("mine/1")).await.unwrap().is_some_and(|view| view.revision.deleted_at.is_none()), "all or nothing");
    for mut service in users {
        service.phase = Phase::Still(Standing::Deleted { at: at(8) });
        let change = ServiceChange { service, operation: None, revision: None, events: Vec::new(), audit: None };
        assert_eq!(services.commit(Version(1), &change).await.unwrap(), Commit::Done(Version(2)));
    }
    assert!(!kept.find(&arn("mine")).await.unwrap().expect("it is there").in_use, "a deleted service uses nothing");
}

/// A failed update goes back to what ran before, with the configuration that it had.
async fn what_an_operation_may_come_back_to_stays(kept: &dyn ScalingConfigurations, services: &dyn Services) {
    let view = kept.find(&arn("mine/2")).await.unwrap().expect("it is there");
    let before = used(services, 3, &view.revision.configuration).await;
    let mut revision = revision(1);
    revision.configuration = before.configuration.clone();
    let Phase::Moving { operation, step, .. } = before.phase.clone() else { panic!("a creation is under way") };
    let from = Some(Standing::Running { revision: 1 });
    let mut service = Service { phase: Phase::Moving { from, operation, step }, ..before };
    service.configuration.scaling = ScalingConfiguration::default();
    let change =
        ServiceChange { service: service.clone(), operation: None, revision: Some(revision), events: Vec::new(), audit: None };
    assert_eq!(services.commit(Version(1), &change).await.unwrap(), Commit::Done(Version(2)));
    for (tail, extent) in [("mine/2", ScalingExtent::Revision), ("mine", ScalingExtent::Name)] {
        let refused = kept.delete(&arn(tail), extent, at(9), &row("Delete")).await.unwrap().unwrap_err();
        assert_eq!(refused.kind, RefusalKind::Invalid, "{refused}");
    }
    service.phase = Phase::Still(Standing::Deleted { at: at(8) });
    let change = ServiceChange { service, operation: None, revision: None, events: Vec::new(), audit: None };
    assert_eq!(services.commit(Version(2), &change).await.unwrap(), Commit::Done(Version(3)));
}

async fn tags_change(kept: &dyn ScalingConfigurations) {
    let tags = Tags([("outrunner:colour".to_owned(), "red".to_owned())].into());
    for name in ["other", "DefaultConfiguration"] {
        kept.change_tags(&arn(name), &TagChange::Set(tags.clone()), &row("Tag")).await.unwrap().unwrap();
        let found = kept.find(&arn(name)).await.unwrap().expect("it is there");
        assert_eq!(found.revision.tags, tags, "on other resources than services the prefix is only a tag");
    }
    let refused = kept.change_tags(&arn("yours"), &TagChange::Set(tags), &row("Tag")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotFound);
    let all = kept.list(&scope(), &ScalingFilter::default(), &ALL).await.unwrap();
    assert_eq!(all.items.len(), 4, "a tagged default is still one");
}

async fn deleted_ones_stay_describable(kept: &dyn ScalingConfigurations) {
    let gone = kept.delete(&arn("mine"), ScalingExtent::Revision, at(9), &row("Delete")).await.unwrap().unwrap();
    assert_eq!(
        (tails(std::slice::from_ref(&gone)), gone.revision.deleted_at, gone.latest),
        (vec!["mine/2".to_owned()], Some(at(9)), false)
    );
    assert!(kept.find(&arn("mine")).await.unwrap().is_some_and(|view| view.latest && view.revision.configuration.revision == 1));
    assert_eq!(kept.find(&arn("mine/2")).await.unwrap(), Some(gone));
    let again = kept.delete(&arn("mine/2"), ScalingExtent::Revision, at(9), &row("Delete")).await.unwrap().unwrap_err();
    assert_eq!(again.message, "The auto scaling configuration you specified has been deleted.");
    let set = TagChange::Set(Tags::default());
    let refused = kept.change_tags(&arn("mine/2"), &set, &row("Tag")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::WrongState);
    let third = kept.create(&new("mine", 'e'), &row("Create")).await.unwrap().unwrap();
    assert_eq!(third.revision.configuration.revision, 3, "a number is not given again");
    let all = kept.delete(&arn("mine"), ScalingExtent::Name, at(10), &row("Delete")).await.unwrap().unwrap();
    assert_eq!(all.revision.configuration.revision, 3);
    assert!(kept.find(&arn("mine")).await.unwrap().is_none());
    let again = kept.create(&new("DefaultConfiguration", 'f'), &row("Create")).await.unwrap().unwrap();
    assert_eq!(tails(&[again]), ["DefaultConfiguration/2"], "its name is not reserved");
    let refused = kept.delete(&arn("DefaultConfiguration/1"), ScalingExtent::Revision, at(9), &row("Delete")).await.unwrap();
    assert_eq!(refused.unwrap_err().kind, RefusalKind::Invalid, "the default stays");
}

/// Here are `other/1`, and `DefaultConfiguration` 1 and 2.
async fn one_is_the_default(kept: &dyn ScalingConfigurations) {
    let set = async |tail: &str| kept.set_default(&arn(tail), &row("Default")).await.unwrap();
    for refused in ["yours", "mine"] {
        assert_eq!(set(refused).await.unwrap_err().kind, RefusalKind::NotFound, "{refused}");
    }
    assert_eq!(set("mine/3").await.unwrap_err().kind, RefusalKind::Invalid, "a deleted one");
    for (tail, meant) in [("other", "other/1"), ("DefaultConfiguration", "DefaultConfiguration/2"), ("other/1", "other/1")] {
        let view = set(tail).await.unwrap();
        assert_eq!((tails(std::slice::from_ref(&view)), view.is_default), (vec![meant.to_owned()], true));
        assert_eq!(kept.default(&scope()).await.unwrap(), view.revision.configuration);
        let all = kept.list(&scope(), &ScalingFilter::default(), &ALL).await.unwrap().items;
        let defaults: Vec<_> = all.into_iter().filter(|view| view.is_default).collect();
        assert_eq!(tails(&defaults), [meant], "exactly one");
    }
    let mut elsewhere = scope();
    elsewhere.region = crate::account::Region::parse("eu-west-1").expect("a region");
    assert_eq!(kept.default(&elsewhere).await.unwrap(), ScalingConfiguration::default(), "a region has its own");
    let refused = kept.delete(&arn("other/1"), ScalingExtent::Revision, at(11), &row("Delete")).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Invalid, "{refused}");
    kept.delete(&arn("DefaultConfiguration/1"), ScalingExtent::Revision, at(11), &row("Delete")).await.unwrap().unwrap();
    let all = kept.list(&scope(), &ScalingFilter::default(), &ALL).await.unwrap().items;
    assert_eq!(tails(&all), ["DefaultConfiguration/2", "other/1"], "the first one does not come back");
}
