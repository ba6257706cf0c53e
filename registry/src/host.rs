//! The host a client called, and the account and region that it means.
//!
//! Source of truth: ECR's registry names, `<account>.dkr.ecr.<region>.amazonaws.com`.

use http::{HeaderMap, Uri, header};
use model::account::{AccountId, Region, Scope};

/// The host as the client wrote it, with its port, and how it came.
#[derive(Debug)]
pub(crate) struct Host {
    name: String,
    scheme: &'static str,
}

impl Host {
    /// HTTP/2 has it in the URI, HTTP/1 in a header. One with a character that no host has counts as none.
    pub(crate) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let header = || headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let text = uri.authority().map(|authority| authority.as_str()).or_else(header).unwrap_or_default();
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b));
        // What the front door says. Anybody could, and would read his own word in a label.
        let scheme = if headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https") { "https" } else { "http" };
        Self { name: if plain { text.to_ascii_lowercase() } else { String::new() }, scheme }
    }

    /// The scope that a registry name of ECR's says; nothing for any other host.
    pub(crate) fn scope(&self) -> Option<Scope> {
        let name = self.name.split(':').next().unwrap_or_default().trim_end_matches('.');
        let (account, rest) = name.split_once(".dkr.ecr.")?;
        let region = rest.strip_suffix(".amazonaws.com")?;
        Some(Scope { account: AccountId::parse(account).ok()?, region: Region::parse(region).ok()? })
    }

    /// What the login challenge calls us. A label for people: nothing is fetched from it.
    pub(crate) fn realm(&self) -> String {
        format!("{}://{}/", self.scheme, if self.name.is_empty() { "registry" } else { &self.name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Host {
        let headers = HeaderMap::from_iter([(header::HOST, text.parse().unwrap())]);
        Host::of(&Uri::from_static("/v2/"), &headers)
    }

    #[test]
    fn only_a_registry_name_of_ecr_says_a_scope() {
        for good in ["123456789012.dkr.ecr.eu-west-3.amazonaws.com", "123456789012.DKR.ecr.eu-west-3.amazonaws.com.:8443"] {
            let scope = host(good).scope().unwrap();
            assert_eq!((scope.account.as_str(), scope.region.as_str()), ("123456789012", "eu-west-3"), "{good}");
        }
        for other in
            ["localhost:4566", "registry.outrunner.localhost", "1.dkr.ecr.eu-west-3.amazonaws.com", "dkr.ecr.amazonaws.com", ""]
        {
            assert_eq!(host(other).scope(), None, "{other}");
        }
    }

    #[test]
    fn a_host_that_could_end_the_challenge_early_is_not_repeated() {
        assert_eq!(host("localhost:4566").realm(), "http://localhost:4566/");
        assert_eq!(host(r#"x",evil=""#).realm(), "http://registry/");
    }
}
