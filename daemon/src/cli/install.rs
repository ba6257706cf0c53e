//! `outrunner install` and `uninstall`: the platform as a systemd service. Says what it changed; `--dry-run` only says it.
//!
//! Uninstalling ends the platform and its instances and keeps the data dir.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Parser};

use super::{DataDir, print_line, stop};
use crate::config::ServeArgs;
use crate::failure::{Failure, while_doing};
use crate::host::keep_file;
use crate::programs;
use crate::unit::Unit;

const UNIT: &str = "outrunner.service";
const UNIT_FOLDER: &str = "/etc/systemd/system";
/// Where our two programs are copied to, unless they are where a package puts them.
const PROGRAMS: &str = "/usr/local/lib/outrunner";
const LINK: &str = "/usr/local/bin/outrunner";
/// There if systemd is what runs this machine. Source: sd_booted(3).
const BOOTED: &str = "/run/systemd/system";

#[derive(Args, Debug)]
pub struct InstallArgs {
    /// Only say what would be changed, and print the unit
    #[arg(long)]
    dry_run: bool,
    /// Install it without starting it
    #[arg(long)]
    no_start: bool,
    /// Flags of serve, after --
    #[arg(last = true, value_name = "FLAGS OF serve")]
    flags: Vec<String>,
}

#[derive(Args, Debug)]
pub struct UninstallArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Only say what would be changed
    #[arg(long)]
    dry_run: bool,
}

/// Only to check flags before they are written into a unit.
#[derive(Parser, Debug)]
#[command(name = "outrunner serve", no_binary_name = true)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

/// Done, or only said.
struct Hand {
    dry_run: bool,
}

impl Hand {
    fn act(&self, what: &str, work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        let _ = print_line(what)?;
        if self.dry_run { Ok(()) } else { work() }
    }

    /// A program of the machine's administration; what it says is shown if it fails.
    fn run(&self, words: &[&str]) -> Result<(), Failure> {
        self.act(&format!("run     {}", words.join(" ")), || {
            let doing = format!("running {}", words.join(" "));
            let program = programs::find(words[0]).ok_or_else(|| Failure::other(format!("{} is not installed", words[0])))?;
            let done = Command::new(program).args(&words[1..]).output().map_err(while_doing(&doing))?;
            if done.status.success() {
                return Ok(());
            }
            Err(Failure::other(format!("{} failed: {}", words.join(" "), String::from_utf8_lossy(&done.stderr).trim())))
        })
    }
}

pub fn install(args: &InstallArgs) -> Result<(), Failure> {
    let hand = Hand { dry_run: args.dry_run };
    refuse_plain_user("install", args.dry_run)?;
    let flags = Flags::try_parse_from(&args.flags).map_err(|error| Failure::Usage(error.to_string()))?;
    let settings = flags.serve.settle()?;
    if settings.ephemeral {
        return Err(Failure::Usage("--ephemeral: an installed platform keeps what it is given".to_owned()));
    }
    let own = std::env::current_exe().map_err(while_doing("looking for our own program"))?;
    let program = if is_packaged(&own) { own } else { copy_programs(&hand, &own)? };
    let text =
        Unit { program: &program.display().to_string(), flags: &args.flags, data_dir: &settings.data_dir.display().to_string() }
            .text();
    let unit = Path::new(UNIT_FOLDER).join(UNIT);
    hand.act(&format!("write   {}", unit.display()), || {
        fs::create_dir_all(UNIT_FOLDER).map_err(while_doing(format!("making {UNIT_FOLDER}")))?;
        keep_file(&unit, text.as_bytes(), 0o644)
    })?;
    if args.dry_run {
        let _ = print_line(&format!("\n{text}"))?;
    }
    if !Path::new(BOOTED).exists() {
        let _ = print_line("systemd does not run this machine: the unit is written, and nothing is started")?;
        return Ok(());
    }
    hand.run(&["systemctl", "daemon-reload"])?;
    if args.no_start {
        return hand.run(&["systemctl", "enable", UNIT]);
    }
    hand.run(&["systemctl", "enable", UNIT])?;
    // Also an installed one that is replaced by this one: what it carries goes on meanwhile.
    hand.run(&["systemctl", "restart", UNIT])
}

