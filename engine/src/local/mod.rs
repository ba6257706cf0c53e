//! Instances on this machine: a shim each, runc, one bridge, control groups.
//! Never keeps the truth in memory: a new `LocalEngine` on the same data folder sees what the last one saw.
//! Source of truth: the design, section 3, and the engine recipe.

#[path = "../../../shim/src/record.rs"]
pub mod record;

pub mod premises;

mod age;
mod allowance;
mod apart;
mod berth;
mod cause;
mod cgroup;
mod confinement;
mod dialect;
pub mod doctor;
mod door;
mod dormant;
mod elf;
mod execution;
mod firewall;
mod flows;
mod foreign;
mod forwarding;
mod freezer;
mod fullness;
mod health;
mod host_names;
mod host_program;
mod identity_token;
mod ids;
mod image;
mod image_root;
mod layer;
mod layer_error;
mod layers;
mod lease;
mod link;
mod logs;
mod machine;
mod netlink;
mod network;
mod pool;
mod porter;
mod program;
mod provenance;
mod ration;
mod reached;
mod removal;
mod requirement;
mod rooted;
mod ruleset;
mod run_folder;
mod runtime;
mod scratch;
mod scratch_image;
mod seccomp;
mod seen;
mod session;
mod shim;
mod start;
mod start_command;
mod stopping;
mod subnet;
mod sweep;
mod terminal;
mod unpack;
mod usage;
mod user;
mod watch;
#[cfg(any(test, feature = "workbench"))]
pub mod workbench;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::execution::ExecutionOrder;
use model::instance::{ImageProblem, InstanceName, InstancePhase, InstanceSeen, InstanceSpec, Rest, StopOrder};
use model::instance_usage::InstanceUsage;
use model::log_line::{LogBatch, LogCursor};
use model::port::{Answer, Engine, Execution, Executions, Granted, IdentityTokens, Images, Stats};
use model::revision::ImagePin;
use model::service::ServiceId;
use model::trouble::Trouble;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tracing::Instrument;

use crate::doing::Doing;
use crate::limit::{
    ERRANDS, EXECUTIONS, FAULT_BYTES, HOSTS_AT_ONCE, LOOK_AGAIN, NETWORK_SWEPT, PAGING, SHIM_END, SHIM_GO, SPARES_AFTER, UNPACKING,
};
use crate::local::berth::Berth;
use crate::local::confinement::Confinement;
use crate::local::execution::Places;
use crate::local::image::ImageError;
use crate::local::machine::Machine;
use crate::local::network::Network;
use crate::local::premises::{Premises, instance_of};
use crate::local::scratch::Scratches;
use crate::local::start::{Begun, When};
use crate::local::stopping::Marked;
use crate::plain_letters::in_plain_letters;

pub use crate::local::door::{Answering, Door, Doors};
pub use crate::local::machine::{Ports, Settings};
pub use crate::local::scratch::{ScratchSettings, Way};
pub use crate::local::subnet::BRIDGE_PREFIX as GATEWAY_PREFIX;

/// The engine of one platform on this machine.
pub struct LocalEngine {
    machine: Arc<Machine>,
    /// One task for each instance that is not over, and those that mend. `close` ends them, not the instances.
    tasks: Mutex<Option<JoinSet<()>>>,
    executions: Arc<Places>,
}

impl LocalEngine {
    /// From now on, instances that are to have an identity token have it from here. The first one is who is asked.
    pub fn make_tokens_by(&self, tokens: Arc<dyn IdentityTokens>) {
        let _ = self.machine.tokens.set(tokens);
    }

    /// Replaces the identity tokens whose time has come. To be asked every few minutes.
    pub async fn renew_tokens(&self) -> Result<usize, Trouble> {
        identity_token::renew_all(&self.machine).await
    }

    /// Ends whatever it does by itself, such as mending the network, and starts nothing from then on; instances go on. For whoever takes everything away:
    /// nobody shall bring it back meanwhile.
    pub async fn close(&self) {
        let tasks = self.tasks.lock().expect("nothing panics while it holds the tasks").take();
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
    }

