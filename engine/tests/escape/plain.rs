//! A real instance's bundle with guards taken out, run by plain `runc run`, without shim or engine.
//! Never on the real instance's folders: a root file system of its own, and a group of its own that ends with it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use engine::local::premises::Premises;
use engine::local::record::CONFIG_FILE;
use rustix::process::{Resource, getrlimit};
use serde_json::{Value, json};

use crate::attempt::Attempt;
use crate::bench::{Bench, name};
use crate::guard::Guard;
use crate::image::program;

/// See `shim/src/limit.rs`.
const OPEN_FILES: u64 = 65_536;
/// Where there is no limit at all.
const OPEN_FILES_FREE: u64 = 1 << 20;

/// A folder for bundles, and the bundle that all are copies of.
pub struct Plain {
    folder: tempfile::TempDir,
    config: Value,
    program: PathBuf,
    key: String,
}

impl Plain {
    /// Of an instance that runs: the folder of one that has ended may be gone.
    pub fn of(bench: &Bench, slot: u16, key: &str) -> Self {
        let bundle = Premises::of(bench.data()).unwrap().shim(&name(slot)).join(CONFIG_FILE);
        Self::new(serde_json::from_slice(&fs::read(bundle).unwrap()).unwrap(), program(), key)
    }

    fn new(config: Value, program: &Path, key: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let base = config["linux"]["uidMappings"][0]["hostID"].as_u64().and_then(|base| u32::try_from(base).ok()).unwrap();
        let root = folder.path().join("rootfs");
        for name in ["", "proc", "sys", "dev", "run", "tmp", "etc"] {
            let path = root.join(name);
            fs::create_dir_all(&path).unwrap();
            chown(path, Some(base), Some(base)).unwrap();
        }
        fs::set_permissions(root.join("tmp"), fs::Permissions::from_mode(0o1777)).unwrap();
        for (name, mode) in [("escape", 0o755), ("suid", 0o4755)] {
            fs::copy(program, root.join(name)).unwrap();
            chown(root.join(name), Some(base), Some(base)).unwrap();
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::write(root.join("etc/shared"), "from the image\n").unwrap();
        chown(root.join("etc/shared"), Some(base), Some(base)).unwrap();
        // As the image has it: open to every user, so that permissions are no guard.
        fs::set_permissions(root.join("etc/shared"), fs::Permissions::from_mode(0o666)).unwrap();
        Self { folder, config, program: program.to_owned(), key: key.to_owned() }
    }

    /// A file of the root file system, from outside.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("rootfs").join(name)
    }

    /// Makes an empty folder of the root file system a link.
    pub fn link(&self, name: &str, target: &str) {
        fs::remove_dir(self.file(name)).unwrap();
        symlink(target, self.file(name)).unwrap();
    }

    /// What the attempt says with all guards in place: whether a plain run is like an instance's.
    pub fn guarded(&self, attempt: &Attempt) -> String {
        self.run(&[attempt.word.as_str()], attempt.proven_as, &[], attempt.path())
    }

    /// What it says without its guards.
    pub fn unguarded(&self, attempt: &Attempt) -> String {
        self.run(&[attempt.word.as_str()], attempt.proven_as, attempt.guards, attempt.path())
    }

    /// The output of a run without these guards.
    pub fn run(&self, words: &[&str], user: u32, without: &[Guard], path: &str) -> String {
        let output = self.command(words, user, without, path).0.output().unwrap();
        assert!(!output.stdout.is_empty(), "{words:?} did not run: {}", String::from_utf8_lossy(&output.stderr).trim());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Something of a run that stays, while `meanwhile` looks at the host. The run is over when this answers.
    pub fn while_it_stays<T>(&self, words: &[&str], user: u32, meanwhile: impl FnOnce(&str) -> T) -> T {
        let (mut command, name) = self.command(words, user, &[], "");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(!first.is_empty(), "{words:?} did not run");
        let seen = meanwhile(first.trim());
        let state = self.folder.path().join("state");
        Command::new("/usr/sbin/runc").arg("--root").arg(state).args(["kill", &name, "KILL"]).status().unwrap();
        child.wait().unwrap();
        seen
    }

    /// A run of the bundle without these guards, and its name.
    fn command(&self, words: &[&str], user: u32, without: &[Guard], path: &str) -> (Command, String) {
        let mut config = self.config.clone();
        let words: Vec<&str> = ["/escape"].into_iter().chain(words.iter().copied()).collect();
        config["process"]["args"] = json!(words);
        config["process"]["user"]["uid"] = json!(user);
        config["root"]["path"] = json!(self.folder.path().join("rootfs"));
        // Its own pair is the real instance's alone, and so are its three files.
        for namespace in config["linux"]["namespaces"].as_array_mut().unwrap() {
            namespace.as_object_mut().unwrap().remove("path");
        }
        config["mounts"].as_array_mut().unwrap().retain(|mount| mount["type"] != "bind");
        // Tests beside this one have groups of their own.
        let unique = self.folder.path().file_name().unwrap().to_string_lossy();
        let name = format!("outrunner-escape-{}", unique.trim_start_matches('.'));
        config["linux"]["cgroupsPath"] = json!(format!("/{name}"));
        for guard in without {
            guard.remove(&mut config, path);
        }
        fs::write(self.folder.path().join("config.json"), config.to_string()).unwrap();
        let own = getrlimit(Resource::Nofile).maximum.unwrap_or(OPEN_FILES_FREE);
        // The shim sets this one limit, in place of the runtime.
        let files = if without.contains(&Guard::OpenFilesLimit) { own } else { own.min(OPEN_FILES) };
        let mut command = Command::new("prlimit");
        command.arg(format!("--nofile={files}:{files}")).arg(&self.program).arg(format!("with-key={}", self.key));
        command.arg("/usr/sbin/runc").arg("--root").arg(self.folder.path().join("state"));
        command.args(["run", "--no-new-keyring", "--bundle"]).arg(self.folder.path()).arg(&name).stdin(Stdio::null());
        (command, name)
    }
}
