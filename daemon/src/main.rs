//! `outrunner`: one program, its subcommands, and how it ends.
//!
//! Assembles: reads argv, environment and configuration, installs the TLS provider, hands out the real clock and dice. Decides nothing about
//! services. Exit codes stand in `failure`.

mod alteration;
mod anchors;
mod aws_service;
mod aws_upstream;
mod backup_key;
mod bell;
mod block;
mod bundle;
mod call;
mod calling_user;
#[cfg(debug_assertions)]
mod checkpoint;
mod cli;
mod client;
mod clients;
mod clock;
mod closing;
mod config;
mod door;
mod ephemeral;
mod failure;
mod first_run;
mod form_client;
mod front_door;
mod host;
mod identity_tokens;
mod instance_door;
mod issuers;
mod key_source;
mod leftovers;
mod limit;
mod memory;
mod metrics;
mod names;
mod profile;
mod profile_keys;
mod programs;
mod provocation;
mod redaction;
mod registries;
mod registry_auth;
mod run_file;
mod serve;
mod short_url;
mod shutdown;
mod sight;
mod staff;
mod trust;
mod unit;
mod unit_flags;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing has installed a TLS provider before main began");
    match cli::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("outrunner: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
