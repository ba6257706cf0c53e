//! What the first start makes and every later one finds: the master key, and the root credentials of the default account.
//!
//! Both are files of mode 0600. Nothing of them is printed.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use model::account::{AccountId, Scope};
use model::audit::AuditRow;
use model::caller::{AccessKey, Caller, KeyOrigin, KeyStatus, Principal};
use model::limit::USER_KEYS;
use model::operation::OperationId;
use model::port::{AccessKeys, Clock, Dice, draw};
use model::secret::Secret;

use crate::failure::{Failure, while_doing};
use crate::host::{Place, replace_file};

const MASTER_KEY_BYTES: usize = 32;
/// What stands in the file of a root whose active keys are all registered ones.
const NO_KEY: &str = "# No key of this root that was made here is active. Registered keys are not written down.\n";

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

/// A root whose credentials are kept in a file.
pub struct Root<'a> {
    /// The account, and the region that the audit log names where a key is made.
    pub scope: &'a Scope,
    pub credentials: Credentials,
    /// The key that it gets if it has none, in place of a drawn one.
    pub given: Option<AccessKey>,
}

/// Brings the file of a root's credentials up to what the store has, and answers the key that is in it. A root of which no key signs gets one: there is no
/// console here to sign in to, and whoever may start the platform may read what seals its keys. A registered key is somebody's own, and is in no file of ours;
/// a deactivated one stays so.
pub async fn root_key(
    place: &Place,
    root: Root<'_>,
    keys: &dyn AccessKeys,
    clock: &dyn Clock,
    dice: &dyn Dice,
) -> Result<Option<AccessKey>, Failure> {
    let Root { scope, credentials, given } = root;
    let account = &scope.account;
    let mut found = keys.of_principal(account, &Principal::Root).await?;
    if !found.iter().any(|key| key.status == KeyStatus::Active) {
        let row = |action: &str| AuditRow {
            at: clock.now(),
            caller: Caller::platform(scope.clone(), OperationId::from_random(draw(dice)).to_string()),
            action: action.to_owned(),
            resource: format!("arn:aws:iam::{account}:root"),
        };
        // All are inactive. The oldest ones make room for a key that signs.
        while found.len() >= USER_KEYS {
            let oldest = found.remove(0);
            keys.remove(&oldest.id, &row("iam:DeleteAccessKey")).await?;
        }
        // One that was given and deactivated stays deactivated.
        let given = given.filter(|given| found.iter().all(|key| key.id != given.id));
        let key = given.unwrap_or_else(|| fresh_key(account, clock, dice));
        keys.create(&key, &row("iam:CreateAccessKey")).await?.map_err(|refusal| Failure::other(refusal.message))?;
        found.push(key);
    }
    // The oldest: later ones are of whoever made them.
    let ours = |key: &AccessKey| key.status == KeyStatus::Active && key.origin == KeyOrigin::Ours;
    let Some(key) = found.into_iter().find(ours) else {
        replace_credentials(place, account, credentials, NO_KEY)?;
        return Ok(None);
    };
    let secret = key.secret.expose_text().ok_or_else(|| Failure::other("the root key in the store is not text"))?;
    write_credentials(place, account, credentials, (&key.id, secret))?;
    Ok(Some(key))
}

/// `AKIA` and 16 upper-case letters and digits; a secret of 40 characters of base64's alphabet.
fn fresh_key(account: &AccountId, clock: &dyn Clock, dice: &dyn Dice) -> AccessKey {
    const ID: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const SECRET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let id: String = draw::<16>(dice).iter().map(|byte| char::from(ID[usize::from(byte % 32)])).collect();
    let secret: String = draw::<40>(dice).iter().map(|byte| char::from(SECRET[usize::from(byte % 64)])).collect();
    let key = AccessKey::new(format!("AKIA{id}"), Secret::new(secret), account.clone(), Principal::Root);
    AccessKey { created_at: Some(clock.now()), ..key }
}

/// Writes the credentials of an account's root as AWS clients read them, mode 0600; says where.
pub fn write_credentials(
    place: &Place,
    account: &AccountId,
    credentials: Credentials,
    (key_id, secret): (&str, &str),
) -> Result<PathBuf, Failure> {
    let profile = match credentials {
        Credentials::Own => "outrunner".to_owned(),
        Credentials::OfAccount => format!("outrunner-{account}"),
    };
    let text = format!("[{profile}]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n");
    replace_credentials(place, account, credentials, &text)
}

