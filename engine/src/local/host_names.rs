//! Name servers and search domains of the host, and what an instance is told of them.
//! Never asks for a name.
//! Source of truth: `/etc/resolv.conf`, or behind systemd's stub the file with the servers themselves.

use std::fs;
use std::net::Ipv4Addr;

use crate::limit::{NAME_SERVERS, SEARCH_DOMAINS};

/// How this host looks names up, as far as instances can do the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNames {
    /// Those that an instance can reach.
    pub servers: Vec<Ipv4Addr>,
    /// The line of domains in which short names are looked up, with its end; or nothing.
    search: String,
}

impl HostNames {
    /// As it is now.
    pub fn of_host() -> Self {
        Self { servers: name_servers(), search: search_in(&fs::read_to_string("/etc/resolv.conf").unwrap_or_default()) }
    }

    /// What an instance is told about name servers: its gateway, where the platform answers; then the host's, for as long as
    /// no platform does.
    pub fn resolver_file(&self, gateway: Option<Ipv4Addr>) -> String {
        let servers = gateway.iter().chain(&self.servers).take(NAME_SERVERS);
        let servers: String = servers.map(|server| format!("nameserver {server}\n")).collect();
        format!("{servers}{}", self.search)
    }
}

/// The host's name servers that an instance can reach: not those on a loopback address.
fn name_servers() -> Vec<Ipv4Addr> {
    // systemd's stub listens on loopback; behind it stands the file with the servers themselves.
    let files = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];
    let found = files.iter().map(|file| servers_in(&fs::read_to_string(file).unwrap_or_default()));
    found.into_iter().find(|servers| !servers.is_empty()).unwrap_or_default()
}

fn servers_in(text: &str) -> Vec<Ipv4Addr> {
    let addresses = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver")?.trim().parse().ok());
    addresses.filter(|address: &Ipv4Addr| !address.is_loopback()).take(NAME_SERVERS).collect()
}

/// The last line of its kind is in force. One that is not made of names is left out.
fn search_in(text: &str) -> String {
    let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix("search"));
    let words = lines.rfind(|rest| rest.starts_with([' ', '\t'])).unwrap_or_default();
    let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let words: Vec<&str> = words.split_whitespace().filter(|word| plain(word)).take(SEARCH_DOMAINS).collect();
    if words.is_empty() { String::new() } else { format!("search {}\n", words.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_on_loopback_is_no_use_to_an_instance() {
        let text = "# x\nnameserver 127.0.0.53\nnameserver ::1\nsearch a\nnameserver 10.0.0.2\nnameserver 1.1.1.1\n";
        assert_eq!(servers_in(text), [Ipv4Addr::new(10, 0, 0, 2), Ipv4Addr::new(1, 1, 1, 1)]);
        assert!(servers_in("nameserver 127.0.0.1\n").is_empty());
        assert_eq!(servers_in(&"nameserver 1.1.1.1\n".repeat(9)).len(), NAME_SERVERS);
    }

    #[test]
    fn short_names_are_looked_up_where_the_host_looks() {
        assert_eq!(search_in("search a.test\nnameserver 1.1.1.1\n search b.test\tc.test $x\n"), "search b.test c.test\n");
        assert_eq!(search_in("searching a\n#search b\n"), "");
        assert_eq!(search_in(&format!("search{}", " a.test".repeat(9))).matches("a.test").count(), SEARCH_DOMAINS);
    }
}
