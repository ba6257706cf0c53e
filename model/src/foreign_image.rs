//! The name of an image in a registry that is not ours: ECR Public, Docker Hub, or anybody's.
//!
//! Never guesses a registry: a name without a host is refused, as it could mean somebody else's image.
//! Source of truth: the distribution specification (names, tags, digests); Docker's convention for `docker.io` (`library/`).

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::account::text_noun;
use crate::digest::Digest;
use crate::image_reference::{ImageTag, Pick, is_path_part, scope_of};
use crate::refusal::Refusal;

/// Docker Hub's name in image references.
const DOCKER_HUB: &str = "docker.io";
/// Longest host name. Source: RFC 1035 §2.3.4.
const HOST_BYTES: usize = 253;
/// Longest repository name. ECR's own limit; the distribution specification says that many clients end at 255 characters, the host included.
const REPOSITORY_BYTES: usize = 256;

/// A registry as images name it: `docker.io`, `registry.local:5000`, `[fd00::1]:5000`. Lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistryHost(String);

impl RegistryHost {
    /// A host name or address, and a port if it is not 443.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong =
            || Refusal::invalid(format!("'{text}' is not a registry: expected a host such as docker.io or registry.local:5000."));
        let lower = text.to_ascii_lowercase();
        let (host, port) = split_port(&lower).ok_or_else(wrong)?;
        if !is_host(host) {
            return Err(wrong());
        }
        let Some(port) = port else { return Ok(Self(lower)) };
        // Kept as a number is written: leading zeros would give a registry many names, and a name any length.
        let number = port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse::<u16>().ok().filter(|port| *port > 0)).flatten();
        number.map(|port| Self(format!("{host}:{port}"))).ok_or_else(wrong)
    }

    /// Without the port, and without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        let host = split_port(&self.0).map_or(self.0.as_str(), |(host, _)| host);
        host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
    }

    /// The port, if one was written.
    pub fn port(&self) -> Option<u16> {
        split_port(&self.0)?.1?.parse().ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A host and what stands behind its colon.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(end) = text.strip_prefix('[').and_then(|_| text.find(']')) {
        let (host, rest) = text.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    Some(text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let plain = |label: &str| {
        let inner = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    host.len() <= HOST_BYTES && host.split('.').all(plain)
}

/// A repository's name in another registry: path parts of lower-case letters and digits with single separators.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ForeignRepository(String);

impl ForeignRepository {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() <= REPOSITORY_BYTES && text.split('/').all(is_path_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::invalid(format!(
                "'{text}' is not a repository name: lower-case letters and digits, with '.', '_', '__', '-' and '/' between them."
            )))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_noun!(RegistryHost);
text_noun!(ForeignRepository);

/// An image of another registry: `<host>[:port]/<repository>[:tag][@digest]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ForeignImage {
    pub registry: RegistryHost,
    pub repository: ForeignRepository,
    pub pick: Pick,
}

impl ForeignImage {
    /// Parses an `ImageIdentifier` of type `ECR_PUBLIC`. Beside a digest, a tag is for people only. Neither means `latest`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let (registry, path) = text.split_once('/').filter(|(host, _)| names_a_host(host)).ok_or_else(|| without_host(text))?;
        // Of the host as it will be asked: in capitals it is the same registry.
        if scope_of(&registry.to_ascii_lowercase()).is_some() {
            return Err(Refusal::invalid(format!(
                "ImageIdentifier: '{text}' is an image of a private ECR registry: its ImageRepositoryType is ECR."
            )));
        }
        let registry = RegistryHost::parse(registry)?;
        let (path, digest) = path.split_once('@').map_or((path, None), |(path, digest)| (path, Some(digest)));
        let (repository, tag) = path.split_once(':').unwrap_or((path, "latest"));
        let repository = match repository {
            short if registry.as_str() == DOCKER_HUB && !short.contains('/') => format!("library/{short}"),
            whole => whole.to_owned(),
        };
        let tag = ImageTag::parse(tag)?;
        let pick = digest.map_or(Ok(Pick::Tag(tag)), |digest| Digest::parse(digest).map(Pick::Digest))?;
        Ok(Self { registry, repository: ForeignRepository::parse(&repository)?, pick })
    }
}

/// A manifest as another registry has it: of one image, for one kind of machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteManifest {
    /// That of `bytes`, verified.
    pub digest: Digest,
    pub media_type: String,
    pub bytes: Bytes,
    pub config: RemoteBlob,
    pub config_type: String,
    /// The lowest first; the same one may stand twice.
    pub layers: Vec<RemoteBlob>,
}

/// A blob that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemoteBlob {
    pub digest: Digest,
    pub size_bytes: u64,
}

