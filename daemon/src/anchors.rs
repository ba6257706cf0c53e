//! Where this distribution keeps authorities that its administrator adds, and the program that makes its bundle of them.
//!
//! The bundle is made anew by that program, not by us, and the program puts other things in order too. So what it would lose though nobody took it away (a
//! root that somebody put into the bundle by hand) is put back, and `--undo` leaves its folder as it was. What somebody withdrew stays withdrawn. Source: update-ca-certificates(8), update-ca-trust(8).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use control::certificates::AUTHORITY_NAME;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};
use crate::limit::ALTERED_FILE_BYTES;
use crate::programs;
use crate::trust::pem_blocks;

/// Where distributions keep the roots that they trust in one file: Debian's, Fedora's, SUSE's, Alpine's.
const SYSTEM_BUNDLES: [&str; 4] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"];

/// The machine's own trust, as PEM; nothing on a machine without.
pub fn system_roots() -> Vec<u8> {
    SYSTEM_BUNDLES.iter().find_map(|path| fs::read(path).ok()).unwrap_or_default()
}

/// The system's authorities.
#[derive(Clone, Debug)]
pub struct Anchors {
    /// Files here are authorities that everything on the machine trusts.
    pub folder: PathBuf,
    pub program: &'static str,
    /// The one file that is made of them, if there is one that we look after.
    pub bundle: Option<PathBuf>,
    /// A folder of links to them, that the program does not tidy up.
    pub links: Option<PathBuf>,
}

/// A kind of distribution: folder, program, whether it is as Debian's.
const KINDS: [(&str, &str, Family); 4] = [
    ("/etc/pki/ca-trust/source/anchors", "update-ca-trust", Family::Other),
    ("/etc/pki/trust/anchors", "update-ca-certificates", Family::Other),
    ("/etc/ca-certificates/trust-source/anchors", "update-ca-trust", Family::Other),
    ("/usr/local/share/ca-certificates", "update-ca-certificates", Family::Debian),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Debian,
    Other,
}

impl Anchors {
    /// This machine's, if it is of a kind that we know.
    pub fn find() -> Option<Self> {
        let fits = |(folder, program, family): &&(&str, &str, Family)| {
            programs::find_admin(program).is_some() && (*family == Family::Debian || Path::new(folder).is_dir())
        };
        let (folder, program, family) = *KINDS.iter().find(fits)?;
        let debian = |path: &str| (family == Family::Debian).then(|| PathBuf::from(path));
        Some(Self {
            folder: PathBuf::from(folder),
            program,
            bundle: debian("/etc/ssl/certs/ca-certificates.crt"),
            links: debian("/etc/ssl/certs"),
        })
    }

    /// Whether the bundle has all of these certificates. Where we know of none, it is for its program to say.
    pub fn has(&self, certificates: &[String]) -> bool {
        let Some(bundle) = &self.bundle else { return true };
        let there = fs::read_to_string(bundle).unwrap_or_default();
        certificates.iter().all(|certificate| there.contains(certificate.trim_end()))
    }

    /// Makes the bundle with what is now in the folder, and keeps what there was before. `known`: what `known` said before files in the folder were changed.
    pub fn apply(&self, place: &Place, known: &Known) -> Result<(), Failure> {
        let (Some(bundle), Some(made_folder)) = (&self.bundle, &self.links) else { return self.run() };
        let now = Picture::of(made_folder)?;
        match (Picture::kept(&after_path(place)), Picture::kept(&before_path(place))) {
            (Some(after), _) if after == now => {}
            (None, Some(before)) if before == now => {}
            (None, None) if !now.has_links_to(&place.tag) => now.keep(&before_path(place))?,
            // Others have changed it since, or a run was cut off, or a data dir that is gone left something: what it was before us is not known.
            (Some(_) | None, _) => drop(fs::remove_file(before_path(place))),
        }
        let before = read(bundle)?;
        self.run()?;
        let made = read(bundle)?;
        let (before, text) = (String::from_utf8_lossy(&before), String::from_utf8_lossy(&made));
        let made_blocks = pem_blocks(&text);
        let lost = pem_blocks(&before).into_iter().filter(|block| !made_blocks.contains(block) && known.is_by_hand(block));
        let lost = lost.collect::<String>();
        if !lost.is_empty() {
            replace_file(bundle, &[&made[..], lost.as_bytes()].concat(), 0o644)?;
        }
        Picture::of(made_folder)?.keep(&after_path(place))
    }

