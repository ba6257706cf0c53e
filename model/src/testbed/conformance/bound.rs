//! What leads to services: VPC ingress connections and custom domains hold names and services, and let go of them.

use crate::arn::ServiceArn;
use crate::audit::AuditRow;
use crate::custom_domain::{CustomDomain, DomainName, RecordSeed, Www};
use crate::lifecycle::{Admission, Change, FreshIds, admit, admit_create};
use crate::limit::VPC_INGRESS_SETTLES;
use crate::network::{Ingress, Network};
use crate::operation::OperationId;
use crate::port::{Audit, Commit, CustomDomains, ServiceChange, Services, Version, VpcIngressConnections};
use crate::refusal::RefusalKind;
use crate::service::{HostLabel, Phase, Service, Standing};
use crate::tag::{TagChange, Tags};
use crate::testbed::{caller, create_service, scope, service_id};
use crate::time::Timestamp;
use crate::vpc_ingress::{IngressAsked, IngressChange, IngressFilter, IngressStatus, IngressVpc, VpcIngress};
use crate::wish::{LogPosition, PageRequest, Wish};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn row(action: &str) -> AuditRow {
    AuditRow { at: at(1), caller: caller(), action: format!("apprunner:{action}"), resource: "*".to_owned() }
}

/// A service that runs, at version 1.
async fn running(services: &dyn Services, byte: u8, name: &str, ingress: Ingress) -> Service {
    let ids = FreshIds {
        service: service_id(byte),
        label: HostLabel::from_random([byte; 10]),
        operation: OperationId::from_random([byte; 16]),
    };
    let Admission::Begin(change) = admit_create(&create_service(name), &scope(), None, ids, at(1)) else { panic!("a free name") };
    let mut service = change.service;
    service.phase = Phase::Still(Standing::Running { revision: 1 });
    service.configuration.network = Network { ingress, ..Network::default() };
    put(services, 0, &service).await;
    service
}

async fn put(services: &dyn Services, read: u64, service: &Service) {
    let change = ServiceChange { service: service.clone(), operation: None, revision: None, events: Vec::new(), audit: None };
    assert_eq!(services.commit(Version(read), &change).await.unwrap(), Commit::Done(Version(read + 1)));
}

fn ingress(byte: u8, name: &str, service: &Service, now: Timestamp) -> VpcIngress {
    VpcIngress {
        scope: scope(),
        name: name.to_owned(),
        id: format!("{byte:032x}"),
        service: service.arn(),
        from: IngressVpc { vpc: Some("vpc-1".to_owned()), endpoint: Some(format!("vpce-{byte}")) },
        created_at: now,
        asked: IngressAsked::Creation,
        asked_at: now,
        tags: Tags::default(),
    }
}

fn all() -> PageRequest {
    PageRequest { after: None, items_max: None }
}

