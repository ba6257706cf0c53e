//! Where the operator's keys of the real AWS are: in the environment of `serve`, in a profile, or in a file. They are read anew each time that they are
//! needed, so that new ones hold at once and none stays in memory.
//!
//! Never prints what is in those files. Source of truth: the AWS SDKs' shared credentials file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::secret::Secret;
use outside::{AwsKeys, ReadKeys};

use crate::failure::Failure;

/// Where AWS keys are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// `AWS_ACCESS_KEY_ID` and its companions, as `serve` was given them.
    Environment,
    File {
        path: PathBuf,
        profile: String,
    },
}

/// A variable that is set to something.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// The file that the AWS command line reads, of the person behind `sudo`.
fn shared_credentials() -> Option<PathBuf> {
    if let Some(path) = environment("AWS_SHARED_CREDENTIALS_FILE") {
        return Some(PathBuf::from(path));
    }
    let home = match environment("SUDO_USER") {
        Some(user) => home_of(&fs::read_to_string("/etc/passwd").ok()?, &user)?,
        None => environment("HOME")?,
    };
    Some(Path::new(&home).join(".aws/credentials"))
}

/// Source: passwd(5): the sixth field.
fn home_of(passwd: &str, user: &str) -> Option<String> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(user))?;
    line.split(':').nth(5).map(str::to_owned)
}

impl KeySource {
    /// Whether a text begins as one does.
    pub fn begins(text: &str) -> bool {
        text == "env" || text.starts_with("profile:") || text.starts_with('/')
    }

    /// `env`, `profile:NAME`, or a path, with `#NAME` for another profile than the default one.
    ///
    /// # Errors
    /// A usage failure that names `flag`.
    pub fn parse(flag: &str, text: &str) -> Result<Self, Failure> {
        if text == "env" {
            return Ok(Self::Environment);
        }
        if let Some(profile) = text.strip_prefix("profile:").filter(|profile| !profile.is_empty()) {
            let absent = || Failure::Usage(format!("{flag}: there is no home folder to look for a profile in; name the file"));
            return Ok(Self::File { path: shared_credentials().ok_or_else(absent)?, profile: profile.to_owned() });
        }
        if !text.starts_with('/') {
            let words = format!("{flag}: '{text}' is neither env nor profile:NAME nor a credentials file's whole path");
            return Err(Failure::Usage(words));
        }
        let (path, profile) = text.split_once('#').unwrap_or((text, "default"));
        Ok(Self::File { path: PathBuf::from(path), profile: profile.to_owned() })
    }

    /// What reads them when they are needed.
    pub fn reader(self) -> Arc<ReadKeys> {
        Arc::new(move || self.keys())
    }

    /// The keys as they are now.
    ///
    /// # Errors
    /// A sentence that says why there are none.
    pub fn keys(&self) -> Result<AwsKeys, String> {
        match self {
            Self::Environment => keys("the environment of outrunner serve", |name| environment(&name.to_ascii_uppercase())),
            Self::File { path, profile } => {
                let text = fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
                let known = profile_of(&text, profile).ok_or_else(|| format!("{} has no profile '{profile}'.", path.display()))?;
                let find = |name: &str| known.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
                keys(&format!("the profile '{profile}' of {}", path.display()), find)
            }
        }
    }
}

fn keys(place: &str, find: impl Fn(&str) -> Option<String>) -> Result<AwsKeys, String> {
    let named = |name: &str| find(name).ok_or_else(|| format!("{place} has no {name}."));
    Ok(AwsKeys {
        id: named("aws_access_key_id")?,
        secret: Secret::new(named("aws_secret_access_key")?),
        session_token: find("aws_session_token").map(Secret::new),
    })
}

/// The settings of one profile. Source: AWS SDKs and Tools Reference Guide, "Format of the credentials file".
fn profile_of<'a>(text: &'a str, profile: &str) -> Option<Vec<(&'a str, &'a str)>> {
    let heading = |line: &'a str| line.trim().strip_prefix('[')?.split(']').next().map(str::trim);
    let mut lines = text.lines().skip_while(|line| heading(line) != Some(profile));
    lines.next()?;
    let settings = lines.take_while(|line| heading(line).is_none()).filter(|line| !line.trim_start().starts_with(['#', ';']));
    Some(settings.filter_map(|line| line.split_once('=')).map(|(key, value)| (key.trim(), value.trim())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_a_profile_of_the_shared_file() {
        let text = "# mine\n[default]\naws_access_key_id = AKIDONE\naws_secret_access_key=hunter2\n\n[ other ]\n; x\naws_access_key_id=AKIDTWO\n\
                    aws_secret_access_key = a=b\naws_session_token = t\n";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        fs::write(&path, text).unwrap();
        let read = |profile: &str| KeySource::File { path: path.clone(), profile: profile.to_owned() }.keys();
        let keys = read("other").unwrap();
        assert_eq!(
            (keys.id.as_str(), keys.secret.expose(), keys.session_token.unwrap().expose()),
            ("AKIDTWO", &b"a=b"[..], &b"t"[..])
        );
        assert!(read("default").unwrap().session_token.is_none());
        assert!(read("nobody").unwrap_err().contains("has no profile 'nobody'"));
        assert!(!format!("{:?}", read("default")).contains("hunter2"));
        assert_eq!(home_of("root:x:0:0:root:/root:/bin/sh\nann:x:1:1::/home/ann:/bin/sh\n", "ann").as_deref(), Some("/home/ann"));
    }
}
