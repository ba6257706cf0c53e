//! What a person can set: flags, `OUTRUNNER_*` variables and `outrunner.toml`, in that order of strength.
//!
//! Source of the defaults: the design, §1. A wrong value is a usage failure (exit code 2) that names the flag.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use api::GuardPolicy;
use clap::{Args, ValueEnum};
use edge::Listen;
use model::account::{AccountId, Region, Scope};
use model::log_group::RetentionDays;
use model::quota::QuotaSetting;
use outside::Collector;
use serde::Deserialize;

use crate::aws_upstream::{AwsUpstreamArgs, AwsUpstreamChoices};
use crate::failure::Failure;
use crate::identity_tokens::IdentityTokens;
use crate::issuers::{IssuerArgs, IssuerChoices};
use crate::registries::{RegistryArgs, RegistryChoices};
use crate::sight::{self, LogFormat};

/// Where everything that must survive is kept, unless told otherwise.
const DATA_DIR: &str = "/var/lib/outrunner";
/// Lines expire never.
const NEVER: &str = "never";
/// Services that have an instance made ahead, unless told otherwise: about 1 MiB each.
const SPARES: u16 = 16;
const CONFIG_FILE: &str = "/etc/outrunner/outrunner.toml";

/// What happens to front door and instances when the platform is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnStop {
    /// Drain and stop everything; the next start brings the services back.
    Stop,
    /// Leave front door and instances running; the next platform adopts them.
    Leave,
}

/// Flags and variables of `outrunner serve`. What is absent comes from the file, then from the defaults.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServeArgs {
    /// Where everything that must survive is kept [default: /var/lib/outrunner]
    #[arg(long, env = "OUTRUNNER_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where the AWS API, the image registry (/v2/), /healthz and /metrics answer, in plain HTTP [default: 127.0.0.1:4566]
    #[arg(long, env = "OUTRUNNER_API", value_name = "ADDRESS:PORT")]
    api: Option<String>,
    /// Where the front door redirects plain HTTP [default: :80]
    #[arg(long, env = "OUTRUNNER_HTTP", value_name = "[ADDRESS]:PORT")]
    http: Option<String>,
    /// Where the front door answers HTTPS [default: :443]
    #[arg(long, env = "OUTRUNNER_HTTPS", value_name = "[ADDRESS]:PORT")]
    https: Option<String>,
    /// Services answer at https://<10 characters>.<region>.<domain> [default: outrunner.localhost]
    #[arg(long, env = "OUTRUNNER_DOMAIN", value_name = "DOMAIN")]
    domain: Option<String>,
    /// The front door answers api. and registry.<domain> and the registry's names also to peers that are not on this machine
    #[arg(long, env = "OUTRUNNER_DOORS_PUBLIC")]
    #[serde(default)]
    doors_public: bool,
    /// App Runner's own quotas and limits hold, in place of the platform's wider ones
    #[arg(long, env = "OUTRUNNER_STRICT")]
    #[serde(default)]
    strict: bool,
    /// The default region [default: us-east-1]
    #[arg(long, env = "OUTRUNNER_REGION", value_name = "REGION")]
    region: Option<String>,
    /// The default account [default: 000000000000]
    #[arg(long, env = "OUTRUNNER_ACCOUNT", value_name = "ACCOUNT")]
    account: Option<String>,
    /// What Ctrl-C and SIGTERM do to front door and instances [default: stop]
    #[arg(long, env = "OUTRUNNER_ON_STOP", value_name = "WHAT")]
    on_stop: Option<OnStop>,
    /// The OCI runtime: runc, crun, runsc, or the path of a program with the command line of one of them [default: runc]
    #[arg(long, env = "OUTRUNNER_RUNTIME", value_name = "PROGRAM")]
    runtime: Option<String>,
    /// What all instances together may keep on their own disks; 3 GB each at most [default: half of the free disk, at most 64GiB]
    #[arg(long, env = "OUTRUNNER_SCRATCH_SIZE", value_name = "SIZE")]
    scratch_size: Option<String>,
    /// How many services, the most recently used, have an instance made ahead, so that the next burst is met sooner; 0 for none [default: 16]
    #[arg(long, env = "OUTRUNNER_SPARES", value_name = "SERVICES")]
    spares: Option<u16>,
    /// Keep nothing: a fresh data dir that goes with the platform, and everything with it
    #[arg(long)]
    #[serde(skip)]
    ephemeral: bool,
    /// Root credentials that everybody knows, for jobs that cannot read ours; only with --ephemeral, only on this machine
    #[arg(long, requires = "ephemeral", conflicts_with = "doors_public")]
    #[serde(skip)]
    test_keys: bool,
    /// How many days new log groups keep their lines: 1, 3, 5, 7, 14, 30 … or 'never' to let none expire [default: never]
    #[arg(long, env = "OUTRUNNER_LOG_RETENTION", value_name = "DAYS")]
    log_retention: Option<String>,
    /// Write calls that only read into the audit log, too: a commit each
    #[arg(long, env = "OUTRUNNER_AUDIT_READS")]
    #[serde(default)]
    audit_reads: bool,
    /// How the platform's own log lines are written [default: text]
    #[arg(long, env = "OUTRUNNER_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    /// Send traces to this collector, as OTLP over HTTP: http://127.0.0.1:4318 [default: OTEL_EXPORTER_OTLP_ENDPOINT if it is set, else nowhere]
    #[arg(long, env = "OUTRUNNER_OTLP", value_name = "URL")]
    otlp: Option<String>,
    /// A policy that binds the whole platform, users, roles and the root of every account but the default one: what it does not allow nobody may
    #[arg(long, env = "OUTRUNNER_GUARD_POLICY", value_name = "FILE")]
    guard_policy: Option<PathBuf>,
    #[command(flatten)]
    #[serde(default)]
    registries: RegistryArgs,
    #[command(flatten)]
    #[serde(default)]
    upstreams: AwsUpstreamArgs,
    #[command(flatten)]
    #[serde(default)]
    issuers: IssuerArgs,
    /// Whether instances whose role is another AWS account's get identity tokens of https://oidc.<region>.<domain> to take it with [default: on with a
    /// public domain and HTTPS on port 443]
    #[arg(long, env = "OUTRUNNER_IDENTITY_TOKENS", value_name = "WHEN")]
    identity_tokens: Option<IdentityTokens>,
    /// A configuration file with the same settings [default: /etc/outrunner/outrunner.toml, if it is there]
    #[arg(long, env = "OUTRUNNER_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
}

