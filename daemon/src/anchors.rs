//! Where this distribution keeps authorities that its administrator adds, and the program that makes its bundle of them.
//!
//! The bundle is made anew by that program, not by us, and the program puts other things in order too. So what it would lose (a root that somebody put into
//! the bundle by hand) is put back, and `--undo` leaves its folder as it was. Source: update-ca-certificates(8), update-ca-trust(8).

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
            programs::find(program).is_some() && (*family == Family::Debian || Path::new(folder).is_dir())
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

    /// Makes the bundle with what is now in the folder, and keeps what there was before.
    pub fn apply(&self, place: &Place) -> Result<(), Failure> {
        let (Some(bundle), Some(made_folder)) = (&self.bundle, &self.links) else { return self.run() };
        let now = Picture::of(made_folder)?;
        match Picture::kept(&after_path(place)) {
            // A run that was cut off has the picture already.
            None if before_path(place).exists() => {}
            None => now.keep(&before_path(place))?,
            // Others have changed it since: what it was before us is what nobody wants back.
            Some(after) if after != now => drop(fs::remove_file(before_path(place))),
            Some(_) => {}
        }
        let before = read(bundle)?;
        self.run()?;
        let made = read(bundle)?;
        let (before, text) = (String::from_utf8_lossy(&before), String::from_utf8_lossy(&made));
        let made_blocks = pem_blocks(&text);
        let lost = pem_blocks(&before).into_iter().filter(|block| !made_blocks.contains(block)).collect::<String>();
        if !lost.is_empty() {
            replace_file(bundle, &[&made[..], lost.as_bytes()].concat(), 0o644)?;
        }
        Picture::of(made_folder)?.keep(&after_path(place))
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
        let program = programs::find(self.program).ok_or_else(|| Failure::other(format!("{} is gone", self.program)))?;
        let done = Command::new(program).stdin(Stdio::null()).output().map_err(while_doing(&doing))?;
        if done.status.success() {
            return Ok(());
        }
        Err(Failure::other(format!("{} failed: {}", self.program, String::from_utf8_lossy(&done.stderr).trim())))
    }
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
            anchors.apply(&place).unwrap();
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
        anchors.apply(&place).unwrap();
        fs::write(folder.join("theirs.pem"), "x").unwrap();
        anchors.apply(&place).unwrap();
        anchors.undo(&place).unwrap();
        assert!(folder.join("theirs.pem").exists());
        assert!(!anchors.is_applied(&place));
    }
}
