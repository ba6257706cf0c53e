//! The machine of a world: instances that live in its time as their images' nature and misfortune will have it, and outlive every platform.
//!
//! Holds every order against the promises: what is started was kept and has room, what is stopped is neither routed nor busy, what is discarded is over
//! and has nothing more to say.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::time::Duration;

use model::instance::{
    DiskSeen, Elsewhere, Exit, ExitCause, ImageProblem, InstanceName, InstancePhase, InstanceSeen, InstanceSpec, Rest, StopOrder,
};
use model::log_line::{LogBatch, LogCursor, LogLine};
use model::port::{Answer, Clock, Engine, Images, Ring};
use model::revision::ImagePin;
use model::service::ServiceId;
use model::time::Timestamp;

use super::registry::Nature;
use super::scheduler::Group;
use super::world::World;

/// What there is of instances and images.
#[derive(Default)]
pub struct Machine {
    pub instances: BTreeMap<InstanceName, Running>,
    runs: u64,
    pub prepared: Vec<ImagePin>,
    needless: Vec<ImagePin>,
}

/// An instance.
#[derive(Clone)]
pub struct Running {
    pub seen: InstanceSeen,
    pub image: ImagePin,
    spec: InstanceSpec,
    run: u64,
    lines: Vec<LogLine>,
    /// It was healthy, in this run.
    pub was_ready: bool,
    /// The platform asked it to end.
    pub is_asked: bool,
    /// When it ceased to be healthy without being asked to.
    pub ailing_at: Option<Duration>,
}

impl Running {
    pub fn lives(&self) -> bool {
        match self.seen.phase {
            InstancePhase::Starting { .. } | InstancePhase::Ready | InstancePhase::Unwell { .. } | InstancePhase::Dormant(_) => {
                true
            }
            InstancePhase::Created | InstancePhase::Stopping | InstancePhase::Exited(_) => false,
        }
    }

    pub fn is_ready(&self) -> bool {
        self.seen.phase == InstancePhase::Ready
    }

    pub fn is_ahead(&self) -> bool {
        self.seen.phase == InstancePhase::Created
    }

    fn say(&mut self, at: Timestamp, text: &str) {
        self.lines.push(LogLine { at, bytes: format!("run {} {text}", self.run).into() });
    }

    fn is_over(&self) -> bool {
        matches!(self.seen.phase, InstancePhase::Exited(_))
    }
}

fn starting(elsewhere: Option<Elsewhere>) -> InstancePhase {
    InstancePhase::Starting { last_probe: Some("Connection refused.".to_owned()), elsewhere }
}

impl World {
    fn exit(&self, how: ExitCause, asked: bool) -> InstancePhase {
        let at = Clock::now(self);
        InstancePhase::Exited(Exit { at, how, last_lines: Vec::new(), limits_reached: Vec::new(), asked })
    }

    /// Puts an instance there. Answers its run.
    fn put(&self, spec: &InstanceSpec, phase: InstancePhase) -> u64 {
        // What was still sent to one of this name that had vanished is not with this one.
        self.lose_requests(&spec.name);
        let mut machine = self.machine();
        machine.runs += 1;
        let run = machine.runs;
        let address = Some(Ipv4Addr::new(10, 64, 0, 2));
        let seen = InstanceSeen { name: spec.name.clone(), started_at: Clock::now(self), address, phase, disk: DiskSeen::Room };
        let running = Running {
            seen,
            image: spec.image.clone(),
            spec: spec.clone(),
            run,
            lines: Vec::new(),
            was_ready: false,
            is_asked: false,
            ailing_at: None,
        };
        machine.instances.insert(spec.name.clone(), running);
        run
    }

