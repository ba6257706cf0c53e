//! Engines: every effect may be performed twice, instances are seen as they are, lines come once.

use std::time::Duration;

use crate::account::Scope;
use crate::digest::Digest;
use crate::environment::Environment;
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

const LOOKS_MAX: u32 = 2_000;

pub(super) fn spec(name: &InstanceName, image: &ImagePin, port: u16) -> InstanceSpec {
    InstanceSpec {
        name: name.clone(),
        image: image.clone(),
        start_command: None,
        environment: Environment::default(),
        port,
        size: InstanceSize { cpu_units: 256, memory_mib: 512 },
        health: Health::default(),
        reach: Vec::new(),
    }
}

async fn seen(engine: &dyn Engine, name: &InstanceName) -> Option<InstanceSeen> {
    engine.look(&name.service).await.unwrap().into_iter().find(|instance| instance.name == *name)
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

/// All promises of the two ports but those of `made_ahead` and `dormant`. `pause` is waited for between looks.
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
    let stopped = seen(engine, &name(0)).await.expect("a stopped instance is there until it is discarded");
    assert!(has_exited(&stopped.phase), "stop answers when it has exited: {stopped:?}");
    engine.stop(&name(0), StopOrder { grace: Duration::from_secs(5) }).await.unwrap();
    engine.start(&spec(&name(0), &bench.serves, bench.port)).await.unwrap();
    let same = seen(engine, &name(0)).await.expect("it is still there");
    assert!(has_exited(&same.phase), "an exited instance is not started again before it is discarded: {same:?}");
    engine.discard(&name(0)).await.unwrap();
    engine.discard(&name(0)).await.unwrap();
    assert!(engine.look(&service_id(7)).await.unwrap().is_empty());

    engine.start(&spec(&name(1), &bench.exits_with_3, bench.port)).await.unwrap();
    let exited = until(engine, &name(1), pause, has_exited).await;
    let InstancePhase::Exited(exit) = exited.phase else { panic!("{exited:?}") };
    assert_eq!(exit.how, ExitCause::Code(3));
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
    let stopped = phase(engine, &name(1)).await;
    assert!(has_exited(&stopped), "stopped before it began: {stopped:?}");
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
        let stopped = phase(engine, &name(slot)).await;
        assert!(has_exited(&stopped), "{rest:?} does not keep it from ending: {stopped:?}");
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
