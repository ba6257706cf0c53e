//! Turns one layer's tar into a folder, as the overlay wants it: owners, modes, times, links, whiteouts.
//! Never leaves the folder (see `rooted`), never makes a device node: an image's devices are left out, since an instance
//! has its own /dev and no right to open others. Never sets a `trusted.` attribute that a layer asks for: the overlay
//! would obey it.
//! Source of truth: OCI image specification, layer.md; the kernel's overlayfs page for whiteouts.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{
    AtFlags, FileType, Gid, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT, Uid, XattrFlags, chownat, fchmod, fchown, fsetxattr,
    futimens, linkat, makedev, mkdirat, mknodat, openat, statat, symlinkat, unlinkat, utimensat,
};
use rustix::io::Errno;
use tar::{Archive, Entry, EntryType};

use crate::limit::{
    ATTRIBUTES_BYTES, EXTENSION_BYTES, FOLDER_NAMES_BYTES, IDS, LAYER_BYTES, LAYER_ENTRIES, LAYER_STREAM_BYTES, LAYER_TIME,
};
use crate::local::allowance::{Allowance, Allowed};
use crate::local::layer_error::LayerError;
use crate::local::ration::{Headroom, Ration, Taken};
use crate::local::rooted::{Parts, Rooted, parts};

const WHITEOUT: &[u8] = b".wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";
/// Other bookkeeping of the union file system that whiteouts come from.
const BOOKKEEPING: &[u8] = b".wh..wh.";
const XATTR: &str = "SCHILY.xattr.";

/// What an entry says about itself, beside its name and content.
struct Facts {
    uid: u32,
    gid: u32,
    mode: Mode,
    modified: Timestamps,
    attributes: Vec<(String, Vec<u8>)>,
}

/// How much a layer may hold.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Of its whole tar, to the last byte.
    pub stream: u64,
    /// Of all its files together, those that are left out too.
    pub bytes: u64,
    /// Files, folders and links, and folders that are only in others' names.
    pub entries: u64,
    /// Of the names of its folders, which are held until the end.
    pub folder_names: usize,
    /// From its first byte to its last.
    pub time: Duration,
}

/// What every layer may hold.
pub const BOUNDS: Bounds = Bounds {
    stream: LAYER_STREAM_BYTES,
    bytes: LAYER_BYTES,
    entries: LAYER_ENTRIES,
    folder_names: FOLDER_NAMES_BYTES,
    time: LAYER_TIME,
};

/// Unpacks the tar from `source` into the existing, empty `folder`, and answers what that took of its image's ration.
pub fn unpack(source: impl Read, folder: &Path, bounds: Bounds, ration: &Ration) -> Result<Taken, LayerError> {
    let rooted = Rooted::open(folder)?;
    let headroom = Headroom::of(rooted.existing(&[])?);
    let (taken, buffer, folders) = (Taken::default(), vec![0; 64 << 10], Vec::new());
    let mut layer = Layer { rooted, bounds, ration, headroom, taken, names_left: bounds.folder_names, buffer, folders };
    // Between two contents stand headers and their extensions, which the tar library holds in memory whole.
    let allowance = Allowance::of(EXTENSION_BYTES);
    let mut archive = Archive::new(Allowed::new(source, allowance.clone(), "a file's name and attributes are too long"));
    for entry in archive.entries()? {
        layer.count(1)?;
        let mut entry = entry.map_err(LayerError::reading)?;
        allowance.set(u64::MAX);
        layer.take(&mut entry)?;
        layer.content(&mut entry, |_| Ok(()))?;
        allowance.set(EXTENSION_BYTES);
    }
    layer.finish()
}

struct Layer<'a> {
    rooted: Rooted,
    bounds: Bounds,
    ration: &'a Ration,
    headroom: Headroom,
    taken: Taken,
    names_left: usize,
    buffer: Vec<u8>,
    /// Folders get their times last: every file made in them changes it.
    folders: Vec<(Vec<u8>, Timestamps)>,
}