    /// Changes an instance that is still in this run and was not asked to end; rings for it. Answers whether it was.
    fn turn(&self, name: &InstanceName, run: u64, change: impl FnOnce(&mut Running)) -> bool {
        let turned = {
            let mut machine = self.machine();
            let running = machine.instances.get_mut(name).filter(|running| running.run == run && running.lives());
            let Some(running) = running else { return false };
            change(running);
            if !running.is_ready() {
                running.ailing_at = running.was_ready.then(|| self.time.now());
            }
            running.was_ready |= running.is_ready();
            running.seen.clone()
        };
        self.note("an instance", || format!("{} is {:?}", name, turned.phase));
        if matches!(turned.phase, InstancePhase::Exited(_)) {
            self.lose_requests(name);
        }
        model::port::Bell::ring(self, &Ring::Service(name.service.clone()));
        true
    }

    /// Nobody sees them end: after a restart of the machine there is no instance, and nothing tells of one.
    pub fn lose_power(&self) {
        let gone = std::mem::take(&mut self.machine().instances);
        self.note("the power is lost", || format!("with {} instances", gone.len()));
        self.count("the power was lost");
        gone.keys().for_each(|name| self.lose_requests(name));
        self.kill_door();
        self.time.crash();
    }

    fn print(&self, name: &InstanceName, run: u64, text: &str) {
        let at = Clock::now(self);
        // Who has ended says nothing more.
        let lives = |running: &&mut Running| running.run == run && !running.is_over();
        if let Some(running) = self.machine().instances.get_mut(name).filter(lives) {
            running.say(at, text);
        }
    }

    /// The life of an instance that has begun.
    async fn live(&self, name: InstanceName, run: u64, nature: Nature) {
        match nature {
            Nature::Serves | Nature::Flaky | Nature::Sickly | Nature::Bad => self.sleep(self.chance.millis(20, 2_000)).await,
            Nature::Slow => self.sleep(self.chance.millis(2_000, if self.is_stormy() { 40_000 } else { 5_000 })).await,
            Nature::Hangs => return,
            Nature::Exits => {
                self.sleep(self.chance.millis(10, 2_000)).await;
                self.print(&name, run, "boom");
                let exit = self.exit(ExitCause::Code(3), false);
                self.turn(&name, run, |running| running.seen.phase = exit);
                return;
            }
            Nature::Elsewhere => {
                self.sleep(self.chance.millis(10, 2_000)).await;
                let elsewhere = Elsewhere { since: Clock::now(self), ports: vec![9_999], loopback_ports: Vec::new() };
                self.turn(&name, run, |running| running.seen.phase = starting(Some(elsewhere)));
                return;
            }
        }
        if !self.turn(&name, run, |running| running.seen.phase = InstancePhase::Ready) {
            return;
        }
        self.print(&name, run, "serves");
        if nature == Nature::Sickly {
            self.sleep(self.chance.millis(500, 8_000)).await;
            let unwell = InstancePhase::Unwell { last_probe: "GET / answered 500.".to_owned() };
            if self.is_stormy() {
                self.turn(&name, run, |running| running.seen.phase = unwell);
            }
        }
        loop {
            self.sleep(self.chance.millis(1_000, 60_000)).await;
            let per_mille = if nature == Nature::Flaky { 700 } else { self.faults.misfortune };
            if self.is_stormy() && self.chance.happens(per_mille) && !self.befall(&name, run).await {
                return;
            }
            if !self.machine().instances.get(&name).is_some_and(|running| running.run == run && running.lives()) {
                return;
            }
        }
    }

