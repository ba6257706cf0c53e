//! The programs that belong to us or to the host: the shim beside our own, the OCI runtime, and those that are asked what they are.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::calling_user::CallingUser;
use crate::failure::Failure;
use crate::host::Place;
use crate::limit::ASKED;

/// Where distributions put the programs of their administration.
const ADMIN_FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// The engine's settings: also what `outrunner stop` needs of a dead platform.
pub fn engine_settings(place: &Place, runtime: &str) -> Result<engine::local::Settings, Failure> {
    Ok(engine::local::Settings {
        data_dir: place.data_dir.clone(),
        shim: shim()?,
        runtime: program(runtime)?,
        // Known once it is open.
        front_door_ports: Vec::new(),
        scratch: engine::local::ScratchSettings::default(),
    })
}

/// The same for a look at a machine that may lack anything: what is not found is left as it would be called.
pub fn settings_to_examine(data_dir: &Path, runtime: &str) -> engine::local::Settings {
    let own = std::env::current_exe().unwrap_or_default();
    engine::local::Settings {
        data_dir: data_dir.to_owned(),
        shim: own.with_file_name("outrunner-shim"),
        runtime: program(runtime).unwrap_or_else(|_| runtime.into()),
        front_door_ports: Vec::new(),
        scratch: engine::local::ScratchSettings::default(),
    }
}

/// The shim's program: beside our own.
fn shim() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().map_err(crate::failure::while_doing("looking for our own program"))?;
    let shim = own.with_file_name("outrunner-shim");
    if shim.is_file() {
        Ok(shim)
    } else {
        Err(Failure::other(format!(
            "{} is missing: it belongs beside the program outrunner. Run make to build both.",
            shim.display()
        )))
    }
}

/// A program by its name in PATH, or in the folders that a plain user's PATH lacks.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    find_in(std::env::split_paths(&path).chain(ADMIN_FOLDERS.map(PathBuf::from)), name)
}

/// A program of the machine's administration: where its distribution puts them, whatever PATH says.
pub fn find_admin(name: &str) -> Option<PathBuf> {
    find_in(ADMIN_FOLDERS.into_iter().map(PathBuf::from), name)
}

fn find_in(folders: impl Iterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.mode() & 0o111 != 0);
    folders.map(|folder| folder.join(name)).find(is_program)
}

/// What a client's program says, run with the rights of whoever called us: behind `sudo` it may lie in a folder of his, and is his to be trusted.
pub fn ask_client(name: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    ask_as(&CallingUser::find().ok()?, &find(name)?, arguments)
}

fn ask_as(user: &CallingUser, program: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    if user.is_us() {
        return said(Command::new(program).args(arguments));
    }
    // With the groups that he has, too: Docker's engine is open to one of them.
    let mut command = Command::new(find_admin("setpriv")?);
    command.args([format!("--reuid={}", user.uid), format!("--regid={}", user.gid), "--init-groups".to_owned()]);
    said(command.arg("--").arg(program).args(arguments).env("HOME", &user.home))
}

/// What a program of the machine's administration says, with our own rights.
pub fn ask_admin(name: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    said(Command::new(find_admin(name)?).args(arguments))
}

/// What a program says on standard output; nothing if it is not there, fails, or does not end in time. No shell, no input.
fn said(command: &mut Command) -> Option<Vec<u8>> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut pipe = child.stdout.take()?;
    // On a thread of its own: a program that fills the pipe would wait for us, and we for it.
    let reading = std::thread::spawn(move || {
        let mut said = Vec::new();
        pipe.read_to_end(&mut said).map(|_| said)
    });
    let began = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if began.elapsed() < ASKED => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    };
    if status.success() { reading.join().ok()?.ok() } else { None }
}

/// A program by its path, or by its name in PATH.
fn program(name: &str) -> Result<PathBuf, Failure> {
    let found = if name.contains('/') { Some(PathBuf::from(name)).filter(|path| path.is_file()) } else { find(name) };
    found.ok_or_else(|| {
        Failure::other(format!(
            "the OCI runtime {name} is not installed. Install it (apt-get install runc), or name another: --runtime crun, or its path"
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_cannot_be_run_is_no_program() {
        let folder = tempfile::tempdir().unwrap();
        let folders = ["first", "second"].map(|name| folder.path().join(name));
        for (folder, mode) in folders.iter().zip([0o644, 0o755]) {
            std::fs::create_dir(folder).unwrap();
            std::fs::write(folder.join("aws"), "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(folder.join("aws"), std::fs::Permissions::from_mode(mode)).unwrap();
        }
        assert_eq!(find_in(folders.clone().into_iter(), "aws"), Some(folders[1].join("aws")));
        assert!(find_admin("aws-that-nobody-has").is_none() && find_admin("sh").is_some());
    }

    #[test]
    fn a_clients_program_has_no_more_rights_than_whoever_called_us() {
        assert!(rustix::process::geteuid().is_root(), "this test acts as root behind sudo: run it by tests/as-root");
        let nobody = CallingUser { uid: 65_534, gid: 65_534, home: PathBuf::from("/nonexistent") };
        let said = ask_as(&nobody, &find_admin("sh").unwrap(), &["-c", "id -u; id -G; echo $HOME"]).unwrap();
        assert_eq!(String::from_utf8_lossy(&said), "65534\n65534\n/nonexistent\n");
    }
}