/// Settled settings.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data_dir: PathBuf,
    pub api: SocketAddr,
    pub http: Listen,
    pub https: Listen,
    pub domain: String,
    /// Whether the platform's own hosts at the front door answer to peers that are not on this machine.
    pub doors_public: bool,
    /// Whose quotas and limits hold.
    pub quotas: QuotaSetting,
    pub scope: Scope,
    pub on_stop: OnStop,
    pub runtime: String,
    /// Whether the data dir is made for this run and goes with it.
    pub ephemeral: bool,
    /// Whether root's credentials are the ones that everybody knows.
    pub test_keys: bool,
    /// How many services have an instance made ahead.
    pub spares: u16,
    /// Nothing: the engine chooses.
    pub scratch_bytes: Option<u64>,
    /// Of new log groups; nothing: for good.
    pub log_retention: Option<RetentionDays>,
    /// Whether calls that only read have rows in the audit log.
    pub audit_reads: bool,
    pub log_format: LogFormat,
    /// Where traces are sent; nothing: nowhere.
    pub otlp: Option<String>,
    /// Nothing: nobody is bound.
    pub guard_policy: Option<GuardPolicy>,
    pub registries: RegistryChoices,
    pub upstreams: AwsUpstreamChoices,
    pub issuers: IssuerChoices,
    /// Nothing: it depends on the domain.
    pub identity_tokens: Option<IdentityTokens>,
}