/// All promises of `VpcIngressConnections`.
pub async fn vpc_ingress_connections(services: &dyn Services, kept: &dyn VpcIngressConnections, audit: &dyn Audit) {
    let now = at(10_000);
    let settled = now.plus(VPC_INGRESS_SETTLES);
    let first = running(services, 1, "first", Ingress::Private).await;
    let second = running(services, 2, "second", Ingress::Private).await;
    let public = running(services, 3, "public", Ingress::Public).await;
    let made = kept.create(&ingress(1, "mine", &first, now), &row("CreateVpcIngressConnection")).await.unwrap().unwrap();
    let refused = async |new: VpcIngress| kept.create(&new, &row("no")).await.unwrap().unwrap_err().kind;
    assert_eq!(refused(ingress(2, "mine", &second, now)).await, RefusalKind::AlreadyExists);
    assert_eq!(refused(ingress(2, "other", &first, now)).await, RefusalKind::Quota);
    assert_eq!(refused(ingress(2, "other", &public, now)).await, RefusalKind::Invalid);
    let mut nowhere = ingress(2, "other", &first, now);
    nowhere.service.id = service_id(9);
    assert_eq!(refused(nowhere).await, RefusalKind::NotFound);
    kept.create(&ingress(2, "another", &second, now), &row("CreateVpcIngressConnection")).await.unwrap().unwrap();
    let rows = audit.list(LogPosition(0), 100).await.unwrap();
    assert_eq!(
        rows.iter().map(|(_, row)| row.resource.clone()).next(),
        Some(made.arn().to_string()),
        "the row names what was made"
    );
    assert_eq!(rows.len(), 2, "a refused change leaves no row");

    let names = async |filter: IngressFilter, page: PageRequest| {
        let page = kept.list(&scope(), &filter, now, &page).await.unwrap();
        (page.items.into_iter().map(|ingress| ingress.name).collect::<Vec<_>>(), page.next)
    };
    assert_eq!(names(IngressFilter::default(), all()).await.0, ["another", "mine"]);
    let (page, next) = names(IngressFilter::default(), PageRequest { after: None, items_max: Some(1) }).await;
    assert_eq!(page, ["another"]);
    assert_eq!(
        names(IngressFilter::default(), PageRequest { after: next, items_max: Some(1) }).await,
        (vec!["mine".to_owned()], None)
    );
    let by_service = IngressFilter { service: Some(first.arn().to_string()), endpoint: None };
    assert_eq!(names(by_service, all()).await.0, ["mine"]);
    let by_endpoint = IngressFilter { service: None, endpoint: Some("vpce-2".to_owned()) };
    assert_eq!(names(by_endpoint, all()).await.0, ["another"]);

    let change = IngressChange::Update(IngressVpc { vpc: Some("vpc-2".to_owned()), endpoint: None });
    let early = kept.change(&made.arn(), &change, now, &row("no")).await.unwrap();
    assert_eq!(early.unwrap_err().kind, RefusalKind::WrongState, "it is still on its way");
    let updated = kept.change(&made.arn(), &change, settled, &row("UpdateVpcIngressConnection")).await.unwrap().unwrap();
    assert_eq!((updated.status(settled), updated.from.vpc.as_deref()), (IngressStatus::PendingUpdate, Some("vpc-2")));
    let tags = TagChange::Set(Tags([("team".to_owned(), "web".to_owned())].into()));
    kept.change_tags(&made.arn(), &tags, settled, &row("TagResource")).await.unwrap().unwrap();
    assert_eq!(kept.find(&made.arn()).await.unwrap().unwrap().tags.0["team"], "web");

    a_service_that_is_led_to_stays(services, kept, &first, &made).await;
}

