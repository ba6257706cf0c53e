//! The command line: one file a verb.

mod accounts;
mod audit;
mod backup;
mod cancel;
mod check;
mod completions;
mod delete;
mod deploy;
mod doctor;
mod edge;
mod env;
mod events;
pub mod footprint;
mod install;
mod live_line;
mod logs;
mod man;
mod open;
mod operation;
mod partial_file;
mod pause;
mod policy;
mod ps;
mod restore;
mod resume;
mod revisions;
mod rollback;
mod secrets;
mod serve;
mod service_settings;
mod setup;
mod stop;
mod trust;
mod update;
mod users;

use std::fmt::Debug;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::service_name::ServiceName;
use serde_json::Value;

use crate::config::{ServeArgs, data_dir};
use crate::failure::{EXIT_CODES, Failure, while_doing};
use crate::host::Place;

/// AWS App Runner that you run yourself.
///
/// Give it a container image, get an HTTPS URL. It speaks App Runner's own API: use the stock aws command line.
#[derive(Parser, Debug)]
#[command(name = "outrunner", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the platform in the foreground (needs root)
    Serve(ServeArgs),
    /// End the platform on a data dir, its front door and its instances, also when the platform itself is dead
    Stop(stop::StopArgs),
    /// Look at this machine and say what is missing, or in the way, and what to do
    Doctor(doctor::DoctorArgs),
    /// Print what a shell needs to use this platform: eval "$(sudo outrunner env)"
    Env(env::EnvArgs),
    /// Make a service of an image, or give a service that is there another one; print its URL
    #[command(after_help = EXIT_CODES)]
    Deploy(deploy::DeployArgs),
    /// Write a profile for this platform into your AWS settings (the user's behind sudo)
    Setup(setup::SetupArgs),
    /// Let this machine's clients trust the platform's certificates and find its names
    Trust(trust::TrustArgs),
    /// Install the platform as a systemd service (needs root)
    Install(install::InstallArgs),
    /// Take the systemd service away again; the data dir stays
    Uninstall(install::UninstallArgs),
    /// List services
    #[command(after_help = EXIT_CODES)]
    Ps(ps::PsArgs),
    /// Print what a service's instances print
    #[command(after_help = EXIT_CODES)]
    Logs(logs::LogsArgs),
    /// Print what happened to a service
    #[command(after_help = EXIT_CODES)]
    Events(events::EventsArgs),
    /// Print a service's URL, and open it in a browser where there is one
    #[command(after_help = EXIT_CODES)]
    Open(open::OpenArgs),
    /// Change how a service runs; what is not said stays
    #[command(after_help = EXIT_CODES)]
    Update(update::UpdateArgs),
    /// End a service's instances; its URL and configuration stay
    #[command(after_help = EXIT_CODES)]
    Pause(pause::PauseArgs),
    /// Let a paused service run again
    #[command(after_help = EXIT_CODES)]
    Resume(resume::ResumeArgs),
    /// Keep values that only services and their owners shall read
    #[command(after_help = EXIT_CODES)]
    Secrets(secrets::SecretsArgs),
    /// End the operation under way on a service: what ran before runs on
    #[command(after_help = EXIT_CODES)]
    Cancel(cancel::CancelArgs),
    /// Let an earlier revision of a service run again
    #[command(after_help = EXIT_CODES)]
    Rollback(rollback::RollbackArgs),
    /// List what was ever deployed on a service
    #[command(after_help = EXIT_CODES)]
    Revisions(revisions::RevisionsArgs),
    /// Delete a service
    #[command(after_help = EXIT_CODES)]
    Delete(delete::DeleteArgs),
    /// IAM users and their keys
    #[command(after_help = EXIT_CODES)]
    Users(users::UsersArgs),
    /// What policies allow, before a call is made
    #[command(after_help = EXIT_CODES)]
    Policy(policy::PolicyArgs),
    /// Other accounts on this platform
    #[command(after_help = EXIT_CODES)]
    Accounts(accounts::AccountsArgs),
    /// Put everything that must survive into one file, also while the platform runs (needs root)
    #[command(after_help = EXIT_CODES)]
    Backup(backup::BackupArgs),
    /// Make a data dir of a backup, where there is none (needs root)
    #[command(after_help = EXIT_CODES)]
    Restore(restore::RestoreArgs),
    /// Verify a data dir: ledger, images, log lines, secrets, certificates; say what is wrong and what would mend it (needs root)
    #[command(after_help = EXIT_CODES)]
    Check(check::CheckArgs),
    /// The audit log of every call (needs root)
    #[command(after_help = EXIT_CODES, subcommand)]
    Audit(audit::AuditCommand),
    /// Print what a shell needs to complete these words: source <(outrunner completions bash)
    Completions(completions::CompletionsArgs),
    /// Write the manual, a page for each verb
    Man(man::ManArgs),
    /// Print the version
    Version,
    /// The front door's process: started by serve, never by hand
    #[command(hide = true)]
    Edge,
}

