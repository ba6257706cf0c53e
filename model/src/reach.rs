//! A destination that a service's owner opens to its own instances: the value of the tag `outrunner:reach`.
//!
//! Never says whether it exists. Private addresses are what it is for; the machine's own loopback and link-local addresses never are.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::limit;
use crate::refusal::Refusal;

/// `host:port`, by TCP.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reach {
    /// An IPv4 address or a DNS name.
    pub host: String,
    pub port: u16,
}

impl Reach {
    /// Reads a list with commas. `key` is the tag that a refusal names.
    pub fn parse_list(key: &str, text: &str) -> Result<Vec<Self>, Refusal> {
        let wrong = |what: &str| {
            Refusal::invalid(format!(
                "The tag {key} needs destinations such as 192.168.1.5:5432 or db.example.com:5432, separated by commas: {what}."
            ))
        };
        let parse = |item: &str| Self::parse(item.trim()).map_err(|what| wrong(&what));
        let mut all = text.split(',').map(parse).collect::<Result<Vec<_>, _>>()?;
        all.sort();
        all.dedup();
        if all.len() > limit::REACH { Err(wrong(&format!("at most {} of them", limit::REACH))) } else { Ok(all) }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (host, port) = text.rsplit_once(':').ok_or_else(|| format!("'{text}' has no port"))?;
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        let port = port.parse().ok().filter(|port| digits && *port != 0).ok_or_else(|| format!("'{port}' is no port"))?;
        if let Ok(address) = host.parse() {
            return if may_be_reached(address) {
                Ok(Self { host: host.to_owned(), port })
            } else {
                Err(format!("{address} cannot be opened to instances"))
            };
        }
        if is_name(host) { Ok(Self { host: host.to_ascii_lowercase(), port }) } else { Err(format!("'{host}' is no host")) }
    }
}

/// Where clouds tell machines their secrets, outside the link-local addresses. Source: Microsoft's "What is IP address 168.63.129.16?";
/// Alibaba Cloud's "View instance metadata".
const METADATA: [Ipv4Addr; 2] = [Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(100, 100, 100, 200)];

/// Whether an address may be opened to an instance at all. Source: RFC 6890; link-local has the metadata of clouds.
pub fn may_be_reached(address: Ipv4Addr) -> bool {
    let first = address.octets()[0];
    !(first == 0 || first >= 224 || address.is_loopback() || address.is_link_local() || METADATA.contains(&address))
}

/// A DNS name that no program takes for an address. Source: RFC 1035 §2.3.1, with underscores; WHATWG URL §3.5, "ends in a number".
fn is_name(host: &str) -> bool {
    let plain = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.to_ascii_lowercase().starts_with("0x");
    host.len() <= 253 && host.split('.').all(plain) && !number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_destinations_is_read_and_what_is_none_is_named() {
        let list = Reach::parse_list("outrunner:reach", "10.0.0.5:5432, DB.example.com:6379,10.0.0.5:5432").unwrap();
        let words: Vec<String> = list.iter().map(|reach| format!("{}:{}", reach.host, reach.port)).collect();
        assert_eq!(words, ["10.0.0.5:5432", "db.example.com:6379"]);
        let many = (0..=limit::REACH).map(|n| format!("10.0.0.1:{}", n + 1)).collect::<Vec<_>>().join(",");
        for (bad, word) in [
            ("", "no port"),
            ("db", "no port"),
            ("db:", "no port"),
            ("db:0", "no port"),
            ("db:+80", "no port"),
            ("db:70000", "no port"),
            (":80", "no host"),
            ("a b:80", "no host"),
            ("10.0.0:80", "no host"),
            ("::1:80", "no host"),
            ("10.0.0.5:5432,", "no port"),
            ("127.0.0.1:80", "cannot be opened"),
            ("169.254.169.254:80", "cannot be opened"),
            ("168.63.129.16:80", "cannot be opened"),
            ("100.100.100.200:80", "cannot be opened"),
            ("0.0.0.0:80", "cannot be opened"),
            ("224.0.0.1:80", "cannot be opened"),
            (&many, "at most"),
        ] {
            let refusal = Reach::parse_list("outrunner:reach", bad).unwrap_err();
            assert!(refusal.message.contains(word) && refusal.message.contains("outrunner:reach"), "{bad}: {refusal}");
        }
    }
}
