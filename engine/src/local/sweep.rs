//! What is left of instances: adopting those that run, clearing those that are over, and removing everything.
//! Never touches what belongs to another platform: all names come from `premises`.
//! Source of truth: the folders of the shims, their locks and their documents.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use model::instance::InstanceName;
use model::trouble::Trouble;
use tokio::time::timeout;

use crate::doing::Doing;
use crate::limit::{LOOK_AGAIN, SHIM_END, SHIM_HEARS, SHIM_LEAVING};
use crate::local::berth::Berth;
use crate::local::ids::MachineLock;
use crate::local::machine::{Machine, Settings};
use crate::local::network::Network;
use crate::local::premises::{Premises, RUN, RUN_MODE, instance_of};
use crate::local::record::Phase;
use crate::local::removal::remove_folder;
use crate::local::shim::Shim;
use crate::local::watch::Left;
use crate::local::{cgroup, dormant, execution, layer, provenance, scratch, watch};

/// What folders of instances that are over begin with.
const GONE: &str = ".gone-";

/// Makes the folders that everything else stands in.
pub fn make_folders(premises: &Premises) -> io::Result<()> {
    let passed = RUN_MODE;
    for (folder, mode) in [
        (Path::new(RUN).to_owned(), passed),
        (premises.run(), passed),
        (premises.shims(), passed),
        (premises.runtime_root(), 0o700),
        (premises.layers(), 0o700),
        (premises.scratches(), 0o700),
        (premises.incoming(), 0o700),
    ] {
        DirBuilder::new().recursive(true).mode(mode).create(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode))?;
    }
    layer::remove_unfinished(&premises.layers())
}

/// Finds what an earlier platform has left. Answers with those that need care: they run, or their shim died meanwhile.
pub async fn adopt(machine: &Machine) -> Result<Vec<Berth>, Trouble> {
    let doing = || "looking for running instances".to_owned();
    let mut cared = Vec::new();
    let mut kept = Vec::new();
    for entry in fs::read_dir(machine.premises.shims()).doing(doing)? {
        let entry = entry.doing(doing)?;
        let Some(name) = instance_of(&entry.file_name()) else {
            if let Err(error) = remove_folder(&entry.path()) {
                tracing::warn!(path = %entry.path().display(), cause = %error, "what is no instance cannot be removed");
            }
            continue;
        };
        let shim = machine.shim(&name);
        match of_an_instance(&shim, &machine.settings).await {
            Ok(Some(berth)) => {
                machine.keep_berth(&berth);
                execution::end_left(machine, &name);
                if shim.exit().doing(doing)?.is_none() && !shim.has(watch::LOST_FILE).doing(doing)? {
                    cared.push(berth);
                }
                kept.push(name.to_string());
            }
            Ok(None) => kept.extend(not_cleared(machine, &name).await),
            // The machine's error, not the document's: the instance may be as well as ever.
            Err(error) if error.raw_os_error().is_some_and(|number| number != libc::ENOENT) => return Err(error).doing(doing),
            Err(error) => {
                tracing::warn!(instance = %name, cause = %error, "an instance without readable numbers is removed");
                kept.extend(not_cleared(machine, &name).await);
            }
        }
    }
    end_unknown(&machine.settings.runtime, &machine.premises, &kept).await;
    if let Err(error) = remove_writings(&machine.premises, &kept).await {
        tracing::warn!(cause = %error, "what instances wrote that are gone cannot be removed");
    }
    Ok(cared)
}

/// Clears an instance; its name, if something of it cannot be cleared. That stops nobody: it is seen as lost, and whoever
/// discards it tries again.
async fn not_cleared(machine: &Machine, name: &InstanceName) -> Option<String> {
    let trouble = clear(machine, name).await.err()?;
    tracing::warn!(instance = %name, cause = %trouble.chain(), "what is left of an instance cannot be cleared");
    if let Ok(Some(berth)) = Berth::find(&machine.premises.shim(name)) {
        machine.keep_berth(&berth);
    }
    Some(name.to_string())
}

/// The numbers of an instance that had got as far as to run, in this life of the machine.
async fn of_an_instance(shim: &Shim, settings: &Settings) -> io::Result<Option<Berth>> {
    let berth = Berth::read(shim.folder())?;
    Ok(is_worth_keeping(shim, settings).await?.then_some(berth))
}

