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

/// Places that an operator named on purpose, as far as one pull may reach them: none if it begins at a place that he did not name, whoever it is sent on
/// by. Else any tenant's registry could send us into his network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// May have any address.
    pub private: BTreeSet<(String, u16)>,
    /// Speak plain HTTP, on loopback only.
    pub plain: BTreeSet<(String, u16)>,
}

impl Named {
    /// For what begins at this place, if it is one of them.
    pub(crate) fn beginning_at(&self, place: &Place) -> Self {
        let is_known = self.private.contains(&place.key()) || self.plain.contains(&place.key());
        if is_known { self.clone() } else { Self::default() }
    }

    /// The same, with a place that is named for what begins there alone: a mirror, or the real ECR's stand-in.
    pub(crate) fn and(&self, place: &Place) -> Self {
        let mut named = self.clone();
        let places = if place.is_tls { &mut named.private } else { &mut named.plain };
        places.insert(place.key());
        named
    }
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

    /// Where `Location` leads from here: a URL, or a reference that is relative to this one. A fragment says nothing to a server.
    /// Source: RFC 9110 §10.2.2, RFC 3986 §5.2 (dot segments are left to the server).
    pub(crate) fn redirected(&self, location: &str) -> Option<Self> {
        let location = location.split('#').next().unwrap_or_default();
        let here = |path: String| Some(Self { place: self.place.clone(), path });
        let has_scheme = location.split(['/', '?']).next().is_some_and(|first| first.contains(':'));
        if has_scheme {
            return Self::parse(location);
        }
        if location.starts_with("//") {
            return Self::parse(&format!("{}:{location}", if self.place.is_tls { "https" } else { "http" }));
        }
        let path = self.path.split('?').next().unwrap_or_default();
        match location.chars().next() {
            None => None,
            Some('/') => here(location.to_owned()),
            Some('?') => here(format!("{path}{location}")),
            Some(_) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                here(format!("{folder}/{location}"))
            }
        }
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
            ("//cdn.test/x", "https://cdn.test/x"),
            ("other?z#part", "https://registry.test:5000/v2/other?z"),
            ("?z=1", "https://registry.test:5000/v2/x?z=1"),
            ("a/b:c", "https://registry.test:5000/v2/a/b:c"),
        ] {
            let there = here.redirected(location).unwrap();
            assert_eq!(format!("{}{}", there.place, there.path), leads_to);
        }
        for bad in ["", "#part", "ftp://a/b", "mailto:a", "//user:pw@a.test/", "https://user:pw@a.test/", "https:///x"] {
            assert_eq!(here.redirected(bad), None, "{bad}");
        }
        assert!(Place::parse("https://a.test/?x").is_none());
    }
}
