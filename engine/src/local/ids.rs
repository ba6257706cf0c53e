//! Ranges of 65,536 ids, one for each instance, unique on the machine among all platforms.
//! Never gives a range out that another living instance, or the system's administrator, has.
//! Source of truth: `/run/outrunner/ids` counts; `/etc/subuid` and `/etc/subgid` are the administrator's.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use tokio::time::{Instant, sleep};

use crate::limit::{IDS, LOOK_AGAIN, MACHINE_LOCK};
use crate::local::berth::Berth;
use crate::local::premises::{RUN, RUN_MODE};

/// Where ranges begin: above what distributions give to users.
const FIRST: u32 = 0x1000_0000;
/// The kernel's last id means "none".
const RANGES: u64 = ((u32::MAX - FIRST) / IDS) as u64;

/// One range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Its first id.
    pub base: u32,
    /// Which one it is on this machine: also the number of the instance's link.
    pub number: u64,
}

/// In the machine's run folder. Nobody but root can open it, and so nobody else can keep it locked.
const LOCK_FILE: &str = "lock";

/// While this lives, no other platform writes what the platforms of a machine share.
#[derive(Debug)]
pub struct MachineLock(#[expect(dead_code, reason = "what is held, not read")] File);

impl MachineLock {
    /// Waits for its turn, but not for ever: whoever holds it is short, or hangs.
    pub async fn take() -> io::Result<Self> {
        let since = Instant::now();
        loop {
            let file = open_lock()?;
            match file.try_lock() {
                Ok(()) if is_in_force(&file)? => return Ok(Self(file)),
                // The last platform has just taken it away with everything else.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => sleep(LOOK_AGAIN).await,
                Err(TryLockError::Error(error)) => return Err(error),
            }
            if since.elapsed() > MACHINE_LOCK {
                let held =
                    format!("{RUN}/{LOCK_FILE} is held by another platform of this machine for longer than {MACHINE_LOCK:?}");
                return Err(io::Error::new(io::ErrorKind::TimedOut, held));
            }
        }
    }

    /// Takes what the platforms share away, if there is nothing else left of any.
    pub fn remove_what_is_shared(self) {
        let shared = |name: &std::ffi::OsStr| name == "ids" || name == LOCK_FILE;
        if fs::read_dir(RUN).into_iter().flatten().flatten().all(|entry| shared(&entry.file_name())) {
            let _ = fs::remove_file(Path::new(RUN).join("ids"));
            let _ = fs::remove_file(Path::new(RUN).join(LOCK_FILE));
            let _ = fs::remove_dir(RUN);
        }
    }
}

fn open_lock() -> io::Result<File> {
    let open = || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600).open(Path::new(RUN).join(LOCK_FILE))
    };
    match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(RUN_MODE).create(RUN)?;
            open()
        }
        opened => opened,
    }
}

fn is_in_force(file: &File) -> io::Result<bool> {
    match fs::metadata(Path::new(RUN).join(LOCK_FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        there => Ok(there?.ino() == file.metadata()?.ino()),
    }
}

/// Takes the next range.
pub async fn take() -> io::Result<Range> {
    let _lock = MachineLock::take().await?;
    let file = Path::new(RUN).join("ids");
    let count = match fs::read_to_string(&file) {
        Ok(text) => text.trim().parse().map_err(io::Error::other)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    let reserved = reserved();
    // Only after the first round can a range be in use.
    let used = if count >= RANGES { used() } else { BTreeSet::new() };
    let (range, count) = next(count, &used, &reserved).ok_or_else(|| io::Error::other("every range of ids is in use"))?;
    let new = file.with_extension("new");
    fs::write(&new, format!("{count}\n"))?;
    fs::rename(new, &file)?;
    Ok(range)
}

/// The first range from the count on, and then around, that nobody has; and the count after it.
fn next(count: u64, used: &BTreeSet<u32>, reserved: &[(u64, u64)]) -> Option<(Range, u64)> {
    (count..count + RANGES).find_map(|count| {
        let number = count % RANGES;
        let base = FIRST + u32::try_from(number).expect("fewer ranges than ids") * IDS;
        let is_free = !used.contains(&base) && !reserved.iter().any(|range| overlaps(base, *range));
        is_free.then_some((Range { base, number }, count + 1))
    })
}

fn overlaps(base: u32, (start, count): (u64, u64)) -> bool {
    let base = u64::from(base);
    start < base + u64::from(IDS) && base < start + count
}

/// What the administrator has given to users.
fn reserved() -> Vec<(u64, u64)> {
    let text = ["/etc/subuid", "/etc/subgid"].map(|file| fs::read_to_string(file).unwrap_or_default()).concat();
    let range = |line: &str| {
        let mut fields = line.trim().split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    text.lines().filter_map(range).collect()
}

/// The ranges of all instances of all platforms.
fn used() -> BTreeSet<u32> {
    let platforms = fs::read_dir(RUN).into_iter().flatten().flatten();
    let instances = platforms.flat_map(|entry| fs::read_dir(entry.path().join("shims")).into_iter().flatten().flatten());
    instances.filter_map(|entry| Berth::read(&entry.path()).ok()).map(|berth| berth.id_base).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(count: u64, used: &[u32], reserved: &[(u64, u64)], expected: Option<(u32, u64)>) {
        assert_eq!(
            next(count, &used.iter().copied().collect(), reserved).map(|(range, count)| (range.base, count)),
            expected,
            "{count} {used:x?} {reserved:?}"
        );
    }

    #[test]
    fn after_the_last_range_comes_the_first_that_no_instance_and_no_user_has() {
        let last = FIRST + u32::try_from(RANGES - 1).unwrap() * IDS;
        check(0, &[], &[], Some((FIRST, 1)));
        check(RANGES - 1, &[], &[], Some((last, RANGES)));
        check(RANGES, &[], &[], Some((FIRST, RANGES + 1)));
        check(RANGES, &[FIRST], &[], Some((FIRST + IDS, RANGES + 2)));
        check(RANGES - 1, &[last, FIRST, FIRST + 2 * IDS], &[(u64::from(FIRST + IDS), 1)], Some((FIRST + 3 * IDS, RANGES + 4)));
        check(3 * RANGES, &[FIRST], &[(0, u64::from(FIRST + IDS))], Some((FIRST + IDS, 3 * RANGES + 2)));
        let all: Vec<u32> = (0..u32::try_from(RANGES).unwrap()).map(|number| FIRST + number * IDS).collect();
        check(7, &all, &[], None);
        check(7, &[], &[(0, 1 << 32)], None);
        let none_but_one: Vec<u32> = all.iter().copied().filter(|base| *base != FIRST + 5 * IDS).collect();
        check(RANGES + 6, &none_but_one, &[], Some((FIRST + 5 * IDS, 2 * RANGES + 6)));
        assert!(last.checked_add(IDS - 1).is_some_and(|id| id < u32::MAX), "the kernel's last id is nobody's");
    }

    #[test]
    fn a_range_that_touches_a_reserved_one_is_seen() {
        let base = FIRST;
        let start = u64::from(base);
        assert!(overlaps(base, (start, 1)));
        assert!(overlaps(base, (start + 65_535, 10)));
        assert!(overlaps(base, (0, start + 1)));
        assert!(!overlaps(base, (start + 65_536, 10)));
        assert!(!overlaps(base, (0, start)));
    }
}
