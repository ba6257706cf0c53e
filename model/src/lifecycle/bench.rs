//! A small bench for the lifecycle's tests: services in every phase, and sights in short notation.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::{AccountId, Region, Scope};
use crate::configuration::{Configuration, ImageConfiguration, ImageSource, Source};
use crate::digest::{Algorithm, Digest};
use crate::health::Health;
use crate::image_reference::ImageReference;
use crate::instance::{DiskSeen, Elsewhere, Exit, ExitCause, InstanceName, InstancePhase, InstanceSeen, Rest};
use crate::instance_size::InstanceSize;
use crate::lifecycle::{Effect, Promise, RouteSeen, Seen, Sight, Spare, absorb, absorb_exit, plan};
use crate::operation::{Failure, Operation, OperationId, OperationKind};
use crate::revision::{ImagePin, Revision};
use crate::scaling_configuration::ScalingConfiguration;
use crate::service::{HostLabel, Phase, Service, ServiceId, Standing, Step};
use crate::service_name::ServiceName;
use crate::tag::{ServiceOptions, Tags};
use crate::time::Timestamp;
use crate::wish::{UpdateService, Wish};

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

pub(super) fn pin() -> ImagePin {
    let ImageReference::Own(reference) = reference() else { panic!("it is ours") };
    ImagePin { scope: reference.scope, repository: reference.repository, digest: Digest::from_hash(Algorithm::Sha256, &[7; 32]) }
}

fn reference() -> ImageReference {
    ImageReference::parse("000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1").unwrap()
}

pub(super) fn configuration() -> Configuration {
    Configuration {
        source: Source::Image(ImageSource {
            identifier: reference().to_string(),
            reference: reference(),
            image: Some(ImageConfiguration { port: Some(80), start_command: None, environment: None, secrets: None }),
            auto_deployments: None,
            access_role: None,
        }),
        size: InstanceSize::default(),
        health: Health::default(),
        scaling: ScalingConfiguration::default(),
        observability_enabled: None,
        observability_configuration: None,
        network: crate::network::Network::default(),
        instance_role: None,
    }
}

pub(super) fn moving(kind: OperationKind, from: Option<Standing>, step: Step) -> Phase {
    Phase::Moving { from, operation: Operation::begun(OperationId::from_random([9; 16]), kind, at(0)), step }
}

pub(super) fn every_phase(name: &str) -> Phase {
    match name {
        "running" => Phase::Still(Standing::Running { revision: 1 }),
        "paused" => Phase::Still(Standing::Paused { revision: 1 }),
        "create failed" => Phase::Still(Standing::CreateFailed),
        "delete failed" => Phase::Still(Standing::DeleteFailed),
        "deleted" => Phase::Still(Standing::Deleted { at: at(1) }),
        "moving" => moving(OperationKind::Create, None, Step::Resolving),
        other => panic!("no phase {other}"),
    }
}

pub(crate) fn service(phase: Phase) -> Service {
    Service {
        scope: Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() },
        name: ServiceName::parse("webs").unwrap(),
        id: ServiceId::from_random([0xaa; 16]),
        label: HostLabel::from_random([0; 10]),
        created_at: at(0),
        updated_at: at(0),
        tags: Tags::default(),
        configuration: configuration(),
        revisions: 2,
        phase,
        push_noticed: None,
        secrets_noticed: None,
        full_noticed: BTreeSet::new(),
        exits: 0,
    }
}

pub(super) fn wishes(service: &Service) -> Vec<Wish> {
    let arn = service.arn();
    vec![
        Wish::Update(UpdateService::of(arn.clone())),
        Wish::Deploy { arn: arn.clone() },
        Wish::Pause { arn: arn.clone() },
        Wish::Resume { arn: arn.clone() },
        Wish::Delete { arn },
    ]
}

pub(super) fn promise(phase: Phase) -> Promise {
    let revision = |number| Revision {
        number,
        created_at: at(0),
        configuration: configuration(),
        image: pin(),
        operation: None,
        restores: None,
    };
    let revisions = BTreeMap::from([(1, revision(1)), (2, revision(2))]);
    Promise { service: service(phase), revisions, options: ServiceOptions::default() }
}

