//! Engines: every effect may be performed twice, instances are seen as they are, lines come once.

use std::time::Duration;

use crate::account::Scope;
use crate::digest::Digest;
use crate::environment::Environment;
use crate::given_variables::GivenVariables;
use crate::health::Health;
use crate::image_reference::RepositoryName;
use crate::instance::{ExitCause, InstanceName, InstancePhase, InstanceSeen, InstanceSpec, Rest, StopOrder};
use crate::instance_size::InstanceSize;
use crate::log_line::LogCursor;
use crate::port::{Engine, Images, Pause};
use crate::revision::ImagePin;
use crate::testbed::{scope, service_id};

/// Images for the suite.
#[derive(Clone, Debug)]
pub struct EngineBench {
    /// Listens on `PORT`, and prints a line when it begins.
    pub serves: ImagePin,
    /// Prints `boom` and exits with code 3.
    pub exits_with_3: ImagePin,
    /// Names a digest that is nowhere, if the engine reads images from somewhere.
    pub missing: Option<ImagePin>,
    pub port: u16,
}

/// A pin in the tests' account.
pub fn pin_of(repository: &str, digest: &Digest) -> ImagePin {
    let scope: Scope = scope();
    ImagePin { scope, repository: RepositoryName::parse(repository).expect("a repository name"), digest: digest.clone() }
}

pub(super) const LOOKS_MAX: u32 = 2_000;

pub(super) fn spec(name: &InstanceName, image: &ImagePin, port: u16) -> InstanceSpec {
    InstanceSpec {
        name: name.clone(),
        image: image.clone(),
        start_command: None,
        environment: Environment::default(),
        given: GivenVariables::default(),
        role: None,
        identity: None,
        port,
        size: InstanceSize { cpu_units: 256, memory_mib: 512 },
        health: Health::default(),
        reach: Vec::new(),
    }
}

async fn seen(engine: &dyn Engine, name: &InstanceName) -> Option<InstanceSeen> {
    engine.look(&name.service).await.unwrap().into_iter().find(|instance| instance.name == *name)
}

/// Asks an instance to end, at once, and waits until it has.
pub(super) async fn kill(engine: &dyn Engine, name: &InstanceName, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    engine.stop(name, StopOrder { grace: Duration::ZERO }).await.unwrap();
    until(engine, name, pause, has_exited).await;
}

