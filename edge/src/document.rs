//! The documents in frames: postcard behind a `u16` version (little endian).
//! Never guesses: a version that is not known is refused and what is in force stays. Field order is the format, so each version of
//! each document has a golden file in `tests/golden/`, and a changed field is a new version.
//! Source of truth: the golden files.

use std::net::IpAddr;

use model::certificate::CertificateTable;
use model::demand::Demand;
use model::instance::InstanceName;
use model::route_table::RouteTable;
use model::service::ServiceId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::header::Scheme;
use crate::tally::Figures;

/// Something that crosses the socket.
pub trait Document: Serialize + DeserializeOwned {
    /// What is written and the only one that is read: a front door that speaks another version of anything is replaced when a platform finds it.
    const VERSION: u16;
}

/// Why a document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Written by another version of this program.
    #[error("version {found} of the document; this program knows version {known}")]
    Version { found: u16, known: u16 },
    /// Not what its version says.
    #[error("the document is not what its version says")]
    Malformed(#[source] postcard::Error),
    /// Shorter than a version number.
    #[error("the document has no version")]
    Short,
}

/// Writes a document.
pub fn encode<D: Document>(document: &D) -> Vec<u8> {
    let bytes = D::VERSION.to_le_bytes().to_vec();
    postcard::to_extend(document, bytes).expect("our documents have known lengths and a vector grows")
}

/// Reads a document.
pub fn decode<D: Document>(bytes: &[u8]) -> Result<D, Unreadable> {
    let (version, body) = bytes.split_first_chunk().ok_or(Unreadable::Short)?;
    let found = u16::from_le_bytes(*version);
    if found != D::VERSION {
        return Err(Unreadable::Version { found, known: D::VERSION });
    }
    postcard::from_bytes(body).map_err(Unreadable::Malformed)
}

/// Who we are: `0.1.0 2.1.1.1.1.1.1.1.1.1`, the program's version and those of its documents but for the first two, which every version can read.
pub fn build() -> String {
    let documents = [
        RouteTable::VERSION,
        CertificateTable::VERSION,
        Applied::VERSION,
        Ask::VERSION,
        Counts::VERSION,
        Rung::VERSION,
        DrainOrder::VERSION,
        AskAccess::VERSION,
        Access::VERSION,
        Figures::VERSION,
    ];
    format!("{} {}", env!("CARGO_PKG_VERSION"), documents.map(|version| version.to_string()).join("."))
}

/// Whether who says so speaks the same documents as we do.
pub fn speaks_like_us(their_build: &str) -> bool {
    let documents = |build: &str| build.split_once(' ').map(|(_, documents)| documents.to_owned());
    documents(their_build) == documents(&build())
}

/// Who speaks. Sent by both sides before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// What [`build`] says: the program's version, for people, and of what versions its documents are.
    pub build: String,
    pub pid: u32,
    /// Generations in force; 0 is none. A platform says 0.
    pub routes: u64,
    pub certificates: u64,
}

/// The sockets that come with this frame, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listeners {
    /// Where the control socket is to be: an absolute path of a folder that the edge may write.
    pub folder: String,
    /// The same number of each scheme, one per core.
    pub schemes: Vec<ListenerScheme>,
}

/// What a listening socket speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListenerScheme {
    Http,
    Https,
}

impl From<ListenerScheme> for Scheme {
    fn from(scheme: ListenerScheme) -> Self {
        match scheme {
            ListenerScheme::Http => Self::Http,
            ListenerScheme::Https => Self::Https,
        }
    }
}

/// Which table an [`Applied`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Table {
    Routes,
    Certificates,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub table: Table,
    /// In force now.
    pub generation: u64,
    /// The table that came cannot be read; what was in force stays.
    pub refused: Option<String>,
    /// Parts that cannot be used (certificates, by name); the rest is in force.
    pub problems: Vec<String>,
}

/// Asks for the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub number: u64,
}

/// Answers an [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub number: u64,
    pub demand: Demand,
}

/// Services for which somebody began to wait, or whose removed instance became empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    pub services: Vec<ServiceId>,
}

/// Asks for notes of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskAccess {
    /// Which front door's batch the platform has kept last, and its number; it is forgotten now.
    pub run: u64,
    pub have: u64,
}

/// Answers an [`AskAccess`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    pub run: u64,
    pub number: u64,
    /// The front door's stopwatch, as in [`Carried::began_us`].
    pub now_us: u64,
    pub carried: Vec<Carried>,
    /// Notes that went before they were fetched.
    pub lost: Vec<(ServiceId, u64)>,
    pub is_full: bool,
}

/// A note of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    pub service: ServiceId,
    pub began_us: u64,
    pub duration_us: u64,
    pub held_us: u64,
    pub method: String,
    pub path: String,
    pub status: u16,
    pub request_bytes: u64,
    pub response_bytes: u64,
    pub request_id: [u8; 16],
    pub instance: Option<InstanceName>,
    pub protocol: Protocol,
    pub client: IpAddr,
}

/// What a client spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protocol {
    Http1,
    Http2,
}

/// Finish what you carry, then end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainOrder {
    /// After this, whatever is still carried is cut.
    pub within_ms: u64,
}

impl Document for Hello {
    const VERSION: u16 = 1;
}
impl Document for Listeners {
    const VERSION: u16 = 1;
}
impl Document for RouteTable {
    /// 2: services say which of their requests are noted.
    const VERSION: u16 = 2;
}
impl Document for CertificateTable {
    const VERSION: u16 = 1;
}
impl Document for Applied {
    const VERSION: u16 = 1;
}
impl Document for Ask {
    const VERSION: u16 = 1;
}
impl Document for Counts {
    const VERSION: u16 = 1;
}
impl Document for Rung {
    const VERSION: u16 = 1;
}
impl Document for DrainOrder {
    const VERSION: u16 = 1;
}
impl Document for AskAccess {
    const VERSION: u16 = 1;
}
impl Document for Access {
    const VERSION: u16 = 1;
}
impl Document for Figures {
    const VERSION: u16 = 2;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_refused_with_both_numbers() {
        let mut bytes = encode(&Ask { number: 1 });
        bytes[0] = 2;
        let refused = decode::<Ask>(&bytes).expect_err("version 2 is not known");
        assert_eq!(refused.to_string(), "version 2 of the document; this program knows version 1");
    }

    #[test]
    fn whoever_has_other_documents_or_says_nothing_of_them_does_not_speak_like_us() {
        let ours = build();
        let (_, documents) = ours.split_once(' ').expect("both parts");
        assert!(speaks_like_us(&ours) && speaks_like_us(&format!("9.9.9 {documents}")));
        assert!(!speaks_like_us("0.1.0") && !speaks_like_us("") && !speaks_like_us(&format!("{ours}.1")));
    }

    #[test]
    fn what_is_cut_off_is_malformed_and_never_a_shorter_document() {
        let whole = encode(&Rung { services: vec![ServiceId::from_random([1; 16])] });
        for length in 0..whole.len() {
            decode::<Rung>(&whole[..length]).expect_err("cut off");
        }
    }
}
