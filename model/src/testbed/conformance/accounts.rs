//! Accounts, aliases and identity providers: each number, alias and URL once.

use crate::account::{Account, AccountId};
use crate::audit::AuditRow;
use crate::identity_provider::{IdentityProvider, IssuerUrl};
use crate::limit;
use crate::port::{Accounts, IdentityProviders};
use crate::refusal::RefusalKind;
use crate::tag::Tags;
use crate::testbed::caller;
use crate::time::Timestamp;

fn row(action: &str) -> AuditRow {
    AuditRow { at: Timestamp::from_millis(1), caller: caller(), action: action.to_owned(), resource: "*".to_owned() }
}

fn number(n: usize) -> AccountId {
    AccountId::parse(&format!("{n:012}")).expect("twelve digits")
}

/// All promises of the two ports.
pub async fn accounts(accounts: &dyn Accounts, providers: &dyn IdentityProviders) {
    aliases(accounts).await;
    issuers(providers).await;
    let account = |n: usize| Account { id: number(n), created_at: Timestamp::from_millis(1) };
    let made = row("outrunner:CreateAccount");
    for n in [2, 1] {
        accounts.create(&account(n), &made).await.unwrap().unwrap();
    }
    assert_eq!(accounts.create(&account(1), &made).await.unwrap().unwrap_err().kind, RefusalKind::AlreadyExists);
    assert_eq!(accounts.list().await.unwrap(), [account(1), account(2)], "by number");
    for n in 3..=limit::ACCOUNTS {
        accounts.create(&account(n), &made).await.unwrap().unwrap();
    }
    let full = accounts.create(&account(limit::ACCOUNTS + 1), &made).await.unwrap().unwrap_err();
    assert_eq!(full.kind, RefusalKind::Quota, "{full}");
}

async fn aliases(accounts: &dyn Accounts) {
    let (one, two, named) = (number(1), number(2), row("iam:CreateAccountAlias"));
    assert_eq!(accounts.alias(&one).await.unwrap(), None);
    for alias in ["first", "second"] {
        accounts.set_alias(&one, alias, &named).await.unwrap().unwrap();
        assert_eq!(accounts.alias(&one).await.unwrap().as_deref(), Some(alias), "an account has one");
    }
    assert_eq!(accounts.set_alias(&two, "second", &named).await.unwrap().unwrap_err().kind, RefusalKind::AlreadyExists);
    accounts.set_alias(&two, "first", &named).await.unwrap().unwrap();
    assert!(!accounts.remove_alias(&one, "first", &row("iam:DeleteAccountAlias")).await.unwrap(), "it is another's");
    assert!(accounts.remove_alias(&one, "second", &row("iam:DeleteAccountAlias")).await.unwrap());
    assert!(!accounts.remove_alias(&one, "second", &row("iam:DeleteAccountAlias")).await.unwrap());
    assert_eq!(accounts.alias(&one).await.unwrap(), None);
}

async fn issuers(providers: &dyn IdentityProviders) {
    let made = row("iam:CreateOpenIDConnectProvider");
    let provider = |n: usize| IdentityProvider {
        account: number(1),
        url: IssuerUrl::parse(&format!("issuer-{n:03}.example/x")).expect("a URL"),
        client_ids: vec!["sts.amazonaws.com".to_owned()],
        thumbprints: Vec::new(),
        created_at: Timestamp::from_millis(1),
        tags: Tags::default(),
    };
    for n in (0..limit::IDENTITY_PROVIDERS).rev() {
        providers.create(&provider(n), &made).await.unwrap().unwrap();
    }
    let again = providers.create(&provider(0), &made).await.unwrap().unwrap_err();
    assert_eq!(again.kind, RefusalKind::AlreadyExists);
    let full = providers.create(&provider(limit::IDENTITY_PROVIDERS), &made).await.unwrap().unwrap_err();
    assert_eq!(full.kind, RefusalKind::Quota, "{full}");
    let listed = providers.list(&number(1)).await.unwrap();
    assert_eq!(listed, (0..limit::IDENTITY_PROVIDERS).map(provider).collect::<Vec<_>>(), "by URL");
    assert_eq!(providers.list(&number(2)).await.unwrap(), [], "each account has its own");

    let (before, url) = (provider(0), provider(0).url);
    let after = IdentityProvider { thumbprints: vec!["0".repeat(40)], ..before.clone() };
    assert!(providers.change(&before, &after, &row("iam:UpdateOpenIDConnectProviderThumbprint")).await.unwrap());
    assert!(!providers.change(&before, &before, &made).await.unwrap(), "somebody else was faster");
    assert_eq!(providers.get(&number(1), &url).await.unwrap(), Some(after));
    for _ in 0..2 {
        providers.remove(&number(1), &url, &row("iam:DeleteOpenIDConnectProvider")).await.unwrap();
        assert_eq!(providers.get(&number(1), &url).await.unwrap(), None);
    }
}
