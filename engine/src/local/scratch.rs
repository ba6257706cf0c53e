//! What instances write: a place of its own for each, bounded in the best way that this machine has.
//! Never decides by what a machine says of itself: each way is tried when the engine opens, and the first that works is in
//! force. Never makes a start wait for a file system to be made: some are made ahead.
//! Source of truth: the design, section 3; the engine recipe, section 5; what lies in the scratch folder.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use model::trouble::Trouble;
use rustix::fs::StatVfsMountFlags;

use crate::doing::Doing;
use crate::limit::{SCRATCH_ALL_BYTES, SCRATCH_ALL_BYTES_MIN, SCRATCH_SPARES};
use crate::local::pool::{self, Bounds, Pool};
use crate::local::premises::Premises;
use crate::local::removal::remove_folder;
use crate::local::scratch_image as image;

/// How much instances may write, and how that is enforced.
#[derive(Debug, Clone)]
pub struct ScratchSettings {
    /// Of all instances together. None: half of what is free, and not more than `SCRATCH_ALL_BYTES`.
    pub all_bytes: Option<u64>,
    /// Of each instance.
    pub each_bytes: u64,
    /// Ways that may be tried.
    pub ways: Vec<Way>,
}

impl Default for ScratchSettings {
    fn default() -> Self {
        Self { all_bytes: None, each_bytes: model::limit::SCRATCH_BYTES, ways: Way::ALL.to_vec() }
    }
}

/// How instances are kept from each other's disk space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One btrfs in a file, a subvolume with a quota each. Writes beyond it fail with `EDQUOT`.
    Pool,
    /// An ext4 in a file each. Writes beyond it fail with `ENOSPC`.
    Images,
    /// Folders on the disk of the data folder. Nothing bounds an instance.
    Shared,
}

impl Way {
    /// The best first. Project quotas would stand before them; nobody has run them yet, so they are left out.
    pub const ALL: [Self; 3] = [Self::Pool, Self::Images, Self::Shared];
}

/// For the person who runs the platform.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pool => "a btrfs subvolume with a quota for each instance",
            Self::Images => "a file system of its own for each instance; what all write together is only looked at when one starts",
            Self::Shared => {
                "NOT LIMITED: folders that share the data folder's disk (install btrfs-progs or e2fsprogs to limit them)"
            }
        })
    }
}

/// Where one instance writes.
#[derive(Debug)]
pub struct Scratch {
    /// The folder that the shim makes the overlay's folders in.
    pub folder: PathBuf,
    /// The file system that the shim mounts there first, if it has one of its own.
    pub image: Option<PathBuf>,
    /// What it was taken from.
    from: Arc<Kind>,
}

