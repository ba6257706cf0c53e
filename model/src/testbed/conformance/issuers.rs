//! Issuers of identity tokens: their keys, and the three ways in which there are none.

use crate::identity_provider::IssuerUrl;
use crate::port::Issuers;
use crate::refusal::RefusalKind;

/// All promises of the port. The issuers: one with a key named `one`, one that cannot be reached, one that answers nonsense.
pub async fn issuers(issuers: &dyn Issuers, [good, silent, nonsense]: [&IssuerUrl; 3]) {
    for wanted in [None, Some("one"), Some("nobody's")] {
        let keys = issuers.keys(good, wanted).await.unwrap().unwrap();
        assert_eq!(keys.len(), 1, "{wanted:?}");
        assert_eq!(keys[0].id.as_deref(), Some("one"), "the answer may lack what is wanted");
    }
    let refusal = issuers.keys(silent, None).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::WrongState, "{refusal}");
    let refusal = issuers.keys(nonsense, Some("one")).await.unwrap().unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Invalid, "{refusal}");
    for (issuer, refusal) in [(silent, issuers.keys(silent, None)), (nonsense, issuers.keys(nonsense, None))] {
        let refusal = refusal.await.unwrap().unwrap_err();
        assert!(refusal.message.contains(issuer.as_str().split('/').next().unwrap()), "the sentence names the issuer: {refusal}");
    }
}