    /// What files and links say of the authorities in the bundle.
    pub fn known(&self) -> Known {
        let mut known = Known { blocks: BTreeSet::new(), has_gaps: false };
        let mut folders: Vec<PathBuf> = self.links.iter().chain([&self.folder]).cloned().collect();
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
                if Some(&path) == self.bundle.as_ref() {
                    continue;
                }
                match fs::metadata(&path) {
                    // Not through links: they may lead round in a ring.
                    Ok(found) if found.is_dir() && !path.is_symlink() => folders.push(path),
                    Ok(found) if found.is_file() && found.len() <= ALTERED_FILE_BYTES => {
                        let bytes = fs::read(&path).unwrap_or_default();
                        known.blocks.extend(pem_blocks(&String::from_utf8_lossy(&bytes)));
                    }
                    Ok(_) => {}
                    Err(_) => known.has_gaps = true,
                }
            }
        }
        known
    }

    /// Makes the bundle without our authorities, whose files are gone already. Where nobody else has changed it, all is as it was, byte for byte.
    pub fn undo(&self, place: &Place) -> Result<(), Failure> {
        let Some(made_folder) = &self.links else { return self.run() };
        let now = Picture::of(made_folder)?;
        let untouched = Picture::kept(&after_path(place)).is_some_and(|after| after == now);
        self.remove_links(&place.tag)?;
        self.run()?;
        if let (true, Some(before)) = (untouched, Picture::kept(&before_path(place))) {
            before.restore(made_folder)?;
        }
        for path in [after_path(place), before_path(place)] {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    /// Whether something of an earlier run is still to be undone.
    pub fn is_applied(&self, place: &Place) -> bool {
        before_path(place).exists() || after_path(place).exists()
    }

    /// Links to our authorities, and links to those by their hashes.
    fn remove_links(&self, tag: &str) -> Result<(), Failure> {
        let Some(folder) = &self.links else { return Ok(()) };
        let ours = format!("outrunner-{tag}-");
        let doing = || format!("looking for links to our authorities in {}", folder.display());
        for entry in fs::read_dir(folder).map_err(while_doing(doing()))?.flatten() {
            let target = fs::read_link(entry.path()).ok();
            let name = target.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
            if name.is_some_and(|name| name.starts_with(&ours)) {
                fs::remove_file(entry.path()).map_err(while_doing(format!("removing {}", entry.path().display())))?;
            }
        }
        Ok(())
    }

    fn run(&self) -> Result<(), Failure> {
        let doing = format!("running {}", self.program);
        let program = programs::find_admin(self.program).ok_or_else(|| Failure::other(format!("{} is gone", self.program)))?;
        let done = Command::new(program).stdin(Stdio::null()).output().map_err(while_doing(&doing))?;
        if done.status.success() {
            return Ok(());
        }
        Err(Failure::other(format!("{} failed: {}", self.program, String::from_utf8_lossy(&done.stderr).trim())))
    }
}

/// The authorities that have a file or a link. One of them that the bundle loses was withdrawn by somebody.
#[derive(Debug)]
pub struct Known {
    blocks: BTreeSet<String>,
    /// A link leads nowhere: an authority was withdrawn, and nobody can tell which.
    has_gaps: bool,
}

impl Known {
    /// Whether somebody put an authority into the bundle itself; never one of ours.
    fn is_by_hand(&self, block: &String) -> bool {
        !self.has_gaps && !self.blocks.contains(block) && !is_ours(block)
    }
}

/// Whether a certificate is of a platform, by the name that stands in it.
fn is_ours(block: &str) -> bool {
    let text: String = block.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect();
    let name = AUTHORITY_NAME.as_bytes();
    STANDARD.decode(text).is_ok_and(|bytes| bytes.windows(name.len()).any(|part| part == name))
}

/// The files and links in a folder, by their paths in it: the Java store that the program makes is a folder deeper.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Picture(BTreeMap<PathBuf, Leaf>);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Leaf {
    Link(PathBuf),
    File { mode: u32, bytes: Vec<u8> },
}

