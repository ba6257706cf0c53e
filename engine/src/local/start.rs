//! Makes an instance: image, numbers, bundle, shim, link, and then the word "go"; or "create", and "go" when it is wanted.
//! Never waits until it is healthy (see `watch`), and never leaves something half-made behind when we fail.
//! Source of truth for what an instance is told: its spec and its image.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use model::instance::{InstanceName, InstanceSpec};
use model::instance_door::TOKEN_VARIABLE;
use model::trouble::Trouble;
use tracing::Instrument;
use tracing::field::Empty;

use crate::doing::Doing;
use crate::limit::{LOGS_BYTES, SHIM_LEAVING};
use crate::local::berth::{Berth, write_private};
use crate::local::door::DoorPlate;
use crate::local::health::READY_FILE;
use crate::local::image::{Image, ImageError};
use crate::local::machine::Machine;
use crate::local::record::{CONFIG_FILE, EXIT_FILE, End, Exit, ORDER_FILE, Order, Phase};
use crate::local::removal::remove_folder;
use crate::local::runtime::{self, Bundle, HOSTNAME_FILE, HOSTS_FILE, RESOLVER_FILE};
use crate::local::scratch::Scratch;
use crate::local::shim::Shim;
use crate::local::user::{self, User};
use crate::local::{door, identity_token, logs, provenance, sweep};

/// What folders of instances that are not there yet begin with.
pub const UNFINISHED: &str = ".new-";

/// How soon an instance shall run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As soon as it is made.
    AtOnce,
    /// When `go_on` says so.
    Later,
}

/// An instance that was made.
pub struct Begun {
    /// Its numbers.
    pub berth: Berth,
    /// The socket of its door, open before its first instruction.
    pub door: Option<OwnedFd>,
}

/// Makes it. Afterwards its shim runs, or its exit is written down, or we failed and nothing is left. Answers none if it is
/// there already.
pub async fn begin(machine: &Machine, spec: &InstanceSpec, when: When) -> Result<Option<Begun>, Trouble> {
    let Some(berth) = settle(machine, spec).await? else { return Ok(None) };
    let ahead = when == When::Later;
    let span = tracing::info_span!("instance_start", service = %spec.name.service, instance = %spec.name, ahead, cause = Empty);
    let outcome = try_begin(machine, spec, &berth, when).instrument(span.clone()).await;
    match &outcome {
        Ok(_) => {}
        Err(ImageError::Wrong(_)) => drop(span.record("cause", "image")),
        Err(ImageError::Trouble(_)) => drop(span.record("cause", "trouble")),
    }
    drop(span);
    match outcome {
        Ok(door) => Ok(Some(Begun { berth, door })),
        Err(ImageError::Wrong(words)) => never_started(machine, &spec.name, words).map(|()| Some(Begun { berth, door: None })),
        Err(ImageError::Trouble(trouble)) => {
            if let Err(second) = sweep::clear(machine, &spec.name).await {
                tracing::warn!(instance = %spec.name, cause = %second.chain(), "a failed start leaves something behind");
            }
            Err(trouble)
        }
    }
}

/// A part of a start: how long each takes is for whoever listens to spans.
fn phase(phase: &'static str) -> tracing::Span {
    tracing::info_span!("start_phase", phase)
}

/// Begins an instance that was made ahead. One that is not there, or further, is left as it is.
pub async fn go_on(machine: &Machine, name: &InstanceName) -> Result<(), Trouble> {
    let doing = || format!("starting {name}");
    let shim = machine.shim(name);
    let created = matches!(shim.state().doing(doing)?.map(|state| state.phase), Some(Phase::Created { .. }));
    if !created || !shim.alive().doing(doing)? {
        // Whoever said it before us may not have heard the answer, and nobody else wakes its care.
        if !shim.has(READY_FILE).doing(doing)? {
            machine.stir(name);
        }
        return Ok(());
    }
    let said = match shim.go().await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(why)) => {
            tracing::debug!(instance = %name, cause = why, "the runtime did not start an instance");
            Ok(())
        }
        // Stopped in the same moment.
        Err(_) if shim.gone(SHIM_LEAVING).await && matches!(shim.exit(), Ok(Some(_))) => Ok(()),
        Err(error) => Err(error).doing(doing),
    };
    // Whatever came of it: an answer that we did not wait for may be that it has begun.
    machine.stir(name);
    machine.ring(name);
    said
}