pub(super) fn name(short: &str) -> InstanceName {
    InstanceName::parse(&format!("{}.{short}", ServiceId::from_random([0xaa; 16]))).unwrap()
}

/// `r1-0 ready`, `r1-0 busy` (ready with a request in flight), `r1-0 created`, `r1-0 starting`, `r1-0 throttled`, `r1-0 frozen`, `r1-0 paged out`,
/// `r1-0 unwell`, `r1-0 exited`, `r1-0 stopping`, `r1-0 stopped` (exited as it was asked to), `r1-0 elsewhere` (since second 0).
pub(super) fn seen(instances: &[&str], route: &str) -> Seen {
    let sight = |text: &&str| {
        let (short, phase) = text.split_once(' ').unwrap();
        let phase_seen = match phase {
            "ready" | "busy" => InstancePhase::Ready,
            "created" => InstancePhase::Created,
            "throttled" => InstancePhase::Dormant(Rest::Throttled),
            "frozen" => InstancePhase::Dormant(Rest::Frozen),
            "paged out" => InstancePhase::Dormant(Rest::PagedOut),
            "starting" => InstancePhase::Starting { last_probe: Some("Connection refused.".to_owned()), elsewhere: None },
            "elsewhere" => InstancePhase::Starting {
                last_probe: None,
                elsewhere: Some(Elsewhere { since: at(0), ports: vec![8081], loopback_ports: vec![] }),
            },
            "unwell" => InstancePhase::Unwell { last_probe: "GET / answered 500.".to_owned() },
            "stopping" => InstancePhase::Stopping,
            "exited" | "stopped" => InstancePhase::Exited(Exit {
                at: at(0),
                how: ExitCause::Code(3),
                last_lines: vec!["boom".to_owned()],
                limits_reached: Vec::new(),
                asked: phase == "stopped",
            }),
            other => panic!("no phase {other}"),
        };
        let instance =
            InstanceSeen { name: name(short), started_at: at(0), address: None, phase: phase_seen, disk: DiskSeen::Room };
        Sight { instance, in_flight: u32::from(phase == "busy"), unrouted_since: Some(at(0)) }
    };
    let route = match route {
        "unknown" => RouteSeen::Unknown,
        "absent" => RouteSeen::Absent,
        names => RouteSeen::Carried(names.split_whitespace().map(name).collect()),
    };
    Seen { instances: instances.iter().map(sight).collect(), route, wanted: 0, spare: Spare::Unwanted }
}

fn short(effect: &Effect) -> String {
    match effect {
        Effect::Resolve => "resolve".to_owned(),
        Effect::Start(name) => format!("start {}", name.short()),
        Effect::Create(name) => format!("create {}", name.short()),
        Effect::Wake(name) => format!("wake {}", name.short()),
        Effect::Stop { name, .. } => format!("stop {}", name.short()),
        Effect::Discard(name) => format!("discard {}", name.short()),
        Effect::Publish(RouteSeen::Absent) => "publish nothing".to_owned(),
        Effect::Publish(RouteSeen::Unknown) => panic!("nobody publishes what is unknown"),
        Effect::Publish(RouteSeen::Carried(names)) => {
            format!("publish [{}]", names.iter().map(InstanceName::short).collect::<Vec<_>>().join(" "))
        }
    }
}

/// One case: a phase, what is seen at a second, what is planned.
fn check(phase: Phase, instances: &[&str], route: &str, second: i64, expected: &[&str]) {
    let effects = plan(&promise(phase.clone()), &seen(instances, route), at(second)).effects;
    let effects: Vec<String> = effects.iter().map(short).collect();
    assert_eq!(effects, expected, "{phase:?} {instances:?} {route} at {second}");
}

fn starting(from: Option<Standing>) -> Phase {
    moving(OperationKind::Update, from, Step::Starting { revision: 2, since: at(0), warned: false })
}

