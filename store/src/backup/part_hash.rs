//! The sum of a part as its bytes go by, and whether they are what the part's own name says.

use aws_lc_rs::digest::{Context, SHA256, SHA512};
use model::digest::{Algorithm, Digest};

use crate::backup::manifest::Part;

/// SHA-256 of any part, and SHA-512 of a blob that is named by it.
pub(super) struct PartHash {
    sha256: Context,
    sha512: Option<Context>,
    claimed: Option<Digest>,
}

impl PartHash {
    pub fn of(part: &Part) -> Self {
        let claimed = match part {
            Part::Blob(digest) => Some(digest.clone()),
            Part::MasterKey | Part::Ledger | Part::Catalogue | Part::Segment(_) => None,
        };
        Self::claimed(claimed)
    }

    /// Of what has no name of its own to be held against.
    pub fn of_text() -> Self {
        Self::claimed(None)
    }

    fn claimed(claimed: Option<Digest>) -> Self {
        let is_long = claimed.as_ref().is_some_and(|digest| digest.algorithm() == Algorithm::Sha512);
        Self { sha256: Context::new(&SHA256), sha512: is_long.then(|| Context::new(&SHA512)), claimed }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(sum) = &mut self.sha512 {
            sum.update(bytes);
        }
    }

    /// The hexadecimal digits of the SHA-256, and whether the bytes are those that the name promises.
    pub fn finish(self) -> (String, bool) {
        let sha256 = Digest::from_hash(Algorithm::Sha256, self.sha256.finish().as_ref());
        let found = self.sha512.map_or_else(|| sha256.clone(), |sum| Digest::from_hash(Algorithm::Sha512, sum.finish().as_ref()));
        let is_promised = self.claimed.is_none_or(|claimed| claimed == found);
        (sha256.hex().to_owned(), is_promised)
    }
}
