//! The program that an instance was told to run, and what in its image keeps it from running.
//! Never runs anything, and never judges beforehand: it is asked only after the runtime has failed. Where nothing in the
//! image is wrong, it says nothing.
//! Source of truth: execve(2), elf(5), and the way runtimes search `PATH` (as execvp does, without the current folder).

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::limit::{IMAGE_CONFIG_BYTES, IMAGE_NAMES, NEAR_NAME_BYTES, NEAR_NAMES, PATH_FOLDERS, PROGRAM_HEAD_BYTES};
use crate::local::elf::{self, Elf};
use crate::local::image_root::{Found, ImageRoot};
use crate::local::record::{CONFIG_FILE, ORDER_FILE, Order};

/// What the bundle's `config.json` says about the first process.
#[derive(Debug, Deserialize)]
struct Config {
    process: Process,
}

#[derive(Debug, Deserialize)]
struct Process {
    args: Vec<String>,
    env: Vec<String>,
    cwd: PathBuf,
    user: User,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    uid: u32,
    gid: u32,
    #[serde(default)]
    additional_gids: Vec<u32>,
}

/// A program by the word that stands for it.
#[derive(Debug)]
pub struct Program {
    layers: Vec<PathBuf>,
    /// The first word of the command.
    pub word: String,
    /// Where it is searched if it has no slash.
    path: String,
    /// Where it starts.
    pub cwd: PathBuf,
    user: User,
}

impl Program {
    /// From an instance's folder, if what the runtime was told is still there.
    pub fn of_instance(folder: &Path) -> Option<Self> {
        let order = Order::decode(&std::fs::read_to_string(folder.join(ORDER_FILE)).ok()?).ok()?;
        let mut config = Vec::new();
        std::fs::File::open(folder.join(CONFIG_FILE)).ok()?.take(IMAGE_CONFIG_BYTES).read_to_end(&mut config).ok()?;
        let process = serde_json::from_slice::<Config>(&config).ok()?.process;
        Self::of(order.layers.into_iter().map(PathBuf::from).collect(), process)
    }

    /// Another process in the same image, from what the runtime was told of it.
    pub fn instead(self, process: &serde_json::Value) -> Self {
        match Process::deserialize(process) {
            Ok(process) => Self::of(self.layers.clone(), process).unwrap_or(self),
            Err(_) => self,
        }
    }

    fn of(layers: Vec<PathBuf>, Process { args, env, cwd, user }: Process) -> Option<Self> {
        let path = env.iter().rev().find_map(|variable| variable.strip_prefix("PATH=")).unwrap_or_default().to_owned();
        Some(Self { layers, word: args.into_iter().next()?, path, cwd, user })
    }

    /// What is wrong with it, and what to do, in sentences for the image's owner. None if nothing is to be seen.
    pub fn fault(&self) -> Option<String> {
        let root = ImageRoot::of(&self.layers);
        let place = match self.place(root) {
            Ok(place) => place,
            Err(words) => return Some(words),
        };
        let shown = place.display();
        let found = root.find(&place)?;
        if found.metadata.is_dir() {
            return Some(format!("{shown} in the image is a folder, not a program. Name a file in it as the command."));
        }
        if !self.may_execute(&found) {
            let mode = found.metadata.mode() & 0o7777;
            return Some(if mode & 0o111 == 0 {
                format!("The image's file {shown} may not be executed: its mode is {mode:o}. Give it the mode 755 (chmod +x).")
            } else {
                let User { uid, .. } = self.user;
                format!(
                    "The image's file {shown} may not be executed by the user {uid}: its mode is {mode:o}. Give it the mode 755."
                )
            });
        }
        interpreted(root, &place, &found, Depth::Program)
    }