#[test]
fn a_running_service_is_left_alone_and_mended() {
    let running = || Phase::Still(Standing::Running { revision: 1 });
    check(running(), &["r1-0 ready"], "r1-0", 9, &[]);
    check(running(), &[], "", 9, &["start r1-0"]);
    check(running(), &["r1-0 starting"], "", 9, &[]);
    check(running(), &["r1-0 starting"], "", 301, &["stop r1-0"]);
    check(running(), &["r1-0 exited"], "r1-0", 9, &["publish []"]);
    check(running(), &["r1-0 exited"], "", 0, &[]);
    check(running(), &["r1-0 exited"], "", 1, &["discard r1-0"]);
    check(running(), &["r1-0 exited"], "", -86_400, &["discard r1-0"]);
    check(running(), &[], "r1-0", 9, &["publish []"]);
}

#[test]
fn one_that_is_not_wanted_any_more_serves_on_in_the_place_of_one_that_ended() {
    let running = || Phase::Still(Standing::Running { revision: 1 });
    check(running(), &["r1-0 ready", "r1-1 ready"], "r1-0", 9, &["stop r1-1"]);
    check(running(), &["r1-0 exited", "r1-1 ready"], "r1-0", 0, &["publish [r1-1]"]);
    check(running(), &["r1-0 exited", "r1-1 ready"], "r1-1", 9, &["discard r1-0"]);
    check(running(), &["r1-0 ready", "r1-1 ready"], "r1-1", 9, &["publish [r1-0]"]);
}

#[test]
fn a_platform_that_came_back_publishes_what_it_finds_and_stops_nothing_before() {
    let running = || Phase::Still(Standing::Running { revision: 2 });
    check(running(), &["r1-0 ready", "r2-0 ready"], "unknown", 9, &["publish [r2-0]"]);
    check(running(), &["r1-0 ready", "r2-0 ready"], "r2-0", 9, &["stop r1-0"]);
    check(Phase::Still(Standing::Deleted { at: at(1) }), &["r1-0 ready"], "unknown", 9, &["publish nothing"]);
    check(Phase::Still(Standing::Deleted { at: at(1) }), &["r1-0 ready"], "absent", 9, &["stop r1-0"]);
}

#[test]
fn the_new_version_starts_beside_the_old_one_and_the_old_one_drains() {
    let from = || Some(Standing::Running { revision: 1 });
    check(starting(from()), &["r1-0 ready"], "r1-0", 1, &["start r2-0"]);
    check(starting(from()), &["r1-0 ready", "r2-0 ready"], "r1-0", 1, &[]);
    let routing = || moving(OperationKind::Update, from(), Step::Routing { revision: 2 });
    check(routing(), &["r1-0 busy", "r2-0 ready"], "r1-0", 1, &["publish [r2-0]"]);
    check(routing(), &["r1-0 busy", "r2-0 ready"], "r2-0", 1, &[]);
    check(routing(), &["r1-0 busy", "r2-0 ready"], "r2-0", 125, &["stop r1-0"]);
    check(routing(), &["r1-0 exited", "r2-0 ready"], "r2-0", 1, &["discard r1-0"]);
}

#[test]
fn a_deleted_service_is_unrouted_first_then_drained_then_stopped() {
    let retiring = || moving(OperationKind::Delete, Some(Standing::Running { revision: 1 }), Step::Retiring);
    check(retiring(), &["r1-0 ready"], "r1-0", 1, &["publish nothing"]);
    check(retiring(), &["r1-0 busy"], "absent", 1, &[]);
    check(retiring(), &["r1-0 ready"], "absent", 1, &["stop r1-0"]);
    check(retiring(), &["r1-0 exited"], "absent", 1, &["discard r1-0"]);
    check(retiring(), &[], "absent", 1, &[]);
}

#[test]
fn what_was_made_ahead_is_begun_and_what_rests_is_woken_before_it_is_routed() {
    let running = || Phase::Still(Standing::Running { revision: 1 });
    check(running(), &["r1-0 created"], "", 9, &["start r1-0"]);
    for rest in ["r1-0 throttled", "r1-0 frozen", "r1-0 paged out"] {
        check(running(), &[rest], "", 9, &["wake r1-0"]);
        check(running(), &[rest], "r1-0", 9, &["publish []", "wake r1-0"]);
    }
    check(starting(None), &["r2-0 created"], "absent", 1, &["start r2-0"]);
    check(starting(None), &["r2-0 frozen"], "absent", 1, &["wake r2-0"]);
}

