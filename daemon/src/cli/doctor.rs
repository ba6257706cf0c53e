//! `outrunner doctor`: what of this machine is well for a platform with these settings, what is not, and what to do.
//!
//! Never changes anything. Exit code 1 when something fails; what only warns is said and passes.

use std::net::SocketAddr;

use clap::Args;
use edge::Listen;
use engine::local::LocalEngine;
use engine::local::doctor::{Check, Verdict};
use serde_json::json;

use super::print_line;
use crate::config::{ServeArgs, Settings};
use crate::failure::Failure;
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
}

pub fn run(args: DoctorArgs) -> Result<(), Failure> {
    let DoctorArgs { serve, json } = args;
    let settings = serve.settle()?;
    super::on_this_thread(examine(&settings, json))
}

async fn examine(settings: &Settings, as_json: bool) -> Result<(), Failure> {
    let mut checks = LocalEngine::doctor(&programs::settings_to_examine(&settings.data_dir, &settings.runtime)).await;
    let running = Place::find(&settings.data_dir).ok().and_then(|place| RunFile::read(&place).ok().map(|run| (place, run)));
    let ours: Vec<u16> =
        running.iter().flat_map(|(_, run)| [run.api, run.http, run.https]).map(|address: SocketAddr| address.port()).collect();
    let wanted = [("--api", settings.api.port()), ("--http", settings.http.port()), ("--https", settings.https.port())];
    checks.extend(wanted.map(|(flag, port)| port_check(flag, port, &ours)));
    checks.push(front_door_check(settings.https));
    checks.extend(clients::examine(&settings.domain, running.as_ref().map(|(place, run)| (place, run))));
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

fn print(checks: &[Check], as_json: bool) -> Result<(), Failure> {
    if as_json {
        let list: Vec<_> = checks
            .iter()
            .map(|check| json!({ "name": check.name, "verdict": word(check.verdict), "seen": check.seen, "advice": check.advice }))
            .collect();
        return print_line(&format!("{:#}", json!(list))).map(drop);
    }
    for check in checks {
        let _ = print_line(&format!("{:<5}{:<16}{}", word(check.verdict), check.name, check.seen))?;
        if let Some(advice) = &check.advice {
            let _ = print_line(&format!("{:21}{advice}", ""))?;
        }
    }
    Ok(())
}