/// Looks until the phase is as wanted. `pause` passes a little time between looks.
async fn until(
    engine: &dyn Engine,
    name: &InstanceName,
    pause: &(dyn Fn() -> Pause<'static> + Sync),
    wanted: fn(&InstancePhase) -> bool,
) -> InstanceSeen {
    for _ in 0..LOOKS_MAX {
        if let Some(instance) = seen(engine, name).await
            && wanted(&instance.phase)
        {
            return instance;
        }
        pause().await;
    }
    panic!("{name} never came so far: {:?}", seen(engine, name).await)
}

fn is_ready(phase: &InstancePhase) -> bool {
    matches!(phase, InstancePhase::Ready)
}

fn has_exited(phase: &InstancePhase) -> bool {
    matches!(phase, InstancePhase::Exited(_))
}

fn was_asked(phase: &InstancePhase) -> bool {
    matches!(phase, InstancePhase::Exited(exit) if exit.asked)
}

/// The promises about instances that do not want to end: `deaf` serves, and hears no SIGTERM.
pub async fn stopping(engine: &dyn Engine, deaf: &ImagePin, port: u16, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    let name = |slot| InstanceName { service: service_id(7), revision: 4, slot };
    for slot in 0..2 {
        engine.start(&spec(&name(slot), deaf, port)).await.unwrap();
        until(engine, &name(slot), pause, is_ready).await;
    }
    let patient = StopOrder { grace: Duration::from_secs(3_600) };
    engine.stop(&name(0), patient).await.unwrap();
    assert_eq!(phase(engine, &name(0)).await, InstancePhase::Stopping, "nobody waits for its grace");
    engine.start(&spec(&name(0), deaf, port)).await.unwrap();
    engine.rest(&name(0), Rest::Frozen).await.unwrap();
    engine.wake(&name(0)).await.unwrap();
    engine.stop(&name(0), patient).await.unwrap();
    for _ in 0..10 {
        pause().await;
        assert_eq!(phase(engine, &name(0)).await, InstancePhase::Stopping, "it neither begins anew, nor rests, nor has it exited");
    }
    engine.stop(&name(0), StopOrder { grace: Duration::from_millis(50) }).await.unwrap();
    engine.stop(&name(1), StopOrder { grace: Duration::ZERO }).await.unwrap();
    for slot in 0..2 {
        let exited = until(engine, &name(slot), pause, has_exited).await.phase;
        assert!(was_asked(&exited), "the shorter grace holds: {exited:?}");
        engine.discard(&name(slot)).await.unwrap();
    }
    engine.start(&spec(&name(0), deaf, port)).await.unwrap();
    until(engine, &name(0), pause, is_ready).await;
    engine.stop(&name(0), patient).await.unwrap();
    engine.discard(&name(0)).await.unwrap();
    assert_eq!(seen(engine, &name(0)).await, None, "whoever discards waits for no grace");
}

/// All promises of the two ports but those of `made_ahead`, `dormant` and `stopping`. `pause` is waited for between looks.
pub async fn engine(engine: &dyn Engine, images: &dyn Images, bench: &EngineBench, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    images.prepare(&bench.serves).await.unwrap().unwrap();
    images.prepare(&bench.serves).await.unwrap().unwrap();
    images.prepare(&bench.exits_with_3).await.unwrap().unwrap();
    if let Some(missing) = &bench.missing {
        let problem = images.prepare(missing).await.unwrap().unwrap_err();
        assert!(problem.message.contains(missing.digest.as_str()), "the problem names the image: {problem:?}");
    }
    for _ in 0..3 {
        // One of them is forgotten, and made ready again where it is needed.
        images.keep(std::slice::from_ref(&bench.serves)).await.unwrap();
    }
    let name = |slot| InstanceName { service: service_id(7), revision: 1, slot };
    assert!(engine.look(&service_id(7)).await.unwrap().is_empty());
    engine.stop(&name(0), StopOrder { grace: Duration::ZERO }).await.unwrap();
    engine.discard(&name(0)).await.unwrap();

    engine.start(&spec(&name(0), &bench.serves, bench.port)).await.unwrap();
    engine.start(&spec(&name(0), &bench.serves, bench.port)).await.unwrap();
    let ready = until(engine, &name(0), pause, is_ready).await;
    assert!(ready.address.is_some(), "a ready instance has an address");
    assert_eq!(engine.look(&service_id(7)).await.unwrap().len(), 1, "starting twice is starting once");
    assert!(engine.look(&service_id(8)).await.unwrap().is_empty(), "another service does not see it");
    assert_eq!(engine.all().await.unwrap(), vec![name(0)]);
    lines_come_once(engine, &name(0), pause).await;
    for _ in 0..3 {
        images.keep(&[]).await.unwrap();
    }
    assert_eq!(seen(engine, &name(0)).await.map(|seen| seen.phase), Some(InstancePhase::Ready), "what it runs of stays");

    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(5) }).await.unwrap();
    let asked = phase(engine, &name(0)).await;
    assert!(asked == InstancePhase::Stopping || has_exited(&asked), "it is asked to end: {asked:?}");
    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(5) }).await.unwrap();
    let stopped = until(engine, &name(0), pause, has_exited).await;
    assert!(was_asked(&stopped.phase), "a stopped instance is there until it is discarded: {stopped:?}");
    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(5) }).await.unwrap();
    assert_eq!(phase(engine, &name(0)).await, stopped.phase, "one that has exited stays so");
    engine.start(&spec(&name(0), &bench.serves, bench.port)).await.unwrap();
    let same = seen(engine, &name(0)).await.expect("it is still there");
    assert!(has_exited(&same.phase), "an exited instance is not started again before it is discarded: {same:?}");
    engine.discard(&name(0)).await.unwrap();
    engine.discard(&name(0)).await.unwrap();
    assert!(engine.look(&service_id(7)).await.unwrap().is_empty());

    engine.start(&spec(&name(1), &bench.exits_with_3, bench.port)).await.unwrap();
    let exited = until(engine, &name(1), pause, has_exited).await;
    let InstancePhase::Exited(exit) = exited.phase else { panic!("{exited:?}") };
    assert_eq!((&exit.how, exit.asked), (&ExitCause::Code(3), false), "by itself");
    assert_eq!(exit.last_lines, ["boom"]);
    engine.start(&spec(&name(0), &bench.serves, bench.port)).await.unwrap();
    until(engine, &name(0), pause, is_ready).await;
    engine.discard(&name(0)).await.unwrap();
    engine.discard(&name(1)).await.unwrap();
    assert!(engine.all().await.unwrap().is_empty(), "discard ends what still runs");
}

