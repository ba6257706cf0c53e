//! Where a request goes: a scheme, a host and a port; and the places that an operator named.
//!
//! Never decides whether the place may be reached: `http_client` does, with `policy`.

use std::collections::BTreeSet;
use std::fmt;

use http::Uri;
use model::foreign_image::RegistryHost;

/// The root of a server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub is_tls: bool,
    /// A name or an address, without brackets.
    pub host: String,
    pub port: u16,
}

/// A place and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub place: Place,
    /// Begins with `/`; the query too.
    pub path: String,
}

/// Where a registry's images are looked for first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The registry that it stands in for.
    pub of: RegistryHost,
    pub place: Place,
    /// What stands before a repository's name there: empty, or `mirror/`.
    pub prefix: String,
}

/// Places that an operator named on purpose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// May have any address.
    pub private: BTreeSet<(String, u16)>,
    /// Speak plain HTTP, on loopback only.
    pub plain: BTreeSet<(String, u16)>,
}

impl Place {
    /// Of an absolute URL without user, query or fragment. Answers the path too.
    pub fn parse(url: &str) -> Option<(Self, String)> {
        let Address { place, path } = Address::parse(url)?;
        (!path.contains('?')).then_some((place, path))
    }

    /// What `Host` says.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.is_tls { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    pub(crate) fn key(&self) -> (String, u16) {
        (self.host.clone(), self.port)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_tls { "https" } else { "http" }, self.authority())
    }
}

impl Address {
    /// Of an absolute URL.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let is_tls = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host().to_ascii_lowercase();
        let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map_or(host.clone(), str::to_owned);
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        (!host.is_empty()).then_some(Self { place: Place { is_tls, host, port }, path })
    }

    /// Where `Location` leads from here.
    pub(crate) fn redirected(&self, location: &str) -> Option<Self> {
        if location.starts_with('/') && !location.starts_with("//") {
            return Some(Self { place: self.place.clone(), path: location.to_owned() });
        }
        Self::parse(location)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_a_redirect_followed_from_it() {
        let here = Address::parse("https://Registry.test:5000/v2/x?y=1").unwrap();
        assert_eq!((here.place.to_string().as_str(), here.path.as_str()), ("https://registry.test:5000", "/v2/x?y=1"));
        for (location, leads_to) in [
            ("/other", "https://registry.test:5000/other"),
            ("https://cdn.test/a?sig=1", "https://cdn.test/a?sig=1"),
            ("http://[::1]:80/", "http://[::1]/"),
        ] {
            let there = here.redirected(location).unwrap();
            assert_eq!(format!("{}{}", there.place, there.path), leads_to);
        }
        for bad in ["", "other", "//evil.test/x", "ftp://a/b", "https://user:pw@a.test/", "https:///x"] {
            assert_eq!(here.redirected(bad), None, "{bad}");
        }
        assert!(Place::parse("https://a.test/?x").is_none());
    }
}
