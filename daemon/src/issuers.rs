//! What a person says about outside issuers of identity tokens: which of them may be inside his network, and whose certificates they have.
//!
//! Never says whose tokens are good for a role: accounts do, with OpenID Connect providers. A registry's authority is not an issuer's: whoever may
//! hand out images is not therefore trusted to say who somebody is.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use model::foreign_image::RegistryHost;
use outside::{IssuerSettings, OutsideIssuers};
use serde::Deserialize;

use crate::failure::Failure;
use crate::names;
use crate::registries::trusted_roots;

/// Flags and variables; in `outrunner.toml` they stand in the table `[issuers]`, by the same names.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IssuerArgs {
    /// Trust this authority too when an outside issuer of identity tokens is asked for its keys: a PEM file (may be repeated)
    #[arg(long, env = "OUTRUNNER_ISSUER_CA", value_name = "FILE", value_delimiter = ',')]
    #[serde(default)]
    issuer_ca: Vec<PathBuf>,
    /// An outside issuer of identity tokens that may have a private address (may be repeated)
    #[arg(long, env = "OUTRUNNER_ISSUER_PRIVATE", value_name = "HOST", value_delimiter = ',')]
    #[serde(default)]
    issuer_private: Vec<String>,
}

/// Settled, and every file still unread.
#[derive(Clone, Debug, Default)]
pub struct IssuerChoices {
    authorities: Vec<PathBuf>,
    private: Vec<RegistryHost>,
}

impl IssuerArgs {
    /// Settles every setting; what no flag says, `file` does.
    pub fn settle(self, file: Self) -> Result<IssuerChoices, Failure> {
        let private = if self.issuer_private.is_empty() { file.issuer_private } else { self.issuer_private };
        let parse = |text: &String| {
            RegistryHost::parse(text).map_err(|_| Failure::Usage(format!("--issuer-private: '{text}' is not a host")))
        };
        Ok(IssuerChoices {
            authorities: if self.issuer_ca.is_empty() { file.issuer_ca } else { self.issuer_ca },
            private: private.iter().map(parse).collect::<Result<_, _>>()?,
        })
    }
}

impl IssuerChoices {
    /// Reads the files and makes what asks issuers.
    pub fn open(&self) -> Result<Arc<OutsideIssuers>, Failure> {
        let mut authorities = Vec::new();
        for path in &self.authorities {
            let read = fs::read(path)
                .map_err(|error| Failure::Usage(format!("--issuer-ca: {} cannot be read: {error}", path.display())))?;
            authorities.extend(read);
            authorities.push(b'\n');
        }
        let settings = IssuerSettings {
            private: self.private.clone(),
            system_roots: trusted_roots(),
            authorities,
            ..IssuerSettings::default()
        };
        // What the operator names may stand in the hosts file.
        let opened = OutsideIssuers::new(settings, names::registry_resolver()?, names::resolver()?);
        let opened = opened.map_err(|_| Failure::Usage("--issuer-ca: there is no certificate in these files".to_owned()))?;
        Ok(Arc::new(opened))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_what_the_flags_do_not_and_a_wrong_host_names_its_flag() {
        let file: IssuerArgs = toml::from_str("issuer-private = [\"git.internal\"]\nissuer-ca = [\"/etc/ca.pem\"]\n").unwrap();
        let choices = IssuerArgs::default().settle(file).unwrap();
        assert_eq!((choices.private[0].as_str(), choices.authorities.len()), ("git.internal", 1));
        let wrong = IssuerArgs { issuer_private: vec!["https://git.internal".to_owned()], ..IssuerArgs::default() };
        let wrong = wrong.settle(IssuerArgs::default()).unwrap_err().to_string();
        assert!(wrong.starts_with("--issuer-private:"), "{wrong}");
    }
}
