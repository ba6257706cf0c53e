//! The programs that belong to us or to the host: the shim beside our own, the OCI runtime, and those that are asked what they are.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::host::Place;
use crate::limit::ASKED;

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
    let more = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// What a program says on standard output; nothing if it is not there, fails, or does not end in time. No shell, no input.
pub fn ask(name: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut command = Command::new(find(name)?);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
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
