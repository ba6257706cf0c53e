//! Content addresses: `sha256:<64 hex>`, and `sha512:<128 hex>` as the distribution specification allows.
//!
//! This crate names digests; it never computes one (that needs a key that `store`, `registry` and `engine` hold).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::text_noun;
use crate::refusal::Refusal;

/// A parsed digest. Lower-case hexadecimal, so it is safe as a file name once the colon is taken away.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

/// The algorithms we verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    Sha256,
    Sha512,
}

impl Digest {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid(format!("'{text}' is not a digest: expected sha256: and 64 hexadecimal digits."));
        let (algorithm, hex) = text.split_once(':').ok_or_else(wrong)?;
        let length = match algorithm {
            "sha256" => 64,
            "sha512" => 128,
            _ => return Err(wrong()),
        };
        let plain = hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex.len() == length && plain { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    /// Builds a digest from hash bytes: 32 for SHA-256, 64 for SHA-512.
    pub fn from_hash(algorithm: Algorithm, hash: &[u8]) -> Self {
        let (name, length) = match algorithm {
            Algorithm::Sha256 => ("sha256", 32),
            Algorithm::Sha512 => ("sha512", 64),
        };
        assert_eq!(hash.len(), length, "a {name} hash has {length} bytes");
        let mut text = format!("{name}:");
        hash.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn algorithm(&self) -> Algorithm {
        if self.0.starts_with("sha256:") { Algorithm::Sha256 } else { Algorithm::Sha512 }
    }

    /// The hexadecimal part.
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }
}

text_noun!(Digest);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_hex_of_the_right_length_is_a_digest() {
        let good = format!("sha256:{}", "ab".repeat(32));
        assert_eq!(Digest::parse(&good).unwrap().hex(), "ab".repeat(32));
        assert_eq!(Digest::from_hash(Algorithm::Sha256, &[0xab; 32]).as_str(), good);
        for bad in ["", "sha256:", "sha256:ab", &good.to_uppercase(), "md5:00", &format!("sha256:../{}", "a".repeat(61))] {
            assert!(Digest::parse(bad).is_err(), "{bad}");
        }
    }
}
