//! What a person says about registries that are not ours, and the files that it names: mirrors, authorities, logins, keys for the real ECR.
//!
//! Never prints what is in those files. Source of truth: Docker's `config.json` for logins.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use model::foreign_image::RegistryHost;
use model::port::Clock;
use outside::{EcrUpstream, Mirror, Patience, Place, Registries, RegistrySettings};
use serde::Deserialize;

use crate::anchors::system_roots;
use crate::failure::{Failure, while_doing};
use crate::key_source::{KeySource, environment};
use crate::{names, registry_auth};

/// Flags and variables; in `outrunner.toml` they stand in the table `[registries]`, by the same names.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RegistryArgs {
    /// Ask here first for images of a registry: docker.io=https://mirror.example:5000[/prefix] (may be repeated)
    #[arg(long, env = "OUTRUNNER_REGISTRY_MIRROR", value_name = "REGISTRY=URL", value_delimiter = ',')]
    #[serde(default)]
    registry_mirror: Vec<String>,
    /// Trust this authority too when a registry is asked for an image: a PEM file (may be repeated)
    #[arg(long, env = "OUTRUNNER_REGISTRY_CA", value_name = "FILE", value_delimiter = ',')]
    #[serde(default)]
    registry_ca: Vec<PathBuf>,
    /// A registry that may have a private address (may be repeated)
    #[arg(long, env = "OUTRUNNER_REGISTRY_PRIVATE", value_name = "HOST[:PORT]", value_delimiter = ',')]
    #[serde(default)]
    registry_private: Vec<String>,
    /// A registry on this machine's loopback address that speaks plain HTTP (may be repeated)
    #[arg(long, env = "OUTRUNNER_REGISTRY_INSECURE", value_name = "HOST:PORT", value_delimiter = ',')]
    #[serde(default)]
    registry_insecure: Vec<String>,
    /// Logins for registries, in the form of Docker's config.json; nobody but its owner may read the file
    #[arg(long, env = "OUTRUNNER_REGISTRY_AUTH", value_name = "FILE")]
    registry_auth: Option<PathBuf>,
    /// Look in the real ECR for images that are not here, with these AWS keys: env, profile:NAME, or a credentials file's path
    #[arg(long, env = "OUTRUNNER_ECR_UPSTREAM", value_name = "KEYS")]
    ecr_upstream: Option<String>,
    /// Ask for these images here instead of at AWS's own addresses
    #[arg(long, env = "OUTRUNNER_ECR_UPSTREAM_ENDPOINT", value_name = "URL")]
    ecr_upstream_endpoint: Option<String>,
}

/// Settled, and every file still unread.
#[derive(Clone, Debug, Default)]
pub struct RegistryChoices {
    mirrors: Vec<Mirror>,
    authorities: Vec<PathBuf>,
    private: Vec<RegistryHost>,
    insecure: Vec<RegistryHost>,
    auth: Option<PathBuf>,
    ecr: Option<(KeySource, Option<Place>)>,
}

impl RegistryArgs {
    /// Settles every setting; what no flag says, `file` does.
    pub fn settle(self, file: Self) -> Result<RegistryChoices, Failure> {
        let texts = |flags: Vec<String>, file: Vec<String>| if flags.is_empty() { file } else { flags };
        let endpoint = self.ecr_upstream_endpoint.or(file.ecr_upstream_endpoint);
        let endpoint = endpoint.map(|text| endpoint_of(&text)).transpose()?;
        let source = self.ecr_upstream.or(file.ecr_upstream).map(|text| KeySource::parse("--ecr-upstream", &text)).transpose()?;
        if source.is_none() && endpoint.is_some() {
            return Err(Failure::Usage(
                "--ecr-upstream-endpoint: there are no keys to ask with; name them with --ecr-upstream".to_owned(),
            ));
        }
        Ok(RegistryChoices {
            mirrors: texts(self.registry_mirror, file.registry_mirror).iter().map(|text| mirror(text)).collect::<Result<_, _>>()?,
            authorities: if self.registry_ca.is_empty() { file.registry_ca } else { self.registry_ca },
            private: hosts("--registry-private", &texts(self.registry_private, file.registry_private))?,
            insecure: hosts("--registry-insecure", &texts(self.registry_insecure, file.registry_insecure))?,
            auth: self.registry_auth.or(file.registry_auth),
            ecr: source.map(|source| (source, endpoint)),
        })
    }
}

impl RegistryChoices {
    /// Reads the files and makes what asks registries.
    pub fn open(&self, clock: Arc<dyn Clock>) -> Result<Arc<Registries>, Failure> {
        let authorities = authorities("--registry-ca", &self.authorities)?;
        let settings = RegistrySettings {
            mirrors: self.mirrors.clone(),
            private: self.private.clone(),
            insecure: self.insecure.clone(),
            credentials: self.auth.as_deref().map(registry_auth::read).transpose()?.unwrap_or_default(),
            system_roots: trusted_roots(),
            authorities,
            ecr: self.ecr.clone().map(|(source, endpoint)| EcrUpstream { keys: source.reader(), endpoint, clock: clock.clone() }),
            patience: Patience::default(),
        };
        // What the operator names may stand in the hosts file.
        let opened = Registries::new(settings, names::registry_resolver()?, names::resolver()?);
        let opened = opened.map_err(|_| Failure::Usage("--registry-ca: there is no certificate in these files".to_owned()))?;
        Ok(Arc::new(opened))
    }
}