impl ServeArgs {
    /// Settles every setting, reading the configuration file if there is one.
    pub fn settle(self) -> Result<Settings, Failure> {
        let file = self.file()?;
        let pick = |flag: Option<String>, file: Option<String>, default: &str| flag.or(file).unwrap_or_else(|| default.to_owned());
        let usage = |flag: &str, error: &dyn std::fmt::Display| Failure::Usage(format!("{flag}: {error}"));
        if self.test_keys && file.doors_public {
            return Err(usage("--test-keys", &"the configuration file opens the doors to other machines (doors-public)"));
        }
        if self.ephemeral {
            // A shell's variables are for the platforms that keep something: they are no contradiction.
            let is_flag =
                |value: Option<&std::ffi::OsStr>, variable: &str| value.is_some() && value != std::env::var_os(variable).as_deref();
            let on_stop = self.on_stop.and_then(|on_stop| on_stop.to_possible_value()).map(|value| value.get_name().to_owned());
            for (flag, value, variable) in [
                ("--data-dir", self.data_dir.as_ref().map(|path| path.as_os_str()), "OUTRUNNER_DATA_DIR"),
                ("--on-stop", on_stop.as_ref().map(std::ffi::OsStr::new), "OUTRUNNER_ON_STOP"),
            ] {
                if is_flag(value, variable) {
                    return Err(usage("--ephemeral", &format!("it keeps nothing, and takes no {flag}")));
                }
            }
        }
        let region = pick(self.region, file.region, "us-east-1");
        let account = pick(self.account, file.account, "000000000000");
        let account = AccountId::parse(&account).map_err(|e| usage("--account", &e))?;
        let guard_policy = self.guard_policy.or(file.guard_policy).map(|path| guard_policy(&path, &account)).transpose()?;
        Ok(Settings {
            data_dir: self.data_dir.or(file.data_dir).unwrap_or_else(|| PathBuf::from(DATA_DIR)),
            api: api_address(&pick(self.api, file.api, "127.0.0.1:4566"))?,
            http: listen("--http", &pick(self.http, file.http, ":80"))?,
            https: listen("--https", &pick(self.https, file.https, ":443"))?,
            domain: domain(&pick(self.domain, file.domain, "outrunner.localhost"))?,
            doors_public: self.doors_public || file.doors_public,
            quotas: if self.strict || file.strict { QuotaSetting::AppRunners } else { QuotaSetting::Lifted },
            scope: Scope { account, region: Region::parse(&region).map_err(|e| usage("--region", &e))? },
            // A platform that keeps nothing leaves nothing.
            on_stop: if self.ephemeral { OnStop::Stop } else { self.on_stop.or(file.on_stop).unwrap_or(OnStop::Stop) },
            runtime: pick(self.runtime, file.runtime, "runc"),
            ephemeral: self.ephemeral,
            test_keys: self.test_keys,
            audit_reads: self.audit_reads || file.audit_reads,
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
            otlp: otlp(self.otlp.or(file.otlp), sight::collector_of_environment())?,
            log_retention: log_retention(&pick(self.log_retention, file.log_retention, NEVER))?,
            spares: spares(self.spares.or(file.spares).unwrap_or(SPARES))?,
            scratch_bytes: self.scratch_size.or(file.scratch_size).map(|text| scratch_bytes(&text)).transpose()?,
            guard_policy,
            registries: self.registries.settle(file.registries)?,
            upstreams: self.upstreams.settle(file.upstreams)?,
            issuers: self.issuers.settle(file.issuers)?,
            identity_tokens: self.identity_tokens.or(file.identity_tokens),
        })
    }

    fn file(&self) -> Result<Self, Failure> {
        let path = match &self.config {
            Some(path) => path.as_path(),
            None if Path::new(CONFIG_FILE).exists() => Path::new(CONFIG_FILE),
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::Usage(format!("--config: {} cannot be read: {e}", path.display())))?;
        toml::from_str(&text).map_err(|e| Failure::Usage(format!("{} is not understood: {e}", path.display())))
    }
}

