//! Records with sealed values: unique by scope and name, listed by name, changed only by those who read the last form; values live as long as their
//! versions. And values of revisions, which stay as they are once the revision is written.

use std::collections::BTreeMap;

use crate::account::{AccountId, Region};
use crate::audit::AuditRow;
use crate::managed_secret::{ManagedSecret, ValueForm};
use crate::parameter::Parameter;
use crate::port::{ResolvedSecrets, RevisionSecrets, SealedNouns};
use crate::refusal::RefusalKind;
use crate::sealed_noun::{NewValue, SealedNoun};
use crate::secret::Secret;
use crate::service::ServiceId;
use crate::testbed::{caller, managed_secret, parameter, scope};
use crate::time::Timestamp;
use crate::wish::PageRequest;

fn row() -> AuditRow {
    let action = "secretsmanager:CreateSecret".to_owned();
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action, resource: "*".to_owned() }
}

fn new(version: &str, value: &str) -> NewValue {
    NewValue { version: version.to_owned(), value: Secret::new(value) }
}

/// A secret whose versions are these.
fn secret(name: &str, versions: &[&str]) -> ManagedSecret {
    versions.iter().fold(managed_secret(name), |secret, id| {
        secret.with_version(id, ValueForm::Text, Default::default(), Timestamp::from_millis(5)).expect("few labels")
    })
}

/// All promises of the port, for both kinds of records.
pub async fn sealed_nouns(secrets: &dyn SealedNouns<ManagedSecret>, parameters: &dyn SealedNouns<Parameter>) {
    let made = row();
    let one = secret("db", &["a"]);
    assert_eq!(secrets.get(&scope(), "db").await.unwrap(), None);
    secrets.create(&one, Some(&new("a", "hunter2")), &made).await.unwrap().unwrap();
    assert_eq!(secrets.get(&scope(), "db").await.unwrap(), Some(one.clone()));
    assert_eq!(secrets.value(&one, "a").await.unwrap(), Some(Secret::new("hunter2")));
    assert_eq!(secrets.value(&one, "b").await.unwrap(), None);
    let taken = secrets.create(&managed_secret("db"), None, &made).await.unwrap().unwrap_err();
    assert_eq!(taken.kind, RefusalKind::AlreadyExists);
    let mut foreign = managed_secret("db");
    foreign.scope.account = AccountId::parse("111111111111").expect("twelve digits");
    secrets.create(&foreign, None, &made).await.unwrap().unwrap();
    foreign.scope = crate::account::Scope { region: Region::parse("eu-west-1").expect("a region"), ..scope() };
    secrets.create(&foreign, None, &made).await.unwrap().unwrap();
    assert_eq!(secrets.value(&foreign, "a").await.unwrap(), None, "each scope has its own");

    let two = secret("db", &["a", "b"]);
    assert!(secrets.change(&one, &two, Some(&new("b", "hunter3")), &made).await.unwrap());
    assert_eq!(secrets.value(&two, "a").await.unwrap(), Some(Secret::new("hunter2")), "a change keeps what it does not speak of");
    assert_eq!(secrets.value(&two, "b").await.unwrap(), Some(Secret::new("hunter3")));
    assert!(!secrets.change(&one, &two, Some(&new("b", "other")), &made).await.unwrap(), "somebody else was faster");
    let mut without = two.clone();
    without.versions.remove("a");
    assert!(secrets.change(&two, &without, None, &made).await.unwrap());
    assert_eq!(secrets.value(&without, "a").await.unwrap(), None, "a value goes with its version");
    assert!(!secrets.remove(&two, &made).await.unwrap(), "somebody else was faster");
    assert!(secrets.remove(&without, &made).await.unwrap());
    assert_eq!(secrets.value(&without, "b").await.unwrap(), None);
    assert!(!secrets.change(&without, &two, None, &made).await.unwrap(), "it is gone");
    secrets.create(&one, None, &made).await.unwrap().unwrap();
    assert_eq!(secrets.value(&one, "a").await.unwrap(), None, "one that is made again has nothing of the old one");

    for name in ["/a/x", "/a%/y", "/b", "/a/z"] {
        let parameter = parameter(name);
        let (number, _) = parameter.newest();
        parameters.create(&parameter, Some(&new(&number.to_string(), name)), &made).await.unwrap().unwrap();
        assert_eq!(parameters.value(&parameter, "1").await.unwrap(), Some(Secret::new(name)), "kinds are kept apart");
    }
    let mut names = Vec::new();
    let mut page = PageRequest { after: None, items_max: Some(2) };
    loop {
        let found = parameters.list(&scope(), "/a", &page).await.unwrap();
        names.push(found.items.iter().map(|found| found.name().to_owned()).collect::<Vec<_>>().join(" "));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    assert_eq!(names, ["/a%/y /a/x", "/a/z"]);
    assert!(
        parameters.list(&scope(), "/%", &PageRequest { after: None, items_max: None }).await.unwrap().items.is_empty(),
        "a prefix is text"
    );
}

/// All promises of the port. `service` is there, and has no revision yet; `written` writes revision 1.
pub async fn revision_secrets(kept: &dyn RevisionSecrets, service: &ServiceId) {
    let secrets = |value: &str| ResolvedSecrets {
        values: BTreeMap::from([("KEY".to_owned(), Secret::new(value)), ("EMPTY".to_owned(), Secret::new(""))]),
        versions: BTreeMap::from([("KEY".to_owned(), format!("arn {value}"))]),
    };
    assert_eq!(kept.get(service, 1).await.unwrap(), None);
    kept.keep(service, 1, &secrets("hunter2")).await.unwrap();
    kept.keep(service, 2, &secrets("hunter4")).await.unwrap();
    kept.keep(service, 1, &secrets("hunter3")).await.unwrap();
    assert_eq!(kept.get(service, 1).await.unwrap(), Some(secrets("hunter3")), "the last one before the revision counts");
    assert_eq!(kept.get(service, 2).await.unwrap(), Some(secrets("hunter4")));
}
