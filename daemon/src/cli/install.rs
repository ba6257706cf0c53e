//! `outrunner install` and `uninstall`: the platform as a systemd service. Says what it changed; `--dry-run` only says it.
//!
//! Uninstalling ends the platform and its instances, takes back what `trust` and `setup` changed, and keeps the data dir.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::{DataDir, footprint, print_line, stop};
use crate::alteration::Manner;
use crate::failure::{Failure, while_doing};
use crate::host::keep_file;
use crate::programs;
use crate::unit::Unit;
use crate::{unit, unit_flags};

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
            let program = programs::find_admin(words[0]).ok_or_else(|| Failure::other(format!("{} is not installed", words[0])))?;
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
    let (settings, flags) = unit_flags::settle(&args.flags)?;
    if settings.ephemeral {
        return Err(Failure::Usage("--ephemeral: an installed platform keeps what it is given".to_owned()));
    }
    let unit_path = Path::new(UNIT_FOLDER).join(UNIT);
    refuse_others(&unit_path)?;
    let own = std::env::current_exe().map_err(while_doing("looking for our own program"))?;
    let program = if is_packaged(&own) { own } else { copy_programs(&hand, &own)? };
    let data_dir = std::path::absolute(&settings.data_dir).map_err(while_doing("looking for the working folder"))?;
    let text = Unit { program: &program.display().to_string(), flags: &flags, data_dir: &data_dir.display().to_string() }.text();
    hand.act(&format!("write   {}", unit_path.display()), || {
        fs::create_dir_all(UNIT_FOLDER).map_err(while_doing(format!("making {UNIT_FOLDER}")))?;
        keep_file(&unit_path, text.as_bytes(), 0o644)
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
    let unit_path = Path::new(UNIT_FOLDER).join(UNIT);
    refuse_others(&unit_path)?;
    let is_booted = Path::new(BOOTED).exists();
    let was_there = unit_path.exists();
    let of_unit = fs::read_to_string(&unit_path).ok().and_then(|text| unit::data_dir(&text));
    // The front door and the instances outlive the unit: they are ended where they belong.
    let place = args.data_dir.place_or(of_unit);
    if was_there && is_booted {
        hand.run(&["systemctl", "disable", "--now", UNIT])?;
    }
    if let Ok(place) = &place {
        hand.act(&format!("stop    what runs on {}", place.data_dir.display()), || stop::end_everything(place))?;
        let manner = if args.dry_run { Manner::Say } else { Manner::Do };
        // The journals are root's alone.
        let said = if rustix::process::geteuid().is_root() { footprint::take_back(place, manner)? } else { Vec::new() };
        said.iter().try_for_each(|line| print_line(line).map(drop))?;
    }
    remove(&hand, &unit_path)?;
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
        Ok(place) => {
            let next = footprint::advice(&place).unwrap_or_else(|| "rm -r takes it away.".to_owned());
            print_line(&format!("The data dir {} is kept. {next}", place.data_dir.display())).map(drop)
        }
        Err(_) => Ok(()),
    }
}

/// A unit of this name that somebody else wrote is his.
fn refuse_others(unit: &Path) -> Result<(), Failure> {
    match fs::read_to_string(unit) {
        Ok(text) if unit::is_ours(&text) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Ok(_) => Err(Failure::other(format!(
            "{} was not written by outrunner install: it stays as it is. Take it away by hand if it is not needed",
            unit.display()
        ))),
        Err(error) => Err(while_doing(format!("reading {}", unit.display()))(error)),
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
    fn a_unit_that_is_somebodys_is_neither_replaced_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(UNIT);
        assert!(refuse_others(&path).is_ok(), "there is none");
        fs::write(&path, Unit { program: "/p", flags: &[], data_dir: "/d" }.text()).unwrap();
        assert!(refuse_others(&path).is_ok());
        fs::write(&path, "[Service]\nExecStart=/usr/bin/outrunner serve\n").unwrap();
        assert!(refuse_others(&path).unwrap_err().to_string().contains("was not written by outrunner install"));
    }

    #[test]
    fn a_build_folder_is_no_place_for_a_service() {
        assert!(is_packaged(Path::new("/usr/local/bin/outrunner")));
        assert!(!is_packaged(Path::new("/home/ann/outrunner/target/release/outrunner")));
    }
}
