//! What we change in files of the machine and of its users, and how every byte of it is taken back.
//!
//! A journal in the data dir is written before the file it is about, so a crash at any line leaves something that the next run, or `--undo`, finds.
//! It holds what a file of ours replaced, never what is in a file of others: there, a marked block of ours is taken out (`block`).

use std::fs::{self, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::block::{Mark, Torn};
use crate::calling_user::CallingUser;
use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};
use crate::limit::{ALTERED_FILE_BYTES, JOURNAL_AWAITED, JOURNAL_LOOKED_AT};

mod rewrite;

const VERSION: u32 = 1;

/// Something that shall be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A file that is ours alone, and no link: its folder may be others' too.
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
    /// Where the bytes of a file are kept that is being written in place.
    spare: PathBuf,
    /// Names of files that no one but a platform on this data dir makes.
    own_name: String,
    mark: Mark,
    /// With whose rights the files are changed.
    user: &'a CallingUser,
    manner: Manner,
    /// What was changed, or would be, a line each.
    pub said: Vec<String>,
    _lock: Option<fs::File>,
}

/// Where a command keeps its journal; it is there as long as something is to be taken back.
pub fn journal_path(place: &Place, command: &str) -> PathBuf {
    place.data_dir.join(format!("{command}.journal.json"))
}

impl<'a> Alterations<'a> {
    /// The changes that `command` has made so far from this data dir.
    pub fn open(place: &Place, command: &'static str, user: &'a CallingUser, manner: Manner) -> Result<Self, Failure> {
        let journal_path = journal_path(place, command);
        let spare = place.data_dir.join(format!("{command}.spare.json"));
        let lock = match manner {
            Manner::Do => Some(lock(place, command)?),
            Manner::Say => None,
        };
        if manner == Manner::Do {
            rewrite::recover(user, &spare)?;
        }
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
        let own_name = format!("outrunner-{}", place.tag);
        Ok(Self { journal_path, journal, spare, own_name, mark, user, manner, said: Vec::new(), _lock: lock })
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
        if matches!(wanted, Wanted::File { .. }) && is_link(path) {
            let path = path.display();
            return Err(Failure::other(format!(
                "{path} is a link, where a file of outrunner's should be. Take it away, then try again"
            )));
        }
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
            // Also where an earlier platform on the same data dir did it, whose journal is gone: ours to take back.
            let is_ours = matches!(wanted, Wanted::Block { .. }) || self.is_named_as_ours(path);
            return if is_ours && self.manner == Manner::Do { self.record_change(wanted, there) } else { Ok(()) };
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
        self.record_change(wanted, there)?;
        rewrite::write(self.user, &self.spare, path, &bytes, mode)
    }

    fn record_change(&mut self, wanted: &Wanted, there: Option<Kept>) -> Result<(), Failure> {
        let path = wanted.path();
        if self.journal.entries.iter().any(|entry| entry.path == path) {
            return Ok(());
        }
        let done = match wanted {
            // An earlier platform's on the same data dir: nobody wants it back.
            Wanted::File { .. } if self.is_named_as_ours(path) => Done::File { before: None },
            Wanted::File { .. } => Done::File { before: there },
            Wanted::Block { .. } => Done::Block { mode_before: there.map(|kept| kept.mode) },
        };
        self.record(Entry { path: path.to_owned(), done })
    }

    fn is_named_as_ours(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&self.own_name))
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
        if matches!(entry.done, Done::File { .. }) && is_link(path) {
            // Somebody's, meanwhile.
            return Ok(());
        }
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
        match &back {
            Some(Kept { mode, bytes }) => rewrite::write(self.user, &self.spare, path, bytes, *mode),
            None => self.user.act(|| fs::remove_file(path).map_err(while_doing(format!("removing {}", path.display())))),
        }
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
                Err(error) if error.kind() == ErrorKind::NotFound && is_link(path) => Err(Failure::other(format!(
                    "{} is a link that leads nowhere: it is not known what it should be",
                    path.display()
                ))),
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

/// One run of a command at a time: each writes the whole journal.
fn lock(place: &Place, command: &str) -> Result<fs::File, Failure> {
    let path = place.data_dir.join(format!("{command}.lock"));
    let doing = format!("locking {}", path.display());
    let opened = fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = opened.map_err(while_doing(&doing))?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // The other run may be at its end; and a program that was being started while it ended holds its lock for a moment more.
            Err(TryLockError::WouldBlock) if began.elapsed() < JOURNAL_AWAITED => std::thread::sleep(JOURNAL_LOOKED_AT),
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::other(format!("another outrunner {command} is under way; try again when it is done")));
            }
            Err(TryLockError::Error(error)) => return Err(while_doing(&doing)(error)),
        }
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
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

#[cfg(test)]
mod tests;