async fn is_worth_keeping(shim: &Shim, settings: &Settings) -> io::Result<bool> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
    let Some(state) = shim.state()? else {
        // Without a state only an exit that we wrote ourselves is worth something.
        return Ok(shim.exit()?.is_some());
    };
    if state.boot_id != boot.trim() {
        return Ok(false);
    }
    let keep = match state.phase {
        Phase::Running { .. } => true,
        // The platform died between two of its own steps: whoever wants this instance begins it anew.
        Phase::Paired => !shim.alive()?,
        // Nothing has run, so nothing is lost; and another build may have told its shim and its runtime something else.
        Phase::Created { .. } => shim.exit()?.is_some() || (shim.alive()? && is_of_this_build(shim, settings)?),
    };
    if !keep && shim.alive()? {
        insist(shim, Word::Leave, SHIM_HEARS).await;
        shim.gone(SHIM_END).await;
    }
    Ok(keep)
}

fn is_of_this_build(shim: &Shim, settings: &Settings) -> io::Result<bool> {
    let current = match provenance::current(settings) {
        // What is not there made nothing.
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        current => Some(current?),
    };
    let made_by = shim.read(provenance::MADE_BY_FILE)?.unwrap_or_default();
    Ok(current.is_some_and(|current| made_by.starts_with(&current)))
}

/// Ends instances whose folder somebody has removed: no shim can be found for them, but their control groups have names.
async fn end_unknown(runtime: &Path, premises: &Premises, kept: &[String]) {
    for name in cgroup::below(&premises.cgroup_root()).into_iter().filter(|name| !kept.contains(name)) {
        tracing::warn!(instance = name, "an instance without a folder is ended");
        // It is tried again by the next platform, and said by then.
        let _ = watch::end_orphan(runtime, premises, &name).await;
    }
}

/// Removes what instances that are gone wrote and printed.
async fn remove_writings(premises: &Premises, kept: &[String]) -> io::Result<()> {
    scratch::clear_others(premises, kept).await?;
    let entries = fs::read_dir(premises.incoming()).into_iter().flatten().flatten();
    let gone = entries.filter(|entry| !kept.iter().any(|name| entry.file_name() == name.as_str()));
    // All of them are tried.
    gone.map(|entry| remove_folder(&entry.path())).fold(Ok(()), Result::and)
}

/// Asks a shim to end its instance and waits. One that does not answer any more is killed: whoever cares for its instance
/// finds it without a shim and ends it. True if it is gone.
pub async fn end(shim: &Shim, grace: Duration) -> bool {
    // Always: what is known of its state may be old by now, and one that has begun only says no.
    insist(shim, Word::Leave, SHIM_HEARS).await;
    if !grace.is_zero() {
        let since = Instant::now();
        dormant::rouse(shim).await;
        insist(shim, Word::End { by: since + grace }, grace).await;
        if shim.gone(grace.saturating_sub(since.elapsed())).await {
            return true;
        }
    }
    let since = Instant::now();
    insist(shim, Word::Kill, SHIM_END).await;
    dormant::let_die(shim).await;
    if shim.gone(SHIM_END.saturating_sub(since.elapsed()).max(SHIM_LEAVING)).await {
        return true;
    }
    tracing::error!(folder = %shim.folder().display(), "a shim does not end its instance and is killed");
    shim.kill();
    shim.gone(SHIM_END).await
}

/// What a shim is told about its instance's end.
#[derive(Debug, Clone, Copy)]
enum Word {
    Leave,
    /// SIGTERM, and SIGKILL at that moment.
    End {
        by: Instant,
    },
    Kill,
}