    /// Where the word leads; words if nowhere.
    fn place(&self, root: ImageRoot<'_>) -> Result<PathBuf, String> {
        if self.word.contains('/') {
            let place = self.cwd.join(&self.word);
            return if root.find(&place).is_some() { Ok(place) } else { Err(self.no_file(root, &place)) };
        }
        let folders = self.folders();
        let places: Vec<_> = folders.iter().map(|folder| folder.join(&self.word)).collect();
        let program = |place: &&PathBuf| root.find(place).is_some_and(|found| found.metadata.is_file());
        let runs = |place: &&PathBuf| root.find(place).is_some_and(|found| found.metadata.is_file() && self.may_execute(&found));
        if let Some(place) = places.iter().find(runs).or_else(|| places.iter().find(program)) {
            return Ok(place.clone());
        }
        let word = &self.word;
        if SHELL_WORDS.contains(&word.as_str()) {
            return Err(format!(
                "The image has no command {word}: it is a word of the shell, and the start command is not given to one. \
                 If it needs a shell, write sh -c '…'."
            ));
        }
        // Where people put programs without saying so to PATH.
        let elsewhere = [self.cwd.as_path(), Path::new("/app"), Path::new("/usr/local/bin"), Path::new("/opt/venv/bin")];
        if let Some(place) = elsewhere.iter().map(|folder| folder.join(word)).find(|place| root.find(place).is_some()) {
            let place = place.display();
            return Err(format!("The image has no command {word} in its PATH ({}), but a file {place}. Name it so.", self.path));
        }
        let mut left = IMAGE_NAMES;
        let names = folders.iter().flat_map(|folder| root.names(folder, &mut left));
        let near = near(word, names.filter_map(|name| name.into_string().ok()));
        Err(format!(
            "The image has no command {word} in its PATH ({}).{near} Check the start command, or the image's own.",
            self.path
        ))
    }

    /// Those of `PATH`, each once.
    fn folders(&self) -> Vec<&Path> {
        let mut folders = Vec::new();
        for folder in self.path.split(':').filter(|folder| folder.starts_with('/')).map(Path::new) {
            if folders.len() < PATH_FOLDERS && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    }

    fn no_file(&self, root: ImageRoot<'_>, place: &Path) -> String {
        let shown = place.display();
        let parent = place.parent().unwrap_or(Path::new("/"));
        let Some(folder) = root.find(parent) else {
            return format!(
                "The image has no file {shown}, nor a folder {}. Check the start command, or the image's own.",
                parent.display()
            );
        };
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let near =
            near(&name, root.names(&folder.path, &mut { IMAGE_NAMES }).into_iter().filter_map(|name| name.into_string().ok()));
        format!("The image has no file {shown}.{near} Check the start command, or the image's own.")
    }

    fn may_execute(&self, found: &Found) -> bool {
        let mode = found.metadata.mode();
        let User { uid, gid, additional_gids } = &self.user;
        if *uid == 0 {
            mode & 0o111 != 0
        } else if found.metadata.uid() == *uid {
            mode & 0o100 != 0
        } else if found.metadata.gid() == *gid || additional_gids.contains(&found.metadata.gid()) {
            mode & 0o010 != 0
        } else {
            mode & 0o001 != 0
        }
    }
}

/// Words that a shell knows and no image has as a file.
const SHELL_WORDS: [&str; 8] = ["cd", "export", "source", ".", "set", "exec", "ulimit", "&&"];

/// A script's interpreter may be a script too; what that one needs is left to the kernel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Program,
    Interpreter,
}

/// What a file needs to be run, and its image lacks.
fn interpreted(root: ImageRoot<'_>, place: &Path, found: &Found, depth: Depth) -> Option<String> {
    let shown = place.display();
    let mut head = Vec::new();
    found.open()?.take(PROGRAM_HEAD_BYTES).read_to_end(&mut head).ok()?;
    if head.is_empty() {
        return Some(format!("The image's file {shown} is empty."));
    }
    if let Some(line) = head.strip_prefix(b"#!") {
        return (depth == Depth::Program).then(|| script(root, place, line)).flatten();
    }
    match Elf::read(&head) {
        None => Some(format!(
            "This machine cannot run the image's file {shown}: it is no program, or it is a script without a first line like '#!/bin/sh'."
        )),
        Some(Elf::Broken) => {
            Some(format!("This machine cannot run the image's file {shown}: it is a program, but damaged or cut off."))
        }
        Some(Elf::Foreign(machine)) => Some(format!(
            "This machine cannot run the image's file {shown}: it is built for {machine}, and this machine is {}. \
             Build the image for it: docker build --platform linux/{}.",
            elf::OURS,
            crate::local::image::ARCHITECTURE
        )),
        Some(Elf::Ours { loader: Some(loader) }) if root.find(Path::new(&loader)).is_none() => {
            let advice = if loader.contains("ld-musl") {
                "It was built for musl (Alpine Linux), and the image is none"
            } else if root
                .names(Path::new("/lib"), &mut { IMAGE_NAMES })
                .iter()
                .any(|name| name.to_string_lossy().starts_with("ld-musl"))
            {
                "It was built for glibc, and the image is built on musl (Alpine Linux)"
            } else {
                "The image has no C library for it"
            };
            Some(format!(
                "The image's file {shown} is there, but not the loader that it needs, {loader}. {advice}: build it in the image that runs it, or link it statically."
            ))
        }
        Some(Elf::Ours { .. }) => None,
    }
}

