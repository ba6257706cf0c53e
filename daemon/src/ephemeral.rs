//! A platform for one run: a data dir of its own that goes with it. For CI jobs and trying out.
//!
//! What `kill -9` leaves is ended by `outrunner stop --data-dir`, as of any platform; only then may the folder be taken away. Nor does it go while the machine
//! has something of it, for which it holds the ledger, the key and the journals.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use model::account::AccountId;
use model::caller::{AccessKey, Principal};
use model::port::{Dice, draw};
use model::secret::Secret;

use crate::cli::footprint;
use crate::failure::{Failure, while_doing};
use crate::host::Place;

/// On disk on every distribution, where `/tmp` may be memory: images are large.
const FOLDER: &str = "/var/tmp";
/// Everybody knows them: they open nothing but a platform that said so when it started, on this machine.
const TEST_KEY_ID: &str = "AKIAOUTRUNNER000TEST";
const TEST_SECRET: &str = "test";

/// A fresh data dir: in `TMPDIR`, else in `/var/tmp`. Removed when dropped, with everything in it, unless something outside still needs it.
#[derive(Debug)]
pub struct EphemeralDir(PathBuf);

impl EphemeralDir {
    pub fn make(dice: &dyn Dice) -> Result<Self, Failure> {
        let parent =
            std::env::var_os("TMPDIR").filter(|folder| !folder.is_empty()).map_or_else(|| PathBuf::from(FOLDER), PathBuf::from);
        let name: String = draw::<8>(dice).iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = parent.join(format!("outrunner-ephemeral-{name}"));
        // Never one that is there already: it would be somebody's.
        let made = fs::DirBuilder::new().mode(0o711).create(&folder);
        made.map_err(while_doing(format!("making the data dir {}", folder.display())))?;
        Ok(Self(folder))
    }

    pub fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for EphemeralDir {
    fn drop(&mut self) {
        if let Some(why) = Place::find(&self.0).ok().and_then(|place| needed(&place)) {
            eprintln!("outrunner: {} is left: {why}", self.0.display());
        } else if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("outrunner: {} is left: {error}", self.0.display());
        }
    }
}

/// Why a data dir may not go.
fn needed(place: &Place) -> Option<String> {
    if place.is_inhabited() {
        return Some(format!("its front door or instances are there. Run outrunner stop --data-dir {}", place.data_dir.display()));
    }
    footprint::advice(place)
}

/// The root key of `--test-keys`.
pub fn test_key(account: &AccountId) -> AccessKey {
    AccessKey::new(TEST_KEY_ID, Secret::new(TEST_SECRET), account.clone(), Principal::Root)
}

/// What a job's log shows when such a platform is ready. The pair is no secret.
pub fn greeting(api: std::net::SocketAddr, data_dir: &std::path::Path, test_keys: bool) -> String {
    let keys =
        if test_keys { format!("AWS_ACCESS_KEY_ID={TEST_KEY_ID} AWS_SECRET_ACCESS_KEY={TEST_SECRET}\n") } else { String::new() };
    format!(
        "The platform is ready at http://{api}, for this run only: everything ends with it.\n{keys}eval \"$(outrunner env --data-dir {})\"",
        data_dir.display()
    )
}

#[cfg(test)]
mod tests {
    use model::testbed::{SeededDice, scope};

    use super::*;

    #[test]
    fn an_ephemeral_data_dir_goes_with_everything_in_it() {
        let made = EphemeralDir::make(&SeededDice::new(u64::from(std::process::id()))).unwrap();
        let path = made.path().to_owned();
        fs::create_dir(path.join("in-it")).unwrap();
        drop(made);
        assert!(!path.exists());
    }

    #[test]
    fn an_ephemeral_data_dir_stays_while_the_machine_has_something_of_it() {
        let made = |seed: u64| EphemeralDir::make(&SeededDice::new(seed ^ u64::from(std::process::id()) << 8)).unwrap();
        let living = made(1);
        let path = living.path().to_owned();
        let place = Place::find(&path).unwrap();
        fs::create_dir_all(place.run_dir().join("edge")).unwrap();
        fs::write(place.run_dir().join("edge/edge.sock"), "").unwrap();
        drop(living);
        assert!(path.exists(), "a front door lives on it");
        place.remove_run_dir().unwrap();
        fs::remove_dir_all(path).unwrap();

        let trusted = made(2);
        let path = trusted.path().to_owned();
        fs::write(path.join("trust.journal.json"), "{}").unwrap();
        drop(trusted);
        assert!(path.exists(), "the machine has files of it");
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn the_test_key_has_the_form_of_a_key() {
        let key = test_key(&scope().account);
        assert_eq!(key.id.len(), 20);
        assert!(greeting("127.0.0.1:4566".parse().unwrap(), std::path::Path::new("/d"), true).contains(&key.id));
    }
}
