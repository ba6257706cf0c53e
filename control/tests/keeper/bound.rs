//! What a service says of its network and its source: private ones have no host, and what cannot be given is never replaced by something else.

use model::code_source::{CodeConfiguration, CodeSource, ConfigurationPlace};
use model::configuration::Source;
use model::network::{Egress, Ingress, NetworkChange};
use model::operation::{OperationState, Outcome};
use model::port::Desk;
use model::service::{Service, ServiceStatus};
use model::testbed::{caller, create_service};
use model::wish::{CreateService, UpdateService, Wish};

use super::{Platform, World, block_on};

fn egress() -> Egress {
    Egress::Vpc { connector: "arn:aws:apprunner:us-east-1:000000000000:vpcconnector/mine/1/0".to_owned() }
}

fn update(service: &Service, network: NetworkChange) -> Wish {
    Wish::Update(UpdateService { network: Some(network), ..UpdateService::of(service.arn()) })
}

fn ingress(ingress: Ingress) -> NetworkChange {
    NetworkChange { ingress: Some(ingress), ..NetworkChange::default() }
}

/// Begins a wish and steps until the service rests again.
fn settled(world: &World, platform: &mut Platform, wish: Wish) -> Service {
    platform.begin(wish);
    for _ in 0..super::STEPS_MAX {
        platform.step();
        if world.service().status() != ServiceStatus::OperationInProgress {
            return world.service();
        }
    }
    panic!("it never rests")
}

/// The hosts that the front door answers for.
fn hosts(world: &World) -> Vec<String> {
    world.edge.table().services.into_iter().flat_map(|route| route.hosts).collect()
}

#[test]
fn a_private_service_runs_and_no_host_leads_to_it_until_an_update_says_so() {
    let world = World::new();
    let mut platform = world.boot();
    let mut wish = create_service("webs");
    wish.configuration.network.ingress = Ingress::Private;
    let service = settled(&world, &mut platform, Wish::Create(wish));
    assert_eq!(service.status(), ServiceStatus::Running);
    assert_eq!((hosts(&world), world.edge.table().services[0].instances.len()), (Vec::new(), 1));
    let events = world.events(&service);
    assert!(events.iter().any(|event| event.contains("the front door does not answer for it")), "{events:?}");
    let public = settled(&world, &mut platform, update(&service, ingress(Ingress::Public)));
    let wanted = vec![public.host(super::DOMAIN), format!("webs.{}", super::DOMAIN)];
    assert_eq!(hosts(&world), wanted);
    let private = settled(&world, &mut platform, update(&service, ingress(Ingress::Private)));
    assert_eq!((private.status(), hosts(&world)), (ServiceStatus::Running, Vec::new()));
    // After a restart the first table is made of what is kept.
    drop(platform);
    let mut platform = world.boot();
    assert_eq!(hosts(&world), Vec::<String>::new());
    platform.step();
    assert_eq!(hosts(&world), Vec::<String>::new());
}

#[test]
fn a_failed_update_leaves_a_private_service_private() {
    let world = World::new();
    let mut platform = world.boot();
    let mut wish = create_service("webs");
    wish.configuration.network.ingress = Ingress::Private;
    let service = settled(&world, &mut platform, Wish::Create(wish));
    let both = NetworkChange { egress: Some(egress()), ..ingress(Ingress::Public) };
    platform.begin(update(&service, both));
    for _ in 0..super::STEPS_MAX {
        platform.step();
        assert_eq!(hosts(&world), Vec::<String>::new(), "not for a moment");
        if world.service().status() != ServiceStatus::OperationInProgress {
            break;
        }
    }
    assert_eq!(world.service().status(), ServiceStatus::Running, "it has ended");
    assert_eq!(world.service().configuration.network, service.configuration.network);
}

#[track_caller]
fn cannot_be_deployed(wish: CreateService, words: &str) {
    let world = World::new();
    let mut platform = world.boot();
    let service = settled(&world, &mut platform, Wish::Create(wish));
    assert_eq!(service.status(), ServiceStatus::CreateFailed);
    let OperationState::Ended { outcome: Outcome::Failed(failure), .. } = &world.outcomes(&service)[0] else { panic!("it failed") };
    assert!(failure.message.contains(words), "{failure:?}");
    let events = world.events(&service);
    assert!(events.iter().any(|event| event.contains(words)), "{events:?}");
    assert!(world.instances().is_empty() && service.revisions == 0, "nothing of it ever ran");
    assert_eq!(hosts(&world), Vec::<String>::new());
}