pub fn uninstall(args: &UninstallArgs) -> Result<(), Failure> {
    let hand = Hand { dry_run: args.dry_run };
    refuse_plain_user("uninstall", args.dry_run)?;
    let unit = Path::new(UNIT_FOLDER).join(UNIT);
    let is_booted = Path::new(BOOTED).exists();
    let was_there = unit.exists();
    let of_unit = fs::read_to_string(&unit).ok().and_then(|text| crate::unit::data_dir(&text));
    // The front door and the instances outlive the unit: they are ended where they belong.
    let place = args.data_dir.place_or(of_unit);
    if was_there && is_booted {
        hand.run(&["systemctl", "disable", "--now", UNIT])?;
    }
    if let Ok(place) = &place {
        hand.act(&format!("stop    what runs on {}", place.data_dir.display()), || stop::end_everything(place))?;
    }
    remove(&hand, &unit)?;
    let is_ours = fs::read_link(LINK).is_ok_and(|target| target.starts_with(PROGRAMS));
    if is_ours {
        remove(&hand, Path::new(LINK))?;
    }
    for name in ["outrunner", "outrunner-shim"] {
        remove(&hand, &Path::new(PROGRAMS).join(name))?;
    }
    if !args.dry_run {
        // Others may have something in it.
        let _ = fs::remove_dir(PROGRAMS);
    }
    if was_there && is_booted {
        hand.run(&["systemctl", "daemon-reload"])?;
    }
    match place {
        Ok(place) => print_line(&format!("The data dir {} is kept. rm -r takes it away.", place.data_dir.display())).map(drop),
        Err(_) => Ok(()),
    }
}

fn refuse_plain_user(command: &str, dry_run: bool) -> Result<(), Failure> {
    if dry_run || rustix::process::geteuid().is_root() {
        return Ok(());
    }
    Err(Failure::other(format!("{command} needs root: it changes this machine's services. Run it with sudo, or see --dry-run.")))
}

/// Where a package puts programs they stay; a build folder or a home may go away under a service.
fn is_packaged(program: &Path) -> bool {
    ["/usr/bin", "/usr/sbin", "/usr/lib", "/usr/libexec", "/usr/local", "/opt"].iter().any(|folder| program.starts_with(folder))
}

fn copy_programs(hand: &Hand, own: &Path) -> Result<PathBuf, Failure> {
    let folder = Path::new(PROGRAMS);
    for name in ["outrunner-shim", "outrunner"] {
        let (from, to) = (own.with_file_name(name), folder.join(name));
        hand.act(&format!("copy    {} to {}", from.display(), to.display()), || {
            let made = fs::DirBuilder::new().recursive(true).mode(0o755).create(folder);
            made.map_err(while_doing(format!("making {PROGRAMS}")))?;
            let bytes = fs::read(&from).map_err(while_doing(format!("reading {}", from.display())))?;
            // Renamed into place: what runs keeps the file it was started from.
            keep_file(&to, &bytes, 0o755)
        })?;
    }
    let program = folder.join("outrunner");
    let link = Path::new(LINK);
    if fs::symlink_metadata(link).is_err() {
        hand.act(&format!("link    {LINK} to {}", program.display()), || {
            symlink(&program, link).map_err(while_doing(format!("linking {LINK}")))
        })?;
    }
    Ok(program)
}

fn remove(hand: &Hand, path: &Path) -> Result<(), Failure> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    hand.act(&format!("remove  {}", path.display()), || {
        fs::remove_file(path).map_err(while_doing(format!("removing {}", path.display())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_checked_before_they_are_written() {
        let parse = |words: &[&str]| Flags::try_parse_from(words);
        assert!(parse(&["--domain", "apps.example.com", "--https", ":443"]).is_ok());
        assert!(parse(&["--domian", "apps.example.com"]).is_err());
        assert!(parse(&["stray"]).is_err());
    }

    #[test]
    fn a_build_folder_is_no_place_for_a_service() {
        assert!(is_packaged(Path::new("/usr/local/bin/outrunner")));
        assert!(!is_packaged(Path::new("/home/ann/outrunner/target/release/outrunner")));
    }
}
