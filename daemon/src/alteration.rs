//! What we change in files of the machine and of its users, and how every byte of it is taken back.
//!
//! A journal in the data dir is written before the file it is about, so a crash at any line leaves something that the next run, or `--undo`, finds.
//! It holds what a file of ours replaced, never what is in a file of others: there, a marked block of ours is taken out (`block`).

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::block::{Mark, Torn};
use crate::calling_user::CallingUser;
use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};
use crate::limit::ALTERED_FILE_BYTES;

const VERSION: u32 = 1;

/// Something that shall be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A file that is ours alone.
    File { path: PathBuf, text: String, mode: u32 },
    /// Our lines in a file of others, which is made with this mode if it is not there. `mode_max`: what it may be at most, for secrets.
    Block { path: PathBuf, lines: String, mode: u32, mode_max: u32 },
}

impl Wanted {
    fn path(&self) -> &Path {
        match self {
            Self::File { path, .. } | Self::Block { path, .. } => path,
        }
    }
}

/// What was done, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    path: PathBuf,
    done: Done,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Done {
    /// A folder that was not there.
    Folder,
    /// A file of ours in place of this one.
    File { before: Option<Kept> },
    /// A block in a file; its mode, if it was there.
    Block { mode_before: Option<u32> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    mode: u32,
    bytes: Vec<u8>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Journal {
    version: u32,
    entries: Vec<Entry>,
}

/// Whether something is done, or only said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Do,
    Say,
}

/// The changes of one command, with its journal.
pub struct Alterations<'a> {
    journal_path: PathBuf,
    journal: Journal,
    mark: Mark,
    /// With whose rights the files are changed.
    user: &'a CallingUser,
    manner: Manner,
    /// What was changed, or would be, a line each.
    pub said: Vec<String>,
}

impl<'a> Alterations<'a> {
    /// The changes that `command` has made so far from this data dir.
    pub fn open(place: &Place, command: &'static str, user: &'a CallingUser, manner: Manner) -> Result<Self, Failure> {
        let journal_path = place.data_dir.join(format!("{command}.journal.json"));
        let journal = match fs::read(&journal_path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(while_doing(format!("reading {}", journal_path.display())))?,
            Err(error) if error.kind() == ErrorKind::NotFound => Journal { version: VERSION, entries: Vec::new() },
            Err(error) => return Err(while_doing(format!("reading {}", journal_path.display()))(error)),
        };
        if journal.version != VERSION {
            let path = journal_path.display();
            return Err(Failure::other(format!("{path} was written by another version of outrunner; use that one's --undo first")));
        }
        let mark = Mark::new(&place.tag, command);
        Ok(Self { journal_path, journal, mark, user, manner, said: Vec::new() })
    }

    /// Makes it so: what was done earlier and is wanted no more is taken back, the rest is done. Entries of other users' files (outside `own`) stay.
    pub fn apply(&mut self, wanted: &[Wanted], own: impl Fn(&Path) -> bool) -> Result<(), Failure> {
        let old = |entry: &Entry| {
            entry.done != Done::Folder && own(&entry.path) && !wanted.iter().any(|wanted| wanted.path() == entry.path)
        };
        self.take_back(old)?;
        wanted.iter().try_for_each(|wanted| self.apply_one(wanted))
    }

    /// Takes everything back, the last first.
    pub fn undo(&mut self, own: impl Fn(&Path) -> bool) -> Result<(), Failure> {
        self.take_back(|entry| own(&entry.path))
    }

    fn apply_one(&mut self, wanted: &Wanted) -> Result<(), Failure> {
        let path = wanted.path();
        let there = self.look(path)?;
        let (bytes, mode) = match wanted {
            Wanted::File { text, mode, .. } => (text.clone().into_bytes(), *mode),
            Wanted::Block { lines, mode, mode_max, .. } => {
                let before = there.as_ref().map_or(&[][..], |kept| &kept.bytes);
                let bytes = self.mark.put(before, lines).map_err(|Torn| torn(path))?;
                (bytes, there.as_ref().map_or(*mode, |kept| kept.mode & mode_max))
            }
        };
        if there.as_ref().is_some_and(|kept| kept.bytes == bytes && kept.mode == mode) {
            return Ok(());
        }
        self.said.push(match (wanted, &there) {
            (Wanted::File { .. }, _) => format!("write   {}", path.display()),
            (Wanted::Block { lines, .. }, Some(_)) => format!("add     {} to {}", counted(lines), path.display()),
            (Wanted::Block { lines, .. }, None) => format!("write   {} with {}", path.display(), counted(lines)),
        });
        if self.manner == Manner::Say {
            return Ok(());
        }
        self.make_folders(path, wanted)?;
        if !self.journal.entries.iter().any(|entry| entry.path == path) {
            let done = match wanted {
                Wanted::File { .. } => Done::File { before: there },
                Wanted::Block { .. } => Done::Block { mode_before: there.map(|kept| kept.mode) },
            };
            self.record(Entry { path: path.to_owned(), done })?;
        }
        self.user.act(|| write(path, &bytes, mode))
    }

