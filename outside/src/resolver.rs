//! Names to addresses, by the system's own name servers, under the policy.
//!
//! A host is looked up exactly as written, never below the machine's search domains: those hold names that are nobody else's business. Never
//! answers an address that the policy denies, wherever it came from: a name server, the hosts file, or the caller's own hand; but for `Hosts`, whose
//! answers only open an instance's own way.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::lookup_ip::LookupIp;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::Name;
use hickory_resolver::{ResolverBuilder, TokioResolver};
use tokio::sync::Semaphore;
use tracing::Instrument;

use model::port::{Answer, Granted, Hosts, Resolver};
use model::refusal::{Refusal, RefusalKind};
use model::trouble::Trouble;

use crate::limit::{ADDRESSES, ANSWER_CACHED, ANSWERS_CACHED, HOST_BYTES, LABEL_BYTES, LOOKUP, LOOKUPS, QUESTION};
use crate::policy::{self, Verdict};

/// Asks name servers, and remembers what they said for a short time.
pub struct SystemResolver {
    dns: TokioResolver,
    turns: Semaphore,
}

/// A host as a caller wrote it.
enum Host {
    Address(IpAddr),
    Name(Name),
}

impl SystemResolver {
    /// With the name servers and the hosts file of the machine, as they are now.
    pub fn of_system() -> Result<Self, Trouble> {
        let doing = "reading the machine's name servers";
        Self::build(TokioResolver::builder_tokio().map_err(|error| Trouble::lasting(doing, error))?)
    }

    /// With the name servers of the machine and not with its hosts file, in which `outrunner trust` leads the real ECR's names to this machine.
    pub fn of_name_servers() -> Result<Self, Trouble> {
        let doing = "reading the machine's name servers";
        let mut builder = TokioResolver::builder_tokio().map_err(|error| Trouble::lasting(doing, error))?;
        builder.options_mut().use_hosts_file = ResolveHosts::Never;
        Self::build(builder)
    }

    /// With name servers of one's choice (UDP, and TCP on the same port for long answers).
    pub fn of_servers(servers: &[SocketAddr]) -> Result<Self, Trouble> {
        let at_port = |mut connection: ConnectionConfig, port| {
            connection.port = port;
            connection
        };
        let server = |server: &SocketAddr| {
            let connections =
                [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|connection| at_port(connection, server.port()));
            NameServerConfig::new(server.ip(), true, connections.to_vec())
        };
        let config = ResolverConfig::from_name_servers(servers.iter().map(server).collect());
        Self::build(TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()))
    }

    fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, Trouble> {
        limit(builder.options_mut());
        let dns = builder.build().map_err(|error| Trouble::lasting("setting up name look-ups", error))?;
        Ok(Self { dns, turns: Semaphore::new(LOOKUPS) })
    }

    async fn look_up(&self, host: &str, name: Name) -> Result<Granted<Vec<IpAddr>>, Trouble> {
        Ok(match self.ask(host, name).await? {
            Some(found) => allowed(host, addresses(&found)),
            None => Err(Refusal::not_found(format!("The name {host} does not exist, or has no address."))),
        })
    }

    /// What the name servers say, whatever it is; none if there is no such name.
    async fn ask(&self, host: &str, name: Name) -> Result<Option<LookupIp>, Trouble> {
        let doing = || format!("looking up {host}");
        let asked = tokio::time::timeout(LOOKUP, async {
            let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
            self.dns.lookup_ip(name).await
        });
        match asked.instrument(tracing::info_span!("name_lookup")).await {
            Err(elapsed) => Err(Trouble::passing(doing(), elapsed)),
            Ok(Ok(found)) => Ok(Some(found)),
            Ok(Err(error)) if is_absent(&error) => Ok(None),
            Ok(Err(error)) => Err(Trouble::passing(doing(), error)),
        }
    }
}

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a, Granted<Vec<IpAddr>>> {
        Box::pin(async move {
            match parse(host) {
                Ok(Host::Address(address)) => Ok(allowed(host, vec![address])),
                Ok(Host::Name(name)) => self.look_up(host, name).await,
                Err(refusal) => Ok(Err(refusal)),
            }
        })
    }
}