/// Makes the instance's folder with its numbers in it, all at once. None if it is there already.
async fn settle(machine: &Machine, spec: &InstanceSpec) -> Result<Option<Berth>, Trouble> {
    let doing = || format!("making the folder of {}", spec.name);
    let folder = machine.premises.shim(&spec.name);
    if Berth::is_in(&folder).doing(doing)? {
        return Ok(None);
    }
    // What is left of an instance that is gone is in nobody's way.
    remove_folder(&folder).doing(doing)?;
    let berth = machine.take_berth(spec).await?;
    let unfinished = machine.premises.shims().join(format!("{UNFINISHED}{}", spec.name));
    let made = remove_folder(&unfinished)
        .and_then(|()| DirBuilder::new().mode(0o700).create(&unfinished))
        .and_then(|()| berth.write(&unfinished))
        .and_then(|()| fs::rename(&unfinished, &folder));
    if made.is_err() {
        machine.leave_berth(&berth);
    }
    made.doing(doing).map(|()| Some(berth))
}

/// Answers the socket of its door.
async fn try_begin(machine: &Machine, spec: &InstanceSpec, berth: &Berth, when: When) -> Result<Option<OwnedFd>, ImageError> {
    let doing = || format!("starting {}", spec.name);
    let image = machine.unpacker.prepare(&spec.image).instrument(phase("image")).await?;
    let arguments = runtime::arguments(spec, &image.config).map_err(ImageError::Wrong)?;
    let user = image.config.user.as_deref().unwrap_or_default();
    let user = user::resolve(user, &image.layers).map_err(ImageError::Wrong)?;
    let scratch = machine.scratches.take(&spec.name.to_string()).instrument(phase("disk")).await.doing(doing)?;
    let bundle = phase("bundle");
    bundle.in_scope(|| write_folder(machine, spec, berth, (&image, &user), &scratch, arguments)).doing(doing)?;
    drop(bundle);
    if let Some(service) = &spec.identity {
        identity_token::lay(machine, &spec.name, service).await?;
    }

    let shim = machine.shim(&spec.name);
    if when == When::Later {
        let made_by = provenance::made_by(&machine.settings, spec).doing(doing)?;
        write_private(&shim.folder().join(provenance::MADE_BY_FILE), made_by.as_bytes()).doing(doing)?;
    }
    shim.spawn(&machine.settings.shim).instrument(phase("shim")).await?;
    match say_go(machine, berth, &shim, (when, &scratch)).await {
        // Stopped while it was being started: its shim has left in peace, and said so.
        // In a pool that was closed meanwhile it left for want of room, and begins anew in another.
        Err(_)
            if !machine.scratches.has_closed(&scratch) && shim.gone(SHIM_LEAVING).await && shim.exit().doing(doing)?.is_some() =>
        {
            Ok(None)
        }
        outcome => Ok(outcome?),
    }
}

