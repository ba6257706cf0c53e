//! `outrunner setup`: a profile for the platform in the calling user's own AWS settings. Keeps every other byte of them; `--undo` takes it out again.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{DataDir, on_this_thread, print_line};
use crate::alteration::{Alterations, Manner, Wanted};
use crate::aws_service::ignores_endpoints;
use crate::block::{Mark, Torn};
use crate::calling_user::CallingUser;
use crate::client::{Client, Service};
use crate::failure::{Failure, while_doing};
use crate::first_run::read_credentials;
use crate::host::{BUNDLE_FILE, Place};
use crate::profile::{Profile, has_section, is_name};
use crate::profile_keys::{NoKeys, keys_of};
use crate::programs;
use crate::run_file::RunFile;

pub const COMMAND: &str = "setup";

#[derive(Args, Debug)]
pub struct SetupArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// The profile's name
    #[arg(long, value_name = "NAME", default_value = "outrunner")]
    profile: String,
    /// Register the keys that another profile of yours has already, so that it signs for AWS and for this platform
    #[arg(long, value_name = "PROFILE", conflicts_with = "undo")]
    keys: Option<String>,
    /// With --keys: the IAM user of this platform whose keys they become [default: the account's root]
    #[arg(long, value_name = "NAME", requires = "keys")]
    user: Option<String>,
    /// Only say what would be changed
    #[arg(long)]
    dry_run: bool,
    /// Take the profile out again
    #[arg(long)]
    undo: bool,
}

/// The two files of a user's AWS settings.
struct Files {
    config: PathBuf,
    credentials: PathBuf,
}

impl Files {
    /// Where the clients look, too: variables first. Behind sudo there are none, and the user's home is meant.
    fn of(user: &CallingUser) -> Self {
        let named = |variable: &str, name: &str| {
            let set = std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
            set.unwrap_or_else(|| user.home.join(".aws").join(name))
        };
        Self { config: named("AWS_CONFIG_FILE", "config"), credentials: named("AWS_SHARED_CREDENTIALS_FILE", "credentials") }
    }

    /// One of them, or a folder above. Other users have set this platform up too, perhaps: theirs is not touched.
    fn has(&self, path: &Path) -> bool {
        self.config.starts_with(path) || self.credentials.starts_with(path)
    }
}

pub fn run(args: &SetupArgs) -> Result<(), Failure> {
    if !is_name(&args.profile) {
        return Err(Failure::Usage("--profile: a name is 1 to 64 letters, digits, '-', '_' and '.', and not 'default'".to_owned()));
    }
    let place = args.data_dir.place()?;
    let user = CallingUser::find()?;
    let files = Files::of(&user);
    let manner = if args.dry_run { Manner::Say } else { Manner::Do };
    let said = if args.undo {
        undo(&place, manner)?
    } else {
        let mut alterations = Alterations::open(&place, COMMAND, &user, manner)?;
        let run = RunFile::read(&place)?;
        refuse_taken_name(&place, &user, &files, &args.profile)?;
        let (key_id, secret) = read_credentials(&place)?;
        let profile = Profile {
            name: &args.profile,
            region: &run.region,
            endpoint: &format!("http://{}", run.api),
            bundle: &place.data_dir.join(BUNDLE_FILE).display().to_string(),
            key_id: &key_id,
            secret: secret.expose_text().unwrap_or_default(),
        };
        let wanted = [
            Wanted::Block { path: files.config.clone(), lines: profile.config(), mode: 0o600, mode_max: 0o7777 },
            Wanted::Block { path: files.credentials.clone(), lines: profile.credentials(), mode: 0o600, mode_max: 0o600 },
        ];
        alterations.apply(&wanted, |path| files.has(path))?;
        let mut said = alterations.said;
        if let Some(other) = &args.keys {
            said.push(register(args, &place, &user, &files, other, manner)?);
        }
        said
    };
    if manner == Manner::Say && !said.is_empty() {
        let _ = print_line("This would be done (nothing is changed):")?;
    }
    if said.is_empty() {
        let _ = print_line(if args.undo { "no profile of this platform is there" } else { "everything is so already" })?;
    }
    said.iter().try_for_each(|line| print_line(line).map(drop))?;
    if args.undo { Ok(()) } else { advise(&args.profile) }
}