    /// Something befalls a living instance. Answers whether it may go on.
    async fn befall(&self, name: &InstanceName, run: u64) -> bool {
        match self.chance.below(12) {
            0..=4 => {
                self.print(name, run, "ends");
                let exit = self.exit(ExitCause::Code(137), false);
                self.turn(name, run, |running| running.seen.phase = exit);
                false
            }
            5 | 6 => {
                let unwell = InstancePhase::Unwell { last_probe: "GET / answered 500.".to_owned() };
                self.turn(name, run, |running| running.seen.phase = unwell)
            }
            7 => {
                // It recovers, unless somebody was faster.
                let unwell = InstancePhase::Unwell { last_probe: "GET / answered 500.".to_owned() };
                self.turn(name, run, |running| running.seen.phase = unwell);
                self.sleep(self.chance.millis(10, 4_000)).await;
                self.turn(name, run, |running| running.seen.phase = InstancePhase::Ready)
            }
            8 => self.turn(name, run, |running| running.seen.phase = InstancePhase::Dormant(Rest::Frozen)),
            9 => self.turn(name, run, |running| running.seen.disk = DiskSeen::Full),
            _ => {
                self.vanish(name, run);
                false
            }
        }
    }

    /// Nothing is left of it, and nobody says so.
    fn vanish(&self, name: &InstanceName, run: u64) {
        let is_it = |running: &Running| running.run == run;
        if self.machine().instances.get(name).is_some_and(is_it) {
            self.machine().instances.remove(name);
            self.note("an instance vanishes", || name.to_string());
            self.lose_requests(name);
        }
    }

    /// An instance of a service that nobody knows.
    pub fn leave_orphan(&self, spec: &InstanceSpec) {
        self.put(spec, InstancePhase::Ready);
    }

    /// What may never be, seen when an instance begins.
    fn look_at_start(&self, spec: &InstanceSpec) {
        let name = &spec.name;
        if !self.pins().is_kept(&spec.image) {
            self.broken(|| format!("{name} is started of {}, of which the platform keeps no copy", spec.image.digest));
        }
        let most = usize::from(self.books().instances_max(name));
        let carried = self.carried(&name.service);
        let machine = self.machine();
        let of_service = || machine.instances.values().filter(|running| running.seen.name.service == name.service);
        let of_it = || of_service().filter(|running| running.seen.name.revision == name.revision);
        let (living, all) = (of_it().filter(|one| one.lives()).count(), of_it().filter(|one| !one.is_ahead()).count());
        let busy = |one: &&Running| one.lives() && (!one.was_ready || carried.contains(&one.seen.name));
        let mut revisions: BTreeSet<u32> = of_service().filter(busy).map(|one| one.seen.name.revision).collect();
        revisions.insert(name.revision);
        drop(machine);
        if living > most || all > 2 * most {
            self.broken(|| format!("{name} is started: {living} of its revision live, {all} are there, MaxSize is {most}"));
        }
        if revisions.len() > 2 {
            self.broken(|| format!("{name} is started while revisions {revisions:?} start or serve"));
        }
        if carried.contains(name) {
            self.broken(|| format!("{name} is started while requests are sent to that name"));
        }
    }

    /// What may never be, seen when an instance is asked to end.
    fn look_at_stop(&self, name: &InstanceName) {
        let Some((is_ready, ailing_at)) = self.machine().instances.get(name).map(|one| (one.is_ready(), one.ailing_at)) else {
            return;
        };
        let (is_carried, in_flight, unrouted_at) = self.standing_at_door(name);
        if is_carried {
            self.broken(|| format!("{name} is asked to end while it is routed"));
        }
        // It looked ill a moment ago.
        let is_excused = ailing_at.is_some_and(|at| self.time.now() - at < Duration::from_secs(60));
        if is_ready && in_flight > 0 && !is_excused {
            let drained = self.time.now().saturating_sub(unrouted_at) + self.set_forward_since(unrouted_at);
            let drain = self.books().drain(&name.service);
            // The platform's clock counts whole milliseconds: of the time between two of them, less than one is missing.
            if drained + Duration::from_millis(1) <= drain {
                self.broken(|| format!("{name} is asked to end with {in_flight} requests, unrouted for {drained:?} of {drain:?}"));
            }
        }
    }