async fn phase(engine: &dyn Engine, name: &InstanceName) -> InstancePhase {
    seen(engine, name).await.unwrap_or_else(|| panic!("{name} is there")).phase
}

/// The promises about instances made ahead.
pub async fn made_ahead(engine: &dyn Engine, bench: &EngineBench, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    let name = |slot| InstanceName { service: service_id(7), revision: 2, slot };
    let serves = |slot| spec(&name(slot), &bench.serves, bench.port);
    for slot in 0..3 {
        engine.create(&serves(slot)).await.unwrap();
        engine.create(&serves(slot)).await.unwrap();
        assert_eq!(phase(engine, &name(slot)).await, InstancePhase::Created);
    }
    assert_eq!(engine.look(&service_id(7)).await.unwrap().len(), 3, "creating twice is creating once");
    let said = engine.lines(&name(0), LogCursor::default(), 100).await.unwrap();
    assert!(said.lines.is_empty(), "nothing of its image has run: {:?}", said.lines);
    engine.rest(&name(0), Rest::Frozen).await.unwrap();
    engine.wake(&name(0)).await.unwrap();
    assert_eq!(phase(engine, &name(0)).await, InstancePhase::Created, "only a ready one rests");

    engine.start(&serves(0)).await.unwrap();
    engine.start(&serves(0)).await.unwrap();
    let ready = until(engine, &name(0), pause, is_ready).await;
    assert!(ready.address.is_some(), "a ready instance has an address");
    lines_come_once(engine, &name(0), pause).await;
    engine.create(&serves(0)).await.unwrap();
    assert_eq!(phase(engine, &name(0)).await, InstancePhase::Ready, "one that is there is left as it is");

    engine.stop(&name(1), StopOrder { grace: Duration::from_secs(5) }).await.unwrap();
    let stopped = until(engine, &name(1), pause, has_exited).await.phase;
    assert!(was_asked(&stopped), "stopped before it began: {stopped:?}");
    engine.create(&serves(1)).await.unwrap();
    assert_eq!(phase(engine, &name(1)).await, stopped, "it is not made again before it is discarded");
    engine.create(&spec(&name(3), &bench.exits_with_3, bench.port)).await.unwrap();
    engine.start(&spec(&name(3), &bench.exits_with_3, bench.port)).await.unwrap();
    let InstancePhase::Exited(exit) = until(engine, &name(3), pause, has_exited).await.phase else { unreachable!("it has") };
    assert_eq!((exit.how, exit.last_lines), (ExitCause::Code(3), vec!["boom".to_owned()]));
    engine.create(&spec(&name(4), &bench.exits_with_3, bench.port)).await.unwrap();
    engine.start(&serves(4)).await.unwrap();
    until(engine, &name(4), pause, is_ready).await;
    for slot in 0..5 {
        engine.discard(&name(slot)).await.unwrap();
    }
    assert!(engine.look(&service_id(7)).await.unwrap().is_empty(), "discard ends what was made ahead");
}

