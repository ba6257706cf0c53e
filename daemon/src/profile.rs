//! The profile that `outrunner setup` writes for the AWS command line and the SDKs: our lines in `config` and `credentials`.
//!
//! Pure. Never reads a key of another profile. Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".

use crate::aws_service::endpoint_settings;

/// What a profile says.
#[derive(Debug)]
pub struct Profile<'a> {
    pub name: &'a str,
    pub region: &'a str,
    /// Where the API answers, as a URL.
    pub endpoint: &'a str,
    /// The system's roots and ours.
    pub bundle: &'a str,
    pub key_id: &'a str,
    pub secret: &'a str,
}

impl Profile<'_> {
    /// Lines for `~/.aws/config`.
    pub fn config(&self) -> String {
        let Self { name, region, endpoint, bundle, .. } = self;
        let services = endpoint_settings(endpoint);
        format!("[profile {name}]\nregion = {region}\nca_bundle = {bundle}\nservices = {name}\n\n[services {name}]\n{services}")
    }

    /// Lines for `~/.aws/credentials`.
    pub fn credentials(&self) -> String {
        format!("[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\n", self.name, self.key_id, self.secret)
    }
}

/// A name that stands in brackets as it is.
pub fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text != "default"
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Whether a file, our own block left out, has one of these sections. A second one of a name is an error to some clients, and hides the first from others.
pub fn has_section(text: &[u8], sections: &[&str]) -> bool {
    String::from_utf8_lossy(text).lines().any(|line| {
        let inside = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next());
        let words =
            inside.map(|inside| inside.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect::<Vec<_>>().join(" "));
        words.is_some_and(|words| sections.contains(&words.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_names_our_services_one_by_one_and_no_key_stands_in_config() {
        let profile = Profile {
            name: "outrunner",
            region: "us-east-1",
            endpoint: "http://127.0.0.1:4566",
            bundle: "/b.pem",
            key_id: "AKIAX",
            secret: "s3cret",
        };
        let config = profile.config();
        assert!(config.starts_with(
            "[profile outrunner]\nregion = us-east-1\nca_bundle = /b.pem\nservices = outrunner\n\n[services outrunner]\n"
        ));
        assert!(config.contains("ecr =\n  endpoint_url = http://127.0.0.1:4566\n") && !config.contains("s3cret"));
        assert_eq!(profile.credentials(), "[outrunner]\naws_access_key_id = AKIAX\naws_secret_access_key = s3cret\n");
    }

    #[test]
    fn a_section_is_found_however_it_is_written() {
        for text in ["[profile outrunner]", "a=b\n  [ profile   outrunner ] # mine\n", "[profile \"outrunner\"]\r\n"] {
            assert!(has_section(text.as_bytes(), &["profile outrunner"]), "{text:?}");
        }
        for text in ["", "[profile outrunner2]", "# [profile outrunner]", "profile outrunner", "[outrunner]"] {
            assert!(!has_section(text.as_bytes(), &["profile outrunner"]), "{text:?}");
        }
    }

    #[test]
    fn a_name_could_not_begin_another_section() {
        assert!(is_name("outrunner") && is_name("ci_2.x"));
        for bad in ["", "default", "a b", "a]", "a\n[b", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
