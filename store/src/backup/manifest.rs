//! What a backup says of itself: its head before everything, its end behind everything.
//!
//! Source of truth for the names of parts; a name that is none of them is refused, so no backup writes outside its data dir.

use std::path::{Path, PathBuf};

use model::digest::{Algorithm, Digest};
use serde::{Deserialize, Serialize};

/// The form of backups that this program writes and reads.
pub(super) const FORMAT: u32 = 1;
pub(super) const HEAD: &str = "backup.json";
pub(super) const END: &str = "backup.end.json";

/// Who made a backup, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The program's version.
    pub version: String,
    /// The machine's boot id: what ran then is known to be gone when it is another one.
    pub boot: String,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// Comes first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub format: u32,
    pub made: Made,
    pub ledger_form: usize,
    pub logs_form: usize,
    pub log_lines: bool,
    /// In the order in which they come.
    pub parts: Vec<PartSize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartSize {
    pub name: String,
    pub bytes: u64,
}

/// Comes last: a backup without it was cut off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct End {
    pub format: u32,
    /// Of the head and of every part, in order.
    pub parts: Vec<PartSum>,
    /// Names of blobs that were missing or damaged when the backup was made: what stands in their place is nothing.
    #[serde(default)]
    pub left_out: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartSum {
    pub name: String,
    pub bytes: u64,
    /// Hexadecimal digits.
    pub sha256: String,
}

/// Something that a backup can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Encrypted by whoever asked for the backup.
    MasterKey,
    Ledger,
    Catalogue,
    Blob(Digest),
    Segment(u64),
}

impl Part {
    pub fn name(&self) -> String {
        match self {
            Self::MasterKey => "master.key.age".to_owned(),
            Self::Ledger => "ledger.db".to_owned(),
            Self::Catalogue => "logs/catalogue.db".to_owned(),
            Self::Blob(digest) => {
                let folder = match digest.algorithm() {
                    Algorithm::Sha256 => "sha256",
                    Algorithm::Sha512 => "sha512",
                };
                format!("blobs/{folder}/{}/{}", &digest.hex()[..2], digest.hex())
            }
            Self::Segment(number) => format!("logs/segments/{number:010}"),
        }
    }

    /// The part of a name that `name` gives; any other name is none.
    pub fn parse(name: &str) -> Option<Self> {
        let part = match name.split('/').collect::<Vec<_>>()[..] {
            ["master.key.age"] => Self::MasterKey,
            ["ledger.db"] => Self::Ledger,
            ["logs", "catalogue.db"] => Self::Catalogue,
            ["logs", "segments", number] => Self::Segment(number.parse().ok()?),
            ["blobs", algorithm, _, hex] => Self::Blob(Digest::parse(&format!("{algorithm}:{hex}")).ok()?),
            _ => return None,
        };
        (part.name() == name).then_some(part)
    }

    /// Its place in a data dir.
    pub fn path_in(&self, data_dir: &Path) -> PathBuf {
        data_dir.join(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_by_its_own_name_and_by_no_other() {
        let digest = Digest::from_hash(Algorithm::Sha256, &[0xab; 32]);
        for part in [Part::MasterKey, Part::Ledger, Part::Catalogue, Part::Segment(7), Part::Blob(digest.clone())] {
            assert_eq!(Part::parse(&part.name()), Some(part.clone()));
        }
        let moved = format!("blobs/sha256/cd/{}", digest.hex());
        for name in [
            "",
            "/ledger.db",
            "../ledger.db",
            "logs/../ledger.db",
            "logs/segments/7",
            "logs/segments/../../x",
            "master.key",
            &moved,
        ] {
            assert_eq!(Part::parse(name), None, "{name}");
        }
    }
}