impl Picture {
    fn of(folder: &Path) -> Result<Self, Failure> {
        let doing = || format!("reading {}", folder.display());
        let mut leaves = BTreeMap::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(below) = folders.pop() {
            for entry in fs::read_dir(folder.join(&below)).map_err(while_doing(doing()))? {
                let name = below.join(entry.map_err(while_doing(doing()))?.file_name());
                let path = folder.join(&name);
                let found = fs::symlink_metadata(&path).map_err(while_doing(doing()))?;
                if found.is_dir() {
                    folders.push(name);
                } else if found.is_symlink() {
                    leaves.insert(name, Leaf::Link(fs::read_link(&path).map_err(while_doing(doing()))?));
                } else if found.is_file() && found.len() <= ALTERED_FILE_BYTES {
                    leaves.insert(name, Leaf::File { mode: found.mode() & 0o7777, bytes: read(&path)? });
                }
            }
        }
        Ok(Self(leaves))
    }

    /// Whether something of a platform with this tag is in it.
    fn has_links_to(&self, tag: &str) -> bool {
        let ours = format!("outrunner-{tag}-");
        self.0.keys().any(|name| name.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&ours)))
    }

    fn keep(&self, path: &Path) -> Result<(), Failure> {
        let bytes = serde_json::to_vec(self).map_err(while_doing("writing down what a folder holds"))?;
        replace_file(path, &bytes, 0o600)
    }

    fn kept(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    fn restore(&self, folder: &Path) -> Result<(), Failure> {
        let now = Self::of(folder)?;
        for name in now.0.keys().filter(|name| !self.0.contains_key(*name)) {
            fs::remove_file(folder.join(name)).map_err(while_doing(format!("removing {}", folder.join(name).display())))?;
        }
        for (name, leaf) in self.0.iter().filter(|(name, leaf)| now.0.get(*name) != Some(leaf)) {
            let path = folder.join(name);
            match leaf {
                Leaf::Link(target) => {
                    let fresh = folder.join(".outrunner-link");
                    let _ = fs::remove_file(&fresh);
                    let link = std::os::unix::fs::symlink(target, &fresh).and_then(|()| fs::rename(&fresh, &path));
                    link.map_err(while_doing(format!("writing {}", path.display())))?;
                }
                Leaf::File { mode, bytes } => replace_file(&path, bytes, *mode)?,
            }
        }
        Ok(())
    }
}

fn before_path(place: &Place) -> PathBuf {
    place.data_dir.join("trust.bundle-before.json")
}