    /// Makes folders, bridge and firewall where they are missing, and takes over what an earlier platform has left running.
    pub async fn open(settings: Settings, ports: Ports) -> Result<Self, Trouble> {
        let doing = || "opening the engine".to_owned();
        let premises = Premises::of(&settings.data_dir).doing(doing)?;
        let folders = premises.clone();
        // It removes what was left too, which may be much.
        tokio::task::spawn_blocking(move || sweep::make_folders(&folders)).await.doing(doing)?.doing(doing)?;
        // Each of them waits for other programs, and none for another.
        let (network, confinement, scratches) = futures_util::future::join3(
            Network::open(&premises, &settings.front_door_ports, ports.hosts.clone()),
            Confinement::of(&settings.runtime),
            Scratches::open(&premises, &settings.scratch),
        )
        .await;
        let (network, confinement, scratches) = (network?, confinement.doing(doing)?, scratches?);
        match scratches.way() {
            way @ (Way::Pool | Way::Images) => tracing::info!(%way, "what instances write is limited"),
            way @ Way::Shared => tracing::warn!(%way, "an instance can fill the disk"),
        }
        let machine = Arc::new(Machine::new(premises, settings, ports, network, confinement, scratches));
        let engine = Self { machine, tasks: Mutex::new(Some(JoinSet::new())), executions: Arc::default() };
        let running = sweep::adopt(&engine.machine).await?;
        engine.machine.network.adopt(&running).await?;
        engine.spawn(keep_network(engine.machine.clone()));
        let machine = engine.machine.clone();
        engine.spawn(async move { machine.network.keep_reached().await });
        for berth in running {
            if let Err(error) = engine.go_on_ending(&berth.name) {
                // Whoever does not want it asks again. Nobody else waits for that.
                tracing::warn!(instance = %berth.name, cause = %error, "whether an instance was asked to end cannot be read");
            }
            let care = engine.machine.care_for(&berth.name).expect("every instance has one folder");
            let machine = engine.machine.clone();
            engine.spawn(async move {
                watch::watch(&machine, &berth, None).await;
                drop(care);
            });
        }
        let machine = engine.machine.clone();
        engine.spawn(async move { fullness::watch(&machine).await });
        engine.prepare_the_next();
        Ok(engine)
    }

    /// The bridges' own addresses, at which instances reach this machine; the receiver hears of new ones.
    pub fn gateways(&self) -> tokio::sync::watch::Receiver<Vec<std::net::Ipv4Addr>> {
        self.machine.network.gateways()
    }