#[test]
fn what_was_made_ahead_or_rests_is_stopped_when_nobody_wants_it() {
    let paused = || Phase::Still(Standing::Paused { revision: 1 });
    for sight in ["r1-0 created", "r1-0 throttled", "r1-0 frozen", "r1-0 paged out"] {
        check(paused(), &[sight], "absent", 9, &["stop r1-0"]);
        check(paused(), &[sight], "unknown", 9, &["publish nothing"]);
    }
    let running = || Phase::Still(Standing::Running { revision: 2 });
    check(running(), &["r1-0 frozen", "r2-0 ready"], "r2-0", 9, &["stop r1-0"]);
    check(running(), &["r1-0 created", "r2-0 ready"], "r2-0", 9, &["stop r1-0"]);
}

/// The same of a service that may have a spare, with room for three instances.
fn check_spare(spare: Spare, phase: Phase, instances: &[&str], (route, wanted): (&str, u16), expected: &[&str]) {
    let mut promise = promise(phase);
    for revision in promise.revisions.values_mut() {
        revision.configuration.scaling.instances_max = 3;
    }
    let seen = Seen { wanted, spare, ..seen(instances, route) };
    let effects: Vec<String> = plan(&promise, &seen, at(9)).effects.iter().map(short).collect();
    assert_eq!(effects, expected, "{spare:?} {instances:?} {route} {wanted}");
}

#[test]
fn a_spare_is_made_behind_what_runs_once_nothing_else_is_to_do_and_while_more_may_run() {
    use Spare::{Kept, Unwanted, Wanted};
    let running = || Phase::Still(Standing::Running { revision: 1 });
    let two = ["r1-0 ready", "r1-1 ready"];
    check_spare(Wanted, running(), &["r1-0 ready"], ("r1-0", 1), &["create r1-1"]);
    check_spare(Wanted, running(), &two, ("r1-0 r1-1", 2), &["create r1-2"]);
    check_spare(Wanted, running(), &["r1-0 ready", "r1-1 ready", "r1-2 ready"], ("r1-0 r1-1 r1-2", 3), &[]);
    check_spare(Wanted, running(), &["r1-0 ready", "r1-1 busy"], ("r1-0", 1), &[]);
    check_spare(Wanted, running(), &["r1-0 starting"], ("", 1), &[]);
    check_spare(Wanted, running(), &[], ("", 1), &["start r1-0"]);
    check_spare(Wanted, running(), &["r1-0 ready"], ("", 1), &["publish [r1-0]"]);
    for spare in [Kept, Unwanted] {
        check_spare(spare, running(), &["r1-0 ready"], ("r1-0", 1), &[]);
    }
    check_spare(Wanted, Phase::Still(Standing::Paused { revision: 1 }), &[], ("absent", 1), &[]);
    let moving = moving(OperationKind::Deployment, Some(Standing::Running { revision: 1 }), Step::Resolving);
    check_spare(Wanted, moving, &["r1-0 ready"], ("r1-0", 1), &["resolve"]);
}

#[test]
fn a_spare_waits_is_begun_when_more_are_wanted_and_goes_when_it_is_not_in_its_place_any_more() {
    use Spare::{Kept, Unwanted, Wanted};
    let running = |revision| Phase::Still(Standing::Running { revision });
    let one = ["r1-0 ready", "r1-1 created"];
    for spare in [Wanted, Kept] {
        check_spare(spare, running(1), &one, ("r1-0", 1), &[]);
        check_spare(spare, running(1), &one, ("r1-0", 2), &["start r1-1"]);
        check_spare(spare, running(1), &["r1-0 ready", "r1-2 created"], ("r1-0", 1), &["stop r1-2"]);
        check_spare(spare, running(2), &["r2-0 ready", "r1-1 created"], ("r2-0", 1), &["stop r1-1"]);
        check_spare(spare, running(1), &["r1-0 ready", "r1-1 stopped"], ("r1-0", 1), &["discard r1-1"]);
        check_spare(spare, running(1), &["r1-0 ready", "r1-1 exited"], ("r1-0", 1), &["discard r1-1"]);
    }
    check_spare(Unwanted, running(1), &one, ("r1-0", 1), &["stop r1-1"]);
    let from = || Some(Standing::Running { revision: 1 });
    check_spare(Kept, starting(from()), &["r1-0 ready", "r1-1 created"], ("r1-0", 1), &["start r2-0"]);
    let routing = moving(OperationKind::Update, from(), Step::Routing { revision: 2 });
    check_spare(Kept, routing, &["r1-0 busy", "r1-1 created", "r2-0 ready"], ("r2-0", 1), &["stop r1-1"]);
    let retiring = moving(OperationKind::Pause, from(), Step::Retiring);
    check_spare(Kept, retiring, &["r1-0 busy", "r1-1 created"], ("absent", 1), &["stop r1-1"]);
}

