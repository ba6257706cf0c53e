//! The keys of a profile that somebody has already in `credentials` or `config`, to be registered here.
//!
//! Pure: text in, a key out. Never prints a secret, never looks at another profile. Source: AWS SDKs and Tools Reference Guide, "Shared config and
//! credentials files".

use model::secret::Secret;

/// A key as a profile has it.
#[derive(Debug, PartialEq, Eq)]
pub struct ProfileKeys {
    pub key_id: String,
    pub secret: Secret,
}

/// Why a profile's keys cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKeys {
    /// No file has the profile, or it has no keys of its own.
    Absent,
    /// They are of a session: they end by themselves, and only AWS knows them.
    OfSession,
}

/// The keys of a profile: those in the credentials file first, as clients take them.
pub fn keys_of(credentials: &str, config: &str, profile: &str) -> Result<ProfileKeys, NoKeys> {
    let in_config = if profile == "default" { "default".to_owned() } else { format!("profile {profile}") };
    let found = [(credentials, profile), (config, in_config.as_str())].into_iter().find_map(|(text, section)| {
        let value = |name| setting(text, section, name);
        let token = value("aws_session_token").is_some();
        Some((value("aws_access_key_id")?, value("aws_secret_access_key")?, token))
    });
    match found {
        None => Err(NoKeys::Absent),
        Some((_, _, true)) => Err(NoKeys::OfSession),
        Some((key_id, secret, false)) => Ok(ProfileKeys { key_id, secret: Secret::new(secret) }),
    }
}

/// A setting of a section; of one that is there twice the last, as clients read it.
fn setting(text: &str, section: &str, name: &str) -> Option<String> {
    let (mut within, mut found) = (false, None);
    for line in text.lines() {
        let line = line.trim();
        if let Some(inside) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let words: Vec<&str> = inside.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
            within = words.join(" ") == section;
        } else if within
            && !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once('=')
            && key.trim().eq_ignore_ascii_case(name)
        {
            found = Some(value.trim().to_owned());
        }
    }
    found.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIALS: &str = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key=d/+=\n\n[ work ]\n# aws_access_key_id = AKIAOLD\n\
        AWS_ACCESS_KEY_ID=AKIAWORK\naws_secret_access_key = w\n[short]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n";
    const CONFIG: &str =
        "[profile ci]\nregion = eu-west-1\naws_access_key_id = AKIACI\naws_secret_access_key = c\n[profile sso]\nsso_session = x\n";

    #[test]
    fn the_keys_of_a_profile_are_found_where_clients_find_them() {
        for (profile, key, secret) in [("default", "AKIADEFAULT", "d/+="), ("work", "AKIAWORK", "w"), ("ci", "AKIACI", "c")] {
            let found = keys_of(CREDENTIALS, CONFIG, profile).unwrap();
            assert_eq!((found.key_id.as_str(), found.secret), (key, Secret::new(secret)), "{profile}");
        }
        assert_eq!(keys_of(CREDENTIALS, CONFIG, "short"), Err(NoKeys::OfSession));
        for profile in ["sso", "nobody", "profile ci", ""] {
            assert_eq!(keys_of(CREDENTIALS, CONFIG, profile), Err(NoKeys::Absent), "{profile}");
        }
    }
}
