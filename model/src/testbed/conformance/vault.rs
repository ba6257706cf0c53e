//! Keys and certificates: kept, replaced, and authorities never overwritten.

use crate::account::AccountId;
use crate::caller::{AccessKey, Principal};
use crate::certificate::{Authority, Certificate};
use crate::port::{AccessKeys, Certificates};
use crate::secret::Secret;
use crate::time::Timestamp;

/// All promises of the two ports.
pub async fn vault(keys: &dyn AccessKeys, certificates: &dyn Certificates) {
    let account = AccountId::parse("000000000000").expect("twelve digits");
    let key = |secret: &str| AccessKey::new("AKIDEXAMPLE", Secret::new(secret), account.clone(), Principal::Root);
    assert_eq!(keys.find("AKIDEXAMPLE").await.unwrap(), None);
    keys.keep(&key("one")).await.unwrap();
    keys.keep(&key("two")).await.unwrap();
    assert_eq!(keys.find("AKIDEXAMPLE").await.unwrap(), Some(key("two")), "a key with the same id is replaced");
    assert_eq!(keys.of_account(&account).await.unwrap(), vec![key("two")]);

    let authority = |pem: &str| Authority {
        suffix: "outrunner.localhost".to_owned(),
        certificate_pem: pem.to_owned(),
        key_pem: Secret::new(pem),
    };
    assert_eq!(certificates.authority("outrunner.localhost").await.unwrap(), None);
    assert_eq!(certificates.keep_authority(&authority("one")).await.unwrap(), authority("one"));
    assert_eq!(certificates.keep_authority(&authority("two")).await.unwrap(), authority("one"), "the first one stays");
    assert_eq!(certificates.authority("outrunner.localhost").await.unwrap(), Some(authority("one")));

    let certificate = |name: &str, key: &str| Certificate {
        names: vec![name.to_owned(), "second.example".to_owned()],
        chain: vec![vec![1, 2, 3]],
        key: Secret::new(key),
        not_after: Timestamp::from_millis(11),
    };
    certificates.keep(&certificate("b.example", "one")).await.unwrap();
    certificates.keep(&certificate("a.example", "one")).await.unwrap();
    certificates.keep(&certificate("b.example", "two")).await.unwrap();
    let kept = certificates.list().await.unwrap();
    assert_eq!(kept, vec![certificate("a.example", "one"), certificate("b.example", "two")], "by first name, each once");
}