#[test]
fn a_service_with_a_spare_is_looked_at_no_more_often_than_one_without() {
    let running = Phase::Still(Standing::Running { revision: 1 });
    let seen = Seen { spare: Spare::Kept, ..seen(&["r1-0 ready", "r1-1 created"], "r1-0") };
    assert_eq!(plan(&promise(running), &seen, at(9)).look_again, crate::limit::LOOK_AGAIN_STILL);
}

#[test]
fn a_service_without_an_instance_that_wants_none_is_looked_at_seldom() {
    let look_again =
        |phase: Phase, instances: &[&str], route: &str| plan(&promise(phase), &seen(instances, route), at(9)).look_again;
    let paused = || Phase::Still(Standing::Paused { revision: 1 });
    assert_eq!(look_again(paused(), &[], "absent"), crate::limit::LOOK_AGAIN_EMPTY);
    assert_eq!(look_again(Phase::Still(Standing::CreateFailed), &[], "absent"), crate::limit::LOOK_AGAIN_EMPTY);
    // What is still there, or is missing, is looked after as ever.
    assert_eq!(look_again(paused(), &["r1-0 ready"], "absent"), crate::limit::LOOK_AGAIN_MOVING);
    let running = Phase::Still(Standing::Running { revision: 1 });
    assert_eq!(look_again(running, &[], "r1-0"), crate::limit::LOOK_AGAIN_MOVING);
}

/// Follows the phase: what `absorb` makes of a sight.
fn absorbed(phase: Phase, instances: &[&str], route: &str, second: i64) -> Option<(Phase, Vec<String>)> {
    let change = absorb(&promise(phase), &seen(instances, route), at(second))?;
    Some((change.service.phase, change.events.into_iter().map(|event| event.message).collect()))
}

fn step_of(phase: &Phase) -> &Step {
    let Phase::Moving { step, .. } = phase else { panic!("{phase:?} is not moving") };
    step
}

#[test]
fn an_exit_at_start_fails_with_its_code_and_last_lines() {
    let (phase, events) = absorbed(starting(None), &["r2-0 exited"], "absent", 1).unwrap();
    let Step::RollingBack { failure } = step_of(&phase) else { panic!("{phase:?}") };
    assert!(failure.message.contains("exit code: 3") && failure.message.contains("boom"), "{failure:?}");
    assert!(events[0].contains("exit code: 3"), "{events:?}");
    let (phase, _) = absorbed(phase, &[], "absent", 2).unwrap();
    assert_eq!(phase, Phase::Still(Standing::CreateFailed));
}

#[test]
fn an_app_that_listens_elsewhere_is_named_once_and_fails_at_thirty_seconds() {
    assert_eq!(absorbed(starting(None), &["r2-0 elsewhere"], "absent", 1), None);
    let (phase, events) = absorbed(starting(None), &["r2-0 elsewhere"], "absent", 2).unwrap();
    assert!(events[0].contains("listens on port 8081, not on port 80"), "{events:?}");
    assert_eq!(absorbed(phase.clone(), &["r2-0 elsewhere"], "absent", 3), None);
    let (phase, _) = absorbed(phase, &["r2-0 elsewhere"], "absent", 30).unwrap();
    assert!(matches!(step_of(&phase), Step::RollingBack { .. }));
}