/// The promises about instances at rest.
pub async fn dormant(engine: &dyn Engine, bench: &EngineBench, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    let name = |slot| InstanceName { service: service_id(7), revision: 3, slot };
    engine.rest(&name(0), Rest::Frozen).await.unwrap();
    engine.wake(&name(0)).await.unwrap();
    for slot in 0..3 {
        engine.start(&spec(&name(slot), &bench.serves, bench.port)).await.unwrap();
    }
    for slot in 0..3 {
        until(engine, &name(slot), pause, is_ready).await;
    }
    engine.wake(&name(0)).await.unwrap();
    assert_eq!(phase(engine, &name(0)).await, InstancePhase::Ready, "awake already");
    // Deeper, lighter, and the same again.
    for rest in [Rest::Throttled, Rest::Frozen, Rest::Frozen, Rest::PagedOut, Rest::Frozen, Rest::Throttled, Rest::PagedOut] {
        engine.rest(&name(0), rest).await.unwrap();
        let InstancePhase::Dormant(seen) = phase(engine, &name(0)).await else { panic!("it rests") };
        let without_swap = rest == Rest::PagedOut && seen == Rest::Frozen;
        assert!(seen == rest || without_swap, "asked for {rest:?}, seen {seen:?}");
        engine.start(&spec(&name(0), &bench.serves, bench.port)).await.unwrap();
        assert_eq!(phase(engine, &name(0)).await, InstancePhase::Dormant(seen), "starting it does not wake it");
    }
    engine.wake(&name(0)).await.unwrap();
    engine.wake(&name(0)).await.unwrap();
    assert_eq!(phase(engine, &name(0)).await, InstancePhase::Ready);
    for (slot, rest) in [(0, Rest::Throttled), (1, Rest::Frozen)] {
        engine.rest(&name(slot), rest).await.unwrap();
        engine.stop(&name(slot), StopOrder { grace: Duration::from_secs(5) }).await.unwrap();
        let asked = phase(engine, &name(slot)).await;
        assert!(asked == InstancePhase::Stopping || has_exited(&asked), "{rest:?} does not keep it from ending: {asked:?}");
        let stopped = until(engine, &name(slot), pause, has_exited).await.phase;
        engine.rest(&name(slot), Rest::Frozen).await.unwrap();
        engine.wake(&name(slot)).await.unwrap();
        assert_eq!(phase(engine, &name(slot)).await, stopped, "who has exited neither rests nor wakes");
    }
    engine.rest(&name(2), Rest::PagedOut).await.unwrap();
    for slot in 0..3 {
        engine.discard(&name(slot)).await.unwrap();
    }
}

async fn lines_come_once(engine: &dyn Engine, name: &InstanceName, pause: &(dyn Fn() -> Pause<'static> + Sync)) {
    for _ in 0..LOOKS_MAX {
        let batch = engine.lines(name, LogCursor::default(), 100).await.unwrap();
        if !batch.lines.is_empty() {
            assert!(batch.next > LogCursor::default(), "the cursor moves");
            let again = engine.lines(name, LogCursor::default(), 100).await.unwrap();
            assert_eq!(again.lines[0], batch.lines[0], "reading takes nothing away");
            let rest = engine.lines(name, batch.next, 100).await.unwrap();
            assert!(rest.next >= batch.next, "the cursor never goes back");
            assert!(!rest.lines.contains(&batch.lines[0]), "behind the cursor the line does not come again");
            engine.absorbed(name, batch.next).await.unwrap();
            let kept = engine.lines(name, batch.next, 100).await.unwrap();
            assert!(kept.next >= batch.next, "what was absorbed may be forgotten, the cursor stays good");
            return;
        }
        pause().await;
    }
    panic!("{name} printed nothing")
}
