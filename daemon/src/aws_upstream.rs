//! What a person says about AWS services that this platform is not, and about roles of the real AWS: where calls of others are sent on to, with whose keys,
//! and which real roles stand for roles of instances.
//!
//! Never prints a key. Source of truth: `docs/upstreams.md`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use control::service::{Surroundings, UpstreamVariables};
use model::port::{AwsUpstreams, Clock, RealRoles};
use model::role::RoleArn;
use outside::{AwsServices, AwsUpstream, AwsUpstreamSettings, Patience, RealRoleSettings, Sts, Whereabouts};
use serde::Deserialize;

use crate::aws_service::{self, variables_of};
use crate::failure::Failure;
use crate::key_source::KeySource;
use crate::names;
use crate::registries::{authorities, trusted_roots};

/// Where STS of the real AWS is.
const STS: &str = "https://sts.{region}.amazonaws.com";

/// Flags and variables; in `outrunner.toml` they stand in the table `[upstreams]`, by the same names.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AwsUpstreamArgs {
    /// Send calls of an AWS service that is not here on to this place: s3=https://s3.{region}.amazonaws.com (may be repeated)
    #[arg(long, env = "OUTRUNNER_UPSTREAM", value_name = "SERVICE=URL", value_delimiter = ',')]
    #[serde(default)]
    upstream: Vec<String>,
    /// The AWS keys that they are sent on with, for all services or for one: env, profile:NAME, or a credentials file's path (may be repeated)
    #[arg(long, env = "OUTRUNNER_UPSTREAM_KEYS", value_name = "[SERVICE=]KEYS", value_delimiter = ',')]
    #[serde(default)]
    upstream_keys: Vec<String>,
    /// Trust this authority too at these places: a PEM file (may be repeated)
    #[arg(long, env = "OUTRUNNER_UPSTREAM_CA", value_name = "FILE", value_delimiter = ',')]
    #[serde(default)]
    upstream_ca: Vec<PathBuf>,
    /// Give instances with this role the credentials of a role of the real AWS instead: their ARNs (may be repeated)
    #[arg(long, env = "OUTRUNNER_INSTANCE_ROLE_SOURCE", value_name = "ROLE=REAL_ROLE", value_delimiter = ',')]
    #[serde(default)]
    instance_role_source: Vec<String>,
    /// The AWS keys that take these real roles: env, profile:NAME, or a credentials file's path
    #[arg(long, env = "OUTRUNNER_INSTANCE_ROLE_KEYS", value_name = "KEYS")]
    instance_role_keys: Option<String>,
    /// Where they are taken, instead of AWS's own STS
    #[arg(long, env = "OUTRUNNER_INSTANCE_ROLE_ENDPOINT", value_name = "URL")]
    instance_role_endpoint: Option<String>,
}

/// Settled, and every file still unread.
#[derive(Clone, Debug, Default)]
pub struct AwsUpstreamChoices {
    upstreams: Vec<Choice>,
    authorities: Vec<PathBuf>,
    roles: Option<RoleChoices>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    service: String,
    whereabouts: Whereabouts,
    keys: KeySource,
}

#[derive(Clone, Debug)]
struct RoleChoices {
    /// Ours, and the real one.
    roles: Vec<(RoleArn, RoleArn)>,
    keys: KeySource,
    sts: Whereabouts,
}

/// What asks outside, as it was settled.
pub struct Elsewhere {
    pub upstreams: Arc<dyn AwsUpstreams>,
    /// Nothing where no real role stands for one of ours.
    pub real_roles: Option<Arc<dyn RealRoles>>,
}

