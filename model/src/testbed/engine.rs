//! An engine in memory: instances that do what a test scripts for their image's repository.

use std::collections::{BTreeMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::environment::Environment;
use crate::given_variables::GivenVariables;
use crate::instance::{
    DiskSeen, Elsewhere, Exit, ExitCause, ImageProblem, InstanceName, InstancePhase, InstanceSeen, InstanceSpec, Rest, StopOrder,
};
use crate::instance_door::InstanceRole;
use crate::log_line::{LogBatch, LogCursor, LogLine};
use crate::port::{Answer, Clock, Engine, Images};
use crate::revision::ImagePin;
use crate::service::ServiceId;
use crate::testbed::ledger::ready;
use crate::testbed::world::TurnedClock;
use crate::time::Timestamp;
use crate::trouble::{Retry, Trouble};

fn fails<'a, T: Send + 'a>(trouble: Trouble) -> Answer<'a, T> {
    Box::pin(std::future::ready(Err(trouble)))
}

/// What instances of a repository do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Script {
    /// Prints a line and is ready at once.
    Serve,
    /// The same, and does not end before it is killed.
    ServeDeaf,
    /// Never gets ready.
    Hang,
    /// Ends at once with a code.
    Exit(i32),
    /// Listens on another port.
    Elsewhere(u16),
    /// The image cannot be prepared.
    BadImage(String),
    /// Preparing the image meets trouble of ours.
    Trouble(Retry),
}

/// An engine that forgets when it is dropped.
#[derive(Debug)]
pub struct MemoryEngine {
    clock: Arc<TurnedClock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    scripts: BTreeMap<String, Script>,
    instances: BTreeMap<InstanceName, Running>,
    /// As many as there are clones of are commands under way.
    executions: BTreeMap<InstanceName, Arc<()>>,
    runs: u64,
    prepared: HashSet<ImagePin>,
    needless: HashSet<ImagePin>,
}

#[derive(Clone, Debug)]
struct Running {
    image: ImagePin,
    environment: Environment,
    given: GivenVariables,
    role: Option<InstanceRole>,
    seen: InstanceSeen,
    run: u64,
    counted: u64,
    lines: Vec<LogLine>,
    deaf: bool,
    /// When one that was asked to end is killed.
    killed_at: Timestamp,
}

impl Running {
    /// Asks it to end; what has happened by now is seen at once.
    fn end(&mut self, now: Timestamp, grace: Duration) {
        self.killed_at = match &self.seen.phase {
            InstancePhase::Exited(_) => return,
            InstancePhase::Stopping => self.killed_at.min(now.plus(grace)),
            InstancePhase::Created => {
                let how = ExitCause::NeverStarted("not wanted any more".to_owned());
                self.seen.phase = InstancePhase::Exited(asked(now, how));
                return;
            }
            InstancePhase::Starting { .. } | InstancePhase::Ready | InstancePhase::Unwell { .. } | InstancePhase::Dormant(_) => {
                now.plus(grace)
            }
        };
        self.seen.phase = InstancePhase::Stopping;
    }

    /// What has become of one that was asked to end.
    fn age(&mut self, now: Timestamp) {
        if self.seen.phase == InstancePhase::Stopping && (!self.deaf || now >= self.killed_at) {
            let signal = if self.deaf { 9 } else { 15 };
            self.seen.phase = InstancePhase::Exited(asked(now, ExitCause::Signal(signal)));
        }
    }
}

fn asked(at: Timestamp, how: ExitCause) -> Exit {
    Exit { at, how, last_lines: Vec::new(), limits_reached: Vec::new(), asked: true }
}

impl State {
    fn script_of(&self, spec: &InstanceSpec) -> Script {
        self.scripts.get(spec.image.repository.as_str()).cloned().unwrap_or(Script::Serve)
    }

    fn put(&mut self, spec: &InstanceSpec, now: Timestamp, (phase, lines): (InstancePhase, Vec<LogLine>)) {
        self.runs += 1;
        let address = Some(Ipv4Addr::new(10, 64, 0, 2));
        let seen = InstanceSeen { name: spec.name.clone(), started_at: now, address, phase, disk: DiskSeen::Room };
        let deaf = self.script_of(spec) == Script::ServeDeaf;
        let run = self.runs;
        let running = Running {
            image: spec.image.clone(),
            environment: spec.environment.clone(),
            given: spec.given.clone(),
            role: spec.role.clone(),
            seen,
            run,
            counted: 0,
            lines,
            deaf,
            killed_at: now,
        };
        self.instances.insert(spec.name.clone(), running);
    }
}

