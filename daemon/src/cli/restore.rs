//! `outrunner restore`: a data dir made of a backup, on a machine that has none.
//!
//! Never touches a data dir that has anything in it. The next `outrunner serve` on it brings the services back.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use model::digest::Digest;
use model::secret::Secret;
use serde_json::json;
use store::backup::Restored;

use super::live_line::LiveLine;
use super::{DataDir, print_line};
use crate::backup_key::Opener;
use crate::failure::{Failure, while_doing};
use crate::host::{Held, Lock, Place};
use crate::limit::{KEY_FILE_BYTES, PROGRESS_BYTES};

#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The backup: a file, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data_dir: DataDir,
    /// The master key, as the old data dir had it in master.key
    #[arg(long, value_name = "FILE", group = "opener")]
    master_key: Option<PathBuf>,
    /// A file with the age identity for which the backup's master key is encrypted
    #[arg(long, value_name = "FILE", group = "opener")]
    identity: Option<PathBuf>,
    /// A file whose first line is the passphrase with which the backup's master key is encrypted
    #[arg(long, value_name = "FILE", group = "opener")]
    passphrase_file: Option<PathBuf>,
    /// Print JSON: data_dir, version, made_at_ms, blobs, bytes, log_lines, left_out
    #[arg(long)]
    json: bool,
}

pub fn run(args: &RestoreArgs) -> Result<(), Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::other("restore needs root: what it makes is for the platform alone. Run it with sudo."));
    }
    let backup = open(&args.file)?;
    let data_dir = args.data_dir.path()?;
    let was_there = data_dir.exists();
    let place = Place::make(&data_dir)?;
    let lock = Lock::take(&place)?
        .map_err(|Held { .. }| Failure::other(format!("a platform uses the data dir {}", place.data_dir.display())))?;
    let restored = restore(args, backup, &place);
    if restored.is_err() && !was_there {
        // Ours alone, and locked still; what else is there stays, and the folder with it.
        for lock in ["platform.lock", "store.lock"] {
            let _ = std::fs::remove_file(place.data_dir.join(lock));
        }
        let _ = std::fs::remove_dir(&place.data_dir);
    }
    drop(lock);
    tell(args, &place, &restored?)
}

fn open(file: &Path) -> Result<Box<dyn Read>, Failure> {
    if file.as_os_str() != "-" {
        let opened = File::open(file).map_err(|error| Failure::NotFound(format!("{} cannot be read: {error}", file.display())))?;
        return Ok(Box::new(opened));
    }
    if std::io::stdin().is_terminal() {
        return Err(Failure::Usage("a backup does not come from a terminal: send it from a file or another program".to_owned()));
    }
    Ok(Box::new(std::io::stdin().lock()))
}

fn restore(args: &RestoreArgs, backup: Box<dyn Read>, place: &Place) -> Result<Restored, Failure> {
    let (mut line, mut drawn) = (LiveLine::on_terminal(), 0);
    store::backup::restore(
        backup,
        &place.data_dir,
        |sealed| master_key(args, sealed),
        |come, total| {
            if come - drawn >= PROGRESS_BYTES {
                drawn = come;
                line.draw(&format!("{} of {} MiB", come >> 20, total >> 20));
            }
        },
    )
}

/// The key that the data dir is to have; `sealed` is the backup's own, if it has one.
fn master_key(args: &RestoreArgs, sealed: Option<&[u8]>) -> Result<Secret, Failure> {
    const LOST: &str = "without it the platform's access keys, certificates and authorities cannot be read";
    if let Some(path) = &args.master_key {
        let unreadable =
            |why: &dyn std::fmt::Display| Failure::Usage(format!("--master-key: {} cannot be read: {why}", path.display()));
        let size = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
        if size > KEY_FILE_BYTES {
            return Err(unreadable(&format!("it has {size} bytes, far more than a key")));
        }
        return std::fs::read(path).map(Secret::new).map_err(|error| unreadable(&error));
    }
    let opener = match (&args.identity, &args.passphrase_file) {
        (Some(path), _) => Some(Opener::identity_file(path)?),
        (None, Some(path)) => Some(Opener::passphrase_file(path)?),
        (None, None) => None,
    };
    match (opener, sealed) {
        (Some(opener), Some(sealed)) => opener.decrypt(sealed),
        (None, Some(_)) => Err(Failure::other(format!(
            "the backup holds its master key encrypted, and {LOST}. Open it with --identity FILE or --passphrase-file FILE, or give the key itself: --master-key FILE"
        ))),
        (Some(_) | None, None) => Err(Failure::other(format!(
            "the backup holds no master key, and {LOST}. Give it with --master-key FILE: it was the file master.key in the old data dir"
        ))),
    }
}

fn tell(args: &RestoreArgs, place: &Place, restored: &Restored) -> Result<(), Failure> {
    let Restored { made, blobs, bytes, log_lines, left_out } = restored;
    if args.json {
        let told = json!({
            "data_dir": place.data_dir, "version": made.version, "made_at_ms": made.at_ms, "blobs": blobs, "bytes": bytes, "log_lines": log_lines,
            "left_out": left_out.iter().map(Digest::as_str).collect::<Vec<_>>(),
        });
        return print_line(&format!("{told:#}")).map(drop);
    }
    let at = jiff::Timestamp::from_millisecond(made.at_ms).map_err(while_doing("reading the backup's time"))?;
    let _ = print_line(&format!(
        "{}: the ledger and {blobs} blobs, {} MiB, as they were at {} (Outrunner {})",
        place.data_dir.display(),
        bytes >> 20,
        at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        made.version
    ))?;
    for digest in left_out {
        let _ = print_line(&format!(
            "{digest} is not there: it was damaged or missing when the backup was made. Push its image again."
        ))?;
    }
    print_line(&format!("Start it: sudo outrunner serve --data-dir {}", place.data_dir.display())).map(drop)
}
