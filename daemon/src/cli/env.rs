//! `outrunner env`: what a shell needs to use a platform.

use std::io::IsTerminal;

use clap::Args;

use super::{DataDir, print_line};
use crate::aws_service::{endpoint_of_all, endpoint_variables, ignores_endpoints, names_of_ours, variables_of};
use crate::failure::Failure;
use crate::first_run::read_credentials;
use crate::host::{AUTHORITY_FILE, BUNDLE_FILE};
use crate::programs;
use crate::run_file::RunFile;

#[derive(Args, Debug)]
pub struct EnvArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Let every call of every AWS service come here: what is not ours is sent on to where serve --upstream says, or refused; nothing goes to AWS by itself
    #[arg(long)]
    all: bool,
}

pub fn run(args: &EnvArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    let run = RunFile::read(&place)?;
    let (key_id, secret) = read_credentials(&place)?;
    let secret = secret.expose_text().unwrap_or_default().to_owned();
    let bundle = place.data_dir.join(BUNDLE_FILE).display().to_string();
    let authority = place.data_dir.join(AUTHORITY_FILE).display().to_string();
    let endpoint = format!("http://{}", run.api);
    let mut variables = if args.all { endpoint_of_all(&endpoint) } else { endpoint_variables(&endpoint) };
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", secret.as_str()),
        ("AWS_ACCOUNT_ID", run.account.as_str()),
        ("AWS_REGION", run.region.as_str()),
        ("AWS_DEFAULT_REGION", run.region.as_str()),
        ("AWS_CA_BUNDLE", bundle.as_str()),
        ("CURL_CA_BUNDLE", bundle.as_str()),
        // Beside Node's own list; the others replace theirs.
        ("NODE_EXTRA_CA_CERTS", authority.as_str()),
        ("OUTRUNNER_DATA_DIR", &place.data_dir.display().to_string()),
    ] {
        variables.push((name.to_owned(), value.to_owned()));
    }
    for (name, value) in variables {
        let _ = print_line(&format!("export {name}={}", quoted(&value)))?;
    }
    let _ = print_line("unset AWS_SESSION_TOKEN AWS_PROFILE AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?;
    if args.all {
        // What an earlier `env` of this shell has set for one service is stronger than what is set for all.
        let forwarded = run.upstreams.iter().flat_map(|service| variables_of(service));
        let _ = print_line(&format!("unset {}", names_of_ours().chain(forwarded).collect::<Vec<_>>().join(" ")))?;
        eprintln!("outrunner: {}", told(&run.upstreams));
    }
    warn_of_old_client();
    Ok(())
}

/// What becomes of calls that are not ours.
fn told(upstreams: &[String]) -> String {
    let (forwarded, others) = match upstreams {
        [] => (String::new(), "calls of services that are not here are refused"),
        some => (format!("calls of {} are sent on; ", some.join(", ")), "those of other services that are not here are refused"),
    };
    format!("{forwarded}{others} (outrunner serve --upstream SERVICE=URL sends more on). Nothing goes to AWS by itself.")
}

/// Only before a person: the command line needs a second to say its version.
fn warn_of_old_client() {
    if std::io::stderr().is_terminal() {
        let version = programs::ask_client("aws", &["--version"]).unwrap_or_default();
        if let Some(warning) = ignores_endpoints(&String::from_utf8_lossy(&version)) {
            eprintln!("outrunner: {warning}");
        }
    }
}

/// A word that a POSIX shell reads as exactly this text.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_other_calls_is_said() {
        assert!(told(&[]).starts_with("calls of services that are not here are refused ("));
        let some = told(&["s3".to_owned(), "sqs".to_owned()]);
        assert!(
            some.starts_with("calls of s3, sqs are sent on; those of other services that are not here are refused ("),
            "{some}"
        );
    }

    #[test]
    fn a_quoted_word_is_one_word_whatever_is_in_it() {
        assert_eq!(quoted("a b$c"), "'a b$c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
