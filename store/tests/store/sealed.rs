//! What a thief of the disk finds, and what is noticed of tampering.

use model::caller::{AccessKey, Principal};
use model::certificate::{Authority, Certificate};
use model::managed_secret::{ManagedSecret, ValueForm};
use model::port::{AccessKeys, Audit, Certificates, Clock, ResolvedSecrets, RevisionSecrets, SealedNouns, Services, Version};
use model::sealed_noun::NewValue;
use model::secret::Secret;
use model::testbed::{conformance, managed_secret, parameter, scope, service_id};
use model::time::Timestamp;
use model::trouble::Retry;
use model::wish::LogPosition;
use store::Store;

use crate::rig::{Rig, created, row};

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
    SealedNouns::create(store, &secret("db"), Some(&value("one")), &row("secretsmanager:CreateSecret")).await.unwrap().unwrap();
    SealedNouns::create(store, &parameter("/db"), Some(&value("1")), &row("ssm:PutParameter")).await.unwrap().unwrap();
    Services::commit(store, Version(0), &created(1, "webs")).await.unwrap();
    let values = [("KEY".to_owned(), Secret::new(SECRET))].into();
    RevisionSecrets::keep(store, &service_id(1), 1, &ResolvedSecrets { values, ..Default::default() }).await.unwrap();
}

fn secret(name: &str) -> ManagedSecret {
    managed_secret(name).with_version("one", ValueForm::Text, Default::default(), Timestamp::from_millis(1)).unwrap()
}

fn value(version: &str) -> NewValue {
    NewValue { version: version.to_owned(), value: Secret::new(SECRET) }
}

#[tokio::test]
async fn secrets_of_revisions_keep_their_promises_and_stay_as_they_are_once_the_revision_is_written() {
    let rig = Rig::new();
    let store = rig.open();
    Services::commit(&store, Version(0), &created(1, "webs")).await.unwrap();
    conformance::revision_secrets(&store, &service_id(1)).await;
    drop(store);
    rig.tamper("INSERT INTO revision (service, number, document) SELECT id, 1, '{}' FROM service");
    let store = rig.open();
    let before = RevisionSecrets::get(&store, &service_id(1), 1).await.unwrap();
    RevisionSecrets::keep(&store, &service_id(1), 1, &ResolvedSecrets::default()).await.unwrap();
    assert_eq!(RevisionSecrets::get(&store, &service_id(1), 1).await.unwrap(), before);
    assert!(before.is_some_and(|kept| !kept.values.is_empty()));
}

#[tokio::test]
async fn a_value_that_was_moved_to_another_secret_or_version_does_not_open() {
    let rig = Rig::new();
    let store = rig.open();
    let made = row("secretsmanager:CreateSecret");
    for name in ["a", "b"] {
        SealedNouns::create(&store, &secret(name), Some(&value("one")), &made).await.unwrap().unwrap();
    }
    drop(store);
    for (sql, of) in [
        ("UPDATE managed_secret_value SET sealed = (SELECT sealed FROM managed_secret_value WHERE owner = 1) WHERE owner = 2", "b"),
        ("UPDATE managed_secret SET sealed_key = (SELECT sealed_key FROM managed_secret WHERE name = 'a') WHERE name = 'b'", "b"),
        ("UPDATE managed_secret_value SET version = 'two' WHERE owner = 1", "a"),
    ] {
        rig.tamper(sql);
        let store = rig.open();
        let version = if of == "a" { "two" } else { "one" };
        let moved = store.value(&secret(of), version).await.unwrap_err();
        assert_eq!(moved.retry(), Retry::Pointless, "{sql}");
        assert!(!moved.chain().contains(SECRET), "{sql}");
    }
}

#[tokio::test]
async fn a_secret_goes_when_its_window_is_over_and_not_before() {
    let rig = Rig::new();
    let store = rig.open();
    let made = row("secretsmanager:CreateSecret");
    let (kept, going) = (secret("kept"), secret("going").going(7, Timestamp::from_millis(1_000)));
    for secret in [&kept, &going] {
        SealedNouns::create(&store, secret, Some(&value("one")), &made).await.unwrap().unwrap();
    }
    rig.clock.turn(std::time::Duration::from_secs(7 * 86_400 - 1));
    store.sweep().await.unwrap();
    assert_eq!(SealedNouns::<ManagedSecret>::get(&store, &scope(), "going").await.unwrap(), Some(going.clone()));
    rig.clock.turn(std::time::Duration::from_secs(1));
    store.sweep().await.unwrap();
    assert_eq!(SealedNouns::<ManagedSecret>::get(&store, &scope(), "going").await.unwrap(), None);
    assert_eq!(store.value(&going, "one").await.unwrap(), None);
    assert_eq!(store.value(&kept, "one").await.unwrap(), Some(Secret::new(SECRET)));
    let rows = Audit::list(&store, LogPosition(0), 100).await.unwrap();
    let purged: Vec<_> = rows.iter().filter(|(_, row)| row.action == "secretsmanager:EndSecretVersionDelete").collect();
    assert_eq!(purged.len(), 1, "who looks for it finds that the platform did it");
    let row = &purged[0].1;
    assert_eq!((&row.resource, &row.caller.principal), (&going.arn(), &Principal::Service("apprunner".to_owned())));
    assert_eq!(row.at, rig.clock.now());
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
