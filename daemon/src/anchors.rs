//! Where this distribution keeps authorities that its administrator adds, and the program that makes its bundle of them.
//!
//! The bundle is made anew by that program, not by us; what it would lose (a root that somebody put into the bundle by hand) is put back, and `--undo`
//! leaves the bundle as it was. Source: update-ca-certificates(8), update-ca-trust(8).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};
use crate::programs;
use crate::trust::pem_blocks;

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

    /// Makes the bundle with what is now in the folder, and keeps what it was before.
    pub fn apply(&self, place: &Place) -> Result<(), Failure> {
        let Some(bundle) = &self.bundle else { return self.run() };
        let before = read(bundle)?;
        let kept = before_path(place);
        if !kept.exists() {
            replace_file(&kept, &before, 0o600)?;
        }
        self.run()?;
        let made = read(bundle)?;
        let (before, text) = (String::from_utf8_lossy(&before), String::from_utf8_lossy(&made));
        let lost = pem_blocks(&before).into_iter().filter(|block| !pem_blocks(&text).contains(block)).collect::<String>();
        let whole = [&made[..], lost.as_bytes()].concat();
        if !lost.is_empty() {
            replace_file(bundle, &whole, 0o644)?;
        }
        replace_file(&after_path(place), &whole, 0o600)
    }

    /// Makes the bundle without our authorities, whose files are gone already. Where nobody else has changed it, it is as it was, byte for byte.
    pub fn undo(&self, place: &Place) -> Result<(), Failure> {
        self.remove_links(&place.tag)?;
        let Some(bundle) = &self.bundle else { return self.run() };
        let untouched = fs::read(after_path(place)).is_ok_and(|after| read(bundle).is_ok_and(|now| now == after));
        self.run()?;
        if let (true, Ok(before)) = (untouched, fs::read(before_path(place))) {
            if read(bundle)? != before {
                replace_file(bundle, &before, 0o644)?;
            }
        }
        for path in [before_path(place), after_path(place)] {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    /// Whether something of an earlier run is still to be undone.
    pub fn is_applied(&self, place: &Place) -> bool {
        before_path(place).exists()
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

fn before_path(place: &Place) -> PathBuf {
    place.data_dir.join("trust.bundle-before")
}

fn after_path(place: &Place) -> PathBuf {
    place.data_dir.join("trust.bundle-after")
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.map_err(while_doing(format!("reading {}", path.display()))),
    }
}