async fn say_go(
    machine: &Machine,
    berth: &Berth,
    shim: &Shim,
    (when, scratch): (When, &Scratch),
) -> Result<Option<OwnedFd>, Trouble> {
    let doing = || format!("starting {}", berth.name);
    let mut door = None;
    let state = shim.ask_state().instrument(phase("pairing")).await?;
    if state.phase == Phase::Paired {
        let path = format!("/proc/{}/fd/{}", state.shim_pid, state.network_fd);
        let network = File::open(path).doing(doing)?;
        // Behind the opening: as long as it holds its lock, its id was its own.
        if !shim.alive().doing(doing)? {
            return Err(Trouble::passing(doing(), "its shim has ended"));
        }
        machine.network.wire(berth, network.into()).instrument(phase("network")).await?;
        door = door::open(machine, berth, shim).await?;
        // What the runtime complains about stands in the exit that the shim writes; it is the owner's to read, not trouble.
        let made = match when {
            When::AtOnce => shim.go().instrument(phase("runtime")).await,
            When::Later => shim.create().instrument(phase("runtime")).await,
        };
        if let Err(why) = made.doing(doing)? {
            if machine.scratches.has_closed(scratch) {
                return Err(Trouble::passing(doing(), format!("the pool that it was to write into is read-only by now: {why}")));
            }
            tracing::debug!(instance = %berth.name, cause = why, "the runtime did not make an instance");
        }
    }
    // Who wanted it while it was being made has been told that it is on its way.
    if when == When::Later && machine.sight(&berth.name).is_some_and(|sight| sight.wanted) {
        go_on(machine, &berth.name).await?;
    }
    Ok(door)
}

/// Everything that the shim and the runtime are told, as files.
fn write_folder(
    machine: &Machine,
    spec: &InstanceSpec,
    berth: &Berth,
    (image, user): (&Image, &User),
    scratch: &Scratch,
    arguments: Vec<String>,
) -> io::Result<()> {
    let name = spec.name.to_string();
    let folder = machine.premises.shim(&spec.name);
    let cgroup = machine.premises.cgroup(&name);
    let text = |path: &Path| path.to_str().map(str::to_owned).ok_or_else(|| io::Error::other("a path is not UTF-8"));
    let order = Order {
        container: name.clone(),
        id_base: if machine.confinement.dialect.has_own_kernel() { 0 } else { berth.id_base },
        uid: user.uid,
        gid: user.gid,
        runtime: text(&machine.settings.runtime)?,
        runtime_root: text(&machine.premises.runtime_root())?,
        layers: image.layers.iter().map(|layer| text(layer)).collect::<io::Result<_>>()?,
        scratch: text(&scratch.folder)?,
        scratch_image: scratch.image.as_deref().map(text).transpose()?,
        logs: text(&logs::folder(&machine.premises.logs(&name), berth.run))?,
        logs_cap_bytes: LOGS_BYTES,
        cgroup: cgroup.clone(),
        hide_cgroup_2: machine.confinement.dialect.hides_version_2(),
        own_kernel: machine.confinement.dialect.has_own_kernel(),
    };
    write_private(&folder.join(ORDER_FILE), order.encode().as_bytes())?;
    let mut given = spec.given.clone();
    if let Some(plate) = DoorPlate::draw(spec, &*machine.ports.dice) {
        plate.write(&folder)?;
        given.set(TOKEN_VARIABLE, plate.token());
    }
    let (layers, confinement) = (&image.layers, &machine.confinement);
    let bundle = Bundle {
        spec,
        given: &given,
        image: &image.config,
        user,
        berth,
        folder: &folder,
        cgroup: &cgroup,
        layers,
        confinement,
        arguments,
    };
    write_private(&folder.join(CONFIG_FILE), bundle.config().to_string().as_bytes())?;

    let hostname = bundle.hostname();
    let hosts = format!("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n{}\t{hostname}\n", berth.address);
    let files = [
        (HOSTS_FILE, hosts),
        (RESOLVER_FILE, machine.network.resolver_file(berth.address)),
        (HOSTNAME_FILE, format!("{hostname}\n")),
    ];
    for (file, content) in files {
        let path = folder.join(file);
        fs::write(&path, content)?;
        // The instance reads these, whatever our umask.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// Writes down that an instance could not begin, for its owner.
fn never_started(machine: &Machine, name: &InstanceName, words: String) -> Result<(), Trouble> {
    let ended_ms = u64::try_from(machine.ports.clock.now().millis()).unwrap_or(0);
    let end = End::NeverStarted(words);
    let exit = Exit { end, out_of_memory: false, processes_refused: false, ended_ms, lines_dropped: 0 };
    let file = machine.premises.shim(name).join(EXIT_FILE);
    write_private(&file, exit.encode().as_bytes()).doing(|| format!("writing down the end of {name}"))
}
