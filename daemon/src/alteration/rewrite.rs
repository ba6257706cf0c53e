//! One file's new bytes: the file is replaced whole, and only where it cannot be (it is mounted by itself, as `/etc/hosts` in a container, or stands in a
//! folder that cannot be written) it is written in place. Then its old bytes are kept beside the journal until the new ones are safe.
//!
//! Never truncates a file whose bytes stand nowhere else.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Kept;
use crate::calling_user::CallingUser;
use crate::failure::{Failure, while_doing};
use crate::host::replace_file;

/// A file that is being written in place.
#[derive(Debug, Serialize, Deserialize)]
struct Spare {
    path: PathBuf,
    before: Kept,
    after: Vec<u8>,
}

/// Why a file was not replaced.
enum Obstacle {
    /// Its name cannot lead to another file.
    Fixed,
    Error(io::Error),
}

/// Gives a file these bytes and this mode; its owner stays. What a link leads to is changed, not the link. `spare` is where its old bytes are kept meanwhile,
/// by our own rights.
pub(super) fn write(user: &CallingUser, spare: &Path, path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let doing = || format!("writing {}", path.display());
    let real = user.act(|| match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_owned()),
        real => real.map_err(while_doing(doing())),
    })?;
    let replaced = user.act(|| match replace(&real, bytes, mode) {
        Ok(()) => Ok(true),
        Err(Obstacle::Fixed) if real.exists() => Ok(false),
        Err(Obstacle::Fixed) => Err(while_doing(doing())("its folder cannot be written")),
        Err(Obstacle::Error(error)) => Err(while_doing(doing())(error)),
    })?;
    if replaced {
        return Ok(());
    }
    let before = user.act(|| {
        let found = fs::metadata(&real).and_then(|found| Ok(Kept { mode: found.mode() & 0o7777, bytes: fs::read(&real)? }));
        found.map_err(while_doing(format!("reading {}", path.display())))
    })?;
    let kept = Spare { path: real, before, after: bytes.to_vec() };
    replace_file(spare, &serde_json::to_vec(&kept).map_err(while_doing("keeping a file's bytes"))?, 0o600)?;
    match user.act(|| in_place(&kept.path, bytes, mode).map_err(while_doing(doing()))) {
        Ok(()) => forget(spare),
        Err(failure) => {
            recover(user, spare)?;
            Err(failure)
        }
    }
}

/// Puts back what a write in place, which failed or was cut off, has torn. What others have made of the file since stays.
pub(super) fn recover(user: &CallingUser, spare: &Path) -> Result<(), Failure> {
    let doing = || format!("reading {}", spare.display());
    let bytes = match fs::read(spare) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        read => read.map_err(while_doing(doing()))?,
    };
    let Spare { path, before, after } = serde_json::from_slice(&bytes).map_err(while_doing(doing()))?;
    user.act(|| {
        let now = fs::read(&path).map_err(while_doing(format!("reading {}", path.display())))?;
        if now == after || now == before.bytes || !is_mixed(&now, &before.bytes, &after) {
            return Ok(());
        }
        let doing = format!("restoring {}, whose bytes are kept in {}", path.display(), spare.display());
        in_place(&path, &before.bytes, before.mode).map_err(while_doing(doing))
    })?;
    forget(spare)
}

/// Whether a file is what a write that was cut off leaves: the new bytes up to somewhere, and the old ones from there on.
fn is_mixed(now: &[u8], before: &[u8], after: &[u8]) -> bool {
    let new = now.iter().zip(after).take_while(|(a, b)| a == b).count();
    now.len() <= before.len().max(after.len()) && now[new..] == before[new.min(before.len())..] || new == now.len()
}

fn forget(spare: &Path) -> Result<(), Failure> {
    fs::remove_file(spare).map_err(while_doing(format!("removing {}", spare.display())))
}

fn replace(real: &Path, bytes: &[u8], mode: u32) -> Result<(), Obstacle> {
    let owner = fs::metadata(real).ok().map(|found| (found.uid(), found.gid()));
    let folder = real.parent().unwrap_or(Path::new("/"));
    let fresh =
        folder.join(format!(".{}.outrunner-{}", real.file_name().unwrap_or_default().to_string_lossy(), std::process::id()));
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh);
    let mut file = opened.map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Obstacle::Fixed,
        _ => Obstacle::Error(error),
    })?;
    let mut fill = || {
        if let Some((uid, gid)) = owner {
            fchown(&file, Some(uid), Some(gid))?;
        }
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    let filled = fill().map_err(Obstacle::Error);
    let done = filled.and_then(|()| {
        fs::rename(&fresh, real).map_err(|error| match error.kind() {
            ErrorKind::ResourceBusy => Obstacle::Fixed,
            _ => Obstacle::Error(error),
        })
    });
    if done.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    done?;
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Obstacle::Error)
}

/// Shortened only when the new bytes are in it: what was allocated stays allocated, so the old ones find room again.
fn in_place(real: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(real)?;
    if file.metadata()?.mode() & 0o7777 != mode {
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_leaves_is_told_from_what_others_wrote() {
        for (now, torn) in [
            (&b""[..], true),
            (b"new", true),
            (b"new by", true),
            (b"newbytes of old", true),
            (b"somebody's", false),
            (b"new bytes and somebody's", false),
        ] {
            assert_eq!(is_mixed(now, b"oldbytes of old", b"new bytes, more than before"), torn, "{}", String::from_utf8_lossy(now));
        }
    }
}
