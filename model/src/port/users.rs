//! Users, their policies, and the policies of accounts. No region is asked for: IAM's nouns belong to the account.

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::managed_policy::{ManagedPolicy, PolicyName};
use crate::port::{Answer, Granted};
use crate::user::{User, UserName};
use crate::wish::{Page, PageRequest};

/// Users of every account. Kept by `store`, which keeps their keys too.
pub trait Users: Send + Sync {
    /// Refuses (`AlreadyExists`) a name that is there in any case of letters, and (`Quota`) one user more than `limit::USERS`.
    fn create<'a>(&'a self, user: &'a User, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// By the exact name.
    fn get<'a>(&'a self, account: &'a AccountId, name: &'a UserName) -> Answer<'a, Option<User>>;

    /// By the id, whatever its name has become.
    fn find<'a>(&'a self, account: &'a AccountId, id: &'a str) -> Answer<'a, Option<User>>;

    /// Those under a path, by name (in the order of small letters).
    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<User>>;

    /// Writes `after` if the user is still exactly as `before`. Answers whether it was; if not, nothing was written: read again.
    /// Account and id stay. Refuses (`AlreadyExists`) a new name that another user has.
    fn change<'a>(&'a self, before: &'a User, after: &'a User, audit: &'a AuditRow) -> Answer<'a, Granted<bool>>;

    /// Takes the user away if it is still exactly so. Answers whether it was. Refuses (`WrongState`) a user that has a key.
    fn remove<'a>(&'a self, user: &'a User, audit: &'a AuditRow) -> Answer<'a, Granted<bool>>;
}

/// Policies of every account. Kept by `store`.
pub trait ManagedPolicies: Send + Sync {
    /// Refuses (`AlreadyExists`) a name that is there in any case of letters, and (`Quota`) one policy more than `limit::POLICIES`.
    fn create<'a>(&'a self, policy: &'a ManagedPolicy, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// By the exact name.
    fn get<'a>(&'a self, account: &'a AccountId, name: &'a PolicyName) -> Answer<'a, Option<ManagedPolicy>>;

    /// Those under a path, by name (in the order of small letters).
    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<ManagedPolicy>>;

    /// Writes `after` if the policy is still exactly as `before`. Answers whether it was; if not, nothing was written: read again.
    /// Account and name stay.
    fn change<'a>(&'a self, before: &'a ManagedPolicy, after: &'a ManagedPolicy, audit: &'a AuditRow) -> Answer<'a, bool>;

    /// Takes the policy away if it is still exactly so. Answers whether it was. Whoever attached it is not asked: look before.
    fn remove<'a>(&'a self, policy: &'a ManagedPolicy, audit: &'a AuditRow) -> Answer<'a, bool>;
}