/// Reads the guard policy. One that cannot be read stops the platform before it begins: without it everybody would be free.
fn guard_policy(path: &Path, account: &AccountId) -> Result<GuardPolicy, Failure> {
    let told = |words: &dyn std::fmt::Display| Failure::Usage(format!("--guard-policy: {}: {words}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| told(&error))?;
    GuardPolicy::parse(&text, account.clone()).map_err(|words| told(&words))
}

impl Settings {
    /// What the door writes down of calls that change nothing.
    pub const fn audited_reads(&self) -> api::AuditedReads {
        if self.audit_reads { api::AuditedReads::All } else { api::AuditedReads::Denied }
    }

    /// What may be told of them: no address of another machine, which may hold a password, and no path of a file with secrets.
    pub fn shown(&self) -> serde_json::Value {
        serde_json::json!({
            "api": self.api,
            "http": format!("{:?}", self.http),
            "https": format!("{:?}", self.https),
            "domain": self.domain,
            "doors_public": self.doors_public,
            "strict": self.quotas == QuotaSetting::AppRunners,
            "region": self.scope.region.as_str(),
            "account": self.scope.account.as_str(),
            "on_stop": format!("{:?}", self.on_stop).to_lowercase(),
            "runtime": self.runtime,
            "ephemeral": self.ephemeral,
            "spares": self.spares,
            "scratch_bytes": self.scratch_bytes,
            "log_retention": self.log_retention.map(|days| format!("{days:?}")),
            "audit_reads": self.audit_reads,
            "log_format": self.log_format.name(),
            "sends_traces": self.otlp.is_some(),
            "upstreams": self.upstreams.services(),
        })
    }
}

/// The data dir that the configuration file names, or the default: what every command but `serve` falls back on.
pub fn data_dir() -> Result<PathBuf, Failure> {
    Ok(ServeArgs::default().file()?.data_dir.unwrap_or_else(|| PathBuf::from(DATA_DIR)))
}

/// The API has no transport security: it listens on loopback and nowhere else.
fn api_address(text: &str) -> Result<SocketAddr, Failure> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| Failure::Usage(format!("--api: '{text}' is not an address and a port, such as 127.0.0.1:4566")))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(Failure::Usage(format!(
            "--api: {address} is not a loopback address. The API speaks plain HTTP; from elsewhere it is reached through the front door."
        )))
    }
}

fn listen(flag: &str, text: &str) -> Result<Listen, Failure> {
    let wrong = || Failure::Usage(format!("{flag}: '{text}' is neither ':PORT' nor 'ADDRESS:PORT'"));
    match text.strip_prefix(':') {
        Some(port) => Ok(Listen::Everywhere(port.parse().map_err(|_| wrong())?)),
        None => Ok(Listen::At(text.parse().map_err(|_| wrong())?)),
    }
}

/// A collector that somebody asked us to use must be usable; one that the machine names for all its programs is used if it can be.
fn otlp(asked: Option<String>, of_machine: Option<String>) -> Result<Option<String>, Failure> {
    if let Some(address) = asked {
        Collector::check(&address).map_err(|words| Failure::Usage(format!("--otlp: {words}")))?;
        return Ok(Some(address));
    }
    Ok(of_machine.filter(|address| {
        let checked = Collector::check(address);
        if let Err(words) = &checked {
            eprintln!("outrunner: {}: {words}; no traces are sent", sight::COLLECTOR);
        }
        checked.is_ok()
    }))
}

/// A number of days that CloudWatch Logs knows, or `never`.
fn log_retention(text: &str) -> Result<Option<RetentionDays>, Failure> {
    if text == NEVER {
        return Ok(None);
    }
    let days =
        text.parse().map_err(|_| Failure::Usage(format!("--log-retention: '{text}' is neither a number of days nor 'never'")))?;
    RetentionDays::parse(days).map(Some).map_err(|refusal| Failure::Usage(format!("--log-retention: {refusal}")))
}

/// Each has an address and memory of its own: beyond this, they are no few.
fn spares(services: u16) -> Result<u16, Failure> {
    if services <= crate::limit::SPARES {
        return Ok(services);
    }
    Err(Failure::Usage(format!("--spares: {services} is more than {}", crate::limit::SPARES)))
}

/// `20GiB`, `500M`, `1000000000`: units are powers of 1024, whether or not they say so.
fn scratch_bytes(text: &str) -> Result<u64, Failure> {
    let wrong = |why: &str| Failure::Usage(format!("--scratch-size: '{text}' {why}"));
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong("is not a size, such as 20GiB"))?;
    let shift = match unit.trim_end_matches('B').trim_end_matches('i') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return Err(wrong("has a unit other than K, M, G or T")),
    };
    let bytes = number.checked_mul(1 << shift).ok_or_else(|| wrong("is too large"))?;
    if bytes < engine::limit::SCRATCH_ALL_BYTES_MIN {
        return Err(wrong("is too small: file systems need 512MiB"));
    }
    Ok(bytes)
}

