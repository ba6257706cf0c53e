//! One of the host's programs, run to its end.
//! Never gives it anything to read, our environment, or for ever: a program that hangs is ended.
//! Source of truth for what it said: its standard error, which becomes ours.

use std::ffi::OsStr;
use std::io;
use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use crate::limit::PROGRAM;
use crate::local::runtime::PROGRAM_FOLDERS;

/// Runs it and answers what it printed. Anything but success is an error that says what it complained about.
pub async fn run(program: &str, words: &[&OsStr]) -> io::Result<String> {
    let mut command = Command::new(program);
    command.args(words).env_clear().env("PATH", PROGRAM_FOLDERS).env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, format!("{program} does not end"));
    let output = timeout(PROGRAM, command.output()).await.map_err(late)?;
    let output = output.map_err(|error| io::Error::new(error.kind(), format!("{program} does not run: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(io::Error::other(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
