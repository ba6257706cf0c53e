//! Whether instances get identity tokens: when the world can ask us for the keys that they are signed with.
//!
//! Never guesses more than it can know: that a domain is public says its name, not that somebody has registered it.

use clap::ValueEnum;
use serde::Deserialize;

/// What a person says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityTokens {
    /// Whatever the domain: whoever is to believe them is told how to reach us.
    On,
    Off,
}

/// Endings of names that nobody on the internet finds. Source: RFC 6761, RFC 6762, RFC 8375, RFC 9476 and ICANN's resolution 2024.07.29.06.
const NOT_PUBLIC: [&str; 8] = ["alt", "example", "home.arpa", "internal", "invalid", "local", "localhost", "test"];

/// Whether a domain can be found from anywhere.
pub fn is_public(domain: &str) -> bool {
    let is_below = |ending: &str| domain == ending || domain.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'));
    domain.contains('.') && !NOT_PUBLIC.iter().any(|ending| is_below(ending))
}

/// Whether tokens are made. Unless told: where the domain is public and HTTPS is where an issuer's URL says, as AWS takes none with a port.
pub fn are_made(said: Option<IdentityTokens>, domain: &str, https_port: u16) -> bool {
    match said {
        Some(IdentityTokens::On) => true,
        Some(IdentityTokens::Off) => false,
        None => is_public(domain) && https_port == 443,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_public_unless_its_ending_is_nobodys() {
        for public in ["apps.outrunner.dev", "a.co", "localhost.dev", "contest.io", "arpa.home.net"] {
            assert!(is_public(public), "{public}");
        }
        for private in [
            "outrunner.localhost",
            "localhost",
            "apps.home.arpa",
            "corp.internal",
            "a.test",
            "a.example",
            "printer.local",
            "single",
        ] {
            assert!(!is_public(private), "{private}");
        }
    }

    #[test]
    fn tokens_are_made_where_they_can_be_believed_or_where_somebody_says_so() {
        assert!(are_made(None, "apps.outrunner.dev", 443));
        assert!(!are_made(None, "apps.outrunner.dev", 8_943), "AWS takes no issuer with a port");
        assert!(!are_made(None, "outrunner.localhost", 443));
        assert!(are_made(Some(IdentityTokens::On), "outrunner.localhost", 8_943));
        assert!(!are_made(Some(IdentityTokens::Off), "apps.outrunner.dev", 443));
    }
}