impl Layer<'_> {
    /// So many files, folders or links more.
    fn count(&mut self, entries: u64) -> Result<(), LayerError> {
        self.taken.entries += entries;
        if self.taken.entries > self.bounds.entries {
            return Err(LayerError::Wrong(format!("it has more than {} files", self.bounds.entries)));
        }
        self.also(Taken { bytes: 0, entries })
    }

    /// Counts for the image and the disk too.
    fn also(&mut self, taken: Taken) -> Result<(), LayerError> {
        self.ration.take(taken)?;
        Ok(self.headroom.wrote(taken)?)
    }

    fn take(&mut self, entry: &mut Entry<'_, impl Read>) -> Result<(), LayerError> {
        if entry.size() > self.bounds.bytes - self.taken.bytes {
            // Before the disk has most of it: a sparse file of any size needs no more than a header.
            return Err(too_large());
        }
        let path = entry.path_bytes().into_owned();
        let parts = parts(&path).map_err(LayerError::Wrong)?;
        let facts = Facts::of(entry)?;
        let Some((name, above)) = parts.split_last() else {
            return self.root(&facts);
        };
        let folder = self.above(above)?;
        if name.as_bytes().starts_with(WHITEOUT) {
            return whiteout(&folder, name.as_bytes());
        }
        match entry.header().entry_type() {
            EntryType::Directory => {
                make_folder(&folder, name, &facts)?;
                self.folder(&path, facts.modified)?;
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => self.file(entry, &folder, name, &facts)?,
            EntryType::Symlink => {
                let target = link_target(entry)?;
                clear(&folder, name)?;
                symlinkat(&*target, &folder, *name)?;
                own(&folder, name, &facts)?;
            }
            EntryType::Link => self.hard_link(&link_target(entry)?, &folder, name)?,
            EntryType::Fifo => {
                clear(&folder, name)?;
                mknodat(&folder, *name, FileType::Fifo, facts.mode, 0)?;
                own(&folder, name, &facts)?;
            }
            // Devices, and what later tar versions may bring.
            _ => {}
        }
        Ok(())
    }

    fn root(&mut self, facts: &Facts) -> Result<(), LayerError> {
        let root = self.rooted.existing(&[])?;
        apply(&root, facts)?;
        self.folder(&[], facts.modified.clone())
    }

    fn folder(&mut self, path: &[u8], modified: Timestamps) -> Result<(), LayerError> {
        self.named(path.len())?;
        self.folders.push((path.to_owned(), modified));
        Ok(())
    }

    fn named(&mut self, bytes: usize) -> Result<(), LayerError> {
        let too_long = || LayerError::Wrong("the names of its folders are too long together".to_owned());
        self.names_left = self.names_left.checked_sub(bytes).ok_or_else(too_long)?;
        Ok(())
    }

    fn above(&mut self, above: &[&OsStr]) -> Result<OwnedFd, LayerError> {
        let (folder, new) = self.rooted.folder(above).map_err(|error| no_folder(above, error))?;
        if new > 0 {
            // A name of two thousand folders costs as much as they do.
            self.count(new as u64)?;
            self.named(above[above.len() - new..].iter().map(|part| part.len()).sum())?;
        }
        Ok(folder)
    }

    fn file(&mut self, entry: &mut Entry<'_, impl Read>, folder: &OwnedFd, name: &OsStr, facts: &Facts) -> Result<(), LayerError> {
        clear(folder, name)?;
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(folder, name, flags, Mode::from_raw_mode(0o600))?);
        let (mut length, mut ends_in_hole) = (0, false);
        self.content(entry, |bytes| {
            length += bytes.len() as u64;
            // Zeros take no space: an archive of a few bytes must not become gigabytes on the disk.
            ends_in_hole = bytes.iter().all(|byte| *byte == 0);
            if ends_in_hole { file.seek(SeekFrom::Start(length)).map(drop) } else { file.write_all(bytes) }
        })?;
        if ends_in_hole {
            file.set_len(length)?;
        }
        let file = file.into();
        apply(&file, facts)?;
        futimens(&file, &facts.modified)?;
        Ok(())
    }

    /// Reads what is left of an entry's content. What nobody keeps counts too: it costs as much to read.
    fn content(&mut self, entry: &mut impl Read, mut keep: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), LayerError> {
        loop {
            let count = entry.read(&mut self.buffer).map_err(LayerError::reading)?;
            if count == 0 {
                return Ok(());
            }
            self.taken.bytes += count as u64;
            if self.taken.bytes > self.bounds.bytes {
                return Err(too_large());
            }
            self.also(Taken { bytes: count as u64, entries: 0 })?;
            keep(&self.buffer[..count])?;
        }
    }

    fn hard_link(&self, target: &[u8], folder: &OwnedFd, name: &OsStr) -> Result<(), LayerError> {
        let target: Parts<'_> = parts(target).map_err(LayerError::Wrong)?;
        let missing = || LayerError::Wrong("it has a hard link to a file that is not in it".to_owned());
        let (last, above) = target.split_last().ok_or_else(missing)?;
        let from = match self.rooted.existing(above) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing()),
            from => from.map_err(|error| no_folder(above, error))?,
        };
        let already = match statat(&from, *last, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Err(missing()),
            found => found?,
        };
        let here = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
        if here.is_ok_and(|here| (here.st_dev, here.st_ino) == (already.st_dev, already.st_ino)) {
            return Ok(());
        }
        clear(folder, name)?;
        match linkat(&from, *last, folder, name, AtFlags::empty()) {
            Err(Errno::PERM) => Err(LayerError::Wrong("it has a hard link to a folder".to_owned())),
            done => Ok(done?),
        }
    }

    /// Sets the folders' times, the deepest first. That all of it reaches the disk is the caller's (see `layer::settle`).
    fn finish(self) -> Result<Taken, LayerError> {
        for (path, modified) in self.folders.iter().rev() {
            let parts = parts(path).map_err(LayerError::Wrong)?;
            // Replaced later in the same layer by something else: then its time is not ours to set.
            if let Ok(folder) = self.rooted.existing(&parts) {
                futimens(&folder, modified)?;
            }
        }
        Ok(self.taken)
    }
}

