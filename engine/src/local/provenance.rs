//! Who made an instance ahead: this build, or another one that may have told its shim and its runtime other things.
//! Never asked about an instance that has begun: those outlive every build.
//! Source of truth: the programs' files as they are on the disk.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

use aws_lc_rs::digest::{SHA256, digest};

use crate::local::machine::Settings;

/// In the folder of an instance that was made ahead: `current` at that moment.
pub const MADE_BY_FILE: &str = "made-by";

/// One line for the platform, the shim and the runtime of these settings. Another line is another build.
pub fn current(settings: &Settings) -> io::Result<String> {
    // The shim is a few hundred kB and says by its content what it is; the other two are told apart as `make` does it.
    let shim: String = digest(&SHA256, &fs::read(&settings.shim)?).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let platform = fs::metadata("/proc/self/exe")?;
    let runtime = fs::metadata(&settings.runtime).map(|runtime| stamp(&runtime)).unwrap_or_default();
    Ok(format!(
        "outrunner {} {} shim {shim} runtime {} {runtime}\n",
        env!("CARGO_PKG_VERSION"),
        stamp(&platform),
        settings.runtime.display(),
    ))
}

fn stamp(file: &fs::Metadata) -> String {
    format!("{}-{}.{}", file.len(), file.mtime(), file.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_shim_is_another_build() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            shim: folder.path().join("shim"),
            runtime: "/usr/sbin/runc".into(),
            front_door_ports: Vec::new(),
            scratch: crate::local::ScratchSettings::default(),
        };
        fs::write(&settings.shim, "one").unwrap();
        let before = current(&settings).unwrap();
        assert_eq!(before, current(&settings).unwrap());
        fs::write(&settings.shim, "two").unwrap();
        assert_ne!(before, current(&settings).unwrap());
        fs::remove_file(&settings.shim).unwrap();
        assert!(current(&settings).is_err(), "nobody knows");
    }
}
