//! The names of everything that one platform has on a machine, derived from its data folder, so that many platforms live
//! side by side.
//! Never makes anything. Source of truth: the design, "side by side", and the engine recipe, section 9.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use model::instance::InstanceName;

/// Where every platform of this machine has its run folder.
pub const RUN: &str = "/run/outrunner";
/// Its mode: instances' roots pass through it to their own root file system; nobody lists it.
pub const RUN_MODE: u32 = 0o711;

/// One platform's names.
#[derive(Debug, Clone)]
pub struct Premises {
    /// First eight hexadecimal digits of SHA-256 of the data folder's real path.
    pub id: String,
    /// The two bytes that choose the first subnet to try.
    pub seed: [u8; 2],
    /// What must survive.
    pub data: PathBuf,
}

impl Premises {
    /// Of an existing data folder.
    pub fn of(data_dir: &Path) -> io::Result<Self> {
        let data = data_dir.canonicalize()?;
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, data.as_os_str().as_bytes());
        let hash = hash.as_ref();
        let id = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { id, seed: [hash[0], hash[1]], data })
    }

    /// `/run/outrunner/<id>`
    pub fn run(&self) -> PathBuf {
        Path::new(RUN).join(&self.id)
    }

    /// One folder for each instance.
    pub fn shims(&self) -> PathBuf {
        self.run().join("shims")
    }

    /// An instance's folder.
    pub fn shim(&self, name: &InstanceName) -> PathBuf {
        self.shims().join(name.to_string())
    }

    /// The runtime's own state.
    pub fn runtime_root(&self) -> PathBuf {
        self.run().join("runc")
    }

    /// Unpacked layers, named by the digest of their content.
    pub fn layers(&self) -> PathBuf {
        self.data.join("layers")
    }

    /// What an instance writes.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.scratches().join(name)
    }

    /// All of them.
    pub fn scratches(&self) -> PathBuf {
        self.data.join("scratch")
    }

    /// Where the pool is mounted, if this machine has one (see `pool`).
    pub fn pool(&self) -> PathBuf {
        self.scratches().join("pool")
    }

    /// The file that the pool lies in.
    pub fn pool_file(&self) -> PathBuf {
        self.scratches().join("pool.file")
    }

    /// The file system of an instance, if it has one of its own (see `scratch_image`).
    pub fn scratch_image(&self, name: &str) -> PathBuf {
        self.scratches().join(format!("{name}.img"))
    }

    /// An instance's unread log, a folder for each run.
    pub fn logs(&self, name: &str) -> PathBuf {
        self.incoming().join(name)
    }

    /// All of them.
    pub fn incoming(&self) -> PathBuf {
        self.data.join("logs").join("incoming")
    }

    /// Of all instances, in every hierarchy.
    pub fn cgroup_root(&self) -> String {
        format!("/outrunner-{}", self.id)
    }

    /// Of one instance.
    pub fn cgroup(&self, name: &str) -> String {
        format!("{}/{name}", self.cgroup_root())
    }

    /// A link that instances hang on.
    pub fn bridge(&self, number: usize) -> String {
        if number == 0 { format!("or-{}", self.id) } else { format!("or-{}-{number}", self.id) }
    }

    /// All of them, as the firewall writes it. Ids are all of one length: nobody else's name begins like this.
    pub fn bridges(&self) -> String {
        format!("or-{}*", self.id)
    }

    /// Whether a link is a bridge of ours or our end of an instance's link.
    pub fn is_link(&self, name: &str) -> bool {
        name.starts_with(&self.link_prefix()) || name.starts_with(&self.bridge(0))
    }

    /// What the names of our ends of instances' links begin with.
    pub fn link_prefix(&self) -> String {
        format!("ov{}", &self.id[..4])
    }

    /// The firewall's table.
    pub fn table(&self) -> String {
        format!("outrunner_{}", self.id)
    }
}

/// Whether a folder's entry is an instance's, and whose.
pub fn instance_of(entry: &OsStr) -> Option<InstanceName> {
    InstanceName::parse(entry.to_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_data_folders_share_no_name_and_one_keeps_its_own() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, two] = folders.each_ref().map(|folder| Premises::of(folder.path()).unwrap());
        assert_ne!(one.run(), two.run());
        assert_ne!(one.bridge(0), two.bridge(0));
        assert!(one.is_link(&one.bridge(7)) && !one.is_link(&two.bridge(7)));
        assert_ne!(one.table(), two.table());
        assert_eq!(one.id, Premises::of(folders[0].path()).unwrap().id);
        assert_eq!(one.bridge(7).len(), 13, "a link's name has at most 15 characters");
    }
}