impl AwsUpstreamArgs {
    /// Settles every setting; what no flag says, `file` does.
    pub fn settle(self, file: Self) -> Result<AwsUpstreamChoices, Failure> {
        let texts = |flags: Vec<String>, file: Vec<String>| if flags.is_empty() { file } else { flags };
        let keys = texts(self.upstream_keys, file.upstream_keys);
        let keys = keys.iter().map(|text| keys_of(text)).collect::<Result<Vec<_>, _>>()?;
        let upstreams = texts(self.upstream, file.upstream);
        let upstreams = upstreams.iter().map(|text| upstream(text, &keys)).collect::<Result<Vec<_>, _>>()?;
        for (at, choice) in upstreams.iter().enumerate() {
            if upstreams[..at].iter().any(|earlier| earlier.service == choice.service) {
                return Err(Failure::Usage(format!("--upstream: {} is named twice", choice.service)));
            }
        }
        for (service, _) in &keys {
            if service.as_ref().is_some_and(|service| !upstreams.iter().any(|choice| choice.service == *service)) {
                let service = service.as_deref().unwrap_or_default();
                return Err(Failure::Usage(format!("--upstream-keys: {service} has no place; name it with --upstream")));
            }
        }
        let roles = texts(self.instance_role_source, file.instance_role_source);
        let roles = roles.iter().map(|text| roles_of(text)).collect::<Result<Vec<_>, _>>()?;
        let (keys, endpoint) =
            (self.instance_role_keys.or(file.instance_role_keys), self.instance_role_endpoint.or(file.instance_role_endpoint));
        Ok(AwsUpstreamChoices {
            upstreams,
            authorities: if self.upstream_ca.is_empty() { file.upstream_ca } else { self.upstream_ca },
            roles: role_choices(roles, keys, endpoint)?,
        })
    }
}

/// `[SERVICE=]KEYS`
fn keys_of(text: &str) -> Result<(Option<String>, KeySource), Failure> {
    const FLAG: &str = "--upstream-keys";
    match text.split_once('=').filter(|_| !KeySource::begins(text)) {
        Some((service, keys)) => Ok((Some(service.to_owned()), KeySource::parse(FLAG, keys)?)),
        None => Ok((None, KeySource::parse(FLAG, text)?)),
    }
}

/// `s3=https://s3.{region}.amazonaws.com`
fn upstream(text: &str, keys: &[(Option<String>, KeySource)]) -> Result<Choice, Failure> {
    let wrong = |why: &str| Failure::Usage(format!("--upstream: '{text}' {why}, such as s3=https://s3.{{region}}.amazonaws.com"));
    let (service, url) = text.split_once('=').ok_or_else(|| wrong("is not a service and a URL"))?;
    if aws_service::is_ours(service) {
        return Err(Failure::Usage(format!("--upstream: {service} is a service of this platform: its calls are answered here")));
    }
    if !aws_service::is_known(service) {
        return Err(wrong("does not begin with the name that calls of an AWS service are signed for"));
    }
    let whereabouts = Whereabouts::parse(url);
    let whereabouts = whereabouts.ok_or_else(|| wrong("does not end with the URL of a place, without a path"))?;
    if is_plain_elsewhere(url) {
        let words = format!("--upstream: {url} is plain HTTP to another machine, or to one that is not known yet: use https");
        return Err(Failure::Usage(words));
    }
    let of_service = keys.iter().find(|(of, _)| of.as_deref() == Some(service));
    let found = of_service.or_else(|| keys.iter().find(|(of, _)| of.is_none()));
    let (_, keys) = found.ok_or_else(|| {
        Failure::Usage(format!("--upstream: there are no keys to ask {url} with; name them with --upstream-keys KEYS"))
    })?;
    Ok(Choice { service: service.to_owned(), whereabouts, keys: keys.clone() })
}

/// The host of a URL.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or_default();
    match rest.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => rest.split(':').next().unwrap_or_default(),
    }
}

fn is_loopback(url: &str) -> bool {
    let host = host_of(url);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_plain_elsewhere(url: &str) -> bool {
    url.to_ascii_lowercase().starts_with("http://") && !is_loopback(url)
}

/// `arn:aws:iam::000000000000:role/app=arn:aws:iam::123456789012:role/app`. A name may have `=` in it.
fn roles_of(text: &str) -> Result<(RoleArn, RoleArn), Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "--instance-role-source: '{text}' is not the ARN of a role of this platform, '=' and the ARN of a role of the real AWS"
        ))
    };
    let at = text.rfind("=arn:").ok_or_else(wrong)?;
    let role = |text: &str| RoleArn::parse(text).map_err(|_| wrong());
    Ok((role(&text[..at])?, role(&text[at + 1..])?))
}