impl Hosts for SystemResolver {
    fn addresses<'a>(&'a self, host: &'a str) -> Answer<'a, Vec<Ipv4Addr>> {
        Box::pin(async move {
            let found = match parse(host) {
                Ok(Host::Address(address)) => vec![address],
                Ok(Host::Name(name)) => match self.ask(host, name).await? {
                    Some(found) => addresses(&found),
                    None => Vec::new(),
                },
                // Nothing has a name that is none.
                Err(_) => Vec::new(),
            };
            let version_4 = |address| if let IpAddr::V4(address) = address { Some(address) } else { None };
            Ok(found.into_iter().filter_map(version_4).take(ADDRESSES).collect())
        })
    }
}

fn limit(options: &mut ResolverOpts) {
    options.timeout = QUESTION;
    options.attempts = 1;
    options.cache_size = ANSWERS_CACHED;
    options.positive_max_ttl = Some(ANSWER_CACHED);
    options.negative_max_ttl = Some(ANSWER_CACHED);
}

fn is_absent(error: &NetError) -> bool {
    error.is_nx_domain() || error.is_no_records_found()
}

/// In the order of the answer, each once.
fn addresses(found: &LookupIp) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    for address in found.iter() {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// What the policy leaves of the addresses; refused if it leaves nothing.
fn allowed(host: &str, addresses: Vec<IpAddr>) -> Granted<Vec<IpAddr>> {
    let mut denied = None;
    let mut kept = Vec::new();
    for address in addresses {
        match policy::judge(address) {
            Verdict::Allowed => kept.push(address),
            Verdict::Denied(what) => denied = denied.or(Some((address, what))),
        }
    }
    kept.truncate(ADDRESSES);
    match denied {
        Some((address, what)) if kept.is_empty() => {
            let message = format!("{host} leads to {address}, which is {what}: it cannot be reached from here.");
            Err(Refusal::new(RefusalKind::Denied, message))
        }
        Some(_) | None => Ok(kept),
    }
}

fn parse(host: &str) -> Granted<Host> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse() {
        return Ok(Host::Address(address));
    }
    let wrong = || Refusal::invalid(format!("'{}' is not a host name.", host.escape_debug().take(HOST_BYTES).collect::<String>()));
    let name = host.strip_suffix('.').unwrap_or(host);
    let plain = |label: &str| {
        (1..=LABEL_BYTES).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let labels: Vec<&str> = name.split('.').collect();
    // `127.1`, `2130706433` and `0x7f000001` are addresses to some programs and names to others: neither to us.
    // Source: WHATWG URL §3.5, "ends in a number".
    let number = labels.last().is_some_and(|last| {
        last.bytes().all(|b| b.is_ascii_digit())
            || last.strip_prefix("0x").or(last.strip_prefix("0X")).is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
    });
    if name.len() > HOST_BYTES || !labels.iter().all(|label| plain(label)) || number {
        return Err(wrong());
    }
    let mut parsed = Name::from_ascii(name).map_err(|_| wrong())?;
    parsed.set_fqdn(true);
    Ok(Host::Name(parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_host_names_and_addresses_are_looked_up() {
        let long = [&*"a".repeat(63), &"b".repeat(63), &"c".repeat(63), &"d".repeat(61)].join(".");
        for good in ["example.com", "example.com.", "a", "_acme-challenge.example.com", "xn--bcher-kva.example", "1.example", &long]
        {
            assert!(matches!(parse(good), Ok(Host::Name(_))), "{good}");
        }
        for address in ["8.8.8.8", "::1", "[::1]", "2606:4700::1"] {
            assert!(matches!(parse(address), Ok(Host::Address(_))), "{address}");
        }
        let too_long = format!("{long}d");
        for bad in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a b",
            "a/b",
            "a:80",
            "user@host",
            "bücher.example",
            "a\0",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "1.2.3.4.5",
            "017700000001",
            "example.0x7f",
            &"a".repeat(64),
            &too_long,
            &"a.".repeat(2_000),
            "[example.com]",
        ] {
            let refusal = parse(bad).err().unwrap_or_else(|| panic!("{bad}"));
            assert_eq!(refusal.kind, RefusalKind::Invalid, "{bad}");
            assert!(refusal.message.len() < 400, "a refusal does not repeat everything it was sent");
        }
    }

    #[test]
    fn a_name_is_looked_up_as_written_and_not_in_search_domains() {
        let Ok(Host::Name(name)) = parse("db") else { panic!("it is a name") };
        assert!(name.is_fqdn());
    }
}
