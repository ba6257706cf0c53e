//! Sealing what must not be read from a stolen disk: access key secrets, private keys, and the data keys of what callers keep here.
//!
//! AES-256-GCM under a key that is derived from the master key, so that the master key itself can serve other purposes. A sealed value is
//! bound to its table and row: moved to another row, it does not open. A nonce is drawn for each sealing; with 96 random bits one key may seal
//! 2³² times (NIST SP 800-38D §8.3), far more than keys are ever made. Never prints a key or a value.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf;
use model::secret::Secret;
use model::trouble::Trouble;
use rusqlite::{Connection, OptionalExtension};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::document;
use crate::fault::Fault;
use crate::limit::MASTER_KEY_BYTES;

/// Begins every sealed value; another number will mean another key or cipher.
const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 12;
const PURPOSE: &[u8] = b"outrunner store seal 1";
const SEAL_CHECK: Place<'_> = Place { table: "seal_check", row: "1" };

/// What `seal_check` holds once the audit log is a chain; nothing before.
const CHAINED: &[u8] = b"audit chain";

/// What a data dir says of its own past, under the master key. Who can write the ledger can take it away, and cannot make another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealMark {
    /// It was never sealed.
    Absent,
    /// By a program that had no chain.
    Plain,
    /// Its audit log is a chain.
    Chained,
}

/// The row a sealed value belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub table: &'a str,
    pub row: &'a str,
}

/// Seals and opens values.
pub(crate) struct Seal {
    key: RandomizedNonceKey,
}

impl Seal {
    pub(crate) fn new(master_key: &Secret) -> Result<Self, Trouble> {
        let doing = "reading the master key";
        if master_key.expose().len() != MASTER_KEY_BYTES {
            return Err(Trouble::lasting(doing, format!("it must have {MASTER_KEY_BYTES} bytes")));
        }
        let mut derived = Zeroizing::new([0; MASTER_KEY_BYTES]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"")
            .extract(master_key.expose())
            .expand(&[PURPOSE], &AES_256_GCM)
            .and_then(|key| key.fill(&mut *derived))
            .expect("HKDF-SHA256 gives 32 bytes");
        Ok(Self::of_data_key(&derived))
    }

    /// The seal of a key that is used for one record only, and kept sealed itself.
    pub(crate) fn of_data_key(bytes: &[u8; MASTER_KEY_BYTES]) -> Self {
        Self { key: RandomizedNonceKey::new(&AES_256_GCM, bytes).expect("32 bytes are an AES-256 key") }
    }

    /// Seals a value for a row.
    pub(crate) fn close(&self, place: Place<'_>, value: &[u8]) -> Vec<u8> {
        // Encrypted in place, so the plain text never outlives this call.
        let mut text = value.to_vec();
        let nonce = self.key.seal_in_place_append_tag(place.bound(), &mut text).expect("a value is far shorter than 64 GiB");
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + text.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&text);
        sealed
    }

    /// Opens what was sealed for this row; anything else is damage.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let damaged = || {
            let Place { table, row } = place;
            Fault::Damaged(format!(
                "the sealed value of {table} {row} does not open: it was changed, or sealed with another master key"
            ))
        };
        let (&format, rest) = sealed.split_first().ok_or_else(damaged)?;
        let (nonce, text) = rest.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        if format != FORMAT {
            return Err(damaged());
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut text = Zeroizing::new(text.to_vec());
        let length = self.key.open_in_place(nonce, place.bound(), &mut text).map_err(|_| damaged())?.len();
        text.truncate(length);
        Ok(text)
    }

    /// Opens a noun that was written with `document::write_secret`.
    pub(crate) fn open_noun<T: DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8]) -> Result<T, Fault> {
        document::read(place.table, &self.open(place, sealed)?)
    }
}

/// The first store of a data dir leaves a sealed row; the ones after it must be able to open it. So a wrong master key is told at once, and
/// not by the first call that needs a key.
pub(crate) fn check_seal(connection: &Connection, seal: &Seal) -> Result<(), Fault> {
    if !is_opened(connection, seal)? {
        connection.execute("INSERT INTO seal_check (one, sealed) VALUES (1, ?1)", [seal.close(SEAL_CHECK, b"")])?;
    }
    Ok(())
}

/// Whether the data dir was sealed, and then by this master key: another one is refused. Never writes.
pub(crate) fn is_opened(connection: &Connection, seal: &Seal) -> Result<bool, Fault> {
    Ok(mark(connection, seal)? != SealMark::Absent)
}

/// The same with what it says.
pub(crate) fn mark(connection: &Connection, seal: &Seal) -> Result<SealMark, Fault> {
    let kept: Option<Vec<u8>> = connection.query_row("SELECT sealed FROM seal_check", [], |row| row.get(0)).optional()?;
    match kept.map(|sealed| seal.open(SEAL_CHECK, &sealed)) {
        None => Ok(SealMark::Absent),
        Some(Ok(text)) if text.as_slice() == CHAINED => Ok(SealMark::Chained),
        Some(Ok(_)) => Ok(SealMark::Plain),
        Some(Err(_)) => Err(Fault::Damaged("the master key is not the one that this data dir was sealed with".to_owned())),
    }
}

/// Says that the audit log is a chain from here on.
pub(crate) fn mark_chained(connection: &Connection, seal: &Seal) -> Result<(), Fault> {
    connection.execute("INSERT OR REPLACE INTO seal_check (one, sealed) VALUES (1, ?1)", [seal.close(SEAL_CHECK, CHAINED)])?;
    Ok(())
}

impl Place<'_> {
    fn bound(&self) -> Aad<Vec<u8>> {
        // Table names of ours contain no NUL, so no two places give the same bytes.
        Aad::from([self.table.as_bytes(), b"\0", self.row.as_bytes()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(byte: u8) -> Seal {
        Seal::new(&Secret::new(vec![byte; MASTER_KEY_BYTES])).unwrap()
    }

    const HERE: Place<'_> = Place { table: "access_key", row: "AKIA1" };

    #[test]
    fn a_sealed_value_opens_in_its_own_row_and_nowhere_else() {
        let sealed = seal(1).close(HERE, b"hunter2");
        assert_eq!(&**seal(1).open(HERE, &sealed).unwrap(), b"hunter2");
        assert!(!sealed.windows(7).any(|bytes| bytes == b"hunter2"));
        assert_ne!(sealed, seal(1).close(HERE, b"hunter2"), "each sealing draws a nonce");
        assert!(seal(2).open(HERE, &sealed).is_err());
        for place in [Place { row: "AKIA2", ..HERE }, Place { table: "certificate", ..HERE }] {
            assert!(seal(1).open(place, &sealed).is_err(), "{place:?}");
        }
    }

    #[test]
    fn every_changed_bit_and_every_missing_byte_is_noticed() {
        let sealed = seal(1).close(HERE, b"hunter2");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let fault = seal(1).open(HERE, &changed).unwrap_err();
            assert!(fault.to_string().contains("access_key AKIA1"), "{fault}");
        }
        for length in 0..sealed.len() {
            assert!(seal(1).open(HERE, &sealed[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn a_master_key_has_32_bytes() {
        for length in [0, 16, 31, 33] {
            assert!(Seal::new(&Secret::new(vec![7; length])).is_err(), "{length}");
        }
    }
}