/// Says it until the shim has heard it, or has gone, or the time is over: a platform without a free descriptor, or a shim that
/// waits for its runtime, must not make it unsaid.
async fn insist(shim: &Shim, word: Word, within: Duration) {
    let heard = async {
        loop {
            let said = match word {
                Word::Leave => shim.leave().await,
                Word::End { by } => shim.stop(by.saturating_duration_since(Instant::now())).await,
                Word::Kill => shim.signal(libc::SIGKILL).await,
            };
            match said {
                Ok(()) => return,
                Err(error) => {
                    tracing::debug!(folder = %shim.folder().display(), cause = %error, ?word, "a shim does not hear; it is told again")
                }
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    // One that has ended and is tidying up hears nothing; what follows tells the two apart.
    if timeout(within, heard).await.is_err() && !matches!(word, Word::Leave) {
        tracing::warn!(folder = %shim.folder().display(), ?word, "a shim does not hear what it is told");
    }
}

/// Takes away everything of an instance, ending it first if it runs. Absence is success.
pub async fn clear(machine: &Machine, name: &InstanceName) -> Result<(), Trouble> {
    let berth = match Berth::find(&machine.premises.shim(name)) {
        Err(error) if error.raw_os_error().is_some() => return Err(error).doing(|| format!("clearing {name}")),
        berth => berth.ok().flatten(),
    };
    let (runtime, premises, folder) = (&machine.settings.runtime, &machine.premises, name.to_string());
    finish(runtime, premises, &folder).await?;
    // Before the folder goes: a crash in between must leave somebody who knows what was open to the instance.
    if let Some(berth) = &berth
        && let Err(trouble) = machine.network.unwire(berth).await
    {
        // The network's own sweep tries it again; the address is nobody's all the same.
        tracing::warn!(instance = %name, cause = %trouble.chain(), "an instance's network cannot be taken away at once");
    }
    remove_writing(premises, &folder).await?;
    machine.scratches.forget(&folder);
    if let Some(berth) = &berth {
        machine.leave_berth(berth);
    }
    Ok(())
}

async fn clear_folder(runtime: &Path, premises: &Premises, name: &str) -> Result<(), Trouble> {
    finish(runtime, premises, name).await?;
    remove_writing(premises, name).await
}

/// Ends an instance and whoever runs for it.
async fn finish(runtime: &Path, premises: &Premises, name: &str) -> Result<(), Trouble> {
    let doing = || format!("clearing {name}");
    let folder = premises.shims().join(name);
    let shim = Shim::at(folder.clone());
    if shim.alive().doing(doing)? && !end(&shim, Duration::ZERO).await {
        return Err(Trouble::passing(doing(), "its shim does not end"));
    }
    // The shim has done this where it could; a lost one could not. Where the runtime was killed in the middle, it still knows the instance: it would
    // refuse every other one of that name.
    let forgotten = !premises.runtime_root().join(name).exists();
    let over = forgotten && shim.exit().doing(doing)?.is_some() && cgroup::is_empty(&premises.cgroup(name));
    if folder.exists() && !over && watch::end_orphan(runtime, premises, name).await == Left::Something {
        // The folder stays: it is all by which anybody would find what is left.
        return Err(Trouble::passing(doing(), "its processes do not end"));
    }
    Ok(())
}

/// Removes what an instance wrote and printed, and its folder.
async fn remove_writing(premises: &Premises, name: &str) -> Result<(), Trouble> {
    let doing = || format!("clearing {name}");
    scratch::clear(premises, name).await.doing(doing)?;
    let (logs, folder) = (premises.logs(name), premises.shims().join(name));
    let removed = tokio::task::spawn_blocking(move || {
        remove_folder(&logs)?;
        // Last: as long as it is there, the next platform clears the rest. It loses its name first: whoever begins the same
        // instance anew must not find a part of it, nor lose a part of his own.
        let gone = folder.with_file_name(format!("{GONE}{}", folder.file_name().unwrap_or_default().display()));
        remove_folder(&gone)?;
        match fs::rename(&folder, &gone) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            renamed => renamed.and_then(|()| remove_folder(&gone)),
        }
    });
    removed.await.doing(doing)?.doing(doing)
}

/// Ends every instance and takes everything away that the engine has outside the data folder. Works without a platform.
pub async fn remove_everything(settings: &Settings, grace: Duration) -> Result<(), Trouble> {
    let doing = || "removing everything".to_owned();
    let premises = Premises::of(&settings.data_dir).doing(doing)?;
    let mut ends = tokio::task::JoinSet::new();
    for entry in fs::read_dir(premises.shims()).into_iter().flatten().flatten() {
        let (runtime, premises) = (settings.runtime.clone(), premises.clone());
        ends.spawn(async move {
            let shim = Shim::at(entry.path());
            if shim.alive().doing(|| "ending every instance".to_owned())? {
                end(&shim, grace).await;
            }
            clear_folder(&runtime, &premises, &entry.file_name().to_string_lossy()).await
        });
    }
    for outcome in ends.join_all().await {
        outcome?;
    }
    end_unknown(&settings.runtime, &premises, &[]).await;
    remove_writings(&premises, &[]).await.doing(doing)?;
    scratch::remove_everything(&premises).await.doing(doing)?;
    let network = Network::remove(&premises).await;
    cgroup::remove(&premises.cgroup_root());
    let lock = MachineLock::take().await.doing(doing)?;
    remove_run(&premises, lock).doing(doing)?;
    network
}

/// The engine's part of the run folder, then the folder if nobody else has something in it, then the machine's if we were
/// the last platform.
fn remove_run(premises: &Premises, lock: MachineLock) -> io::Result<()> {
    remove_folder(&premises.shims())?;
    remove_folder(&premises.runtime_root())?;
    match fs::remove_dir(premises.run()) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => return Ok(()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    lock.remove_what_is_shared();
    Ok(())
}
