//! What a test lets happen at checkpoints: the process ends there, or stands still until it is let on. Debug builds alone have this file.
//!
//! `OUTRUNNER_ABORT_AT=<name>#<n>` ends the process. `OUTRUNNER_CHECKPOINTS=<folder>` writes what is passed into `<folder>/passed`, and whoever passes what
//! `<folder>/halt` says (`<name>#<n>`, counted from when it was written) renames it to `<folder>/halted` and waits until that is gone.
//! Never touches what a user has.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use control::checkpoint::{Moment, OnPass};

use crate::failure::Failure;

/// How often it is looked whether a halt is over.
const HALT_LOOKED_AT: Duration = Duration::from_millis(2);

/// What the environment asks for, if it does.
pub fn asked() -> Result<Option<OnPass>, Failure> {
    let abort_at = std::env::var("OUTRUNNER_ABORT_AT").ok();
    let abort_at = match abort_at.as_deref().map(|text| (text, Moment::parse(text))) {
        Some((text, None)) => return Err(Failure::Usage(format!("OUTRUNNER_ABORT_AT: '{text}' is not <checkpoint>#<count>"))),
        Some((_, moment)) => moment,
        None => None,
    };
    let folder = std::env::var_os("OUTRUNNER_CHECKPOINTS").map(PathBuf::from);
    if abort_at.is_none() && folder.is_none() {
        return Ok(None);
    }
    let (left, halt) = (Mutex::new(abort_at), Mutex::default());
    Ok(Some(Box::new(move |name| {
        if let Some(folder) = &folder {
            note(folder, name);
            hold(folder, &halt, name);
        }
        if arrives(&mut left.lock().expect("nothing panics while it counts"), name) {
            std::process::abort();
        }
    })))
}

/// Counts down; true when it is the moment.
fn arrives(left: &mut Option<Moment>, name: &str) -> bool {
    let Some(moment) = left.as_mut().filter(|moment| moment.name == name) else { return false };
    moment.count -= 1;
    let is_now = moment.count == 0;
    left.take_if(|_| is_now);
    is_now
}

fn note(folder: &Path, name: &str) {
    let written = File::options().append(true).create(true).open(folder.join("passed"));
    written.and_then(|mut file| writeln!(file, "{name}")).expect("the test's folder can be written to");
}

/// What was read last from `halt`, and what is left of it.
type Halt = (String, Option<Moment>);

fn hold(folder: &Path, halt: &Mutex<Halt>, name: &str) {
    let text = fs::read_to_string(folder.join("halt")).unwrap_or_default();
    let mut halt = halt.lock().expect("nothing panics while it counts");
    if halt.0 != text {
        *halt = (text.clone(), Moment::parse(text.trim()));
    }
    if !arrives(&mut halt.1, name) {
        return;
    }
    drop(halt);
    let halted = folder.join("halted");
    // Somebody else was there first, or the test has thought better of it.
    if fs::rename(folder.join("halt"), &halted).is_err() {
        return;
    }
    tokio::task::block_in_place(|| {
        while halted.exists() {
            std::thread::sleep(HALT_LOOKED_AT);
        }
    });
}
