//! Accounts, their aliases, and the outside issuers that they trust. No region is asked for: IAM's nouns belong to the account.

use crate::account::{Account, AccountId};
use crate::audit::AuditRow;
use crate::identity_provider::{IdentityProvider, IssuerUrl};
use crate::port::{Answer, Granted};

/// Accounts of the platform beside the default one, which is a setting. Kept by `store`.
pub trait Accounts: Send + Sync {
    /// Refuses (`AlreadyExists`) a number that is there, and (`Quota`) one account more than `limit::ACCOUNTS`.
    fn create<'a>(&'a self, account: &'a Account, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// All of them, by number.
    fn list(&self) -> Answer<'_, Vec<Account>>;

    /// The account's alias.
    fn alias<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Option<String>>;

    /// Gives an account its alias; the one it had is gone. Refuses (`AlreadyExists`) one that any account has.
    fn set_alias<'a>(&'a self, account: &'a AccountId, alias: &'a str, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// Answers whether the account had exactly this alias.
    fn remove_alias<'a>(&'a self, account: &'a AccountId, alias: &'a str, audit: &'a AuditRow) -> Answer<'a, bool>;
}

/// OpenID Connect providers of every account. Kept by `store`.
pub trait IdentityProviders: Send + Sync {
    /// Refuses (`AlreadyExists`) a URL that the account has, and (`Quota`) one provider more than `limit::IDENTITY_PROVIDERS`.
    fn create<'a>(&'a self, provider: &'a IdentityProvider, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    fn get<'a>(&'a self, account: &'a AccountId, url: &'a IssuerUrl) -> Answer<'a, Option<IdentityProvider>>;

    /// All of an account, by URL: there are only so many.
    fn list<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<IdentityProvider>>;

    /// Writes `after` if the provider is still exactly as `before`. Answers whether it was. Account and URL stay.
    fn change<'a>(&'a self, before: &'a IdentityProvider, after: &'a IdentityProvider, audit: &'a AuditRow) -> Answer<'a, bool>;

    /// Absence is success.
    fn remove<'a>(&'a self, account: &'a AccountId, url: &'a IssuerUrl, audit: &'a AuditRow) -> Answer<'a, ()>;
}