fn replace_credentials(place: &Place, account: &AccountId, credentials: Credentials, text: &str) -> Result<PathBuf, Failure> {
    let path = place.data_dir.join(match credentials {
        Credentials::Own => "credentials".to_owned(),
        Credentials::OfAccount => format!("credentials-{account}"),
    });
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
            "{} holds no key: the active ones of the root were registered, and those are not written down. With one of them: aws iam create-access-key, \
             and restart the platform, which writes the new key there.",
            path.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use model::testbed::{MemoryVault, SeededDice, TurnedClock, block_on, caller, scope};
    use model::time::Timestamp;

    use super::*;

    /// A data dir with the keys of its root.
    struct Bench {
        _folder: tempfile::TempDir,
        place: Place,
        vault: MemoryVault,
        dice: SeededDice,
        clock: TurnedClock,
    }

    impl Bench {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let place = Place::make(&folder.path().join("data")).unwrap();
            let (vault, dice, clock) = (MemoryVault::default(), SeededDice::new(3), TurnedClock::at_millis(1_000));
            Self { _folder: folder, place, vault, dice, clock }
        }

        /// The platform starts: the key that is in the file then.
        fn start(&self) -> Option<AccessKey> {
            let root = Root { scope: &scope(), credentials: Credentials::Own, given: None };
            let key = block_on(root_key(&self.place, root, &self.vault, &self.clock, &self.dice)).unwrap();
            let read = read_credentials(&self.place).ok();
            assert!(read == key.as_ref().map(|key| (key.id.clone(), key.secret.clone())), "the file says what was answered");
            let mode = std::fs::metadata(self.place.data_dir.join("credentials")).unwrap().mode();
            assert_eq!(mode & 0o777, 0o600);
            key
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.place.data_dir.join("credentials")).unwrap()
        }

        fn deactivate(&self, key: &AccessKey) {
            assert!(block_on(self.vault.set_status(&key.id, KeyStatus::Inactive, &self.row())).unwrap());
            self.clock.turn(std::time::Duration::from_secs(1));
        }

        /// The root's keys, the oldest first.
        fn kept(&self) -> Vec<(String, KeyStatus)> {
            let keys = block_on(self.vault.of_principal(&scope().account, &Principal::Root)).unwrap();
            keys.into_iter().map(|key| (key.id, key.status)).collect()
        }

        fn row(&self) -> AuditRow {
            AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: String::new(), resource: String::new() }
        }

        /// A key that somebody had already.
        fn register(&self) -> AccessKey {
            let own = AccessKey::new("AKIAREGISTERED", Secret::new("of-aws-itself"), scope().account, Principal::Root);
            let own = AccessKey { origin: KeyOrigin::Imported, created_at: Some(Timestamp::from_millis(0)), ..own };
            block_on(self.vault.create(&own, &self.row())).unwrap().unwrap();
            own
        }
    }

    #[test]
    fn the_first_start_makes_keys_and_the_second_finds_them() {
        let bench = Bench::new();
        let first = master_key(&bench.place, &bench.dice).unwrap();
        assert!(master_key(&bench.place, &bench.dice).unwrap() == first, "the key stays");
        let key = bench.start().expect("it was made");
        assert_eq!(bench.start(), Some(key.clone()));
        assert_eq!((key.id.len(), key.secret.expose().len(), key.created_at), (20, 40, Some(Timestamp::from_millis(1_000))));
        assert_eq!(std::fs::metadata(bench.place.data_dir.join("master.key")).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_registered_key_is_never_written_down_and_keeps_another_from_being_made() {
        let bench = Bench::new();
        let own = bench.register();
        assert_eq!(bench.start(), None, "the root has a key: it needs none of ours");
        assert!(!bench.text().contains("of-aws-itself") && !bench.text().contains(&own.id), "{}", bench.text());
        assert!(read_credentials(&bench.place).unwrap_err().to_string().contains("create-access-key"));
        assert_eq!(block_on(bench.vault.of_principal(&scope().account, &Principal::Root)).unwrap(), [own]);
    }

    #[test]
    fn a_registered_key_that_is_older_does_not_stand_in_for_ours() {
        let bench = Bench::new();
        let ours = bench.start();
        bench.register();
        assert!(ours.is_some());
        assert_eq!(bench.start(), ours);
    }

    #[test]
    fn a_root_whose_keys_are_all_inactive_gets_one_that_signs_and_they_stay_inactive() {
        let bench = Bench::new();
        let first = bench.start().expect("it was made");
        bench.deactivate(&first);
        let second = bench.start().expect("the root had none that signs");
        assert!(second.id != first.id && !bench.text().contains(&first.id), "{}", bench.text());
        assert_eq!(bench.kept(), [(first.id.clone(), KeyStatus::Inactive), (second.id.clone(), KeyStatus::Active)]);
        assert_eq!(bench.start(), Some(second.clone()), "one is enough");

        // As many as a root may have, and none signs: the oldest gives its place.
        bench.deactivate(&second);
        let third = bench.start().expect("the root had none that signs");
        assert_eq!(bench.kept(), [(second.id.clone(), KeyStatus::Inactive), (third.id.clone(), KeyStatus::Active)]);

        assert!(block_on(bench.vault.set_status(&second.id, KeyStatus::Active, &bench.row())).unwrap());
        assert_eq!(bench.start().map(|key| key.id), Some(second.id), "the oldest that signs");
    }

    #[test]
    fn a_given_key_that_was_deactivated_is_not_given_again() {
        let bench = Bench::new();
        let own = bench.register();
        bench.deactivate(&own);
        let root = Root { scope: &scope(), credentials: Credentials::Own, given: Some(own.clone()) };
        let key = block_on(root_key(&bench.place, root, &bench.vault, &bench.clock, &bench.dice)).unwrap().expect("it was made");
        assert_eq!(bench.kept(), [(own.id, KeyStatus::Inactive), (key.id, KeyStatus::Active)]);
    }

    #[test]
    fn a_deleted_key_leaves_the_file_at_the_next_start_and_only_a_root_without_one_that_signs_gets_a_new_one() {
        let bench = Bench::new();
        let key = bench.start().expect("it was made");
        let own = bench.register();
        assert!(block_on(bench.vault.remove(&key.id, &bench.row())).unwrap());
        assert_eq!(bench.start(), None);
        assert!(!bench.text().contains(&key.id), "{}", bench.text());
        assert!(block_on(bench.vault.remove(&own.id, &bench.row())).unwrap());
        let new = bench.start().expect("the root had none at all");
        assert!(new.id != key.id && bench.text().contains(&new.id));
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
