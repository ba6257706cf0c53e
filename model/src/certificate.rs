//! Certificates and the authorities that sign them. The authority's key never reaches the edge: only leaves cross.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::secret::Secret;
use crate::time::Timestamp;

/// A chain and its key, for the names it serves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Exact hosts, or `*.<suffix>` for one label.
    pub names: Vec<String>,
    /// DER, the leaf first.
    pub chain: Vec<Vec<u8>>,
    /// PKCS #8, DER.
    pub key: Secret,
    pub not_after: Timestamp,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("names", &self.names).field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

/// Everything the edge may present. A newer table replaces an older one whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateTable {
    /// Grows with every table.
    pub generation: u64,
    pub certificates: Vec<Certificate>,
}

/// A local authority: signs leaves for one suffix and, by its name constraints, for nothing else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// The DNS suffix it may sign for.
    pub suffix: String,
    pub certificate_pem: String,
    /// PKCS #8, PEM.
    pub key_pem: Secret,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("suffix", &self.suffix).finish_non_exhaustive()
    }
}
