//! The folder /run of an instance: in memory, and as the image has it.
//! Never reads what is in it: the runtime copies that. Source of truth: the image's unpacked layers.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::limit::RUN_BYTES;

/// The options of its mount. Programs may stand in it and be run: supervisors inside images do that.
pub fn options(layers: &[PathBuf]) -> Vec<String> {
    let folders: Vec<_> = layers.iter().map(|layer| layer.join("run")).collect();
    let as_image_has_it = folders.iter().find_map(|run| fs::symlink_metadata(run).ok().filter(fs::Metadata::is_dir));
    let (mode, uid, gid) = as_image_has_it.map_or((0o755, 0, 0), |run| (run.permissions().mode() & 0o1777, run.uid(), run.gid()));
    let mut options: Vec<_> = ["nosuid", "nodev"].map(str::to_owned).into();
    options.extend([format!("mode={mode:o}"), format!("uid={uid}"), format!("gid={gid}"), format!("size={RUN_BYTES}")]);
    // It costs the runtime 10 ms even where there is nothing to copy: it unmounts something, and waits for the kernel.
    if folders.iter().any(|run| has_something(run)) {
        options.push("tmpcopyup".to_owned());
    }
    options
}

/// Where it is a link, the runtime finds out where it leads.
fn has_something(run: &Path) -> bool {
    match fs::symlink_metadata(run) {
        Ok(found) if found.is_dir() => fs::read_dir(run).map_or(true, |mut entries| entries.next().is_some()),
        Ok(found) => found.is_symlink(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn check(layers: &[PathBuf], expected: &str) {
        assert_eq!(options(layers).join(","), format!("nosuid,nodev,{expected}"));
    }

    #[test]
    fn the_folder_is_as_the_uppermost_layer_has_it_and_only_something_in_it_is_copied() {
        let layers: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
        let paths: Vec<_> = layers.iter().map(|layer| layer.path().to_owned()).collect();
        check(&paths, "mode=755,uid=0,gid=0,size=67108864");
        let run = paths[0].join("run");
        fs::create_dir(&run).unwrap();
        fs::set_permissions(&run, fs::Permissions::from_mode(0o1770)).unwrap();
        let owner = fs::metadata(&run).unwrap();
        let as_made = format!("mode=1770,uid={},gid={},size=67108864", owner.uid(), owner.gid());
        check(&paths, &as_made);
        symlink("/var/run", paths[1].join("run")).unwrap();
        check(&paths, &format!("{as_made},tmpcopyup"));
        fs::create_dir(run.join("lock")).unwrap();
        check(&paths[..1], &format!("{as_made},tmpcopyup"));
    }
}
