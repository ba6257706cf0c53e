//! What a machine must have before instances can run on it.
//! Never installs anything and never changes anything.
//! Source of truth: the design, section 3; what `open` and `start` use.

use std::fs;
use std::io;
use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use crate::limit::RUNTIME;
use crate::local::dialect::Dialect;
use crate::local::machine::Settings;
use crate::local::runtime::PROGRAM_FOLDERS;

/// The first kernel whose overlay takes id-mapped layers.
const KERNEL: (u32, u32) = (5, 19);

/// A sentence for each thing that is not there.
pub async fn missing(settings: &Settings) -> Vec<String> {
    let mut missing = Vec::new();
    if !rustix::process::geteuid().is_root() {
        missing.push("Instances need namespaces and mounts, which only root may make. Run outrunner as root.".to_owned());
    }
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    if version(&release).is_some_and(|version| version < KERNEL) {
        let (major, minor) = KERNEL;
        missing.push(format!("The kernel is {}; instances need {major}.{minor} or newer.", release.trim()));
    }
    let runtime = settings.runtime.display().to_string();
    if let Err(error) = run(&runtime).await {
        missing.push(format!(
            "The container runtime '{runtime}' does not run ({error}). Install the package runc, or name another one."
        ));
    }
    if let Some(why) = Dialect::of(&settings.runtime).await.unfit() {
        missing.push(format!("The container runtime '{runtime}' can run no instance: {why}. Name another one: runc or crun."));
    }
    if let Err(error) = run("nft").await {
        missing.push(format!("The program 'nft' does not run ({error}). Install the package nftables."));
    }
    if !settings.shim.is_file() {
        missing.push(format!(
            "The program {} is not there. It is built and installed together with outrunner.",
            settings.shim.display()
        ));
    }
    missing
}

async fn run(program: &str) -> io::Result<()> {
    let mut command = Command::new(program);
    command.arg("--version").env_clear().env("PATH", PROGRAM_FOLDERS).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = timeout(RUNTIME, command.status()).await??;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

/// The first two numbers of a kernel's release.
pub fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|letter: char| !letter.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_compared_by_number() {
        assert_eq!(version("6.18.44-fc\n"), Some((6, 18)));
        assert!(version("5.9.0").unwrap() < KERNEL);
        assert!(version("5.19.0-rc1").unwrap() >= KERNEL);
        assert_eq!(version("unknown"), None);
    }
}
