//! Who calls, what they may do, and what they did.

use crate::account::AccountId;
use crate::audit::AuditRow;
use crate::caller::{AccessKey, Caller};
use crate::port::{Answer, Granted};
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::wish::LogPosition;

/// Keys that sign calls. Kept by `store`, sealed.
pub trait AccessKeys: Send + Sync {
    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<AccessKey>>;

    /// Keeps a key; one with the same id is replaced.
    fn keep<'a>(&'a self, key: &'a AccessKey) -> Answer<'a, ()>;

    /// The keys of an account, by id.
    fn of_account<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<AccessKey>>;
}

/// What a call does to what, as IAM spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// `apprunner:CreateService`
    pub name: String,
    /// An ARN, or `*`.
    pub resource: String,
}

/// Decides who may do what. Kept by `api`; `daemon` hands it to every door.
pub trait Gatekeeper: Send + Sync {
    /// Refuses (`Denied`) with AWS's sentence.
    fn authorize<'a>(&'a self, caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>>;
}

/// What was done. Rows of changing calls arrive with their change; this port reads, and adds rows that change nothing else.
pub trait Audit: Send + Sync {
    fn append<'a>(&'a self, row: &'a AuditRow) -> Answer<'a, ()>;

    /// In the order written, after a position.
    fn list(&self, after: LogPosition, rows_max: u32) -> Answer<'_, Vec<(LogPosition, AuditRow)>>;
}

/// A password for the registry. Never contains a colon (the CLI splits the decoded token there).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginToken {
    pub password: Secret,
    pub expires_at: Timestamp,
}

/// Registry passwords: given out by ECR's GetAuthorizationToken, checked by the registry's door. Kept by `registry`.
pub trait Logins: Send + Sync {
    /// A password that stands for the caller, in the caller's account and region, for twelve hours.
    fn issue<'a>(&'a self, caller: &'a Caller) -> Answer<'a, LoginToken>;

    /// The caller a password stands for; `None` if it is not ours, was changed, or is expired.
    fn redeem<'a>(&'a self, password: &'a Secret) -> Answer<'a, Option<Caller>>;
}