fn after_path(place: &Place) -> PathBuf {
    place.data_dir.join("trust.bundle-after.json")
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(while_doing(format!("reading {}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_is_restored_to_its_picture() {
        let house = tempfile::tempdir().unwrap();
        let folder = house.path();
        fs::write(folder.join("by-hand.pem"), b"\xff").unwrap();
        symlink("by-hand.pem", folder.join("0123abcd.0")).unwrap();
        fs::create_dir(folder.join("java")).unwrap();
        fs::write(folder.join("java/cacerts"), "one").unwrap();
        let before = Picture::of(folder).unwrap();
        let kept = house.path().with_extension("kept");
        before.keep(&kept).unwrap();
        fs::remove_file(folder.join("by-hand.pem")).unwrap();
        symlink("/usr/local/share/by-hand.crt", folder.join("by-hand.pem")).unwrap();
        fs::remove_file(folder.join("0123abcd.0")).unwrap();
        fs::write(folder.join("new.pem"), "x").unwrap();
        fs::write(folder.join("java/cacerts"), "another").unwrap();
        let kept_picture = Picture::kept(&kept).unwrap();
        fs::remove_file(kept).unwrap();
        kept_picture.restore(folder).unwrap();
        assert_eq!(Picture::of(folder).unwrap(), before);
        assert_eq!(fs::read(folder.join("java/cacerts")).unwrap(), b"one");
    }

    /// Anchors whose program writes a bundle of one root, whatever it was before.
    fn anchors(house: &Path) -> (Anchors, Place) {
        use std::os::unix::fs::PermissionsExt;
        let made = house.join("certs");
        fs::create_dir(&made).unwrap();
        let program = house.join("update");
        let root = "-----BEGIN CERTIFICATE-----\nroot\n-----END CERTIFICATE-----";
        fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' '{root}' > {}/bundle\n", made.display())).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let program = Box::leak(program.display().to_string().into_boxed_str());
        let anchors = Anchors { folder: house.join("anchors"), program, bundle: Some(made.join("bundle")), links: Some(made) };
        (anchors, Place::make(&house.join("data")).unwrap())
    }

    #[test]
    fn a_root_that_was_put_in_by_hand_stays_and_undo_gives_the_folder_back() {
        let house = tempfile::tempdir().unwrap();
        let (anchors, place) = anchors(house.path());
        let bundle = anchors.bundle.clone().unwrap();
        let by_hand = "-----BEGIN CERTIFICATE-----\nby hand\n-----END CERTIFICATE-----\n# no end of line";
        fs::write(&bundle, by_hand).unwrap();
        for _ in 0..2 {
            anchors.apply(&place, &anchors.known()).unwrap();
            let text = fs::read_to_string(&bundle).unwrap();
            assert!(text.contains("root") && text.contains("by hand"), "{text}");
        }
        anchors.undo(&place).unwrap();
        assert_eq!(fs::read_to_string(&bundle).unwrap(), by_hand);
        assert!(!anchors.is_applied(&place));
    }

    #[test]
    fn what_others_did_between_two_runs_is_not_undone() {
        let house = tempfile::tempdir().unwrap();
        let (anchors, place) = anchors(house.path());
        let folder = anchors.links.clone().unwrap();
        anchors.apply(&place, &anchors.known()).unwrap();
        fs::write(folder.join("theirs.pem"), "x").unwrap();
        anchors.apply(&place, &anchors.known()).unwrap();
        anchors.undo(&place).unwrap();
        assert!(folder.join("theirs.pem").exists());
        assert!(!anchors.is_applied(&place));
    }

    fn pem(bytes: &[u8]) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(bytes))
    }

    #[test]
    fn an_authority_that_somebody_withdrew_is_not_put_back() {
        let house = tempfile::tempdir().unwrap();
        let (anchors, place) = anchors(house.path());
        let (bundle, links) = (anchors.bundle.clone().unwrap(), anchors.links.clone().unwrap());
        let withdrawn = [pem(b"in a file of the folder"), pem(b"x Outrunner local authority for registries x"), pem(b"linked")];
        fs::create_dir(&anchors.folder).unwrap();
        fs::write(anchors.folder.join("a.crt"), &withdrawn[0]).unwrap();
        fs::write(house.path().join("linked.crt"), &withdrawn[2]).unwrap();
        symlink(house.path().join("linked.crt"), links.join("linked.pem")).unwrap();
        let by_hand = pem(b"by hand");
        fs::write(&bundle, [&withdrawn.concat()[..], &by_hand].concat()).unwrap();
        let known = anchors.known();
        fs::remove_file(anchors.folder.join("a.crt")).unwrap();
        anchors.apply(&place, &known).unwrap();
        let text = fs::read_to_string(&bundle).unwrap();
        assert!(text.contains(&by_hand) && withdrawn.iter().all(|pem| !text.contains(pem)), "{text}");

        // A link to a file that is gone: what it was cannot be told from what somebody put in by hand.
        fs::remove_file(house.path().join("linked.crt")).unwrap();
        fs::write(&bundle, &withdrawn[2]).unwrap();
        anchors.apply(&place, &anchors.known()).unwrap();
        assert!(!fs::read_to_string(&bundle).unwrap().contains(&withdrawn[2]));
    }

    #[test]
    fn a_picture_of_a_run_that_was_cut_off_long_ago_is_not_restored() {
        let house = tempfile::tempdir().unwrap();
        let (anchors, place) = anchors(house.path());
        let links = anchors.links.clone().unwrap();
        Picture::of(&links).unwrap().keep(&before_path(&place)).unwrap();
        fs::write(links.join("theirs.pem"), "x").unwrap();
        anchors.apply(&place, &anchors.known()).unwrap();
        anchors.undo(&place).unwrap();
        assert!(links.join("theirs.pem").exists());
    }
}
