//! What instances print, taken over: floods in turns.

use std::pin::pin;

use futures_util::future::poll_immediate;
use model::log_line::LogStream;

use super::*;

/// However many print without end: whoever waits for its turn holds nothing, and a service that prints little does not wait for them.
#[test]
fn a_flood_is_taken_over_when_its_turn_has_come_and_a_few_lines_at_once() {
    let world = World::new();
    let mut platform = world.boot();
    platform.create();
    let service = platform.until(&world, ServiceStatus::Running);
    let [name] = &world.instances()[..] else { panic!("one instance") };
    let stream = LogStream::of_instance(&service, name);
    let lines = platform.ports.lines.clone();
    let kept = || block_on(lines.read(&stream.scope, &stream.group, LogPosition(0), 10_000)).unwrap().len();
    let turns: Vec<_> = (0..control::limit::PUMP_TURNS).map(|_| block_on(platform.ports.pump_turns.take())).collect();
    let mut pump = Pump::new(platform.ports.clone(), service.id.clone());
    assert_eq!(block_on(pump.step()), Turn::Again);
    assert_eq!(kept(), 1, "what it said when it began");
    let few = control::limit::PUMP_FEW_LINES as usize;
    world.engine.print(name, few);
    let mut step = pin!(pump.step());
    assert!(block_on(poll_immediate(step.as_mut())).is_none(), "others have every turn");
    assert_eq!(kept(), 1);
    drop(turns);
    assert_eq!(block_on(step), Turn::Again);
    assert_eq!(kept(), 1 + few);
}