fn no_folder(parts: &[&OsStr], error: io::Error) -> LayerError {
    match error.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            let path: std::path::PathBuf = parts.iter().collect();
            LayerError::Wrong(format!("{} is used as a folder and is none", path.display()))
        }
        _ => LayerError::walking(error),
    }
}

impl Facts {
    fn of(entry: &mut Entry<'_, impl Read>) -> Result<Self, LayerError> {
        let header = entry.header();
        // Some writers leave the owner blank. That is root to the field's other readers, Docker's among them.
        let is_blank = |field: &[u8]| field.iter().all(|byte| matches!(byte, 0 | b' '));
        let id = |field: &[u8], id: io::Result<u64>| {
            let id = if is_blank(field) { 0 } else { id.map_err(LayerError::reading)? };
            u32::try_from(id)
                .ok()
                .filter(|id| *id < IDS)
                .ok_or_else(|| LayerError::Wrong(format!("a file in it belongs to the id {id}; an instance has {IDS}, from 0")))
        };
        let (uid, gid) = (id(&header.as_old().uid, header.uid())?, id(&header.as_old().gid, header.gid())?);
        let mode = Mode::from_raw_mode(header.mode().map_err(LayerError::reading)? & 0o7777);
        let seconds = i64::try_from(header.mtime().unwrap_or(0)).unwrap_or(0);
        let modified = Timestamps {
            last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
            last_modification: Timespec { tv_sec: seconds, tv_nsec: 0 },
        };
        let mut attributes = Vec::new();
        if let Some(extensions) = entry.pax_extensions().map_err(LayerError::reading)? {
            for extension in extensions {
                let extension = extension.map_err(LayerError::reading)?;
                let name = extension.key().ok().and_then(|key| key.strip_prefix(XATTR));
                if let Some(name) = name.filter(|name| *name == "security.capability" || name.starts_with("user.")) {
                    attributes.push((name.to_owned(), extension.value_bytes().to_owned()));
                }
            }
        }
        Ok(Self { uid, gid, mode, modified, attributes })
    }

    fn owner(&self) -> (Option<Uid>, Option<Gid>) {
        (Some(Uid::from_raw(self.uid)), Some(Gid::from_raw(self.gid)))
    }
}

fn too_large() -> LayerError {
    LayerError::Wrong("its files are larger than a layer may be".to_owned())
}

fn link_target(entry: &Entry<'_, impl Read>) -> Result<Vec<u8>, LayerError> {
    let target = entry.link_name_bytes().map(std::borrow::Cow::into_owned);
    target.filter(|target| !target.is_empty()).ok_or_else(|| LayerError::Wrong("it has a link to nothing".to_owned()))
}