/// All of them.
#[derive(Debug)]
pub struct Scratches {
    premises: Premises,
    settings: ScratchSettings,
    /// Another one once the pool has become read-only, as after an error of the disk below it.
    kind: RwLock<Arc<Kind>>,
    /// Read while a place is taken, written while the pool is replaced: nobody looks for a place in a pool that is half made.
    replacing: tokio::sync::RwLock<()>,
    bounds: Bounds,
    spares: Mutex<Spares>,
    /// Held while spares are made: one maker is enough.
    making: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
enum Kind {
    Pool(Pool),
    Images { all_bytes: u64 },
    Shared,
}

impl Kind {
    /// Whether nobody can write any more, which a btrfs says after an error of the disk below it: also when that was full.
    fn is_read_only(&self) -> bool {
        let flags = |pool: &Pool| rustix::fs::statvfs(pool.folder()).map(|disk| disk.f_flag);
        match self {
            Self::Pool(pool) => flags(pool).is_ok_and(|flags| flags.contains(StatVfsMountFlags::RDONLY)),
            Self::Images { .. } | Self::Shared => false,
        }
    }
}

#[derive(Debug, Default)]
struct Spares {
    names: BTreeSet<String>,
    last: u64,
}

/// What places begin with that are nobody's yet.
const SPARE: &str = ".spare-";

impl Scratches {
    /// Takes over what an earlier platform has made, or tries one way after the other.
    pub async fn open(premises: &Premises, settings: &ScratchSettings) -> Result<Self, Trouble> {
        let doing = || "making room for what instances write".to_owned();
        let (folder, file) = (premises.pool(), premises.pool_file());
        let free = free_bytes(&premises.data).doing(doing)?;
        let all_bytes = settings.all_bytes.unwrap_or((free / 2).min(SCRATCH_ALL_BYTES)).max(SCRATCH_ALL_BYTES_MIN);
        let bounds = Bounds { all_bytes, each_bytes: settings.each_bytes };
        let adopted = Pool::adopt(&folder, &file, settings.all_bytes, settings.each_bytes).await.unwrap_or_else(|error| {
            // Read-only after an error of the disk, or without its program: those who write there go on as they can.
            tracing::error!(cause = %error, "the pool that instances write into cannot be taken over; another one is made");
            None
        });
        let kind = match adopted {
            Some(pool) => Kind::Pool(pool),
            None => {
                pool::remove_pool(&folder, &file)
                    .unwrap_or_else(|error| tracing::warn!(cause = %error, "a pool cannot be removed"));
                choose(premises, settings, (&folder, &file), bounds).await.doing(doing)?
            }
        };
        remove_left(premises, &kind)
            .unwrap_or_else(|error| tracing::warn!(cause = %error, "scratch of another way cannot be removed"));
        let scratches = Self {
            premises: premises.clone(),
            settings: settings.clone(),
            kind: RwLock::new(Arc::new(kind)),
            replacing: Default::default(),
            bounds,
            spares: Mutex::default(),
            making: Default::default(),
        };
        let spares = scratches.find_spares().await.doing(doing)?;
        *scratches.spares() = spares;
        Ok(scratches)
    }

    /// How much all instances together may write.
    pub fn bytes_max(&self) -> u64 {
        self.bounds.all_bytes
    }

    /// The way that is in force.
    pub fn way(&self) -> Way {
        match *self.kind() {
            Kind::Pool(_) => Way::Pool,
            Kind::Images { .. } => Way::Images,
            Kind::Shared => Way::Shared,
        }
    }

    /// An empty place for an instance. What a start that did not come to its end has left there is taken away.
    pub async fn take(&self, name: &str) -> io::Result<Scratch> {
        let seen = self.kind();
        let error = match self.place(name).await {
            // Or it was, and somebody else has made another one since.
            Err(error) if self.kind().is_read_only() || !Arc::ptr_eq(&seen, &self.kind()) => error,
            placed => return placed,
        };
        self.renew(&error).await?;
        self.place(name).await
    }

    async fn place(&self, name: &str) -> io::Result<Scratch> {
        let _whole = self.replacing.read().await;
        clear(&self.premises, name).await?;
        let from = self.kind();
        let (folder, image) = match &*from {
            Kind::Pool(pool) => {
                if let Some((used, all)) = pool.all_used().filter(|(used, all)| used >= all) {
                    return Err(full(used, all));
                }
                let mut is_named = false;
                while !is_named && let Some(spare) = self.spare() {
                    is_named = pool.rename(&spare, name)?;
                }
                if !is_named {
                    pool.add(name).await?;
                }
                (pool.at(name), None)
            }
            Kind::Images { all_bytes } => {
                let used = image::all_used(&self.premises.scratches())?;
                if used >= *all_bytes {
                    return Err(full(used, *all_bytes));
                }
                let file = self.premises.scratch_image(name);
                let folder = self.premises.shims().join(name).join("disk");
                let mut is_named = false;
                while !is_named && let Some(spare) = self.spare() {
                    is_named = match fs::rename(self.premises.scratch_image(&spare), &file) {
                        Ok(()) => true,
                        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                        Err(error) => return Err(error),
                    };
                }
                if !is_named {
                    image::make(&file, self.settings.each_bytes).await?;
                }
                (folder, Some(file))
            }
            Kind::Shared => (self.premises.scratch(name), None),
        };
        Ok(Scratch { folder, image, from })
    }

    /// Whether the kernel has closed the pool that a place was taken from: what could not begin there begins in another one.
    pub fn has_closed(&self, place: &Scratch) -> bool {
        place.from.is_read_only() || !Arc::ptr_eq(&place.from, &self.kind())
    }