    fn look_at_discard(&self, name: &InstanceName, kept: LogCursor) {
        let Some(one) = self.machine().instances.get(name).cloned() else { return };
        if !self.books().knows(&name.service) {
            return;
        }
        if !one.is_over() {
            self.broken(|| format!("{name} is discarded as {:?}", one.seen.phase));
        }
        let (is_carried, ..) = self.standing_at_door(name);
        if is_carried {
            self.broken(|| format!("{name} is discarded while it is routed"));
        }
        let said = one.lines.len() as u64;
        if said > 0 && (kept.run, kept.offset) != (one.run, said) {
            self.broken(|| {
                format!("{name} is discarded with lines that nobody took over: {said} in run {}, kept {kept:?}", one.run)
            });
        }
    }

    /// Begins an instance, or says that it does.
    fn begin(&self, spec: &InstanceSpec) {
        let there = self.machine().instances.get(&spec.name).map(Running::is_ahead);
        if there == Some(false) {
            return;
        }
        if there == Some(true) {
            self.count("an instance made ahead was started");
            self.machine().instances.remove(&spec.name);
        }
        let run = self.put(spec, starting(None));
        self.look_at_start(spec);
        self.count("an instance was started");
        self.note("a start", || format!("{} as run {run}", spec.name));
        let name = spec.name.clone();
        if self.is_stormy() && self.chance.happens(self.faults.lie) {
            if self.chance.happens(300) {
                return self.vanish(&name, run);
            }
            let exit = self.exit(ExitCause::Lost, false);
            self.turn(&name, run, |running| running.seen.phase = exit);
            return;
        }
        let (world, nature) = (self.me(), self.nature(&spec.image));
        self.time.spawn(Group::World, async move { world.live(name, run, nature).await });
    }

    fn ask_to_end(&self, name: &InstanceName, grace: Duration) {
        self.look_at_stop(name);
        let run = {
            let never = self.exit(ExitCause::NeverStarted("not wanted any more".to_owned()), true);
            let mut machine = self.machine();
            let Some(running) = machine.instances.get_mut(name).filter(|running| !running.is_over()) else { return };
            running.is_asked = true;
            running.seen.phase = if running.is_ahead() { never } else { InstancePhase::Stopping };
            running.run
        };
        self.count("an instance was stopped");
        self.note("a stop", || format!("{name} within {grace:?}"));
        let longest = u64::try_from(grace.as_millis()).expect("minutes");
        let longest = if self.chance.happens(700) { longest.min(300) } else { longest };
        let lasts = if self.chance.happens(self.faults.deaf) { grace } else { self.chance.millis(0, longest) };
        let (world, name) = (self.me(), name.clone());
        self.time.spawn(Group::World, async move {
            world.sleep(lasts).await;
            let (at, exit) = (Clock::now(&*world), world.exit(ExitCause::Signal(15), true));
            let is_ending = |running: &&mut Running| running.run == run && running.seen.phase == InstancePhase::Stopping;
            if let Some(running) = world.machine().instances.get_mut(&name).filter(is_ending) {
                running.say(at, "says goodbye");
                running.seen.phase = exit;
            }
            world.note("an end", || name.to_string());
            world.lose_requests(&name);
            model::port::Bell::ring(&*world, &Ring::Service(name.service.clone()));
        });
    }
}