    /// Of each of its queues: the name, how many there are in it, and how many there may be.
    pub fn queues(&self) -> [(&'static str, usize, usize); 5] {
        let network = &self.machine.network;
        [
            ("layer unpacks", self.machine.unpacker.unpacking(), UNPACKING),
            ("changes to the network", network.changes_under_way(), ERRANDS),
            ("names that instances may reach", network.names_asked(), HOSTS_AT_ONCE),
            ("instances whose memory is written out", PAGING - self.machine.paging.available_permits(), PAGING),
            ("commands in instances", self.executions.taken(), EXECUTIONS),
        ]
    }

    /// How much all instances together may keep on their own disks.
    pub fn scratch_bytes_max(&self) -> u64 {
        self.machine.scratches.bytes_max()
    }

    /// How what instances write is limited on this machine.
    pub fn scratch_way(&self) -> Way {
        self.machine.scratches.way()
    }

    /// What a start needs no more itself, and the next one finds done.
    fn prepare_the_next(&self) {
        let machine = self.machine.clone();
        self.spawn(async move {
            // Whoever has just been started shall have the machine first.
            tokio::time::sleep(SPARES_AFTER).await;
            machine.scratches.make_spares().await;
            machine.unpacker.settle().await;
        });
    }

    /// What this machine lacks to run instances, a sentence each that says what to do. Empty is well.
    pub async fn missing(settings: &Settings) -> Vec<String> {
        requirement::missing(settings).await
    }

    /// Looks at this machine, with or without a platform on it, and says what is well for instances and what is not.
    pub async fn doctor(settings: &Settings) -> Vec<doctor::Check> {
        doctor::examine(settings).await
    }

    /// Ends every instance of the platform with this data folder, and takes away all that the engine has on the machine
    /// outside it. Works when the platform is dead; it must not be alive.
    pub async fn remove_everything(settings: &Settings, grace: Duration) -> Result<(), Trouble> {
        sweep::remove_everything(settings, grace).await
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().expect("nothing panics while it holds the tasks");
        // A closed engine begins nothing any more: whoever waits for it hears that it was dropped.
        let Some(tasks) = tasks.as_mut() else { return };
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    async fn begin(&self, spec: &InstanceSpec, when: When) -> Result<(), Trouble> {
        let doing = || format!("starting {}", spec.name);
        let shim = self.machine.shim(&spec.name);
        if Berth::is_in(shim.folder()).doing(doing)? {
            if !provenance::is_of_another_spec(&shim, spec).doing(doing)? {
                return self.go_on(&spec.name, when).await;
            }
            tracing::info!(instance = %spec.name, "what was made ahead is asked for in another way, and made anew");
            self.clear(&spec.name).await?;
        }
        let Some(care) = self.machine.care_for(&spec.name) else { return self.go_on(&spec.name, when).await };
        let (told, outcome) = oneshot::channel();
        let (machine, spec, caller) = (self.machine.clone(), spec.clone(), tracing::Span::current());
        // A task of its own: a caller that stops waiting must not leave half an instance.
        self.spawn(async move {
            match start::begin(&machine, &spec, when).instrument(caller).await {
                Ok(begun) => {
                    let _ = told.send(Ok(()));
                    if let Some(Begun { berth, door }) = begun {
                        watch::watch(&machine, &berth, door).await;
                    }
                    drop(care);
                }
                Err(trouble) => {
                    // Before the caller hears of it: it may try again at once.
                    drop(care);
                    let _ = told.send(Err(trouble));
                }
            }
        });
        let outcome = outcome.await.unwrap_or_else(|gone| Err(gone).doing(|| "starting an instance".to_owned()));
        self.prepare_the_next();
        outcome
    }

    /// Begins what is there already, if it was only made ahead.
    async fn go_on(&self, name: &InstanceName, when: When) -> Result<(), Trouble> {
        if when == When::Later {
            return Ok(());
        }
        // First: one that is still being made looks at this when it is.
        self.machine.notice(name, |sight| sight.wanted = true);
        let (told, outcome) = oneshot::channel();
        let (machine, name) = (self.machine.clone(), name.clone());
        // A task of its own: whoever cares for it must hear of it, also when the caller stops waiting.
        self.spawn(async move {
            let _ = told.send(start::go_on(&machine, &name).await);
        });
        outcome.await.unwrap_or_else(|gone| Err(gone).doing(|| "starting an instance".to_owned()))
    }

    /// Begins an instance's end, and lets a task see it through.
    async fn begin_end(&self, name: &InstanceName, grace: Duration) -> Result<(), Trouble> {
        let (machine, whom) = (self.machine.clone(), name.clone());
        let begun = blocking(move || {
            let shim = machine.shim(&whom);
            let (seen, sight) = (seen::see(&machine, &whom)?, machine.sight(&whom));
            let over = seen.map_or(sight.is_none(), |seen| matches!(seen.phase, InstancePhase::Exited(_)));
            if over {
                return Ok(false);
            }
            let marked = stopping::mark(&shim, machine.ports.clock.now().millis(), grace);
            let marked = marked.doing(|| format!("stopping {whom}"))?;
            Ok(marked != Marked::Before || !sight.is_some_and(|sight| sight.ending))
        });
        if begun.await? {
            self.machine.notice(name, |sight| sight.ending = true);
            self.machine.ring(name);
            // Before anybody is told that it has begun: from here on it needs no platform. One that does not hear now is told again.
            if let Err(error) = self.machine.shim(name).stop(grace).await {
                tracing::debug!(instance = %name, cause = %error, "a shim does not hear at once that its instance shall end");
            }
            self.see_through(name, grace);
        }
        Ok(())
    }

    /// An end that an earlier platform began.
    fn go_on_ending(&self, name: &InstanceName) -> io::Result<()> {
        if let Some(grace) = stopping::left(&self.machine.shim(name))? {
            self.see_through(name, grace);
        }
        Ok(())
    }

    fn see_through(&self, name: &InstanceName, grace: Duration) {
        let (machine, name) = (self.machine.clone(), name.clone());
        self.spawn(async move {
            let Err(trouble) = end(&machine, &name, grace).await else { return };
            tracing::error!(instance = %name, cause = %trouble.chain(), "an instance does not end; whoever wants that is told");
            if let Err(error) = stopping::unmark(&machine.shim(&name)) {
                tracing::error!(instance = %name, cause = %error, "an instance that does not end looks as if it did");
            }
            machine.notice(&name, |sight| sight.ending = false);
            machine.ring(&name);
        });
    }

    async fn clear(&self, name: &InstanceName) -> Result<(), Trouble> {
        end(&self.machine, name, Duration::ZERO).await?;
        let (told, outcome) = oneshot::channel();
        let (machine, name) = (self.machine.clone(), name.clone());
        // A task of its own: a caller that stops waiting must not leave half an instance.
        self.spawn(async move {
            let _ = told.send(sweep::clear(&machine, &name).await);
        });
        outcome.await.unwrap_or_else(|gone| Err(gone).doing(|| "clearing an instance".to_owned()))
    }

    fn names(&self) -> Result<Vec<InstanceName>, Trouble> {
        let entries = fs::read_dir(self.machine.premises.shims()).doing(|| "listing the instances".to_owned())?;
        let mut names = Vec::new();
        for entry in entries {
            names.extend(instance_of(&entry.doing(|| "listing the instances".to_owned())?.file_name()));
        }
        names.sort();
        Ok(names)
    }
}

/// Ends an instance, and waits until that is written down.
async fn end(machine: &Arc<Machine>, name: &InstanceName, grace: Duration) -> Result<(), Trouble> {
    let shim = machine.shim(name);
    let doing = || format!("stopping {name}");
    // A start that is under way comes to a shim or to an end.
    let begun = async {
        while machine.sight(name).is_some() && !shim.alive()? && shim.exit()?.is_none() {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        io::Result::Ok(())
    };
    if let Ok(looked) = tokio::time::timeout(SHIM_GO, begun).await {
        looked.doing(doing)?;
    }
    machine.notice(name, |sight| sight.ending = true);
    // One that cannot be woken is killed when its grace is over.
    if !grace.is_zero()
        && let Err(trouble) = dormant::wake(machine, name).await
    {
        tracing::warn!(instance = %name, cause = %trouble.chain(), "an instance cannot be woken for its end");
    }
    if shim.alive().doing(doing)? && !sweep::end(&shim, grace).await {
        return Err(Trouble::passing(doing(), "its shim does not end"));
    }
    // Its task writes down what a shim that died could not.
    if machine.uncared(name, SHIM_END).await { Ok(()) } else { Err(Trouble::passing(doing(), "its end is not written down")) }
}

/// Mends what others do to bridges, links, firewall and switches, for ever.
async fn keep_network(machine: Arc<Machine>) {
    let mut told = String::new();
    loop {
        tokio::time::sleep(NETWORK_SWEPT).await;
        match machine.network.mend().await {
            Ok(()) => told.clear(),
            // Said once, however often it is tried.
            Err(trouble) if trouble.chain() == told => {}
            Err(trouble) => {
                told = trouble.chain();
                tracing::error!(cause = told, "the network cannot be mended; it is tried again");
            }
        }
    }
}

/// Runs what reads files on a thread that may wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Trouble> + Send + 'static) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.doing(|| "reading what an instance left".to_owned())?
}

impl Engine for LocalEngine {
    fn start<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()> {
        Box::pin(self.begin(spec, When::AtOnce))
    }

    fn create<'a>(&'a self, spec: &'a InstanceSpec) -> Answer<'a, ()> {
        Box::pin(self.begin(spec, When::Later))
    }

    fn rest<'a>(&'a self, name: &'a InstanceName, rest: Rest) -> Answer<'a, ()> {
        Box::pin(dormant::rest(&self.machine, name, rest))
    }

    fn wake<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()> {
        Box::pin(dormant::wake(&self.machine, name))
    }

    fn look<'a>(&'a self, service: &'a ServiceId) -> Answer<'a, Vec<InstanceSeen>> {
        Box::pin(async move {
            let names: Vec<_> = self.names()?.into_iter().filter(|name| name.service == *service).collect();
            if names.is_empty() {
                return Ok(Vec::new());
            }
            let machine = self.machine.clone();
            let see = move |names: Vec<InstanceName>| {
                let machine = machine.clone();
                blocking(move || {
                    names.iter().filter_map(|name| seen::see(&machine, name).transpose()).collect::<Result<Vec<_>, _>>()
                })
            };
            let seen = see(names.clone()).await?;
            if fullness::look_at_the_dead(&self.machine, &seen).await { see(names).await } else { Ok(seen) }
        })
    }

    fn all(&self) -> Answer<'_, Vec<InstanceName>> {
        Box::pin(async { self.names() })
    }

    fn stop<'a>(&'a self, name: &'a InstanceName, order: StopOrder) -> Answer<'a, ()> {
        Box::pin(self.begin_end(name, order.grace))
    }

    fn discard<'a>(&'a self, name: &'a InstanceName) -> Answer<'a, ()> {
        Box::pin(self.clear(name))
    }

    fn lines<'a>(&'a self, name: &'a InstanceName, after: LogCursor, lines_max: u32) -> Answer<'a, LogBatch> {
        Box::pin(async move {
            let doing = format!("reading the log of {name}");
            let Some(berth) = Berth::find(self.machine.shim(name).folder()).doing(|| doing.clone())? else {
                return Ok(LogBatch { lines: Vec::new(), next: after });
            };
            let folder = self.machine.premises.logs(&name.to_string());
            blocking(move || logs::read(&folder, berth.run, after, lines_max).doing(|| doing)).await
        })
    }

    fn absorbed<'a>(&'a self, name: &'a InstanceName, before: LogCursor) -> Answer<'a, ()> {
        Box::pin(async move {
            let doing = format!("forgetting the stored log of {name}");
            let Some(berth) = Berth::find(self.machine.shim(name).folder()).doing(|| doing.clone())? else { return Ok(()) };
            let folder = self.machine.premises.logs(&name.to_string());
            blocking(move || logs::forget(&folder, berth.run, before).doing(|| doing)).await
        })
    }
}

impl Executions for LocalEngine {
    fn execute<'a>(&'a self, name: &'a InstanceName, order: &'a ExecutionOrder) -> Answer<'a, Granted<Box<dyn Execution>>> {
        let (told, outcome) = oneshot::channel();
        let (machine, places) = (self.machine.clone(), self.executions.clone());
        let (name, order) = (name.clone(), order.clone());
        // A task of its own: a command that begins while its caller goes is ended in whole, not left in half.
        self.spawn(async move {
            let _ = told.send(execution::begin(&machine, &places, &name, &order).await);
        });
        Box::pin(async {
            let begun = outcome.await.unwrap_or_else(|gone| Err(gone).doing(|| "running a command".to_owned()))?;
            Ok(begun.map(|session| -> Box<dyn Execution> { Box::new(session) }))
        })
    }
}