    /// Puts a pool aside that nobody can write into, for a reason that was seen, and tries the ways anew. Those who write there go on as they can,
    /// as they do when a platform finds such a pool at its start.
    async fn renew(&self, cause: &io::Error) -> io::Result<()> {
        let (_maker, _alone) = (self.making.lock().await, self.replacing.write().await);
        if !self.kind().is_read_only() {
            return Ok(());
        }
        tracing::error!(cause = %cause, "the pool that instances write into is read-only; another one is made");
        let (folder, file) = (self.premises.pool(), self.premises.pool_file());
        pool::remove_pool(&folder, &file)?;
        let kind = choose(&self.premises, &self.settings, (&folder, &file), self.bounds).await?;
        self.spares().names.clear();
        *self.kind.write().expect("nothing panics while it holds the kind") = Arc::new(kind);
        Ok(())
    }

    fn kind(&self) -> Arc<Kind> {
        Arc::clone(&self.kind.read().expect("nothing panics while it holds the kind"))
    }

    /// Makes places ahead, until there are enough. Called after each start.
    pub async fn make_spares(&self) {
        let Ok(_maker) = self.making.try_lock() else { return };
        while let Some(name) = self.next_spare() {
            let made = match &*self.kind() {
                Kind::Pool(pool) => pool.add(&name).await,
                Kind::Images { .. } => image::make(&self.premises.scratch_image(&name), self.settings.each_bytes).await,
                Kind::Shared => return,
            };
            if let Err(error) = made {
                // Taken away meanwhile: the platform ends, and nobody will need one.
                if matches!(&*self.kind(), Kind::Pool(_)) && !pool::is_mounted(&self.premises.pool()).unwrap_or(true) {
                    return;
                }
                // Whoever needs one makes it then, and hears of the trouble.
                tracing::warn!(cause = %error, "no place can be made ahead for what instances write");
                return;
            }
            self.spares().names.insert(name);
        }
    }

    /// Bytes that an instance has written and may write. `root` shows its root file system while it lives. None if nobody
    /// can tell, or nothing bounds it.
    pub async fn used(&self, name: &str, root: Option<&Path>) -> Option<(u64, u64)> {
        match &*self.kind() {
            Kind::Pool(pool) if pool.at(name).exists() => pool.used(name).await,
            Kind::Images { .. } => {
                let file = fs::metadata(self.premises.scratch_image(name)).ok()?;
                root.and_then(image::used).or(Some((image::used_at_the_end(&file), file.len())))
            }
            Kind::Pool(_) | Kind::Shared => None,
        }
    }

    /// Bytes that all instances have written and may write together. None if nobody can tell, or nothing bounds them.
    pub fn all_used(&self) -> Option<(u64, u64)> {
        match &*self.kind() {
            Kind::Pool(pool) => pool.all_used(),
            Kind::Images { all_bytes } => Some((image::all_used(&self.premises.scratches()).ok()?, *all_bytes)),
            Kind::Shared => None,
        }
    }

    /// An instance is gone, and what it wrote.
    pub fn forget(&self, name: &str) {
        match &*self.kind() {
            Kind::Pool(pool) => pool.forget(name),
            Kind::Images { .. } | Kind::Shared => {}
        }
    }

    fn spares(&self) -> std::sync::MutexGuard<'_, Spares> {
        self.spares.lock().expect("nothing panics while it holds the spares")
    }

    fn spare(&self) -> Option<String> {
        self.spares().names.pop_first()
    }

    fn next_spare(&self) -> Option<String> {
        let mut spares = self.spares();
        (spares.names.len() < SCRATCH_SPARES).then(|| {
            spares.last += 1;
            format!("{SPARE}{}", spares.last)
        })
    }

    /// What an earlier platform has made ahead: of the same size, or it is made anew.
    async fn find_spares(&self) -> io::Result<Spares> {
        let names = match &*self.kind() {
            Kind::Pool(pool) => pool.names().await?,
            Kind::Images { .. } => image::names(&self.premises.scratches())?,
            Kind::Shared => Vec::new(),
        };
        let mut spares = Spares::default();
        for name in names {
            let Some(number) = name.strip_prefix(SPARE).and_then(|number| number.parse().ok()) else { continue };
            spares.last = spares.last.max(number);
            if self.has_size(&name).await {
                spares.names.insert(name);
            } else {
                clear(&self.premises, &name).await?;
            }
        }
        Ok(spares)
    }

