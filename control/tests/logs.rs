//! What the platform itself puts into a service's log groups: events, deployments, requests. Each once.

mod memory;

use std::sync::Arc;

use control::access_log::{AccessWriter, Fetched};
use control::ports::Ports;
use control::pump::Pump;
use control::service::{ServiceDesk, Turn};
use model::access_log::AccessRecord;
use model::digest::{Algorithm, Digest};
use model::event::Event;
use model::log_line::LogStream;
use model::port::{Desk, Events, LogLines, ServiceChange, Services};
use model::service::{Phase, Service, Standing};
use model::testbed::{
    MemoryEdge, MemoryEngine, MemoryImages, MemoryLedger, MemoryLogs, TurnedClock, access_record, block_on, caller, create_service,
    service_id,
};
use model::time::Timestamp;
use model::wish::{LogPosition, Wish};

struct World {
    ledger: Arc<MemoryLedger>,
    logs: Arc<MemoryLogs>,
    edge: Arc<MemoryEdge>,
    ports: Ports,
}

impl World {
    fn new() -> Self {
        let (ledger, logs, edge) = (Arc::<MemoryLedger>::default(), Arc::<MemoryLogs>::default(), Arc::<MemoryEdge>::default());
        let clock = Arc::new(TurnedClock::at_millis(1_000_000));
        let images = Arc::new(MemoryImages::new(|_: Algorithm, _: &[u8]| -> Digest { panic!("no image is pushed here") }));
        let engine = Arc::new(MemoryEngine::new(clock.clone()));
        let ports = Ports { lines: logs.clone(), ..memory::ports(&ledger, &images, &engine, &edge, &clock) };
        Self { ledger, logs, edge, ports }
    }

    fn create(&self) -> Service {
        let desk = ServiceDesk::new(self.ports.clone(), "outrunner.test".to_owned(), 443);
        block_on(desk.begin(&caller(), Wish::Create(create_service("webs")))).unwrap().unwrap().view.service
    }

    /// The lines of a group, each with its stream.
    fn lines(&self, of: &LogStream) -> Vec<(String, String)> {
        let lines = block_on(LogLines::read(&*self.logs, &of.scope, &of.group, LogPosition(0), 1_000)).unwrap();
        lines.into_iter().map(|placed| (placed.stream, String::from_utf8(placed.line.bytes.to_vec()).unwrap())).collect()
    }
}

#[test]
fn events_and_deployments_are_told_in_the_services_log_group_once_and_after_its_end() {
    let world = World::new();
    let service = world.create();
    let stream = LogStream::of_events(&service, None);
    let events = || -> Vec<String> {
        let events = block_on(Events::list(&*world.ledger, &service.id, LogPosition(0), 1_000)).unwrap();
        events.into_iter().map(|placed| placed.event.message).collect()
    };
    let told = || -> Vec<String> {
        world.lines(&stream).into_iter().filter(|(stream, _)| stream == "events").map(|(_, text)| text).collect()
    };
    let mut pump = Pump::new(world.ports.clone(), service.id.clone());
    for _ in 0..3 {
        assert_eq!(block_on(pump.step()), Turn::Again);
        assert_eq!(told(), events());
    }
    let Phase::Moving { operation, .. } = &service.phase else { panic!("it is being created") };
    let name = LogStream::of_events(&service, Some(&operation.id)).stream;
    assert_eq!(name, format!("deployment/{}", operation.id.as_str().replace('-', "")));
    let begun = (name, "[AppRunner] Starting to pull your application image.".to_owned());
    assert_eq!(world.lines(&stream).into_iter().filter(|(stream, _)| stream != "events").collect::<Vec<_>>(), [begun]);

    let found = block_on(Services::by_id(&*world.ledger, &service.id)).unwrap().unwrap();
    let at = Timestamp::from_millis(2_000_000);
    let change = ServiceChange {
        service: Service { phase: Phase::Still(Standing::Deleted { at }), ..found.value },
        operation: None,
        revision: None,
        events: vec![Event::new(at, "The end.")],
        audit: None,
    };
    block_on(world.ledger.commit(found.version, &change)).unwrap();
    // As if the platform had ended before its pump looked again: the next one finds what is not told yet.
    assert!(told().len() < events().len());
    for _ in 0..2 {
        block_on(control::event::copy_of_the_gone(&world.ports)).unwrap();
        assert_eq!(told(), events());
    }
    assert_eq!(told().last().map(String::as_str), Some("[AppRunner] The end."));
}

#[test]
fn a_pump_is_over_only_when_the_last_events_are_told() {
    let world = World::new();
    let service = world.create();
    let found = block_on(Services::by_id(&*world.ledger, &service.id)).unwrap().unwrap();
    let at = Timestamp::from_millis(2_000_000);
    let gone = Service { phase: Phase::Still(Standing::Deleted { at }), ..found.value };
    let change =
        ServiceChange { service: gone, operation: None, revision: None, events: vec![Event::new(at, "The end.")], audit: None };
    block_on(world.ledger.commit(found.version, &change)).unwrap();
    assert_eq!(block_on(Pump::new(world.ports.clone(), service.id.clone()).step()), Turn::Over);
    let lines = world.lines(&LogStream::of_events(&service, None));
    assert!(lines.iter().any(|(_, text)| text == "[AppRunner] The end."), "{lines:?}");
}

#[test]
fn requests_are_written_into_the_services_log_group_once() {
    let world = World::new();
    let service = world.create();
    let mut writer = AccessWriter::new(world.ports.clone(), world.edge.clone());
    let told = || world.lines(&LogStream::of_requests(&service));
    block_on(writer.step());
    assert!(told().is_empty());
    for (path, service) in [("/one", &service.id), ("/nobodys", &service_id(99)), ("/two", &service.id)] {
        world.edge.record(AccessRecord { service: service.clone(), ..access_record(path) });
    }
    for _ in 0..3 {
        block_on(writer.step());
        let told = told();
        assert!(told.len() == 2 && told[0].1.contains("\"/one\"") && told[1].1.contains("\"/two\""), "{told:?}");
    }
}

#[test]
fn a_front_door_that_died_with_what_it_carried_is_told_of_and_one_that_ended_as_it_should_is_not() {
    let world = World::new();
    let service = world.create();
    let mut writer = AccessWriter::new(world.ports.clone(), world.edge.clone());
    let told = || world.lines(&LogStream::of_requests(&service));
    let carry = |path: &str| world.edge.record(AccessRecord { service: service.id.clone(), ..access_record(path) });
    carry("/one");
    assert_eq!(block_on(writer.step()), Fetched::All);
    assert_eq!(block_on(writer.step()), Fetched::Nothing);
    carry("/lost");
    world.edge.replace();
    carry("/two");
    for _ in 0..3 {
        block_on(writer.step());
    }
    let lines = told();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines.iter().any(|(_, line)| line.contains("The front door was replaced")), "{lines:?}");
    assert!(lines[2].1.contains("\"/two\"") || lines[1].1.contains("\"/two\""), "{lines:?}");
    block_on(writer.finish());
    world.edge.replace();
    carry("/three");
    block_on(writer.step());
    let lines = told();
    assert!(lines.len() == 4 && lines[3].1.contains("\"/three\""), "{lines:?}");
}
