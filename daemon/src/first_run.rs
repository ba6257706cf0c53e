//! What the first start makes and every later one finds: the master key, and the root credentials of the default account.
//!
//! Both are files of mode 0600. Nothing of them is printed.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use model::account::AccountId;
use model::caller::{AccessKey, KeyStatus, Principal};
use model::port::{AccessKeys, Dice, draw};
use model::secret::Secret;

use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};

const MASTER_KEY_BYTES: usize = 32;

/// The key that seals everything else at rest, made at the first start.
pub fn master_key(place: &Place, dice: &dyn Dice) -> Result<Secret, Failure> {
    if let Some(key) = read_master_key(place)? {
        return Ok(key);
    }
    let path = place.data_dir.join("master.key");
    if place.data_dir.join("ledger.db").exists() {
        return Err(Failure::other(format!(
            "{} is missing, but the data dir holds what was sealed with it. Put it back.",
            path.display()
        )));
    }
    if store::backup::is_unfinished(&place.data_dir) {
        return Err(Failure::other(format!(
            "a restore into {} has not ended: what is there is nothing yet. Run outrunner restore again.",
            place.data_dir.display()
        )));
    }
    let key: [u8; MASTER_KEY_BYTES] = draw(dice);
    replace_file(&path, &key, 0o600)?;
    Ok(Secret::new(key))
}

