//! The flags of `serve` that an installed unit carries: those that were given, and what the shell's `OUTRUNNER_*` variables say, which systemd does not know.
//!
//! Pure but for the working folder, which relative paths mean. Never writes what only this shell has: keys in its environment, a user's home.

use std::ffi::OsStr;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory, FromArgMatches, Parser};

use crate::config::{ServeArgs, Settings};
use crate::failure::{Failure, while_doing};

/// Settings that are paths of files or folders.
const PATHS: [&str; 7] = ["data_dir", "config", "registry_ca", "registry_auth", "issuer_ca", "guard_policy", "upstream_ca"];
/// Settings that say where AWS keys are, and how their flags are called.
const KEYS: [(&str, &str); 3] =
    [("ecr_upstream", "--ecr-upstream"), ("upstream_keys", "--upstream-keys"), ("instance_role_keys", "--instance-role-keys")];

/// To check flags before they are written, and to see where each setting comes from.
#[derive(Parser, Debug)]
#[command(name = "outrunner serve", no_binary_name = true)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

/// The settings that these words and the environment come to, and the words that come to them without the environment, from any folder.
pub fn settle(words: &[String]) -> Result<(Settings, Vec<String>), Failure> {
    let usage = |error: clap::Error| Failure::Usage(error.to_string());
    let matches = Flags::command().try_get_matches_from(words).map_err(usage)?;
    let settings = Flags::from_arg_matches(&matches).map_err(usage)?.serve.settle()?;
    let mut flags = Vec::new();
    if !is_given(&matches, "on_stop") {
        flags.extend(["--on-stop".to_owned(), "leave".to_owned()]);
    }
    if !is_given(&matches, "data_dir") {
        flags.extend(["--data-dir".to_owned(), absolute(settings.data_dir.as_os_str())?]);
    }
    for argument in Flags::command().get_arguments() {
        let (id, Some(long)) = (argument.get_id().as_str(), argument.get_long()) else { continue };
        if !is_given(&matches, id) {
            continue;
        }
        if matches!(argument.get_action(), ArgAction::SetTrue) {
            if matches.get_flag(id) {
                flags.push(format!("--{long}"));
            }
            continue;
        }
        for value in matches.get_raw(id).into_iter().flatten() {
            flags.extend([format!("--{long}"), lasting(id, value)?]);
        }
    }
    Ok((settings, flags))
}

fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches!(matches.value_source(id), Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

/// A value that means the same to a service.
fn lasting(id: &str, value: &OsStr) -> Result<String, Failure> {
    let text = value.to_str().ok_or_else(|| Failure::Usage(format!("'{}' is not UTF-8", value.display())))?;
    let is_path = PATHS.contains(&id) || (id == "runtime" && text.contains('/'));
    if is_path {
        return absolute(value);
    }
    // Keys may be of one service: `s3=env`.
    let is_fleeting = |text: &str| text == "env" || text.starts_with("profile:");
    let keys = KEYS.iter().find(|(of, _)| *of == id);
    if let Some((_, flag)) = keys.filter(|_| is_fleeting(text) || text.split_once('=').is_some_and(|(_, keys)| is_fleeting(keys))) {
        return Err(Failure::Usage(format!(
            "{flag}: a service has neither this shell's environment nor your home ('{text}'). Name the credentials file's whole path, with \
             #PROFILE behind it"
        )));
    }
    Ok(text.to_owned())
}

fn absolute(path: &OsStr) -> Result<String, Failure> {
    let path = std::path::absolute(Path::new(path)).map_err(while_doing("looking for the working folder"))?;
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Failure::Usage(format!("'{}' is not UTF-8", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(words: &[&str]) -> Result<Vec<String>, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        settle(&words).map(|(_, flags)| flags).map_err(|failure| failure.to_string())
    }

    #[test]
    fn flags_are_checked_before_they_are_written() {
        assert!(flags(&["--domain", "apps.example.com", "--https", ":443"]).is_ok());
        assert!(flags(&["--domian", "apps.example.com"]).is_err());
        assert!(flags(&["stray"]).is_err());
        assert!(flags(&["--ecr-upstream", "env"]).unwrap_err().contains("a service has neither"));
        let upstream = ["--upstream", "s3=https://a.test", "--upstream-keys"];
        for keys in ["env", "s3=profile:work"] {
            assert!(flags(&[&upstream[..], &[keys]].concat()).unwrap_err().starts_with("--upstream-keys: a service has neither"));
        }
        assert!(flags(&[&upstream[..], &["s3=/root/keys#work"]].concat()).unwrap().contains(&"s3=/root/keys#work".to_owned()));
    }

    #[test]
    fn a_unit_means_the_same_from_every_folder() {
        let here = std::env::current_dir().unwrap().display().to_string();
        let written =
            flags(&["--data-dir", "data", "--registry-ca", "a.pem,/b.pem", "--doors-public", "--domain", "d.test"]).unwrap();
        assert_eq!(
            written.join(" "),
            format!(
                "--on-stop leave --data-dir {here}/data --domain d.test --doors-public --registry-ca {here}/a.pem --registry-ca /b.pem"
            )
        );
        let written = flags(&["--on-stop", "stop", "--data-dir", "/d"]).unwrap();
        assert_eq!(written.join(" "), "--data-dir /d --on-stop stop", "no flag twice");
        assert!(flags(&[]).unwrap().join(" ").starts_with("--on-stop leave --data-dir /"));
    }
}