/// The roots that this machine trusts, as PEM. One without any reaches the places whose authority is named.
pub fn trusted_roots() -> Vec<u8> {
    let named = environment("SSL_CERT_FILE").map(PathBuf::from);
    named.map_or_else(system_roots, |path| fs::read(path).unwrap_or_default())
}

/// Authorities of the operator's own, as PEM.
pub fn authorities(flag: &str, paths: &[PathBuf]) -> Result<Vec<u8>, Failure> {
    let mut authorities = Vec::new();
    for path in paths {
        authorities.extend(fs::read(path).map_err(|error| unreadable(flag, path, &error))?);
        authorities.push(b'\n');
    }
    Ok(authorities)
}

fn unreadable(flag: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{flag}: {} cannot be read: {error}", path.display()))
}

fn hosts(flag: &str, texts: &[String]) -> Result<Vec<RegistryHost>, Failure> {
    let parse = |text: &String| RegistryHost::parse(text).map_err(|refusal| Failure::Usage(format!("{flag}: {refusal}")));
    texts.iter().map(parse).collect()
}

/// `docker.io=https://mirror.example/prefix`
fn mirror(text: &str) -> Result<Mirror, Failure> {
    let wrong =
        |why: &str| Failure::Usage(format!("--registry-mirror: '{text}' {why}, such as docker.io=https://mirror.example:5000"));
    let (of, url) = text.split_once('=').ok_or_else(|| wrong("is not a registry and a URL"))?;
    let of = RegistryHost::parse(of).map_err(|_| wrong("does not begin with a registry"))?;
    let (place, path) = Place::parse(url).ok_or_else(|| wrong("does not end with a URL"))?;
    let prefix = path.trim_matches('/');
    let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    Ok(Mirror { of, place, prefix })
}

fn endpoint_of(text: &str) -> Result<Place, Failure> {
    let wrong =
        || Failure::Usage(format!("--ecr-upstream-endpoint: '{text}' is not a URL without a path, such as https://ecr.example"));
    Place::parse(text).filter(|(_, path)| path == "/").map(|(place, _)| place).ok_or_else(wrong)
}

/// Refuses a file with secrets that others can read.
pub fn private_file(flag: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(flag, path, &error))?;
    if metadata.mode() & 0o077 != 0 {
        let mode = metadata.mode() & 0o777;
        let message = format!("{flag}: {} can be read by others (mode {mode:o}): chmod 600 {0}", path.display());
        return Err(Failure::Usage(message));
    }
    fs::read(path).map_err(while_doing(format!("reading {}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(set: impl Fn(&mut RegistryArgs)) -> Result<RegistryChoices, String> {
        let mut args = RegistryArgs::default();
        set(&mut args);
        args.settle(RegistryArgs::default()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_mirror_is_a_registry_and_a_url() {
        let choices = settled(|args| args.registry_mirror = vec!["docker.io=http://127.0.0.1:4566/base/".to_owned()]).unwrap();
        let mirror = &choices.mirrors[0];
        assert_eq!((mirror.of.as_str(), mirror.place.to_string().as_str()), ("docker.io", "http://127.0.0.1:4566"));
        assert_eq!(mirror.prefix, "base/");
    }

    #[test]
    fn a_wrong_value_names_its_flag() {
        for (flag, wrong) in [
            ("--registry-mirror", settled(|args| args.registry_mirror = vec!["docker.io".to_owned()])),
            ("--registry-mirror", settled(|args| args.registry_mirror = vec!["docker.io=mirror".to_owned()])),
            ("--registry-mirror", settled(|args| args.registry_mirror = vec!["a/b=https://c".to_owned()])),
            ("--registry-private", settled(|args| args.registry_private = vec!["a/b".to_owned()])),
            ("--registry-insecure", settled(|args| args.registry_insecure = vec!["http://a".to_owned()])),
            ("--ecr-upstream", settled(|args| args.ecr_upstream = Some("default".to_owned()))),
            ("--ecr-upstream-endpoint", settled(|args| args.ecr_upstream_endpoint = Some("https://a".to_owned()))),
        ] {
            let wrong = wrong.unwrap_err();
            assert!(wrong.starts_with(&format!("{flag}:")), "{wrong}");
        }
    }

    #[test]
    fn the_file_says_what_the_flags_do_not() {
        let file: RegistryArgs = toml::from_str("registry-insecure = [\"localhost:5000\"]\necr-upstream = \"env\"\n").unwrap();
        let flags = RegistryArgs { registry_private: vec!["a.test".to_owned()], ..RegistryArgs::default() };
        let choices = flags.settle(file).unwrap();
        assert_eq!((choices.insecure.len(), choices.private.len()), (1, 1));
        assert_eq!(choices.ecr, Some((KeySource::Environment, None)));
    }
}
