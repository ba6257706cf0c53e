//! `outrunner audit verify`: whether the audit log is what was written, beside a running platform or without one.
//!
//! Only looks. Exit code 1 where the chain of hashes is broken. What it can tell, and what only a head kept elsewhere can, stands in `docs/audit.md`.

use clap::{Args, Subcommand};
use model::secret::Secret;
use serde_json::json;
use store::audit_chain::{Link, Walked, verify};

use super::{DataDir, print_line};
use crate::failure::{Failure, while_doing};

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Walk the chain of hashes and say whether a row was changed, removed or put in
    Verify(VerifyArgs),
}

#[derive(Args, Debug)]
pub struct VerifyArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// A head that an earlier run printed and that was kept elsewhere: it must still be in the chain
    #[arg(long, value_name = "ROW:HASH")]
    expect: Option<String>,
    /// Print JSON: rows, oldest, takenAway, head, broken
    #[arg(long)]
    json: bool,
}

pub fn run(command: &AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify(args) => run_verify(args),
    }
}

fn run_verify(args: &VerifyArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::other("audit verify needs root: it reads what only the platform may read. Run it with sudo."));
    }
    if !place.data_dir.join("ledger.db").exists() {
        return Err(Failure::NotFound(format!(
            "no platform has run on the data dir {}. Is --data-dir right?",
            place.data_dir.display()
        )));
    }
    let expected = args.expect.as_deref().map(|text| {
        Link::parse(text)
            .ok_or_else(|| Failure::Usage(format!("--expect: '{text}' is no head, such as 17: and 64 hexadecimal digits")))
    });
    let expected = expected.transpose()?;
    let key = std::fs::read(place.data_dir.join("master.key")).map(Secret::new).map_err(while_doing("reading the master key"))?;
    let Walked { rows, oldest, taken_away, head, broken } = verify(&place.data_dir, &key, expected.as_ref())?;
    if args.json {
        let said = json!({ "rows": rows, "oldest": oldest, "takenAway": taken_away, "head": head.to_string(), "broken": broken });
        print_line(&format!("{said:#}")).map(drop)?;
    } else if broken.is_none() {
        let from = oldest.map_or_else(String::new, |oldest| format!(" from {oldest} on"));
        let gone = match taken_away {
            0 => String::new(),
            gone => format!("\n{gone} between them were taken away by the platform: their accounts had more than their share"),
        };
        print_line(&format!("{rows} rows{from} are as they were written{gone}\nhead {head}")).map(drop)?;
    }
    broken.map_or(Ok(()), |broken| Err(Failure::other(format!("the audit log is broken: {broken}"))))
}