/// Which platform is meant.
#[derive(Args, Clone, Debug)]
pub struct DataDir {
    /// The platform's data dir [default: that of outrunner.toml, else /var/lib/outrunner]
    #[arg(long, env = "OUTRUNNER_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

// A platform, a verb, and whether a script reads the answer. No doc comment: it would be what `--help` says of each verb.
#[derive(Args, Debug)]
pub struct VerbArgs<V: Subcommand + Debug> {
    #[command(flatten)]
    data_dir: DataDir,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: V,
}

impl DataDir {
    fn place(&self) -> Result<Place, Failure> {
        self.place_or(None)
    }

    /// `other` is stronger than the configuration file, and weaker than the flag.
    fn place_or(&self, other: Option<PathBuf>) -> Result<Place, Failure> {
        Place::find(&self.data_dir.clone().or(other).map_or_else(data_dir, Ok)?)
    }

    /// Whether it is there or not.
    fn path(&self) -> Result<PathBuf, Failure> {
        self.data_dir.clone().map_or_else(data_dir, Ok)
    }
}

pub fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Stop(args) => stop::run(&args),
        Command::Doctor(args) => doctor::run(args),
        Command::Env(args) => env::run(&args),
        Command::Install(args) => install::install(&args),
        Command::Uninstall(args) => install::uninstall(&args),
        Command::Setup(args) => setup::run(&args),
        Command::Trust(args) => on_this_thread(trust::run(&args)),
        Command::Deploy(args) => on_this_thread(deploy::run(&args)),
        Command::Ps(args) => on_this_thread(ps::run(&args)),
        Command::Logs(args) => on_this_thread(logs::run(&args)),
        Command::Events(args) => on_this_thread(events::run(&args)),
        Command::Open(args) => on_this_thread(open::run(&args)),
        Command::Update(args) => on_this_thread(update::run(&args)),
        Command::Pause(args) => on_this_thread(pause::run(&args)),
        Command::Resume(args) => on_this_thread(resume::run(&args)),
        Command::Cancel(args) => on_this_thread(cancel::run(&args)),
        Command::Rollback(args) => on_this_thread(rollback::run(&args)),
        Command::Revisions(args) => on_this_thread(revisions::run(&args)),
        Command::Delete(args) => on_this_thread(delete::run(&args)),
        Command::Users(args) => on_this_thread(users::run(&args)),
        Command::Policy(args) => on_this_thread(policy::run(&args)),
        Command::Accounts(args) => on_this_thread(accounts::run(&args)),
        Command::Secrets(args) => on_this_thread(secrets::run(&args)),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Audit(command) => audit::run(&command),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
        Command::Version => {
            println!("outrunner {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Command::Edge => edge::run(),
    }
}

fn on_this_thread(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(while_doing("making a runtime"))?;
    runtime.block_on(work)
}

/// A timestamp of the API (seconds since the epoch) as `2026-01-31 12:34:56` in UTC.
fn time_of(value: &Value) -> String {
    let seconds = value.as_f64().unwrap_or_default();
    match jiff::Timestamp::from_millisecond((seconds * 1000.0) as i64) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => seconds.to_string(),
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or("-")
}

/// Where a service answers; `-` for one that is not publicly accessible.
fn url_of(service: &Value) -> String {
    match service.get("ServiceUrl").and_then(Value::as_str) {
        Some(url) if !url.is_empty() => format!("https://{url}"),
        Some(_) | None => "-".to_owned(),
    }
}

/// The short host of a service, where its name has one.
fn short_host(service: &str, domain: &str) -> Option<String> {
    model::short_host::short_host(&ServiceName::parse(service).ok()?, domain)
}

/// Prints a line; a reader that went away (`| head`) ends the command quietly.
fn print_line(line: &str) -> Result<Reader, Failure> {
    use std::io::Write;
    match writeln!(std::io::stdout().lock(), "{line}") {
        Ok(()) => Ok(Reader::Listens),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(while_doing("writing to standard output")(error)),
    }
}

/// Whether somebody still reads what is printed.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Listens,
    Gone,
}