#[test]
fn a_service_with_egress_through_a_connector_fails_and_never_runs_with_another() {
    let mut wish = create_service("webs");
    wish.configuration.network.egress = egress();
    cannot_be_deployed(wish, "EgressType VPC) is not available");
}

#[test]
fn a_service_of_source_code_fails_and_is_told_what_to_do() {
    let mut wish = create_service("webs");
    wish.configuration.source = Source::Code(CodeSource {
        repository_url: "https://github.com/example/hello".to_owned(),
        branch: "main".to_owned(),
        directory: None,
        configuration: CodeConfiguration { place: ConfigurationPlace::Repository, values: None },
        auto_deployments: None,
        connection: None,
        access_role: None,
    });
    cannot_be_deployed(wish, "Building from a source code repository is not available");
}

#[test]
fn an_update_to_egress_through_a_connector_is_rolled_back_and_one_that_failed_is_mended_by_the_default() {
    let world = World::new();
    let mut platform = world.boot();
    let before = settled(&world, &mut platform, Wish::Create(create_service("webs")));
    let instances = world.instances();
    let vpc = NetworkChange { egress: Some(egress()), ..NetworkChange::default() };
    let after = settled(&world, &mut platform, update(&before, vpc.clone()));
    assert_eq!((after.status(), &after.configuration), (ServiceStatus::Running, &before.configuration));
    assert!(matches!(&world.outcomes(&after)[0], OperationState::Ended { outcome: Outcome::RolledBack(_), .. }));
    assert_eq!(world.instances(), instances, "what served serves on");

    let other = World::new();
    let mut platform = other.boot();
    let mut wish = create_service("webs");
    wish.configuration.network = vpc.applied_to(&wish.configuration.network);
    let failed = settled(&other, &mut platform, Wish::Create(wish));
    let default = NetworkChange { egress: Some(Egress::Default), ..NetworkChange::default() };
    assert_eq!(settled(&other, &mut platform, update(&failed, default)).status(), ServiceStatus::Running);
}

#[test]
fn tracing_runs_with_an_event_that_says_that_nothing_collects_it() {
    let world = World::new();
    let mut platform = world.boot();
    let mut wish = create_service("webs");
    wish.configuration.observability_enabled = Some(true);
    let service = settled(&world, &mut platform, Wish::Create(wish));
    assert_eq!(service.status(), ServiceStatus::Running);
    let events = world.events(&service);
    assert!(events.iter().any(|event| event.contains("nothing collects traces")), "{events:?}");
}

#[test]
fn a_service_that_a_vpc_ingress_connection_leads_to_is_not_deleted() {
    use model::port::VpcIngressConnections;
    use model::vpc_ingress::{IngressAsked, IngressVpc, VpcIngress};
    let world = World::new();
    let mut platform = world.boot();
    let mut wish = create_service("webs");
    wish.configuration.network.ingress = Ingress::Private;
    let service = settled(&world, &mut platform, Wish::Create(wish));
    let now = service.updated_at;
    let new = VpcIngress {
        scope: service.scope.clone(),
        name: "mine".to_owned(),
        id: "0".repeat(32),
        service: service.arn(),
        from: IngressVpc::default(),
        created_at: now,
        asked: IngressAsked::Creation,
        asked_at: now,
        tags: model::tag::Tags::default(),
    };
    let row = model::audit::AuditRow { at: now, caller: caller(), action: String::new(), resource: String::new() };
    block_on(VpcIngressConnections::create(&*world.ledger, &new, &row)).unwrap().unwrap();
    let refusal = block_on(platform.desk.begin(&caller(), Wish::Delete { arn: service.arn() })).unwrap().unwrap_err();
    assert!(refusal.message.contains(&format!("Delete it first: {}", new.arn())), "{refusal}");
    platform.step();
    assert_eq!(world.service().status(), ServiceStatus::Running, "it was not touched");
}