/// The master key of a data dir; nothing if it is not there.
pub fn read_master_key(place: &Place) -> Result<Option<Secret>, Failure> {
    let path = place.data_dir.join("master.key");
    match std::fs::read(&path) {
        Ok(bytes) if bytes.len() == MASTER_KEY_BYTES => {
            refuse_world_readable(&path)?;
            Ok(Some(Secret::new(bytes)))
        }
        Ok(bytes) => Err(Failure::other(format!(
            "{} has {} bytes instead of {MASTER_KEY_BYTES}: it is not the master key. Put the right one back; without it nothing sealed can be read.",
            path.display(),
            bytes.len()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(while_doing(format!("reading {}", path.display()))(error)),
    }
}

fn refuse_world_readable(path: &Path) -> Result<(), Failure> {
    let mode = std::fs::metadata(path).map_err(while_doing(format!("looking at {}", path.display())))?.mode();
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(Failure::other(format!(
            "{} can be read by others (mode {:o}). Run: chmod 600 {}",
            path.display(),
            mode & 0o777,
            path.display()
        )))
    }
}

/// A key for one purpose, derived from the master key.
pub fn derived_key(master: &Secret, purpose: &str) -> Secret {
    let key = hmac::Key::new(hmac::HMAC_SHA256, master.expose());
    Secret::new(hmac::sign(&key, purpose.as_bytes()).as_ref())
}

/// Where an account's root credentials are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// `<data-dir>/credentials`, of the platform's own account.
    Own,
    /// `<data-dir>/credentials-<account>`.
    OfAccount,
}

/// The root credentials of an account: found in the store, or made (`given`, if it is) and written to `<data-dir>/credentials`.
pub async fn root_key(
    place: &Place,
    account: &AccountId,
    credentials: Credentials,
    given: Option<AccessKey>,
    keys: &dyn AccessKeys,
    dice: &dyn Dice,
) -> Result<AccessKey, Failure> {
    // The oldest: later ones are of whoever made or registered them. A deactivated one would sign nothing.
    let mut found = keys.of_principal(account, &Principal::Root).await?.into_iter().filter(|key| key.status == KeyStatus::Active);
    let found = found.next();
    let key = match found {
        Some(key) => key,
        None => {
            let key = given.unwrap_or_else(|| fresh_key(account, dice));
            keys.keep(&key).await?;
            key
        }
    };
    let secret = key.secret.expose_text().ok_or_else(|| Failure::other("the root key in the store is not text"))?;
    write_credentials(place, account, credentials, (&key.id, secret))?;
    Ok(key)
}

/// `AKIA` and 16 upper-case letters and digits; a secret of 40 characters of base64's alphabet.
fn fresh_key(account: &AccountId, dice: &dyn Dice) -> AccessKey {
    const ID: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const SECRET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let id: String = draw::<16>(dice).iter().map(|byte| char::from(ID[usize::from(byte % 32)])).collect();
    let secret: String = draw::<40>(dice).iter().map(|byte| char::from(SECRET[usize::from(byte % 64)])).collect();
    AccessKey::new(format!("AKIA{id}"), Secret::new(secret), account.clone(), Principal::Root)
}

/// Writes the credentials of an account's root as AWS clients read them, mode 0600; says where.
pub fn write_credentials(
    place: &Place,
    account: &AccountId,
    credentials: Credentials,
    (key_id, secret): (&str, &str),
) -> Result<PathBuf, Failure> {
    let (file, profile) = match credentials {
        Credentials::Own => ("credentials".to_owned(), "outrunner".to_owned()),
        Credentials::OfAccount => (format!("credentials-{account}"), format!("outrunner-{account}")),
    };
    let text = format!("[{profile}]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n");
    let path = place.data_dir.join(file);
    if !std::fs::read(&path).is_ok_and(|kept| kept == text.as_bytes()) {
        replace_file(&path, text.as_bytes(), 0o600)?;
    }
    Ok(path)
}

/// Reads `<data-dir>/credentials` as our own command line does.
pub fn read_credentials(place: &Place) -> Result<(String, Secret), Failure> {
    let path = place.data_dir.join("credentials");
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Failure::other(format!("{} is for root only. Run the command with sudo.", path.display()))
        }
        std::io::ErrorKind::NotFound => Failure::Unreachable(format!(
            "{} is not there: no platform has run on this data dir. Start one: sudo outrunner serve",
            path.display()
        )),
        _ => while_doing(format!("reading {}", path.display()))(error),
    })?;
    let value = |name: &str| {
        text.lines()
            .find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == name))
            .map(|(_, value)| value.trim().to_owned())
    };
    match (value("aws_access_key_id"), value("aws_secret_access_key")) {
        (Some(id), Some(secret)) => Ok((id, Secret::new(secret))),
        _ => Err(Failure::other(format!(
            "{} holds no key. Take it away and restart the platform: it writes it again.",
            path.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use model::testbed::{MemoryVault, SeededDice, block_on, scope};

    use super::*;

    #[test]
    fn the_first_start_makes_keys_and_the_second_finds_them() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        let (dice, vault) = (SeededDice::new(3), MemoryVault::default());
        let first = master_key(&place, &dice).unwrap();
        assert!(master_key(&place, &dice).unwrap() == first, "the key stays");
        let key = block_on(root_key(&place, &scope().account, Credentials::Own, None, &vault, &dice)).unwrap();
        assert_eq!(block_on(root_key(&place, &scope().account, Credentials::Own, None, &vault, &dice)).unwrap(), key);
        let (id, secret) = read_credentials(&place).unwrap();
        assert!(id == key.id && secret == key.secret);
        assert_eq!((id.len(), secret.expose().len()), (20, 40));
        for name in ["master.key", "credentials"] {
            assert_eq!(std::fs::metadata(place.data_dir.join(name)).unwrap().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_master_key_that_others_can_read_or_that_is_lost_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let place = Place::make(&folder.path().join("data")).unwrap();
        let dice = SeededDice::new(3);
        master_key(&place, &dice).unwrap();
        let path = place.data_dir.join("master.key");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(master_key(&place, &dice).unwrap_err().to_string().contains("chmod 600"));
        std::fs::remove_file(&path).unwrap();
        std::fs::write(place.data_dir.join("ledger.db"), b"").unwrap();
        assert!(master_key(&place, &dice).unwrap_err().to_string().contains("Put it back"));
    }
}
