//! `outrunner backup`: a data dir in one file, of a running platform or of a stopped one.
//!
//! Written under another name, synced, and then named: what is called FILE is whole. Never overwrites anything. What is in a backup: `store::backup`.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use model::digest::Digest;
use model::port::Clock;
use serde_json::json;
use store::backup::{BackupOrder, LogLines, Made, Packed, Prepared, prepare};

use super::live_line::LiveLine;
use super::partial_file::{Partial, exists};
use super::{DataDir, print_line};
use crate::backup_key::SealedFor;
use crate::clock::SystemClock;
use crate::failure::{Failure, while_doing};
use crate::first_run::read_master_key;
use crate::host::{Place, free_bytes};
use crate::limit::PROGRESS_BYTES;
use crate::serve::raise_descriptors;

#[derive(Args, Debug)]
pub struct BackupArgs {
    /// Where the backup goes: a file that is not there yet, or - for standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data_dir: DataDir,
    /// Keep log lines too; without them, log groups and their retention are kept, and what happened to services
    #[arg(long)]
    logs: bool,
    /// Keep the master key too, encrypted with age: for --recipient, or with --passphrase-file. Without it, keep a copy of <data-dir>/master.key elsewhere
    #[arg(long, requires = "sealed_for")]
    master_key: bool,
    /// The public key (age1…) for which the master key is encrypted
    #[arg(long, value_name = "AGE-KEY", group = "sealed_for", requires = "master_key")]
    recipient: Option<String>,
    /// A file whose first line is the passphrase with which the master key is encrypted
    #[arg(long, value_name = "FILE", group = "sealed_for", requires = "master_key")]
    passphrase_file: Option<PathBuf>,
    /// Print JSON: file, version, blobs, bytes, packed_bytes, log_lines, master_key, left_out
    #[arg(long)]
    json: bool,
}

/// Where a backup goes.
enum Target {
    Stdout,
    File { path: PathBuf, folder: PathBuf },
}

pub fn run(args: &BackupArgs) -> Result<(), Failure> {
    let target = Target::of(args)?;
    let place = args.data_dir.place()?;
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::other("backup needs root: it reads what only the platform may read. Run it with sudo."));
    }
    if !place.data_dir.join("ledger.db").exists() {
        return Err(Failure::NotFound(format!(
            "no platform has run on the data dir {}. Is --data-dir right?",
            place.data_dir.display()
        )));
    }
    raise_descriptors();
    let order = BackupOrder {
        data_dir: &place.data_dir,
        // Never where the backup goes: others may write there, and SQLite opens files by their names.
        stage: &place.data_dir,
        lines: if args.logs { LogLines::Kept } else { LogLines::LeftOut },
        sealed_key: sealed_key(args, &place)?,
        made: made(),
    };
    match target {
        Target::Stdout => refuse_silence(&pack(prepare(order)?, std::io::stdout().lock())?),
        Target::File { path, folder } => {
            let partial = Partial::make(&path, &folder)?;
            let prepared = prepare(order)?;
            refuse_without_room(&folder, prepared.bytes())?;
            let packed = pack(prepared, &partial.file)?;
            let packed_bytes = partial.publish(&path, &folder)?;
            tell(args, &path, &place, &packed, packed_bytes)?;
            refuse_silence(&packed)
        }
    }
}

impl Target {
    fn of(args: &BackupArgs) -> Result<Self, Failure> {
        if args.file.as_os_str() == "-" {
            if args.json {
                return Err(Failure::Usage("--json: standard output is the backup itself".to_owned()));
            }
            if std::io::stdout().is_terminal() {
                return Err(Failure::Usage("a backup is not for a terminal: send it into a file or another program".to_owned()));
            }
            return Ok(Self::Stdout);
        }
        if args.file.symlink_metadata().is_ok() {
            return Err(exists(&args.file));
        }
        let folder = args.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if args.file.file_name().is_none() || !folder.is_dir() {
            return Err(Failure::NotFound(format!("there is no folder {} for the backup", folder.display())));
        }
        Ok(Self::File { path: args.file.clone(), folder: folder.to_owned() })
    }
}

fn made() -> Made {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned();
    Made { version: env!("CARGO_PKG_VERSION").to_owned(), boot, at_ms: SystemClock.now().millis() }
}

fn sealed_key(args: &BackupArgs, place: &Place) -> Result<Option<Vec<u8>>, Failure> {
    let sealed_for = match (&args.recipient, &args.passphrase_file) {
        (Some(recipient), _) => SealedFor::recipient(recipient)?,
        (None, Some(path)) => SealedFor::passphrase_file(path)?,
        (None, None) => return Ok(None),
    };
    let key = read_master_key(place)?.ok_or_else(|| {
        Failure::other(format!("{} is missing: there is no master key to keep", place.data_dir.join("master.key").display()))
    })?;
    sealed_for.encrypt(&key).map(Some)
}

fn refuse_without_room(folder: &Path, bytes: u64) -> Result<(), Failure> {
    let free = free_bytes(folder)?;
    if bytes <= free {
        return Ok(());
    }
    Err(Failure::other(format!(
        "the backup may take {} MiB, and {} has {} MiB free. Choose another place.",
        bytes >> 20,
        folder.display(),
        free >> 20
    )))
}

fn pack(prepared: Prepared, out: impl Write) -> Result<Packed, Failure> {
    let (total, mut line, mut drawn) = (prepared.bytes(), LiveLine::on_terminal(), 0);
    let mut out = BufWriter::new(out);
    let packed = prepared.pack(&mut out, |gone| {
        if gone - drawn >= PROGRESS_BYTES {
            drawn = gone;
            line.draw(&format!("{} of {} MiB", gone >> 20, total >> 20));
        }
    })?;
    out.flush().map_err(while_doing("writing the backup"))?;
    Ok(packed)
}

/// The backup is there and is of use. Whoever made it must know that it is not all.
fn refuse_silence(packed: &Packed) -> Result<(), Failure> {
    let Some(first) = packed.left_out.first() else { return Ok(()) };
    let others = match packed.left_out.len() - 1 {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    Err(Failure::other(format!(
        "the backup is kept without {first}{others}: damaged or missing on the disk. Push their images again, and see outrunner check"
    )))
}

fn tell(args: &BackupArgs, path: &Path, place: &Place, packed: &Packed, packed_bytes: u64) -> Result<(), Failure> {
    let Packed { blobs, bytes, left_out } = packed;
    if args.json {
        let told = json!({
            "file": path, "version": env!("CARGO_PKG_VERSION"), "blobs": blobs, "bytes": bytes, "packed_bytes": packed_bytes,
            "log_lines": args.logs, "master_key": args.master_key, "left_out": left_out.iter().map(Digest::as_str).collect::<Vec<_>>(),
        });
        return print_line(&format!("{told:#}")).map(drop);
    }
    let _ = print_line(&format!(
        "{}: the ledger and {blobs} blobs, {} MiB, packed {} MiB",
        path.display(),
        bytes >> 20,
        packed_bytes >> 20
    ))?;
    if args.master_key {
        return Ok(());
    }
    let key = place.data_dir.join("master.key");
    print_line(&format!(
        "The master key is not in it: keep a copy of {} elsewhere. Nothing sealed can be read without it.",
        key.display()
    ))
    .map(drop)
}
