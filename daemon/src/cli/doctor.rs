//! `outrunner doctor`: what of this machine is well for a platform with these settings, what is not, and what to do.
//!
//! Never changes anything. Exit code 1 when something fails; what only warns is said and passes.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use edge::Listen;
use engine::local::LocalEngine;
use engine::local::doctor::{Check, Verdict};
use serde_json::{Value, json};

use super::print_line;
use crate::bundle::{self, Bundle};
use crate::config::{ServeArgs, Settings};
use crate::failure::{Failure, while_doing};
use crate::host::{Place, holder_of};
use crate::run_file::RunFile;
use crate::{clients, programs};

#[derive(Args, Debug)]
pub struct DoctorArgs {
    #[command(flatten)]
    serve: ServeArgs,
    /// Print JSON: a list of name, verdict, seen, advice
    #[arg(long)]
    json: bool,
    /// Write what a bug report needs into a new file (.tar.gz), without secrets, and say what is in it
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    bundle: Option<PathBuf>,
}

pub fn run(args: DoctorArgs) -> Result<(), Failure> {
    let DoctorArgs { serve, json, bundle } = args;
    let settings = serve.settle()?;
    super::on_this_thread(examine(&settings, json, bundle.as_deref()))
}

async fn examine(settings: &Settings, as_json: bool, bundle: Option<&Path>) -> Result<(), Failure> {
    let mut checks = LocalEngine::doctor(&programs::settings_to_examine(&settings.data_dir, &settings.runtime)).await;
    let running = Place::find(&settings.data_dir).ok().and_then(|place| RunFile::read(&place).ok().map(|run| (place, run)));
    let ours: Vec<u16> =
        running.iter().flat_map(|(_, run)| [run.api, run.http, run.https]).map(|address: SocketAddr| address.port()).collect();
    let wanted = [("--api", settings.api.port()), ("--http", settings.http.port()), ("--https", settings.https.port())];
    checks.extend(wanted.map(|(flag, port)| port_check(flag, port, &ours)));
    checks.push(front_door_check(settings.https));
    checks.extend(clients::examine(&settings.domain, running.as_ref().map(|(place, run)| (place, run))));
    if let Some(path) = bundle {
        let parts = Bundle::gather(&settings.data_dir, listed(&checks), settings.shown()).await.write(path)?;
        return bundle::say(path, &parts, &mut std::io::stdout()).map_err(while_doing("writing to standard output"));
    }
    print(&checks, as_json)?;
    let failed = checks.iter().filter(|check| check.verdict == Verdict::Fail).count();
    if failed == 0 { Ok(()) } else { Err(Failure::other(format!("{failed} of {} checks failed", checks.len()))) }
}

fn port_check(flag: &str, port: u16, ours: &[u16]) -> Check {
    const NAME: &str = "ports";
    if port == 0 || ours.contains(&port) {
        return Check::ok(NAME, format!("{flag}: {port}"));
    }
    match holder_of(port) {
        Some(who) => Check::fail(
            NAME,
            format!("{flag}: port {port} is taken by {who}"),
            format!("End that program, or choose another port with {flag}."),
        ),
        None => Check::ok(NAME, format!("{flag}: {port} is free")),
    }
}

/// Instances come to their gateway's address, which a front door at one other address does not hear.
fn front_door_check(https: Listen) -> Check {
    const NAME: &str = "front door";
    match https {
        Listen::At(address) if !address.ip().is_unspecified() => Check::warn(
            NAME,
            format!("it answers at {address} only"),
            "Services' own URLs do not work from inside instances. Let it listen everywhere: --https :443",
        ),
        Listen::At(_) | Listen::Everywhere(_) => Check::ok(NAME, "services' own URLs work from inside instances"),
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Warn => "warn",
        Verdict::Fail => "fail",
    }
}

fn listed(checks: &[Check]) -> Value {
    let one =
        |check: &Check| json!({ "name": check.name, "verdict": word(check.verdict), "seen": check.seen, "advice": check.advice });
    checks.iter().map(one).collect()
}

fn print(checks: &[Check], as_json: bool) -> Result<(), Failure> {
    if as_json {
        return print_line(&format!("{:#}", listed(checks))).map(drop);
    }
    for check in checks {
        let _ = print_line(&format!("{:<5}{:<16}{}", word(check.verdict), check.name, check.seen))?;
        if let Some(advice) = &check.advice {
            let _ = print_line(&format!("{:21}{advice}", ""))?;
        }
    }
    Ok(())
}