/// A DNS name in lower case, at most 200 characters, so that every host under it fits into 253.
fn domain(text: &str) -> Result<String, Failure> {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if text.len() <= 200 && text.split('.').all(label) {
        Ok(text.to_owned())
    } else {
        Err(Failure::Usage(format!("--domain: '{text}' is not a lower-case DNS name, such as outrunner.localhost")))
    }
}

#[cfg(test)]
mod document;

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(args: ServeArgs) -> Result<Settings, String> {
        args.settle().map_err(|failure| {
            assert_eq!(failure.exit_code(), 2, "{failure}");
            failure.to_string()
        })
    }

    #[test]
    fn flags_are_stronger_than_the_file_and_the_file_than_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outrunner.toml");
        std::fs::write(&path, "http = \":8980\"\ndomain = \"example.test\"\non-stop = \"leave\"\nstrict = true\n").unwrap();
        let args = ServeArgs { config: Some(path.clone()), domain: Some("other.test".to_owned()), ..ServeArgs::default() };
        let settings = settle(args).unwrap();
        assert_eq!(settings.domain, "other.test");
        assert_eq!(settings.http, Listen::Everywhere(8980));
        assert_eq!(settings.https, Listen::Everywhere(443));
        assert_eq!(settings.on_stop, OnStop::Leave);
        assert_eq!(settings.quotas, QuotaSetting::AppRunners);
        assert_eq!(settle(ServeArgs::default()).unwrap().quotas, QuotaSetting::Lifted);
        std::fs::write(&path, "colour = \"red\"\n").unwrap();
        let wrong = settle(ServeArgs { config: Some(path), ..ServeArgs::default() }).unwrap_err();
        assert!(wrong.contains("colour"), "{wrong}");
    }

    #[test]
    fn a_size_is_written_as_people_write_it() {
        for (text, bytes) in [("1G", 1 << 30), ("20GiB", 20 << 30), ("600MB", 600 << 20), ("1000000000", 1_000_000_000)] {
            assert_eq!(scratch_bytes(text).unwrap(), bytes, "{text}");
        }
    }

    #[test]
    fn a_collector_that_the_machine_names_stops_nothing_and_one_that_was_asked_for_is_used_or_refused() {
        let (good, wrong) = ("http://127.0.0.1:4318", "https://collector.example");
        let some = |address: &str| Some(address.to_owned());
        assert_eq!(otlp(None, some(good)).unwrap(), some(good));
        assert_eq!(otlp(None, some(wrong)).unwrap(), None);
        assert_eq!(otlp(some(good), some(wrong)).unwrap(), some(good));
        assert!(otlp(some(wrong), some(good)).is_err());
    }

    #[test]
    fn a_wrong_value_names_its_flag() {
        let with = |set: fn(&mut ServeArgs)| {
            let mut args = ServeArgs { config: None, ..ServeArgs::default() };
            set(&mut args);
            settle(args).unwrap_err()
        };
        for (flag, wrong) in [
            ("--api", with(|a| a.api = Some("0.0.0.0:4566".to_owned()))),
            ("--api", with(|a| a.api = Some("4566".to_owned()))),
            ("--http", with(|a| a.http = Some("80".to_owned()))),
            ("--https", with(|a| a.https = Some(":70000".to_owned()))),
            ("--domain", with(|a| a.domain = Some("Not A Name".to_owned()))),
            ("--region", with(|a| a.region = Some("Mars".to_owned()))),
            ("--account", with(|a| a.account = Some("12".to_owned()))),
            ("--log-retention", with(|a| a.log_retention = Some("2".to_owned()))),
            ("--log-retention", with(|a| a.log_retention = Some("a week".to_owned()))),
            ("--otlp", with(|a| a.otlp = Some("https://collector.example".to_owned()))),
            ("--spares", with(|a| a.spares = Some(1_001))),
            ("--scratch-size", with(|a| a.scratch_size = Some("3 parsecs".to_owned()))),
            ("--scratch-size", with(|a| a.scratch_size = Some("1M".to_owned()))),
            ("--scratch-size", with(|a| a.scratch_size = Some("99999999999T".to_owned()))),
        ] {
            assert!(wrong.starts_with(flag), "{wrong}");
        }
    }
}