/// Takes the calling user's profile out again; says what was changed, a line each.
pub fn undo(place: &Place, manner: Manner) -> Result<Vec<String>, Failure> {
    let user = CallingUser::find()?;
    let files = Files::of(&user);
    let mut alterations = Alterations::open(place, COMMAND, &user, manner)?;
    alterations.undo(|path| files.has(path))?;
    Ok(alterations.said)
}

/// Registers the keys of a profile that is there; says whose they have become. The secret goes to the platform and nowhere else.
fn register(
    args: &SetupArgs,
    place: &Place,
    user: &CallingUser,
    files: &Files,
    profile: &str,
    manner: Manner,
) -> Result<String, Failure> {
    let read = |path: &Path| match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(while_doing(format!("reading {}", path.display()))),
    };
    let (credentials, config) = user.act(|| Ok((read(&files.credentials)?, read(&files.config)?)))?;
    let keys = keys_of(&credentials, &config, profile).map_err(|none| {
        let why = match none {
            NoKeys::Absent => "has no keys of its own",
            NoKeys::OfSession => {
                "has keys of a session, which end by themselves; only keys of a user or an account can be registered"
            }
        };
        Failure::other(format!("--keys: profile '{profile}' ({}, {}) {why}", files.credentials.display(), files.config.display()))
    })?;
    let whose = args.user.as_deref().map_or_else(|| "the account's root".to_owned(), |name| format!("user {name}"));
    if manner == Manner::Say {
        return Ok(format!("register the key {} of profile {profile} for {whose}", keys.key_id));
    }
    let secret = keys.secret.expose_text().unwrap_or_default();
    let mut input = json!({ "AccessKeyId": keys.key_id, "SecretAccessKey": secret });
    if let Some(name) = &args.user {
        input["UserName"] = json!(name);
    }
    let client = Client::of(place)?;
    on_this_thread(async { client.call(Service::Outrunner, "ImportAccessKey", &input).await.map(drop) })?;
    Ok(format!(
        "the key {} of profile {profile} signs here for {whose}; add to that profile in {}: services = {}",
        keys.key_id,
        files.config.display(),
        args.profile
    ))
}

fn refuse_taken_name(place: &Place, user: &CallingUser, files: &Files, name: &str) -> Result<(), Failure> {
    let (profile, services) = (format!("profile {name}"), format!("services {name}"));
    for (path, sections) in [(&files.config, vec![profile.as_str(), services.as_str()]), (&files.credentials, vec![name])] {
        let read = || match std::fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            read => read.map_err(while_doing(format!("reading {}", path.display()))),
        };
        let text = user.act(read)?;
        // A torn block is told by whoever changes the file.
        let others = Mark::new(&place.tag, COMMAND).take_out(&text).unwrap_or_else(|Torn| Vec::new());
        if has_section(&others, &sections) {
            return Err(Failure::other(format!(
                "{} has a profile '{name}' that is not of this platform. Choose another name: outrunner setup --profile NAME",
                path.display()
            )));
        }
    }
    Ok(())
}

fn advise(profile: &str) -> Result<(), Failure> {
    let _ = print_line(&format!("\nUse it: aws --profile {profile} apprunner list-services, or export AWS_PROFILE={profile}"))?;
    let version = programs::ask_client("aws", &["--version"]).unwrap_or_default();
    if let Some(warning) = ignores_endpoints(&String::from_utf8_lossy(&version)) {
        let _ = print_line(&warning)?;
    }
    Ok(())
}