/// What a script's first line asks for.
fn script(root: ImageRoot<'_>, place: &Path, line: &[u8]) -> Option<String> {
    let shown = place.display();
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    if line.ends_with('\r') {
        return Some(format!(
            "The image's script {shown} has Windows line ends: its first line asks for a program whose name ends with a carriage return. \
             Save it with Unix line ends."
        ));
    }
    let interpreter = line.split([' ', '\t']).find(|word| !word.is_empty())?;
    match root.find(Path::new(interpreter)) {
        None => Some(format!(
            "The image's script {shown} begins with #!{interpreter}, and the image has no file {interpreter}. \
             Install it in the image, or correct the line."
        )),
        Some(found) => interpreted(root, Path::new(interpreter), &found, Depth::Interpreter),
    }
}

/// The names that are most like `word`, in a sentence; nothing if none is.
fn near(word: &str, names: impl Iterator<Item = String>) -> String {
    // Comparing takes as long as both are long.
    let is_short = |name: &str| name.len() <= NEAR_NAME_BYTES;
    if !is_short(word) {
        return String::new();
    }
    let mut found: Vec<(usize, String)> = names.filter(|name| is_short(name)).map(|name| (distance(word, &name), name)).collect();
    found.retain(|(distance, _)| *distance <= 2.min(word.chars().count().saturating_sub(1)));
    found.sort();
    found.dedup();
    found.truncate(NEAR_NAMES);
    let names: Vec<_> = found.into_iter().map(|(_, name)| name).collect();
    if names.is_empty() { String::new() } else { format!(" It has {}.", names.join(", ")) }
}

/// Insertions, deletions and replacements from one name to the other; a version at the end counts as one.
fn distance(one: &str, other: &str) -> usize {
    let versioned = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-'))
    };
    if versioned(one, other) || versioned(other, one) {
        return 1;
    }
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, second) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != *second);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_names_a_folder_a_thousand_times_is_looked_into_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        let program = |path: String| Program {
            layers: vec![folder.path().to_owned()],
            word: "app".to_owned(),
            path,
            cwd: "/".into(),
            user: User { uid: 0, gid: 0, additional_gids: Vec::new() },
        };
        assert_eq!(program("/bin:".repeat(1000)).folders(), [Path::new("/bin")]);
        assert_eq!(program((0..1000).map(|n| format!("/{n}:")).collect()).folders().len(), PATH_FOLDERS);
        assert!(program("/bin".to_owned()).fault().unwrap().contains("no command app"));
    }

    #[test]
    fn names_that_a_hasty_person_means_are_near() {
        assert_eq!(distance("gunicorn", "gunicron"), 2);
        assert_eq!(distance("python", "python3.11"), 1);
        assert_eq!(distance("", "ab"), 2);
        let near = |word: &str| near(word, ["python3", "python3.11", "pip", "sh"].iter().map(|name| (*name).to_owned()));
        assert_eq!(near("python"), " It has python3, python3.11.");
        assert_eq!(near("pyhton3"), " It has python3.");
        assert_eq!(near("nothing"), "");
        let long = "n".repeat(NEAR_NAME_BYTES + 1);
        assert_eq!(super::near(&long, [long.clone()].into_iter()), "", "nobody has mistyped that");
        assert_eq!(super::near("name", [long].into_iter()), "");
        assert_eq!(near("x"), "", "one letter is like every other");
    }
}