fn role_choices(
    roles: Vec<(RoleArn, RoleArn)>,
    keys: Option<String>,
    endpoint: Option<String>,
) -> Result<Option<RoleChoices>, Failure> {
    const ENDPOINT: &str = "--instance-role-endpoint";
    if roles.is_empty() {
        return match (keys, endpoint) {
            (None, None) => Ok(None),
            (Some(_), _) | (None, Some(_)) => Err(Failure::Usage(
                "--instance-role-keys: no role is taken with them; name one with --instance-role-source ROLE=REAL_ROLE".to_owned(),
            )),
        };
    }
    let absent = || {
        Failure::Usage(
            "--instance-role-source: there are no keys to take roles with; name them with --instance-role-keys".to_owned(),
        )
    };
    let keys = KeySource::parse("--instance-role-keys", &keys.ok_or_else(absent)?)?;
    let endpoint = endpoint.unwrap_or_else(|| STS.to_owned());
    let sts = Whereabouts::parse(&endpoint).filter(|_| !is_plain_elsewhere(&endpoint));
    let wrong = || {
        Failure::Usage(format!("{ENDPOINT}: '{endpoint}' is not the URL of a place with https, or on this machine, without a path"))
    };
    Ok(Some(RoleChoices { roles, keys, sts: sts.ok_or_else(wrong)? }))
}

impl AwsUpstreamChoices {
    /// The services whose calls are sent on, in order.
    pub fn services(&self) -> Vec<String> {
        let mut services: Vec<String> = self.upstreams.iter().map(|choice| choice.service.clone()).collect();
        services.sort();
        services
    }

    /// Reads the files and makes what asks outside.
    pub fn open(&self, clock: Arc<dyn Clock>) -> Result<Elsewhere, Failure> {
        let authorities = authorities("--upstream-ca", &self.authorities)?;
        let wrong = |_| Failure::Usage("--upstream-ca: there is no certificate in these files".to_owned());
        let upstreams = self.upstreams.iter().map(|Choice { service, whereabouts, keys }| AwsUpstream {
            service: service.clone(),
            whereabouts: whereabouts.clone(),
            keys: keys.clone().reader(),
        });
        let settings = AwsUpstreamSettings {
            upstreams: upstreams.collect(),
            system_roots: trusted_roots(),
            authorities: authorities.clone(),
            clock: clock.clone(),
            patience: Patience::with_upstreams(),
        };
        // What the operator names may stand in the hosts file.
        let services = AwsServices::new(settings, names::registry_resolver()?, names::resolver()?).map_err(wrong)?;
        let real_roles = match &self.roles {
            None => None,
            Some(RoleChoices { roles, keys, sts }) => {
                let settings = RealRoleSettings {
                    roles: roles.clone(),
                    keys: keys.clone().reader(),
                    sts: sts.clone(),
                    system_roots: trusted_roots(),
                    authorities,
                    clock,
                    patience: Patience::default(),
                };
                let sts = Sts::new(settings, names::registry_resolver()?, names::resolver()?).map_err(wrong)?;
                Some(Arc::new(sts) as Arc<dyn RealRoles>)
            }
        };
        Ok(Elsewhere { upstreams: Arc::new(services), real_roles })
    }