#[test]
fn a_start_waits_for_what_was_made_ahead_or_rests_and_not_for_ever() {
    for sight in ["r2-0 created", "r2-0 frozen"] {
        assert_eq!(absorbed(starting(None), &[sight], "absent", 1), None, "{sight}");
    }
    let late = i64::try_from(crate::limit::BEGINNING_MAX.as_secs()).unwrap();
    let from = || Some(Standing::Running { revision: 1 });
    for sight in ["r2-0 created", "r2-0 frozen"] {
        let (phase, _) = absorbed(starting(None), &[sight], "absent", late).unwrap();
        assert!(matches!(step_of(&phase), Step::RollingBack { .. }), "nothing of it has begun in all the time");
        let (phase, _) = absorbed(starting(from()), &["r1-0 ready", sight], "r1-0", late).unwrap();
        assert!(matches!(step_of(&phase), Step::RollingBack { .. }), "what served before is no beginning of {sight}");
    }
    let (phase, _) = absorbed(starting(from()), &["r1-0 ready"], "r1-0", late).unwrap();
    assert!(matches!(step_of(&phase), Step::RollingBack { .. }), "not even made");
}

#[test]
fn nobody_is_told_of_an_end_when_what_was_made_ahead_or_rests_is_stopped() {
    let promise = promise(Phase::Still(Standing::Running { revision: 1 }));
    for sight in ["r1-0 created", "r1-0 frozen"] {
        assert!(absorb_exit(&promise, &seen(&[sight], ""), &seen(&[sight], "").instances[0].instance, at(9)).is_none(), "{sight}");
    }
}

#[test]
fn success_is_said_only_when_the_edge_carries_the_new_instances() {
    let routing = moving(OperationKind::Create, None, Step::Routing { revision: 2 });
    assert_eq!(absorbed(routing.clone(), &["r2-0 ready"], "absent", 1), None);
    assert_eq!(absorbed(routing.clone(), &["r2-0 ready"], "", 1), None);
    let (phase, events) = absorbed(routing, &["r2-0 ready"], "r2-0", 1).unwrap();
    assert_eq!(phase, Phase::Still(Standing::Running { revision: 2 }));
    assert!(events.contains(&"[AppRunner] Service status is set to RUNNING.".to_owned()), "{events:?}");
}

#[test]
fn success_is_not_said_of_a_part_of_the_least_and_a_version_that_does_not_keep_it_fails() {
    let mut promise =
        promise(moving(OperationKind::Update, Some(Standing::Running { revision: 1 }), Step::Routing { revision: 2 }));
    promise.revisions.get_mut(&2).unwrap().configuration.scaling.instances_min = 2;
    let after = |instances: &[&str], route: &str, second| {
        absorb(&promise, &seen(instances, route), at(second)).map(|change| change.service.phase)
    };
    assert_eq!(after(&["r2-0 ready", "r2-1 starting"], "r2-0", 1), None);
    assert_eq!(after(&["r2-0 ready", "r2-1 stopping"], "r2-0", 1), None);
    assert_eq!(after(&["r2-0 ready", "r2-1 ready"], "r2-0", 1), None);
    let running = Some(Phase::Still(Standing::Running { revision: 2 }));
    assert_eq!(after(&["r2-0 ready", "r2-1 ready", "r2-2 starting"], "r2-0 r2-1", 1), running);
    for (sight, second) in [("r2-1 exited", 1), ("r2-1 starting", 300)] {
        let phase = after(&["r2-0 ready", sight], "r2-0", second).expect("it has failed");
        assert!(matches!(step_of(&phase), Step::RollingBack { .. }), "{sight}: {phase:?}");
    }
}

#[test]
fn a_version_that_ends_before_its_route_fails_with_how_it_ended() {
    let routing = || moving(OperationKind::Update, Some(Standing::Running { revision: 1 }), Step::Routing { revision: 2 });
    let (phase, _) = absorbed(routing(), &["r1-0 ready", "r2-0 exited"], "r1-0", 1).expect("it has failed");
    assert!(format!("{:?}", step_of(&phase)).contains("Container exit code: 3."), "{phase:?}");
}