impl MemoryEngine {
    pub fn new(clock: Arc<TurnedClock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().expect("no test panics while it holds the engine");
        let now = self.clock.now();
        state.instances.values_mut().for_each(|running| running.age(now));
        state
    }

    /// Says what instances of a repository's images do from now on.
    pub fn script(&self, repository: &str, script: Script) {
        self.state().scripts.insert(repository.to_owned(), script);
    }

    /// Says how an instance is now.
    pub fn turn(&self, name: &InstanceName, phase: InstancePhase) {
        if let Some(running) = self.state().instances.get_mut(name) {
            running.seen.phase = phase;
        }
    }

    /// Whether an image is ready to run.
    pub fn is_prepared(&self, image: &ImagePin) -> bool {
        self.state().prepared.contains(image)
    }

    /// What an instance that is there was given.
    pub fn environment(&self, name: &InstanceName) -> Option<Environment> {
        self.state().instances.get(name).map(|running| running.environment.clone())
    }

    /// What the platform gave it beside that, and the role that its door is for.
    pub fn given(&self, name: &InstanceName) -> Option<(GivenVariables, Option<InstanceRole>)> {
        self.state().instances.get(name).map(|running| (running.given.clone(), running.role.clone()))
    }

    /// An instance has written as much as it may.
    pub fn fill_disk(&self, name: &InstanceName) {
        if let Some(running) = self.state().instances.get_mut(name) {
            running.seen.disk = DiskSeen::Full;
        }
    }

    /// Ends an instance as if its process had exited.
    pub fn end(&self, name: &InstanceName, how: ExitCause) {
        let at = self.clock.now();
        if let Some(running) = self.state().instances.get_mut(name) {
            running.seen.phase =
                InstancePhase::Exited(Exit { at, how, last_lines: Vec::new(), limits_reached: Vec::new(), asked: false });
        }
    }

    /// Those that are wanted, each with how often it has been counted.
    pub(super) fn count(&self, wanted: impl Fn(&InstanceSeen) -> bool) -> Vec<(InstanceName, u64)> {
        let mut state = self.state();
        let running = state.instances.values_mut().filter(|running| wanted(&running.seen));
        let count = |running: &mut Running| {
            running.counted += 1;
            (running.seen.name.clone(), running.counted)
        };
        running.map(count).collect()
    }

    /// The instance prints so many lines.
    ///
    /// # Panics
    /// Where there is no such instance.
    pub fn print(&self, name: &InstanceName, count: usize) {
        let at = self.clock.now();
        let mut state = self.state();
        let running = state.instances.get_mut(name).expect("it is there");
        running.lines.extend((0..count).map(|n| LogLine { at, bytes: format!("line {n}").into() }));
    }

    pub(super) fn phase(&self, name: &InstanceName) -> Option<InstancePhase> {
        self.state().instances.get(name).map(|running| running.seen.phase.clone())
    }

    pub(super) fn execution_places(&self, name: &InstanceName) -> Arc<()> {
        self.state().executions.entry(name.clone()).or_default().clone()
    }

    fn born(&self, script: &Script) -> (InstancePhase, Vec<LogLine>) {
        let at = self.clock.now();
        let starting = |elsewhere| InstancePhase::Starting { last_probe: Some("Connection refused.".to_owned()), elsewhere };
        let line = |text: &str| LogLine { at, bytes: text.to_owned().into() };
        match script {
            Script::Serve | Script::ServeDeaf => (InstancePhase::Ready, vec![line("serving")]),
            Script::Hang => (starting(None), Vec::new()),
            Script::Elsewhere(port) => {
                (starting(Some(Elsewhere { since: at, ports: vec![*port], loopback_ports: Vec::new() })), Vec::new())
            }
            Script::Exit(code) => {
                let exit = Exit {
                    at,
                    how: ExitCause::Code(*code),
                    last_lines: vec!["boom".to_owned()],
                    limits_reached: Vec::new(),
                    asked: false,
                };
                (InstancePhase::Exited(exit), vec![line("boom")])
            }
            Script::Trouble(_) => (starting(None), Vec::new()),
            Script::BadImage(words) => {
                let exit = Exit {
                    at,
                    how: ExitCause::NeverStarted(words.clone()),
                    last_lines: Vec::new(),
                    limits_reached: Vec::new(),
                    asked: false,
                };
                (InstancePhase::Exited(exit), Vec::new())
            }
        }
    }
}

