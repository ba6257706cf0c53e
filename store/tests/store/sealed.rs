//! What a thief of the disk finds, and what is noticed of tampering.

use model::caller::{AccessKey, Principal};
use model::certificate::{Authority, Certificate};
use model::port::{AccessKeys, Certificates};
use model::secret::Secret;
use model::testbed::scope;
use model::time::Timestamp;
use model::trouble::Retry;
use store::Store;

use crate::rig::Rig;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn access_key(id: &str) -> AccessKey {
    AccessKey::new(id, Secret::new(SECRET), scope().account, Principal::Root)
}

fn certificate(name: &str) -> Certificate {
    Certificate {
        names: vec![name.to_owned()],
        chain: vec![vec![1]],
        key: Secret::new(SECRET),
        not_after: Timestamp::from_millis(1),
    }
}

async fn keep_secrets(store: &Store) {
    AccessKeys::keep(store, &access_key("AKIA1")).await.unwrap();
    AccessKeys::keep(store, &access_key("AKIA2")).await.unwrap();
    Certificates::keep(store, &certificate("a.example")).await.unwrap();
    let authority = Authority { suffix: "example".to_owned(), certificate_pem: "PEM".to_owned(), key_pem: Secret::new(SECRET) };
    store.keep_authority(&authority).await.unwrap();
}

#[tokio::test]
async fn no_file_of_the_data_dir_shows_a_secret() {
    let rig = Rig::new();
    let store = rig.open();
    keep_secrets(&store).await;
    // As text, and as the list of numbers that a document would hold.
    let numbers = SECRET.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(",");
    let shows = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let look = || {
        for path in rig.files("") {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!shows(&bytes, SECRET) && !shows(&bytes, &numbers[..40]), "{path:?}");
        }
    };
    look();
    drop(store);
    look();
}

#[tokio::test]
async fn a_sealed_row_that_was_changed_or_moved_does_not_open_and_the_others_do() {
    let rig = Rig::new();
    let store = rig.open();
    keep_secrets(&store).await;
    drop(store);
    rig.tamper(
        "UPDATE access_key SET sealed = (SELECT sealed FROM access_key WHERE id = 'AKIA2') WHERE id = 'AKIA1';
         UPDATE authority SET sealed = (SELECT sealed FROM certificate);",
    );
    let store = rig.open();
    let trouble = store.find("AKIA1").await.unwrap_err();
    assert_eq!(trouble.retry(), Retry::Pointless);
    assert!(trouble.chain().contains("the sealed value of access_key AKIA1 does not open"), "{}", trouble.chain());
    assert!(store.of_account(&scope().account).await.is_err());
    assert!(store.authority("example").await.is_err());
    assert_eq!(store.find("AKIA2").await.unwrap(), Some(access_key("AKIA2")));
    assert_eq!(Certificates::list(&store).await.unwrap(), vec![certificate("a.example")]);
    AccessKeys::keep(&store, &access_key("AKIA1")).await.unwrap();
    assert_eq!(store.of_account(&scope().account).await.unwrap().len(), 2, "keeping the key again mends the row");
}

#[tokio::test]
async fn a_certificate_without_a_name_is_refused() {
    let rig = Rig::new();
    let store = rig.open();
    let nameless = Certificate { names: Vec::new(), ..certificate("a.example") };
    assert!(Certificates::keep(&store, &nameless).await.is_err());
    assert!(Certificates::list(&store).await.unwrap().is_empty());
}