impl Engine for World {
    fn create<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("create").await?;
            let there = self.machine().instances.get(&spec.name).map(|one| one.is_ahead() && one.spec != *spec);
            if there.unwrap_or(true) {
                let bad = self.exit(ExitCause::NeverStarted("bad image".to_owned()), false);
                self.put(spec, if self.nature(&spec.image) == Nature::Bad { bad } else { InstancePhase::Created });
                self.count("an instance was made ahead");
                self.note("made ahead", || spec.name.to_string());
            }
            self.after("create").await
        })
    }

    fn start<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("start").await?;
            self.begin(spec);
            self.after("start").await
        })
    }

    fn look<'a>(&'a self, service: &'a ServiceId) -> Answer<'a, Vec<InstanceSeen>> {
        Box::pin(async move {
            self.before("look").await?;
            let of_it = |one: &&Running| one.seen.name.service == *service;
            let seen = self.machine().instances.values().filter(of_it).map(|one| one.seen.clone()).collect();
            self.after("look").await?;
            Ok(seen)
        })
    }

    fn all(&self) -> Answer<'_, Vec<InstanceName>> {
        Box::pin(async move {
            self.before("all").await?;
            let all = self.machine().instances.keys().cloned().collect();
            self.after("all").await?;
            Ok(all)
        })
    }

    fn rest<'a>(&'a self, _: &'a InstanceName, _: Rest) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn wake<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("wake").await?;
            let resting =
                self.machine().instances.get(name).filter(|one| matches!(one.seen.phase, InstancePhase::Dormant(_))).cloned();
            if let Some(one) = resting {
                self.count("an instance was woken");
                self.turn(name, one.run, |running| running.seen.phase = InstancePhase::Ready);
            }
            self.after("wake").await
        })
    }

    fn stop<'a>(&'a self, name: &'a InstanceName, order: StopOrder) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("stop").await?;
            self.ask_to_end(name, order.grace);
            self.after("stop").await
        })
    }

    fn discard<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("discard").await?;
            let kept = model::port::LogLines::cursor(&*self.logs, name).await?;
            self.look_at_discard(name, kept);
            self.machine().instances.remove(name);
            self.note("a discard", || name.to_string());
            self.lose_requests(name);
            self.after("discard").await
        })
    }

    fn lines<'a>(&'a self, name: &'a InstanceName, after: LogCursor, lines_max: u32) -> Answer<'a, LogBatch> {
        Box::pin(async move {
            self.before("lines").await?;
            let batch = match self.machine().instances.get(name) {
                None => LogBatch { lines: Vec::new(), next: after },
                Some(one) => {
                    let read = if after.run == one.run { usize::try_from(after.offset).expect("few") } else { 0 };
                    let lines: Vec<LogLine> = one.lines.iter().skip(read).take(lines_max as usize).cloned().collect();
                    let next = LogCursor { run: one.run, segment: 0, offset: (read + lines.len()) as u64 };
                    LogBatch { lines, next }
                }
            };
            Ok(batch)
        })
    }

    fn absorbed<'a>(&'a self, _: &'a InstanceName, _: LogCursor) -> Answer<'a, ()> {
        Box::pin(async move { self.before("absorbed").await })
    }
}

impl Images for World {
    fn prepare<'a>(&'a self, image: &'a ImagePin) -> Answer<'a, Result<(), ImageProblem>> {
        Box::pin(async move {
            self.before("prepare").await?;
            if self.is_stormy() && self.chance.happens(300) {
                self.sleep(self.chance.millis(100, 20_000)).await;
            }
            if self.nature(image) == Nature::Bad {
                return Ok(Err(ImageProblem { message: "The image has no linux/amd64.".to_owned() }));
            }
            {
                let mut machine = self.machine();
                machine.needless.retain(|needless| needless != image);
                if !machine.prepared.contains(image) {
                    machine.prepared.push(image.clone());
                }
            }
            self.after("prepare").await?;
            Ok(Ok(()))
        })
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin]) -> Answer<'a, ()> {
        Box::pin(async move {
            self.before("keep images").await?;
            {
                let mut guard = self.machine();
                let machine = &mut *guard;
                let needed = |pin: &ImagePin| images.contains(pin) || machine.instances.values().any(|one| one.image == *pin);
                let needless: Vec<ImagePin> = machine.prepared.iter().filter(|pin| !needed(pin)).cloned().collect();
                machine.prepared.retain(|pin| !(needless.contains(pin) && machine.needless.contains(pin)));
                machine.needless = needless;
            }
            self.after("keep images").await
        })
    }
}