impl Engine for MemoryEngine {
    fn create<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()> {
        let mut state = self.state();
        if !state.instances.contains_key(&spec.name) {
            let made = match state.script_of(spec) {
                bad @ Script::BadImage(_) => self.born(&bad),
                Script::Serve | Script::ServeDeaf | Script::Hang | Script::Exit(_) | Script::Elsewhere(_) | Script::Trouble(_) => {
                    (InstancePhase::Created, Vec::new())
                }
            };
            state.put(spec, self.clock.now(), made);
        }
        ready(())
    }

    fn start<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()> {
        let mut state = self.state();
        let there = state.instances.get(&spec.name).map(|running| running.seen.phase.clone());
        if there.is_none_or(|phase| phase == InstancePhase::Created) {
            let born = self.born(&state.script_of(spec));
            state.put(spec, self.clock.now(), born);
        }
        ready(())
    }

    fn rest<'a>(&'a self, name: &'a InstanceName, rest: Rest) -> Answer<'a, ()> {
        if let Some(running) = self.state().instances.get_mut(name) {
            match &running.seen.phase {
                InstancePhase::Ready | InstancePhase::Dormant(_) => running.seen.phase = InstancePhase::Dormant(rest),
                InstancePhase::Created
                | InstancePhase::Starting { .. }
                | InstancePhase::Unwell { .. }
                | InstancePhase::Stopping
                | InstancePhase::Exited(_) => {}
            }
        }
        ready(())
    }

    fn wake<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()> {
        if let Some(running) = self.state().instances.get_mut(name) {
            match &running.seen.phase {
                InstancePhase::Dormant(_) => running.seen.phase = InstancePhase::Ready,
                InstancePhase::Created
                | InstancePhase::Starting { .. }
                | InstancePhase::Ready
                | InstancePhase::Unwell { .. }
                | InstancePhase::Stopping
                | InstancePhase::Exited(_) => {}
            }
        }
        ready(())
    }

    fn look<'a>(&'a self, service: &'a ServiceId) -> Answer<'a, Vec<InstanceSeen>> {
        let state = self.state();
        ready(state.instances.values().map(|running| running.seen.clone()).filter(|seen| seen.name.service == *service).collect())
    }

    fn all(&self) -> Answer<'_, Vec<InstanceName>> {
        ready(self.state().instances.keys().cloned().collect())
    }

    fn stop<'a>(&'a self, name: &'a InstanceName, order: StopOrder) -> Answer<'a, ()> {
        let now = self.clock.now();
        if let Some(running) = self.state().instances.get_mut(name) {
            running.end(now, order.grace);
        }
        ready(())
    }

    fn discard<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()> {
        self.state().instances.remove(name);
        ready(())
    }

    fn lines<'a>(&'a self, name: &'a InstanceName, after: LogCursor, lines_max: u32) -> Answer<'a, LogBatch> {
        let state = self.state();
        let Some(running) = state.instances.get(name) else {
            return ready(LogBatch { lines: Vec::new(), next: after });
        };
        let read = if after.run == running.run { after.offset as usize } else { 0 };
        let lines: Vec<LogLine> = running.lines.iter().skip(read).take(lines_max as usize).cloned().collect();
        let next = LogCursor { run: running.run, segment: 0, offset: (read + lines.len()) as u64 };
        ready(LogBatch { lines, next })
    }

    fn absorbed<'a>(&'a self, _name: &'a InstanceName, _before: LogCursor) -> Answer<'a, ()> {
        ready(())
    }
}

impl Images for MemoryEngine {
    fn prepare<'a>(&'a self, image: &'a ImagePin) -> Answer<'a, Result<(), ImageProblem>> {
        let mut state = self.state();
        match state.scripts.get(image.repository.as_str()) {
            Some(Script::BadImage(message)) => ready(Err(ImageProblem { message: message.clone() })),
            Some(Script::Trouble(Retry::Worthwhile)) => fails(Trouble::passing("unpacking an image", "the disk is full")),
            Some(Script::Trouble(Retry::Pointless)) => fails(Trouble::lasting("unpacking an image", "the disk is broken")),
            Some(Script::Serve | Script::ServeDeaf | Script::Hang | Script::Exit(_) | Script::Elsewhere(_)) | None => {
                state.prepared.insert(image.clone());
                ready(Ok(()))
            }
        }
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin]) -> Answer<'a, ()> {
        let mut guard = self.state();
        let state = &mut *guard;
        let needed = |pin: &ImagePin| images.contains(pin) || state.instances.values().any(|running| running.image == *pin);
        let needless: HashSet<ImagePin> = state.prepared.iter().filter(|pin| !needed(pin)).cloned().collect();
        state.prepared.retain(|pin| !(needless.contains(pin) && state.needless.contains(pin)));
        state.needless = needless;
        ready(())
    }
}