    /// What the variables of instances depend on.
    pub fn surroundings(&self) -> Surroundings {
        let upstreams = self.upstreams.iter().map(|Choice { service, whereabouts, .. }| {
            let url = whereabouts.as_str();
            let is_reached = whereabouts.is_one() && !is_loopback(url);
            UpstreamVariables { names: variables_of(service), url: is_reached.then(|| url.to_owned()) }
        });
        let real_roles = self.roles.iter().flat_map(|choices| &choices.roles).map(|(ours, _)| ours.clone());
        Surroundings { upstreams: upstreams.collect(), real_roles: real_roles.collect(), ..Surroundings::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(set: impl Fn(&mut AwsUpstreamArgs)) -> Result<AwsUpstreamChoices, String> {
        let mut args = AwsUpstreamArgs::default();
        set(&mut args);
        args.settle(AwsUpstreamArgs::default()).map_err(|failure| failure.to_string())
    }

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    const OURS: &str = "arn:aws:iam::000000000000:role/a=b";
    const REAL: &str = "arn:aws:iam::123456789012:role/app";

    #[test]
    fn each_service_has_its_own_keys_or_those_of_all() {
        let choices = settled(|args| {
            args.upstream = texts(&["sqs=https://sqs.{region}.amazonaws.com", "s3=http://127.0.0.1:5000"]);
            args.upstream_keys = texts(&["env", "s3=/k#minio"]);
        });
        let choices = choices.unwrap();
        assert_eq!(choices.services(), ["s3", "sqs"]);
        let file = KeySource::File { path: "/k".into(), profile: "minio".to_owned() };
        assert_eq!([&choices.upstreams[0].keys, &choices.upstreams[1].keys], [&KeySource::Environment, &file]);
    }

    #[test]
    fn a_wrong_value_names_its_flag() {
        let upstream =
            |text: &'static str| settled(move |args| (args.upstream, args.upstream_keys) = (texts(&[text]), texts(&["env"])));
        let roles = |roles: &'static [&'static str], keys: Option<&'static str>, endpoint: Option<&'static str>| {
            settled(move |args| {
                args.instance_role_source = texts(roles);
                args.instance_role_keys = keys.map(str::to_owned);
                args.instance_role_endpoint = endpoint.map(str::to_owned);
            })
        };
        let mapped: &[&str] = &["arn:aws:iam::000000000000:role/a=arn:aws:iam::123456789012:role/app"];
        for (flag, words, wrong) in [
            ("--upstream", "not a service and a URL", upstream("s3")),
            ("--upstream", "signed for", upstream("S3=https://a.test")),
            ("--upstream", "service of this platform", upstream("ecr=https://a.test")),
            ("--upstream", "URL of a place", upstream("s3=minio")),
            ("--upstream", "URL of a place", upstream("s3=https://a.test/path")),
            ("--upstream", "use https", upstream("s3=http://minio.test:9000")),
            ("--upstream", "use https", upstream("s3=http://10.0.0.1")),
            (
                "--upstream",
                "named twice",
                settled(|args| {
                    (args.upstream, args.upstream_keys) = (texts(&["s3=https://a.test", "s3=https://b.test"]), texts(&["env"]));
                }),
            ),
            ("--upstream", "there are no keys", settled(|args| args.upstream = texts(&["s3=https://a.test"]))),
            ("--upstream-keys", "has no place", settled(|args| args.upstream_keys = texts(&["s3=env"]))),
            ("--upstream-keys", "is neither env", settled(|args| args.upstream_keys = texts(&["default"]))),
            ("--instance-role-source", "is not the ARN", roles(&[REAL], Some("env"), None)),
            ("--instance-role-source", "there are no keys", roles(mapped, None, None)),
            ("--instance-role-keys", "no role is taken", roles(&[], Some("env"), None)),
            ("--instance-role-keys", "is neither env", roles(mapped, Some("x"), None)),
            ("--instance-role-endpoint", "with https", roles(mapped, Some("env"), Some("http://sts.test"))),
        ] {
            let wrong = wrong.map(|_| ()).unwrap_err();
            assert!(wrong.starts_with(&format!("{flag}:")) && wrong.contains(words), "{flag}: {wrong}");
        }
    }

    #[test]
    fn a_role_may_have_an_equals_sign_in_its_name() {
        let (ours, real) = roles_of(&format!("{OURS}={REAL}")).unwrap();
        assert_eq!((ours.as_str(), real.as_str()), (OURS, REAL));
    }

    #[test]
    fn instances_are_told_of_places_that_they_can_reach() {
        let choices = settled(|args| {
            args.upstream =
                texts(&["s3=https://minio.test:9000", "sqs=http://127.0.0.1:5000", "states=https://states.{region}.amazonaws.com"]);
            args.upstream_keys = texts(&["env"]);
        });
        let upstreams = choices.unwrap().surroundings().upstreams;
        let told: Vec<(&str, Option<&str>)> = upstreams.iter().map(|one| (one.names[0].as_str(), one.url.as_deref())).collect();
        let wanted = [
            ("AWS_ENDPOINT_URL_S3", Some("https://minio.test:9000")),
            ("AWS_ENDPOINT_URL_SQS", None),
            ("AWS_ENDPOINT_URL_SFN", None),
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn the_file_says_what_the_flags_do_not() {
        let text = "upstream = [\"s3=https://minio.test\"]\nupstream-keys = [\"env\"]\n";
        let file: AwsUpstreamArgs = toml::from_str(text).unwrap();
        assert_eq!(AwsUpstreamArgs::default().settle(file).unwrap().services(), ["s3"]);
        assert!(toml::from_str::<AwsUpstreamArgs>("upstreams = []").is_err());
    }
}