    fn make_folders(&mut self, path: &Path, wanted: &Wanted) -> Result<(), Failure> {
        let mode = match wanted {
            Wanted::Block { mode: 0o600, .. } => 0o700,
            Wanted::File { .. } | Wanted::Block { .. } => 0o755,
        };
        let missing: Vec<PathBuf> = path.ancestors().skip(1).take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        for folder in missing.into_iter().rev() {
            self.record(Entry { path: folder.clone(), done: Done::Folder })?;
            self.user.act(|| {
                let made = fs::DirBuilder::new().mode(mode).create(&folder);
                made.or_else(|error| if error.kind() == ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
                    .map_err(while_doing(format!("making {}", folder.display())))
            })?;
        }
        Ok(())
    }

    fn take_back(&mut self, which: impl Fn(&Entry) -> bool) -> Result<(), Failure> {
        let entries: Vec<Entry> = self.journal.entries.iter().filter(|entry| which(entry)).rev().cloned().collect();
        for entry in entries {
            self.take_back_one(&entry)?;
            if self.manner == Manner::Do {
                self.journal.entries.retain(|kept| *kept != entry);
                self.save()?;
            }
        }
        Ok(())
    }

    fn take_back_one(&mut self, entry: &Entry) -> Result<(), Failure> {
        let path = entry.path.as_path();
        let there = self.look(path)?;
        let back = match (&entry.done, there) {
            (Done::Folder, _) => {
                if self.manner == Manner::Do {
                    // Fails where others have something in it, which is right.
                    let _ = self.user.act(|| Ok(fs::remove_dir(path)));
                }
                return Ok(());
            }
            (Done::File { before }, there) if *before == there => return Ok(()),
            (Done::File { before }, _) => before.clone(),
            (Done::Block { .. }, None) => return Ok(()),
            (Done::Block { mode_before }, Some(kept)) => {
                let bytes = self.mark.take_out(&kept.bytes).map_err(|Torn| torn(path))?;
                if bytes == kept.bytes {
                    return Ok(());
                }
                match mode_before {
                    None if bytes.is_empty() => None,
                    None => Some(Kept { mode: kept.mode, bytes }),
                    Some(mode) => Some(Kept { mode: *mode, bytes }),
                }
            }
        };
        self.said.push(match &back {
            Some(_) => format!("restore {}", path.display()),
            None => format!("remove  {}", path.display()),
        });
        if self.manner == Manner::Say {
            return Ok(());
        }
        self.user.act(|| match &back {
            Some(Kept { mode, bytes }) => write(path, bytes, *mode),
            None => fs::remove_file(path).map_err(while_doing(format!("removing {}", path.display()))),
        })
    }

    /// What is there, with its mode; nothing if there is no such file.
    fn look(&self, path: &Path) -> Result<Option<Kept>, Failure> {
        self.user.act(|| {
            let read = || {
                let found = fs::metadata(path)?;
                if !found.is_file() {
                    return Ok(None);
                }
                if found.len() > ALTERED_FILE_BYTES {
                    return Err(std::io::Error::other(format!("it has more than {ALTERED_FILE_BYTES} bytes")));
                }
                Ok(Some(Kept { mode: found.mode() & 0o7777, bytes: fs::read(path)? }))
            };
            match read() {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                read => read.map_err(while_doing(format!("reading {}", path.display()))),
            }
        })
    }

    fn record(&mut self, entry: Entry) -> Result<(), Failure> {
        self.journal.entries.push(entry);
        self.save()
    }

    /// By our own rights: the journal is in the data dir.
    fn save(&self) -> Result<(), Failure> {
        if self.journal.entries.is_empty() {
            return match fs::remove_file(&self.journal_path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    Err(while_doing(format!("removing {}", self.journal_path.display()))(error))
                }
                Ok(()) | Err(_) => Ok(()),
            };
        }
        let bytes = serde_json::to_vec(&self.journal).map_err(while_doing("writing a journal"))?;
        replace_file(&self.journal_path, &bytes, 0o600)
    }
}

fn torn(path: &Path) -> Failure {
    Failure::other(format!(
        "{}: one of the two lines that mark outrunner's block is gone. Take the block away by hand (it is between '# >>> outrunner' and \
         '# <<< outrunner'), then try again",
        path.display()
    ))
}

fn counted(lines: &str) -> String {
    match lines.lines().count() {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    }
}

/// Replaces a file whole, with owner and mode as they are. What a link leads to is replaced, not the link; a file that cannot be replaced (it is mounted
/// by itself, as `/etc/hosts` in a container) is written in place.
fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Failure> {
    let doing = || format!("writing {}", path.display());
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(while_doing(doing())(error)),
    };
    let owner = fs::metadata(&real).ok().map(|found| (found.uid(), found.gid()));
    let folder = real.parent().unwrap_or(Path::new("/"));
    let fresh =
        folder.join(format!(".{}.outrunner-{}", real.file_name().unwrap_or_default().to_string_lossy(), std::process::id()));
    let replace = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::fchown(&file, Some(uid), Some(gid))?;
        }
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, &real)?;
        fs::File::open(folder)?.sync_all()
    };
    let in_place = || {
        let mut file = fs::OpenOptions::new().write(true).truncate(true).open(&real)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    replace()
        .or_else(|error| {
            let _ = fs::remove_file(&fresh);
            if real.exists() { in_place() } else { Err(error) }
        })
        .map_err(while_doing(doing()))
}

#[cfg(test)]
mod tests;