/// Docker's rule for what is a host and no part of a path.
fn names_a_host(first: &str) -> bool {
    first.contains('.') || first.contains(':') || first == "localhost"
}

fn without_host(text: &str) -> Refusal {
    Refusal::invalid(format!(
        "ImageIdentifier: '{text}' names no registry. Write its host too, for example docker.io/library/nginx:1 or \
         public.ecr.aws/nginx/nginx:1."
    ))
}

impl fmt::Display for ForeignImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}{}", self.registry, self.repository, self.pick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_other_registries_are_read_as_docker_reads_them() {
        let digest = format!("sha256:{}", "0".repeat(64));
        for (text, meaning) in [
            ("public.ecr.aws/nginx/nginx:1.27", "public.ecr.aws/nginx/nginx:1.27".to_owned()),
            ("docker.io/library/nginx:1", "docker.io/library/nginx:1".to_owned()),
            ("docker.io/nginx", "docker.io/library/nginx:latest".to_owned()),
            ("quay.io/nginx", "quay.io/nginx:latest".to_owned()),
            ("GHCR.io/x/y", "ghcr.io/x/y:latest".to_owned()),
            ("localhost/x", "localhost/x:latest".to_owned()),
            ("registry.local:5000/x:tag", "registry.local:5000/x:tag".to_owned()),
            ("[fd00::1]:5000/x:tag", "[fd00::1]:5000/x:tag".to_owned()),
            (&format!("ghcr.io/x/y@{digest}"), format!("ghcr.io/x/y@{digest}")),
            (&format!("ghcr.io/x/y:v1@{digest}"), format!("ghcr.io/x/y@{digest}")),
        ] {
            assert_eq!(ForeignImage::parse(text).unwrap().to_string(), meaning, "{text}");
        }
    }

    #[test]
    fn what_could_mean_somebody_elses_image_or_none_is_refused() {
        for (text, words) in [
            ("", "names no registry"),
            ("nginx", "names no registry"),
            ("nginx:1", "names no registry"),
            ("team/hello:v1", "names no registry"),
            ("000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1", "ImageRepositoryType is ECR"),
            ("000000000000.dkr.ECR.us-East-1.amazonaws.com/hello:v1", "ImageRepositoryType is ECR"),
            ("docker.io/", "not a repository name"),
            ("docker.io/library/Nginx", "not a repository name"),
            ("docker.io/../nginx", "not a repository name"),
            ("docker.io/nginx:", "not an image tag"),
            ("docker.io/nginx:1@sha256:00", "not a digest"),
            ("docker..io/nginx", "not a registry"),
            ("user@docker.io/nginx", "not a registry"),
            ("docker.io:/nginx", "not a registry"),
            ("docker.io:0/nginx", "not a registry"),
            ("docker.io:70000/nginx", "not a registry"),
            ("docker.io:+80/nginx", "not a registry"),
            ("[::1/nginx", "not a registry"),
            ("https://docker.io/nginx", "not a registry"),
        ] {
            let refusal = ForeignImage::parse(text).unwrap_err();
            assert!(refusal.message.contains(words), "{text}: {}", refusal.message);
        }
    }

    #[test]
    fn a_registry_knows_its_host_and_port() {
        for (text, host, port) in [
            ("docker.io", "docker.io", None),
            ("a.b:5000", "a.b", Some(5000)),
            ("a.b:05000", "a.b", Some(5000)),
            ("[::1]:80", "::1", Some(80)),
            ("[::1]", "::1", None),
        ] {
            let registry = RegistryHost::parse(text).unwrap();
            assert_eq!((registry.host(), registry.port()), (host, port), "{text}");
        }
        let zeros = "0".repeat(250);
        assert_eq!(RegistryHost::parse(&format!("a.b:{zeros}1")).unwrap().as_str(), "a.b:1", "it has one name, which is short");
        for port in ["", "0", "+5000", "65536", &zeros] {
            assert!(RegistryHost::parse(&format!("a.b:{port}")).is_err(), "{port}");
        }
    }
}
