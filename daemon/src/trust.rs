//! What `outrunner trust` wants of this machine: our authorities where clients look for them, and names that lead here.
//!
//! Pure: settings in, wanted files out. Never names the registry of an account that this platform does not keep. Source of the folders: Docker's and
//! containers-certs.d(5)'s `certs.d`, hosts(5).

use std::net::SocketAddr;
use std::path::PathBuf;

use model::account::{AccountId, Region};
use model::registry_name::{aws_registry_names, other_registry_names};

use crate::alteration::Wanted;
use crate::anchors::Anchors;
use crate::front_door::OWN_LABELS;

const HOSTS: &str = "/etc/hosts";
/// Folders with one folder a registry, and authorities in it. Docker reads the system's bundle once, when it starts; these it reads at every call.
const REGISTRY_FOLDERS: [&str; 2] = ["/etc/docker/certs.d", "/etc/containers/certs.d"];
/// The port that a registry's printed name means.
const HTTPS: u16 = 443;

/// What is known of the platform and its machine.
#[derive(Debug)]
pub struct Grounds {
    pub tag: String,
    pub domain: String,
    pub account: AccountId,
    pub region: Region,
    pub https: SocketAddr,
    /// PEM, of the domain.
    pub authority: String,
    /// PEM, all in one text.
    pub registry_authorities: String,
    /// Hosts of services, long and short.
    pub service_hosts: Vec<String>,
    /// Whether the machine's resolver knows that names under `.localhost` are this machine.
    pub resolver_knows: bool,
}

impl Grounds {
    /// The registry's printed names, if they can work: they mean port 443.
    pub fn printed_names(&self) -> Vec<String> {
        if self.https.port() != HTTPS {
            return Vec::new();
        }
        let more = other_registry_names(&self.account, std::slice::from_ref(&self.region));
        aws_registry_names(&self.account).into_iter().chain(more).collect()
    }

    /// `registry.<domain>`, with its port where it is not the usual one.
    pub fn own_registry(&self) -> String {
        match self.https.port() {
            HTTPS => format!("registry.{}", self.domain),
            port => format!("registry.{}:{port}", self.domain),
        }
    }

    /// Where names lead: the address that the front door hears, if it is not all.
    fn address(&self) -> String {
        let ip = self.https.ip();
        if ip.is_unspecified() { "127.0.0.1".to_owned() } else { ip.to_string() }
    }

    /// The names that the hosts file must know, and none that the resolver knows by itself. Names of a domain that is not `.localhost` are its DNS's.
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts = self.printed_names();
        if is_localhost(&self.domain) && !self.resolver_knows {
            hosts.extend(OWN_LABELS.map(|name| format!("{name}.{}", self.domain)));
            hosts.extend(self.service_hosts.iter().cloned());
        }
        hosts
    }

    /// Everything that shall be so.
    pub fn wanted(&self, anchors: Option<&Anchors>) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        let printed = self.printed_names();
        let registries = if printed.is_empty() { Vec::new() } else { pem_blocks(&self.registry_authorities) };
        if let Some(anchors) = anchors {
            let mut anchor = |name: String, pem: &str| {
                let path = anchors.folder.join(format!("outrunner-{}-{name}.crt", self.tag));
                wanted.push(Wanted::File { path, text: pem.to_owned(), mode: 0o644 });
            };
            anchor("domain".to_owned(), &self.authority);
            for (number, pem) in registries.iter().enumerate() {
                anchor(format!("registry-{number}"), pem);
            }
        }
        for (name, pem) in std::iter::once((self.own_registry(), &self.authority))
            .chain(printed.into_iter().map(|name| (name, &self.registry_authorities)))
        {
            // A file name of ours beside whatever is there: every `.crt` in the folder is read.
            let path = |folder: &str| PathBuf::from(folder).join(&name).join(format!("outrunner-{}.crt", self.tag));
            wanted.extend(REGISTRY_FOLDERS.map(|folder| Wanted::File { path: path(folder), text: pem.clone(), mode: 0o644 }));
        }
        let hosts = self.hosts();
        if !hosts.is_empty() {
            let address = self.address();
            let lines = hosts.iter().map(|host| format!("{address} {host}\n")).collect();
            wanted.push(Wanted::Block { path: PathBuf::from(HOSTS), lines, mode: 0o644, mode_max: 0o777 });
        }
        wanted
    }

    /// A name of ours that the hosts file, without this platform's own block, already leads elsewhere; with the address.
    pub fn led_elsewhere(&self, hosts_file: &str) -> Option<(String, String)> {
        let names = self.hosts();
        let ours = self.address();
        let (begin, end) = (format!("# >>> outrunner {} ", self.tag), format!("# <<< outrunner {} ", self.tag));
        let mut inside = false;
        for line in hosts_file.lines() {
            inside = (inside || line.starts_with(&begin)) && !line.starts_with(&end);
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            let Some(address) = words.next().filter(|address| !inside && *address != ours) else { continue };
            if let Some(name) = words.find(|word| names.iter().any(|name| name.eq_ignore_ascii_case(word))) {
                return Some((name.to_owned(), address.to_owned()));
            }
        }
        None
    }
}

/// Whether a domain is under the name that means this machine (RFC 6761, 6.3).
pub fn is_localhost(domain: &str) -> bool {
    domain == "localhost" || domain.ends_with(".localhost")
}