#[test]
fn a_version_whose_instances_are_gone_with_the_machine_before_their_route_starts_again() {
    let restarted = Step::Starting { revision: 2, since: at(1), warned: false };
    let update = || moving(OperationKind::Update, Some(Standing::Running { revision: 1 }), Step::Routing { revision: 2 });
    let create = || moving(OperationKind::Create, None, Step::Routing { revision: 2 });
    for (routing, sights, route) in [
        (create(), &[][..], "absent"),
        (create(), &[], "r2-0"),
        (update(), &["r1-0 ready"], "r1-0"),
        (update(), &["r1-0 ready", "r2-0 stopped"], "r1-0"),
        (update(), &["r1-0 ready", "r2-0 stopping"], "r1-0"),
    ] {
        let (phase, events) = absorbed(routing, sights, route, 1).expect("it begins anew");
        assert_eq!(*step_of(&phase), restarted, "{sights:?}");
        assert!(events.concat().contains("They are started again."), "{events:?}");
    }
    // What is there, and is not ready any more, is judged by itself.
    let (phase, _) = absorbed(create(), &["r2-0 unwell"], "absent", 1).expect("it has failed");
    assert!(matches!(step_of(&phase), Step::RollingBack { .. }), "{phase:?}");
    for sight in ["r2-0 starting", "r2-0 frozen", "r2-0 created"] {
        assert_eq!(absorbed(create(), &[sight], "absent", 1), None, "{sight}");
    }
}

#[test]
fn one_that_is_asked_to_end_has_no_slot_and_of_all_there_are_never_more_than_twice_the_most() {
    let mut promise = promise(Phase::Still(Standing::Running { revision: 1 }));
    promise.revisions.get_mut(&1).unwrap().configuration.scaling.instances_max = 3;
    for (instances, wanted, expected) in [
        (&["r1-0 ready"][..], 3, "r1-0 r1-1 r1-2"),
        (&["r1-0 ready", "r1-1 stopping"], 2, "r1-0 r1-2"),
        (&["r1-0 ready", "r1-1 stopped"], 2, "r1-0 r1-2"),
        (&["r1-0 exited", "r1-1 ready"], 1, "r1-0"),
        (&["r1-1 ready"], 1, "r1-1"),
        (&["r1-1 busy", "r1-2 created"], 3, "r1-1 r1-0 r1-2"),
        (&["r1-4 ready", "r1-0 stopping", "r1-1 stopping", "r1-2 stopping", "r1-3 stopping"], 3, "r1-4 r1-5"),
        (&["r1-0 stopping", "r1-1 stopping", "r1-2 stopping", "r1-3 stopping", "r1-4 stopping", "r1-5 stopping"], 1, ""),
    ] {
        let seen = Seen { wanted, ..seen(instances, "absent") };
        let names = promise.wanted(1, &seen);
        assert_eq!(names.iter().map(InstanceName::short).collect::<Vec<_>>().join(" "), expected, "{instances:?} {wanted}");
        assert!(names.iter().all(|name| promise.is_wanted(name, &seen)));
    }
}

#[test]
fn a_failed_update_shows_the_old_configuration_again() {
    let from = Some(Standing::Running { revision: 1 });
    let failure = Failure { message: "no".to_owned() };
    let mut promise = promise(moving(OperationKind::Update, from, Step::RollingBack { failure }));
    promise.service.configuration.size = InstanceSize { cpu_units: 256, memory_mib: 512 };
    assert!(absorb(&promise, &seen(&["r1-0 ready", "r2-0 ready"], "r1-0"), at(3)).is_none());
    let change = absorb(&promise, &seen(&["r1-0 ready"], "r1-0"), at(3)).unwrap();
    assert_eq!(change.service.phase, Phase::Still(Standing::Running { revision: 1 }));
    assert_eq!(change.service.configuration, configuration());
}

#[test]
fn a_pause_keeps_its_revision_and_a_delete_says_when() {
    let retiring = |kind| moving(kind, Some(Standing::Running { revision: 1 }), Step::Retiring);
    assert_eq!(absorbed(retiring(OperationKind::Pause), &["r1-0 exited"], "absent", 4), None);
    let (phase, _) = absorbed(retiring(OperationKind::Pause), &[], "absent", 4).unwrap();
    assert_eq!(phase, Phase::Still(Standing::Paused { revision: 1 }));
    let (phase, _) = absorbed(retiring(OperationKind::Delete), &[], "absent", 4).unwrap();
    assert_eq!(phase, Phase::Still(Standing::Deleted { at: at(4) }));
}