async fn a_service_that_is_led_to_stays(
    services: &dyn Services,
    kept: &dyn VpcIngressConnections,
    service: &Service,
    made: &VpcIngress,
) {
    let deletion = |now: Timestamp| {
        let wish = Wish::Delete { arn: service.arn() };
        let Admission::Begin(change) = admit(&wish, service, OperationId::from_random([7; 16]), now) else { panic!("it may go") };
        let Change { service, operation, revision, events } = *change;
        ServiceChange { service, operation, revision, events, audit: None }
    };
    let mut now = at(20_000);
    assert_eq!(services.commit(Version(1), &deletion(now)).await.unwrap(), Commit::Bound(made.arn()));
    kept.change(&made.arn(), &IngressChange::Delete, now, &row("DeleteVpcIngressConnection")).await.unwrap().unwrap();
    assert_eq!(services.commit(Version(1), &deletion(now)).await.unwrap(), Commit::Bound(made.arn()), "its end is under way");
    now = now.plus(VPC_INGRESS_SETTLES);
    let gone = kept.find(&made.arn()).await.unwrap().expect("a deleted one is found for a while");
    assert_eq!(gone.status(now), IngressStatus::Deleted);
    let listed = kept.list(&scope(), &IngressFilter::default(), now, &all()).await.unwrap().items;
    assert_eq!(listed.iter().map(|ingress| ingress.name.as_str()).collect::<Vec<_>>(), ["another"]);
    for change in [IngressChange::Delete, IngressChange::Update(IngressVpc::default())] {
        assert_eq!(kept.change(&made.arn(), &change, now, &row("no")).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    }
    let again = kept.create(&ingress(3, "mine", service, now), &row("CreateVpcIngressConnection")).await.unwrap();
    let again = again.expect("its name and its service are free again");
    let settled = now.plus(VPC_INGRESS_SETTLES);
    kept.change(&again.arn(), &IngressChange::Delete, settled, &row("DeleteVpcIngressConnection")).await.unwrap().unwrap();
    let later = settled.plus(VPC_INGRESS_SETTLES);
    assert_eq!(services.commit(Version(1), &deletion(later)).await.unwrap(), Commit::Done(Version(2)));
}

fn domain(arn: &ServiceArn, name: &str, www: Www) -> CustomDomain {
    let seed = RecordSeed { name: [1; 16], value: [2; 16], zone: [3; 10] };
    CustomDomain::new(arn, &DomainName::parse(name).expect("a name"), www, [seed; 3], at(1))
}

/// All promises of `CustomDomains`.
pub async fn custom_domains(services: &dyn Services, kept: &dyn CustomDomains, audit: &dyn Audit) {
    let mut first = running(services, 1, "first", Ingress::Public).await;
    let second = running(services, 2, "second", Ingress::Public).await;
    let associate = async |service: &Service, name: &str, www: Www| {
        kept.associate(&service.arn(), &domain(&service.arn(), name, www), &row("AssociateCustomDomain")).await.unwrap()
    };
    let made = associate(&first, "Example.com", Www::Included).await.unwrap();
    for (service, name) in [(&first, "example.com"), (&second, "EXAMPLE.com"), (&second, "www.example.com")] {
        let refusal = associate(service, name, Www::Left).await.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Invalid, "{name}");
        assert!(refusal.message.contains(&format!("{name} is already associated with")), "{refusal}");
    }
    for name in ["a.example.com", "b.example.com", "c.example.com"] {
        associate(&first, name, Www::Left).await.unwrap();
    }
    associate(&second, "second.example.com", Www::Left).await.unwrap();
    assert_eq!(audit.list(LogPosition(0), 100).await.unwrap().len(), 5, "a refused change leaves no row");
    let list = async |service: &Service, page: PageRequest| {
        let page = kept.list(&service.arn(), &page).await.unwrap();
        (page.items, page.next)
    };
    let (page, next) = list(&first, PageRequest { after: None, items_max: Some(2) }).await;
    assert_eq!(page.iter().map(|domain| domain.name.as_str()).collect::<Vec<_>>(), ["Example.com", "a.example.com"]);
    assert_eq!(page[0], made, "the records are the same in every answer");
    // What goes between two pages is neither lost nor repeated.
    let gone = kept.disassociate(&first.arn(), "b.example.com", &row("DisassociateCustomDomain")).await.unwrap().unwrap();
    assert_eq!(gone.name, "b.example.com");
    let (page, next) = list(&first, PageRequest { after: next, items_max: Some(2) }).await;
    assert_eq!((page.iter().map(|domain| domain.name.as_str()).collect::<Vec<_>>(), next), (vec!["c.example.com"], None));
    let refusal = kept.disassociate(&first.arn(), "b.example.com", &row("no")).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert!(refusal.message.contains("No custom domain b.example.com found for the provided service"), "{refusal}");
    kept.disassociate(&first.arn(), "EXAMPLE.COM", &row("DisassociateCustomDomain")).await.unwrap().unwrap();
    associate(&second, "www.example.com", Www::Left).await.expect("both names are free again");

    first.phase = Phase::Still(Standing::Paused { revision: 1 });
    put(services, 1, &first).await;
    assert_eq!(associate(&first, "d.example.com", Www::Left).await.unwrap_err().kind, RefusalKind::WrongState);
    let refusal = kept.disassociate(&first.arn(), "c.example.com", &row("no")).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::WrongState);
    first.phase = Phase::Still(Standing::Deleted { at: at(9) });
    put(services, 2, &first).await;
    assert_eq!(list(&first, all()).await, (Vec::new(), None), "a deleted service has no domains");
    associate(&second, "c.example.com", Www::Left).await.expect("and holds no names");
    let nowhere = ServiceArn { id: service_id(9), ..first.arn() };
    let answer = kept.associate(&nowhere, &domain(&nowhere, "e.example.com", Www::Left), &row("no")).await.unwrap();
    assert_eq!(answer.unwrap_err().kind, RefusalKind::NotFound);
}