/// Sets what an open file or folder says about itself. The owner first: changing it takes set-user-id and capabilities away.
fn apply(at: &OwnedFd, facts: &Facts) -> Result<(), LayerError> {
    let (uid, gid) = facts.owner();
    fchown(at, uid, gid)?;
    fchmod(at, facts.mode)?;
    let bytes: usize = facts.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    for (name, value) in &facts.attributes {
        match fsetxattr(at, name.as_str(), value, XattrFlags::empty()) {
            // A file system without them still runs nearly every image.
            Err(Errno::NOTSUP) => {}
            // ext4 has one block for all of a file's, and calls that a full disk.
            Err(Errno::NOSPC) if bytes > ATTRIBUTES_BYTES => return Err(Errno::TOOBIG.into()),
            done => done?,
        }
    }
    Ok(())
}

/// Sets the owner and time of what cannot be opened.
fn own(folder: &OwnedFd, name: &OsStr, facts: &Facts) -> Result<(), LayerError> {
    let (uid, gid) = facts.owner();
    chownat(folder, name, uid, gid, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(utimensat(folder, name, &facts.modified, AtFlags::SYMLINK_NOFOLLOW)?)
}

fn make_folder(folder: &OwnedFd, name: &OsStr, facts: &Facts) -> Result<(), LayerError> {
    let here = kind(folder, name)?;
    if here != Some(FileType::Directory) {
        clear(folder, name)?;
        mkdirat(folder, name, Mode::from_raw_mode(0o700))?;
    }
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let made = openat(folder, name, flags, Mode::empty())?;
    if here == Some(FileType::CharacterDevice) {
        // The same layer has taken the lower folder away and begins it anew.
        set_opaque(&made)?;
    }
    apply(&made, facts)
}

fn kind(folder: &OwnedFd, name: &OsStr) -> Result<Option<FileType>, LayerError> {
    match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok(Some(FileType::from_raw_mode(found.st_mode))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Takes away what an earlier entry of the same layer has put there.
fn clear(folder: &OwnedFd, name: &OsStr) -> Result<(), LayerError> {
    let flags = match kind(folder, name)? {
        None => return Ok(()),
        Some(FileType::Directory) => AtFlags::REMOVEDIR,
        Some(_) => AtFlags::empty(),
    };
    match unlinkat(folder, name, flags) {
        Err(Errno::NOTEMPTY) => Err(LayerError::Wrong(format!("{} is a folder and something else", name.display()))),
        done => Ok(done?),
    }
}

fn whiteout(folder: &OwnedFd, name: &[u8]) -> Result<(), LayerError> {
    if name == OPAQUE {
        return set_opaque(folder);
    }
    if name.starts_with(BOOKKEEPING) {
        return Ok(());
    }
    let hidden = &name[WHITEOUT.len()..];
    if matches!(hidden, b"" | b"." | b"..") {
        return Err(LayerError::Wrong("it has a whiteout of nothing".to_owned()));
    }
    let hidden = OsStr::from_bytes(hidden);
    // A whiteout is about the layers below: what this one has there stays.
    if kind(folder, hidden)?.is_none() {
        mknodat(folder, hidden, FileType::CharacterDevice, Mode::empty(), makedev(0, 0))?;
    }
    Ok(())
}

fn set_opaque(folder: &OwnedFd) -> Result<(), LayerError> {
    Ok(fsetxattr(folder, "trusted.overlay.opaque", b"y", XattrFlags::empty())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(files: u32) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for file in 0..files {
            let mut header = tar::Header::new_gnu();
            header.set_size(10);
            header.set_mode(0o644);
            header.set_uid(0);
            header.set_gid(0);
            builder.append_data(&mut header, format!("file{file}"), &b"0123456789"[..]).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn check(layer: &[u8], bounds: Bounds, expected: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        match (unpack(layer, folder.path(), bounds, &Ration::default()), expected) {
            (Ok(_), None) => {}
            (Err(LayerError::Wrong(words)), Some(part)) => assert!(words.contains(part), "{words}"),
            (outcome, expected) => panic!("{outcome:?}, not {expected:?}"),
        }
    }

    #[test]
    fn a_layer_with_too_many_or_too_large_files_is_refused() {
        let bounds = |bytes, entries| Bounds { bytes, entries, ..BOUNDS };
        check(&layer(3), bounds(30, 3), None);
        check(&layer(3), bounds(29, 3), Some("larger than a layer may be"));
        check(&layer(3), bounds(30, 2), Some("more than 2 files"));
    }

    #[test]
    fn folders_that_are_only_in_a_files_name_count_too() {
        let layer = tar(|builder| entry(builder, b"a/b/c/d/file", EntryType::Regular, b""));
        check(&layer, Bounds { entries: 5, folder_names: 4, ..BOUNDS }, None);
        check(&layer, Bounds { entries: 4, ..BOUNDS }, Some("more than 4 files"));
        check(&layer, Bounds { folder_names: 3, ..BOUNDS }, Some("too long together"));
        let long = format!("{}file", "d/".repeat(300));
        let deep = tar(|builder| {
            entry(builder, b"././@LongLink", EntryType::GNULongName, long.as_bytes());
            entry(builder, b"short", EntryType::Regular, b"");
        });
        check(&deep, BOUNDS, Some("leads through more than 256 folders"));
        let link = tar(|builder| {
            entry(builder, b"././@LongLink", EntryType::GNULongLink, b"never/made/file\0");
            entry(builder, b"a", EntryType::Link, b"");
        });
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(unpack(&*link, folder.path(), BOUNDS, &Ration::default()), Err(LayerError::Wrong(_))));
        assert!(!folder.path().join("never").exists(), "a link's target is looked for, not made");
    }

    #[test]
    fn two_layers_of_an_image_share_its_ration() {
        let ration = Ration::of(50, 1000);
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let unpacked = folders.each_ref().map(|folder| unpack(&*layer(3), folder.path(), BOUNDS, &ration));
        assert!(matches!(&unpacked[0], Ok(Taken { bytes: 30, entries: 3 })), "{unpacked:?}");
        assert!(matches!(&unpacked[1], Err(LayerError::Wrong(words)) if words.contains("an image may be")), "{unpacked:?}");
    }

    #[test]
    fn a_sparse_file_that_claims_more_than_a_layer_may_have_is_refused_before_it_is_written() {
        let mut header = tar::Header::new_gnu();
        header.set_path("sparse").unwrap();
        header.set_entry_type(EntryType::GNUSparse);
        for set in [tar::Header::set_uid, tar::Header::set_gid] {
            set(&mut header, 0);
        }
        header.set_mode(0o644);
        header.set_size(0);
        header.as_gnu_mut().unwrap().realsize.copy_from_slice(b"77777777777\0");
        header.as_gnu_mut().unwrap().sparse[0].offset.copy_from_slice(b"77777777777\0");
        header.as_gnu_mut().unwrap().sparse[0].numbytes.copy_from_slice(b"00000000000\0");
        header.set_cksum();
        let layer = tar(|builder| builder.append(&header, std::io::empty()).unwrap());
        let began = std::time::Instant::now();
        check(&layer, Bounds { bytes: 1 << 30, ..BOUNDS }, Some("larger than a layer may be"));
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "nothing of it was read");
    }

    #[test]
    fn a_blank_owner_is_root_and_one_that_is_no_number_is_refused() {
        for (field, is_taken) in [(*b"\0\0\0\0\0\0\0\0", true), (*b"       \0", true), (*b"nobody \0", false)] {
            let mut header = tar::Header::new_gnu();
            header.set_path("file").unwrap();
            header.set_mode(0o644);
            header.set_size(0);
            (header.as_old_mut().uid, header.as_old_mut().gid) = (field, field);
            header.set_cksum();
            let layer = tar(|builder| builder.append(&header, std::io::empty()).unwrap());
            let folder = tempfile::tempdir().unwrap();
            let unpacked = unpack(&*layer, folder.path(), BOUNDS, &Ration::default());
            assert_eq!(unpacked.is_ok(), is_taken, "{unpacked:?}");
            if is_taken {
                let file = std::fs::metadata(folder.path().join("file")).unwrap();
                use std::os::unix::fs::MetadataExt;
                assert_eq!((file.uid(), file.gid()), (0, 0));
            }
        }
    }

    #[test]
    fn zeros_in_a_layer_take_no_space_and_read_as_zeros() {
        let mut content = vec![0; 3 << 20];
        content[1 << 20] = 7;
        let layer = tar(|builder| {
            entry(builder, b"zeros", EntryType::Regular, &vec![0; 4 << 20]);
            entry(builder, b"mixed", EntryType::Regular, &content);
        });
        let folder = tempfile::tempdir().unwrap();
        unpack(&*layer, folder.path(), BOUNDS, &Ration::default()).unwrap();
        let on_disk =
            |name: &str| std::os::unix::fs::MetadataExt::blocks(&std::fs::metadata(folder.path().join(name)).unwrap()) * 512;
        assert!(on_disk("zeros") < 64 << 10 && on_disk("mixed") <= 256 << 10, "{} {}", on_disk("zeros"), on_disk("mixed"));
        assert_eq!(std::fs::read(folder.path().join("mixed")).unwrap(), content);
        assert_eq!(std::fs::read(folder.path().join("zeros")).unwrap(), vec![0; 4 << 20]);
    }

    /// An entry whose name the tar library would refuse to write, or whose content it would not.
    fn entry(builder: &mut tar::Builder<Vec<u8>>, name: &[u8], kind: EntryType, content: &[u8]) {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name);
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o755);
        header.set_uid(0);
        header.set_gid(0);
        header.set_cksum();
        builder.append(&header, content).unwrap();
    }

    fn tar(fill: impl FnOnce(&mut tar::Builder<Vec<u8>>)) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        fill(&mut builder);
        builder.into_inner().unwrap()
    }

    #[test]
    fn a_header_whose_extension_would_fill_the_memory_is_refused() {
        let long = vec![b'x'; usize::try_from(EXTENSION_BYTES).unwrap()];
        for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
            let layer = tar(|builder| entry(builder, b"long", kind, &long));
            check(&layer, BOUNDS, Some("name and attributes are too long"));
        }
        // Behind contents, kept or left out, the next header has its whole allowance again.
        let layer = tar(|builder| {
            entry(builder, b"device", EntryType::Char, &long);
            entry(builder, b"file", EntryType::Regular, &long);
            entry(builder, b".wh.gone", EntryType::Regular, &long);
            entry(builder, b"last", EntryType::Regular, b"x");
        });
        check(&layer, BOUNDS, None);
        check(&layer, Bounds { bytes: 3 * EXTENSION_BYTES, ..BOUNDS }, Some("larger than a layer may be"));
    }

    #[test]
    fn folders_whose_names_would_fill_the_memory_are_refused() {
        let layer = tar(|builder| (0..9).for_each(|n| entry(builder, format!("folder{n}").as_bytes(), EntryType::Directory, b"")));
        check(&layer, Bounds { folder_names: 63, ..BOUNDS }, None);
        check(&layer, Bounds { folder_names: 62, ..BOUNDS }, Some("too long together"));
    }

    #[test]
    fn names_and_links_that_no_file_system_takes_are_the_layers_fault() {
        let link = |builder: &mut tar::Builder<Vec<u8>>, name: &str, target: &str| {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(EntryType::Symlink);
            header.set_size(0);
            header.set_mode(0o777);
            header.set_uid(0);
            header.set_gid(0);
            builder.append_link(&mut header, name, target).unwrap();
        };
        let circle = tar(|builder| {
            link(builder, "a", "b");
            link(builder, "b", "a");
            entry(builder, b"a/file", EntryType::Regular, b"");
        });
        check(&circle, BOUNDS, Some("circle"));
        check(&tar(|builder| link(builder, "a", &"x/".repeat(5000))), BOUNDS, Some("too long"));
        for long in ["n".repeat(256), format!("{}/file", "n".repeat(256)), format!(".wh.{}", "n".repeat(256))] {
            let named = tar(|builder| {
                entry(builder, b"././@LongLink", EntryType::GNULongName, long.as_bytes());
                entry(builder, b"short", EntryType::Regular, b"");
            });
            check(&named, BOUNDS, Some("too long"));
        }
        let attribute = tar(|builder| {
            builder.append_pax_extensions([("SCHILY.xattr.user.x", [b'x'; 100_000].as_slice())]).unwrap();
            entry(builder, b"a", EntryType::Regular, b"");
        });
        check(&attribute, BOUNDS, Some("attribute that is too large"));
        let nul = tar(|builder| {
            entry(builder, b"././@LongLink", EntryType::GNULongLink, b"a\0b\0");
            entry(builder, b"a", EntryType::Symlink, b"");
        });
        check(&nul, BOUNDS, Some("no file can have"));
    }
}