/// Whether the resolver's switch (nsswitch.conf(5)) names a module that knows all of `.localhost`: glibc's own files and DNS do not.
pub fn resolver_knows(nsswitch: &str) -> bool {
    let hosts = nsswitch.lines().find_map(|line| line.split('#').next()?.trim().strip_prefix("hosts:"));
    hosts.is_some_and(|modules| modules.split_whitespace().any(|module| ["myhostname", "resolve"].contains(&module)))
}

/// The certificates in a text, each with its marks and a line feed.
pub fn pem_blocks(text: &str) -> Vec<String> {
    const END: &str = "-----END CERTIFICATE-----";
    let blocks = text.split_inclusive(END).filter_map(|part| part.find("-----BEGIN CERTIFICATE-----").map(|at| &part[at..]));
    blocks.filter(|block| block.ends_with(END)).map(|block| format!("{}\n", block.replace('\r', ""))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounds(https: &str) -> Grounds {
        let pem = |word: &str| format!("-----BEGIN CERTIFICATE-----\n{word}\n-----END CERTIFICATE-----\n");
        Grounds {
            tag: "0123abcd".to_owned(),
            domain: "outrunner.localhost".to_owned(),
            account: AccountId::parse("000000000000").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
            https: https.parse().unwrap(),
            authority: pem("domain"),
            registry_authorities: [pem("all"), pem("mars")].concat(),
            service_hosts: vec!["demo.outrunner.localhost".to_owned()],
            resolver_knows: false,
        }
    }

    fn paths(wanted: &[Wanted]) -> Vec<String> {
        let path = |wanted: &Wanted| match wanted {
            Wanted::File { path, .. } | Wanted::Block { path, .. } => path.display().to_string(),
        };
        wanted.iter().map(path).collect()
    }

    fn anchors() -> Anchors {
        Anchors { folder: PathBuf::from("/anchors"), program: "true", bundle: None, links: None }
    }

    #[test]
    fn every_region_of_our_account_is_named_and_no_other_account() {
        let grounds = grounds("[::]:443");
        let wanted = grounds.wanted(Some(&anchors()));
        let paths = paths(&wanted);
        for path in [
            "/anchors/outrunner-0123abcd-domain.crt",
            "/anchors/outrunner-0123abcd-registry-1.crt",
            "/etc/docker/certs.d/000000000000.dkr.ecr.ap-southeast-7.amazonaws.com/outrunner-0123abcd.crt",
            "/etc/containers/certs.d/000000000000.dkr.ecr.us-east-1.amazonaws.com/outrunner-0123abcd.crt",
            "/etc/docker/certs.d/registry.outrunner.localhost/outrunner-0123abcd.crt",
            "/etc/hosts",
        ] {
            assert!(paths.iter().any(|wanted| wanted == path), "{path}");
        }
        let hosts = grounds.hosts();
        assert!(hosts.iter().all(|host| host.starts_with("000000000000.") || host.ends_with(".outrunner.localhost")));
        assert!(hosts.contains(&"demo.outrunner.localhost".to_owned()));
    }

    #[test]
    fn with_another_port_the_printed_name_leads_nowhere() {
        let mut grounds = grounds("0.0.0.0:8943");
        grounds.resolver_knows = true;
        assert!(grounds.hosts().is_empty());
        assert_eq!(
            paths(&grounds.wanted(Some(&anchors()))),
            [
                "/anchors/outrunner-0123abcd-domain.crt",
                "/etc/docker/certs.d/registry.outrunner.localhost:8943/outrunner-0123abcd.crt",
                "/etc/containers/certs.d/registry.outrunner.localhost:8943/outrunner-0123abcd.crt"
            ]
        );
    }

    #[test]
    fn a_name_that_somebody_leads_elsewhere_is_found() {
        let grounds = grounds("[::]:443");
        let theirs = "10.1.2.3 x 000000000000.dkr.ecr.eu-west-3.amazonaws.com # mine\n";
        let found = Some(("000000000000.dkr.ecr.eu-west-3.amazonaws.com".to_owned(), "10.1.2.3".to_owned()));
        assert_eq!(grounds.led_elsewhere(theirs), found);
        let block =
            |tag: &str| format!("127.0.0.1 localhost\n# >>> outrunner {tag} >>>\n{theirs}# <<< outrunner {tag} <<<\n# {theirs}");
        assert_eq!(grounds.led_elsewhere(&block("0123abcd")), None, "a block of ours and a comment are nobody's");
        assert!(grounds.led_elsewhere(&block("fedcba98")).is_some(), "another platform's block is somebody's");
    }

    #[test]
    fn the_resolvers_switch_is_read() {
        assert!(resolver_knows("passwd: files\nhosts: files myhostname dns\n"));
        assert!(resolver_knows("hosts:\tfiles resolve [!UNAVAIL=return] dns"));
        assert!(!resolver_knows("hosts: files dns # myhostname\n"));
        assert!(!resolver_knows(""));
    }

    #[test]
    fn certificates_are_told_apart() {
        let text =
            "# a comment\n-----BEGIN CERTIFICATE-----\r\nA\r\n-----END CERTIFICATE-----\njunk -----BEGIN CERTIFICATE-----\ncut";
        assert_eq!(pem_blocks(text), ["-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"]);
    }
}