impl Stats for LocalEngine {
    fn usage(&self) -> Answer<'_, Vec<InstanceUsage>> {
        Box::pin(async {
            let (names, links) = (self.names()?, self.machine.links());
            let group = self.machine.premises.cgroup_root();
            let read = blocking(move || {
                let table = fs::read_to_string("/proc/self/net/dev").doing(|| "reading the links' counters".to_owned())?;
                Ok(usage::read(Path::new(cgroup::ROOT), &group, &names, &links, &table))
            });
            let mut usages = read.await?;
            for usage in &mut usages {
                // Ended meanwhile: then nobody asks.
                let used = fullness::used(&self.machine, &usage.name).await.ok().flatten();
                usage.scratch_bytes = used.map(|(used, _)| used);
            }
            Ok(usages)
        })
    }
}

impl Images for LocalEngine {
    fn prepare<'a>(&'a self, image: &'a ImagePin) -> Answer<'a, Result<(), ImageProblem>> {
        Box::pin(async move {
            let prepared = self.machine.unpacker.prepare(image).await;
            self.prepare_the_next();
            match prepared {
                Ok(_) => Ok(Ok(())),
                Err(ImageError::Wrong(words)) => Ok(Err(ImageProblem { message: in_plain_letters(&words, FAULT_BYTES) })),
                Err(ImageError::Trouble(trouble)) => Err(trouble),
            }
        })
    }

    fn keep<'a>(&'a self, images: &'a [ImagePin]) -> Answer<'a, ()> {
        Box::pin(self.machine.unpacker.keep(images, self.machine.premises.shims()))
    }
}
