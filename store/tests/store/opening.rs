//! Opening a data dir: the second time, after a crash, by the wrong program, twice.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use model::port::{Blobs, Commit, Services, Version};
use model::secret::Secret;
use model::testbed::TurnedClock;
use model::trouble::Retry;
use store::Store;
use store::audit_chain::verify;
use store::limit::BLOB_PROMISED;

use crate::rig::{Rig, blob, created, key, repository, sha256};

#[tokio::test]
async fn what_was_committed_is_there_when_the_store_is_opened_again() {
    let rig = Rig::new();
    let change = created(1, "webs");
    let store = rig.open();
    assert_eq!(store.commit(Version(0), &change).await.unwrap(), Commit::Done(Version(1)));
    drop(store);
    let store = rig.open();
    assert_eq!(store.get(&change.service.arn()).await.unwrap().unwrap().value, change.service);
    assert_eq!(store.kept().await.unwrap(), vec![change.service]);
}

#[tokio::test]
async fn every_file_and_folder_is_private() {
    let rig = Rig::new();
    let store = rig.open();
    let hello = repository(&store, "hello").await;
    blob(&store, &hello, 1, b"bytes").await;
    for path in rig.files("") {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
        for above in path.ancestors().skip(1).take_while(|above| above.starts_with(rig.data_dir())) {
            assert_eq!(std::fs::metadata(above).unwrap().permissions().mode() & 0o777, 0o700, "{above:?}");
        }
    }
}

#[tokio::test]
async fn a_data_dir_is_open_in_one_store_at_a_time() {
    let rig = Rig::new();
    let store = rig.open();
    let clone = store.clone();
    drop(store);
    let trouble = rig.try_open().err().expect("a clone still has it");
    assert!(trouble.chain().contains("in use by another process"), "{}", trouble.chain());
    drop(clone);
    rig.open();
}

#[tokio::test]
async fn a_data_dir_of_a_newer_program_is_refused_with_a_sentence() {
    let rig = Rig::new();
    drop(rig.open());
    let form = rig.form();
    rig.tamper("PRAGMA user_version = 99");
    let trouble = rig.try_open().err().expect("it is too new");
    assert_eq!(trouble.retry(), Retry::Pointless);
    assert!(trouble.chain().contains("the ledger was written by a newer Outrunner (form 99"), "{}", trouble.chain());
    assert!(trouble.chain().contains(rig.data_dir().to_str().unwrap()), "{}", trouble.chain());
    rig.tamper(&format!("PRAGMA user_version = {form}"));
    rig.open();
}

#[tokio::test]
async fn another_master_key_is_refused_at_once() {
    let rig = Rig::new();
    drop(rig.open());
    let clock = Arc::new(TurnedClock::default());
    let trouble = Store::open(&rig.data_dir(), clock.clone(), &Secret::new([8; 32])).err().expect("it is another key");
    assert!(trouble.chain().contains("the master key is not the one"), "{}", trouble.chain());
    assert!(Store::open(&rig.data_dir(), clock, &Secret::new([7; 31])).is_err(), "a key has 32 bytes");
    rig.open();
}

#[tokio::test]
async fn a_damaged_ledger_is_lasting_trouble_and_not_a_fresh_start() {
    let rig = Rig::new();
    drop(rig.open());
    std::fs::write(rig.data_dir().join("ledger.db"), vec![0xff; 65_536]).unwrap();
    let trouble = rig.try_open().err().expect("it is damaged");
    assert_eq!(trouble.retry(), Retry::Pointless, "{}", trouble.chain());
}