    async fn has_size(&self, name: &str) -> bool {
        match &*self.kind() {
            Kind::Pool(pool) => pool.used(name).await.is_some_and(|(_, limit)| limit == self.settings.each_bytes),
            Kind::Images { .. } => {
                fs::metadata(self.premises.scratch_image(name)).is_ok_and(|file| file.len() == self.settings.each_bytes)
            }
            Kind::Shared => false,
        }
    }
}

fn full(used: u64, all: u64) -> io::Error {
    let words = format!("instances have written {used} bytes, and all together may {all}: raise --scratch-size, or stop some");
    io::Error::new(io::ErrorKind::QuotaExceeded, words)
}

/// What another way, or a try, has left: nobody would find it again.
fn remove_left(premises: &Premises, kind: &Kind) -> io::Result<()> {
    image::remove_try(&premises.scratches())?;
    if matches!(kind, Kind::Images { .. }) {
        return Ok(());
    }
    for name in image::names(&premises.scratches())?.into_iter().filter(|name| name.starts_with(SPARE)) {
        image::remove(&premises.scratch_image(&name))?;
    }
    Ok(())
}

/// The first way that works. That the last one does is seen when the first instance starts.
async fn choose(
    premises: &Premises,
    settings: &ScratchSettings,
    (folder, file): (&Path, &Path),
    bounds: Bounds,
) -> io::Result<Kind> {
    for way in &settings.ways {
        let tried = match way {
            Way::Pool => Pool::make(folder, file, bounds).await.map(Kind::Pool),
            Way::Images => {
                let tried = image::try_once(&premises.scratches(), settings.each_bytes).await;
                tried.map(|()| Kind::Images { all_bytes: bounds.all_bytes })
            }
            Way::Shared => return Ok(Kind::Shared),
        };
        match tried {
            Ok(kind) => return Ok(kind),
            Err(error) => tracing::info!(%way, cause = %error, "this machine cannot bound what instances write in this way"),
        }
    }
    Err(io::Error::other("nothing on this machine bounds what instances write"))
}

fn free_bytes(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Takes away what an instance wrote, in whichever way. Works without a platform. Absence is success.
pub async fn clear(premises: &Premises, name: &str) -> io::Result<()> {
    match pool::remove_subvolume(&premises.pool().join(name)).await {
        // A pool that the kernel has closed goes as a whole, with all that is in it.
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {}
        removed => removed?,
    }
    image::remove(&premises.scratch_image(name))?;
    let folder = premises.scratch(name);
    tokio::task::spawn_blocking(move || remove_folder(&folder)).await.map_err(io::Error::other)?
}

/// Takes away what instances wrote that are none of `kept`; what is made ahead stays.
pub async fn clear_others(premises: &Premises, kept: &[String]) -> io::Result<()> {
    let names = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut found: BTreeSet<String> = BTreeSet::new();
    for name in names(premises.scratches()).chain(names(premises.pool())) {
        let Some(name) = name.to_str() else { continue };
        let name = name.strip_suffix(image::SUFFIX).unwrap_or(name);
        found.insert(name.to_owned());
    }
    let pools = [premises.pool(), premises.pool_file()];
    found.retain(|name| !kept.contains(name) && !name.starts_with('.') && !pools.contains(&premises.scratch(name)));
    for name in found {
        clear(premises, &name).await?;
    }
    Ok(())
}

/// Takes everything away: no instance is left. Works without a platform.
pub async fn remove_everything(premises: &Premises) -> io::Result<()> {
    pool::remove_pool(&premises.pool(), &premises.pool_file())?;
    let folder = premises.scratches();
    let removed = tokio::task::spawn_blocking(move || {
        image::remove_try(&folder)?;
        fs::read_dir(&folder).into_iter().flatten().flatten().try_for_each(|entry| remove_folder(&entry.path()))
    });
    removed.await.map_err(io::Error::other)?
}
