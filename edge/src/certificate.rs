//! The certificates that the front door presents, chosen by the name that the client asks for in its TLS hello.
//! Never signs, orders or stores one, and has no default: an unknown name gets an alert.
//! Source of truth: RFC 6066 section 3; RFC 6125 section 6.4.3 for wildcards.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use model::certificate::{Certificate, CertificateTable};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::host::{lower_case, wildcard_of};

/// One table's certificates, by name.
#[derive(Default)]
struct Shelf {
    generation: u64,
    /// Exact names, and wildcards as `*.suffix`.
    by_name: HashMap<String, Arc<CertifiedKey>>,
}

impl Shelf {
    fn find(&self, name: &str) -> Option<&Arc<CertifiedKey>> {
        self.by_name.get(name).or_else(|| self.by_name.get(&wildcard_of(name)?))
    }
}

/// What is presented now; replaced whole.
#[derive(Default)]
pub struct Certificates(ArcSwap<Shelf>);

impl Certificates {
    /// Puts a table in force. A certificate that rustls cannot use is left out and named in the answer: one bad one must not
    /// take the others with it.
    pub fn apply(&self, table: &CertificateTable, provider: &CryptoProvider) -> Vec<String> {
        let mut shelf = Shelf { generation: table.generation, by_name: HashMap::new() };
        let mut problems = Vec::new();
        for certificate in &table.certificates {
            match usable(certificate, provider) {
                Ok(key) => {
                    for name in &certificate.names {
                        let name = lower_case(name).into_owned();
                        shelf.by_name.insert(name, Arc::clone(&key));
                    }
                }
                Err(error) => problems.push(format!("{}: {error}", certificate.names.join(", "))),
            }
        }
        self.0.store(Arc::new(shelf));
        problems
    }

    /// The generation in force; 0 before the first.
    pub fn generation(&self) -> u64 {
        self.0.load().generation
    }

    /// True if a client that was shown the certificate of `first` was shown that of `second` too: only then may it ask for both
    /// on one connection.
    pub fn same(&self, first: &str, second: &str) -> bool {
        let shelf = self.0.load();
        match (shelf.find(first), shelf.find(second)) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, _) | (_, None) => false,
        }
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("generation", &self.generation()).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?;
        self.0.load().find(&lower_case(name)).cloned()
    }
}

fn usable(certificate: &Certificate, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, rustls::Error> {
    let chain: Vec<_> = certificate.chain.iter().cloned().map(CertificateDer::from).collect();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certificate.key.expose()));
    // Also compares the key with the leaf.
    CertifiedKey::from_der(chain, key.clone_key(), provider).map(Arc::new)
}

#[cfg(test)]
mod tests {
    use model::secret::Secret;
    use model::time::Timestamp;

    use super::*;

    fn certificate(names: &[&str]) -> Certificate {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let made = rcgen::generate_simple_self_signed(names.clone()).expect("valid names");
        Certificate {
            names,
            chain: vec![made.cert.der().to_vec()],
            key: Secret::new(made.signing_key.serialize_der()),
            not_after: Timestamp::from_millis(4_000_000_000_000),
        }
    }

    fn applied(certificates: Vec<Certificate>) -> (Certificates, Vec<String>) {
        let held = Certificates::default();
        let table = CertificateTable { generation: 7, certificates };
        let problems = held.apply(&table, &rustls::crypto::aws_lc_rs::default_provider());
        (held, problems)
    }

    #[test]
    fn an_exact_name_comes_before_a_wildcard_and_a_wildcard_covers_one_level() {
        let (held, problems) = applied(vec![certificate(&["*.a.example", "a.example"]), certificate(&["x.a.example"])]);
        assert!(problems.is_empty());
        assert!(held.same("a.example", "y.a.example"));
        assert!(!held.same("a.example", "x.a.example"));
        assert!(!held.same("a.example", "z.y.a.example"));
        assert!(!held.same("unknown.example", "unknown.example"));
        assert_eq!(held.generation(), 7);
    }

    #[test]
    fn a_broken_certificate_is_named_and_the_others_serve() {
        let mut broken = certificate(&["broken.example"]);
        broken.key = certificate(&["other.example"]).key;
        let (held, problems) = applied(vec![broken, certificate(&["good.example"])]);
        assert!(problems[0].starts_with("broken.example: "), "{problems:?}");
        assert!(held.same("good.example", "good.example"));
        assert!(!held.same("broken.example", "broken.example"));
    }
}