/// A data dir as the first form of the ledger left it, with a blob that no manifest names: a push may have been under way.
#[tokio::test]
async fn a_ledger_of_the_first_form_is_brought_up_and_nothing_in_it_is_collected_at_once() {
    let rig = Rig::new();
    let digest = sha256(b"layer");
    let shelf = rig.data_dir().join("blobs/sha256").join(&digest.hex()[..2]);
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join(digest.hex()), b"layer").unwrap();
    let document = include_str!("../golden/repository.json").trim();
    rig.tamper(include_str!("../../src/migration/ledger_1.sql"));
    rig.tamper(&format!(
        "PRAGMA application_id = {}; PRAGMA user_version = 1;
         INSERT INTO repository (account, region, name, document) VALUES ('000000000000', 'us-east-1', 'team/hello', '{document}');
         INSERT INTO blob VALUES ('{digest}', 5);
         INSERT INTO repository_blob (repository, digest) VALUES (1, '{digest}')",
        i32::from_be_bytes(*b"ORLe")
    ));
    rig.clock.turn(2 * BLOB_PROMISED);
    let store = rig.open();
    store.sweep().await.unwrap();
    assert!(store.promise(&key("team/hello"), &digest).await.unwrap().is_some());
}

/// A ledger in its first form that was sealed, with audit rows.
fn sealed_first_form(sealed: &str) -> Rig {
    let rig = Rig::new();
    std::fs::create_dir_all(rig.data_dir()).unwrap();
    rig.tamper(include_str!("../../src/migration/ledger_1.sql"));
    let row = include_str!("../golden/audit_row.json").trim();
    rig.tamper(&format!(
        "PRAGMA application_id = {}; PRAGMA user_version = 1;
         INSERT INTO seal_check VALUES (1, x'{sealed}'); INSERT INTO audit (document) VALUES ('{row}')",
        i32::from_be_bytes(*b"ORLe")
    ));
    rig
}

/// What stands in `seal_check`, in hexadecimal digits.
fn seal_of(rig: &Rig) -> String {
    let connection = rusqlite::Connection::open(rig.data_dir().join("ledger.db")).unwrap();
    connection.query_row("SELECT hex(sealed) FROM seal_check", [], |row| row.get(0)).unwrap()
}

/// Its audit log would be chained under the wrong key, for good.
#[tokio::test]
async fn an_older_data_dir_is_not_brought_up_under_another_master_key() {
    let new = Rig::new();
    drop(new.open());
    let rig = sealed_first_form(&seal_of(&new));
    let trouble = Store::open(&rig.data_dir(), rig.clock.clone(), &Secret::new([8; 32])).err().expect("it is another key");
    assert!(trouble.chain().contains("the master key is not the one"), "{}", trouble.chain());
    assert_eq!(rig.form(), 1, "it is as it was");
}

#[tokio::test]
async fn a_ledger_that_was_set_back_to_before_its_audit_log_was_a_chain_is_opened_and_told() {
    let new = Rig::new();
    drop(new.open());
    let rig = sealed_first_form(&seal_of(&new));
    let key = Secret::new([7; 32]);
    for _ in 0..2 {
        drop(rig.open());
        let walked = verify(&rig.data_dir(), &key, None).unwrap();
        assert_eq!(walked.rows, 1);
        assert!(walked.broken.is_some_and(|broken| broken.contains("not written by this platform")));
    }
    let walked = verify(&new.data_dir(), &key, None).unwrap();
    assert_eq!(walked.broken, None, "nobody has touched the other");
}

/// Both databases are looked at before either is changed: the newer program goes on with its data dir.
#[tokio::test]
async fn an_old_ledger_beside_a_newer_catalogue_is_refused_and_not_brought_up() {
    let rig = Rig::new();
    std::fs::create_dir_all(rig.data_dir().join("logs")).unwrap();
    let [ledger, catalogue] = [*b"ORLe", *b"ORLo"].map(i32::from_be_bytes);
    rig.tamper(include_str!("../../src/migration/ledger_1.sql"));
    rig.tamper(&format!("PRAGMA application_id = {ledger}; PRAGMA user_version = 1"));
    rig.tamper_with(
        "logs/catalogue.db",
        &format!("CREATE TABLE theirs (x); PRAGMA application_id = {catalogue}; PRAGMA user_version = 99"),
    );
    let trouble = rig.try_open().err().expect("the catalogue is too new");
    assert!(trouble.chain().contains("the log catalogue was written by a newer Outrunner (form 99"), "{}", trouble.chain());
    assert_eq!(rig.form(), 1, "the ledger is as it was");
}
