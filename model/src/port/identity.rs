//! Who calls, what they may do, and what they did.

use crate::account::AccountId;
use crate::arn::ServiceArn;
use crate::audit::{AuditEntry, AuditFound, AuditQuery, AuditRow};
use crate::caller::{AccessKey, Caller, KeyStatus, KeyUse, Principal};
use crate::port::{Answer, Granted};
use crate::repository::RepositoryKey;
use crate::role::{Role, RoleArn, RoleName};
use crate::secret::Secret;
use crate::tag::Tags;
use crate::time::Timestamp;
use crate::wish::{LogPosition, Page, PageRequest};
use std::collections::BTreeMap;

/// Keys that sign calls. Kept by `store`, sealed.
pub trait AccessKeys: Send + Sync {
    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<AccessKey>>;

    /// Keeps a key; one with the same id is replaced.
    fn keep<'a>(&'a self, key: &'a AccessKey) -> Answer<'a, ()>;

    /// The keys of an account, by id.
    fn of_account<'a>(&'a self, account: &'a AccountId) -> Answer<'a, Vec<AccessKey>>;

    /// The keys of the root or of a user (by the user's id), the oldest first.
    fn of_principal<'a>(&'a self, account: &'a AccountId, principal: &'a Principal) -> Answer<'a, Vec<AccessKey>>;

    /// Keeps a new key. Refuses (`NotFound`) one of a user who is not there, (`Quota`) one more than `limit::USER_KEYS` of the same principal,
    /// and (`AlreadyExists`) an id that another key has.
    fn create<'a>(&'a self, key: &'a AccessKey, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// Answers whether the key is there.
    fn set_status<'a>(&'a self, id: &'a str, status: KeyStatus, audit: &'a AuditRow) -> Answer<'a, bool>;

    /// Takes a key away, with what is known of its use. Answers whether it was there.
    fn remove<'a>(&'a self, id: &'a str, audit: &'a AuditRow) -> Answer<'a, bool>;

    /// What is known of a key's last use; it may be some minutes late.
    fn last_use<'a>(&'a self, id: &'a str) -> Answer<'a, Option<KeyUse>>;

    /// Remembers a key's use; of a key that is not there it is forgotten.
    fn note_use<'a>(&'a self, id: &'a str, last: &'a KeyUse) -> Answer<'a, ()>;
}

/// What a call does to what, as IAM spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// `apprunner:CreateService`
    pub name: String,
    /// An ARN, or `*`.
    pub resource: String,
    /// What conditions may ask about it.
    pub facts: Facts,
}

impl Action {
    /// An action of which nothing else is known.
    pub fn new(name: impl Into<String>, resource: impl Into<String>) -> Self {
        Self { name: name.into(), resource: resource.into(), facts: Facts::default() }
    }
}

/// What conditions of policies may ask about a call beside who makes it: condition keys as AWS spells them, each with its values.
/// A key that is not here is absent, which is not the same as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(pub BTreeMap<String, Vec<String>>);

/// A key of ours that no policy can ask for: on which resource a call is, and with which tags, is in an input that nobody here reads.
pub const UNTOLD_RESOURCE: &str = "outrunner:UntoldResource";

impl Facts {
    /// Of a call of which nobody here knows on which resource it is: what a policy says of some resources has to be taken for all of them where it
    /// denies, and for none where it allows.
    #[must_use]
    pub fn resource_untold(self) -> Self {
        self.with(UNTOLD_RESOURCE, "true")
    }

    /// With a key of one value.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.0.insert(key.to_owned(), vec![value.into()]);
        self
    }

    /// With the tags that the resource has: `aws:ResourceTag/<key>`.
    #[must_use]
    pub fn resource_tags(mut self, tags: &Tags) -> Self {
        for (key, value) in &tags.0 {
            self = self.with(&format!("aws:ResourceTag/{key}"), value.clone());
        }
        self
    }

    /// With the tags that the call brings: `aws:RequestTag/<key>` and `aws:TagKeys`.
    #[must_use]
    pub fn request_tags(mut self, tags: &Tags) -> Self {
        for (key, value) in &tags.0 {
            self = self.with(&format!("aws:RequestTag/{key}"), value.clone());
        }
        self.tag_keys(tags.0.keys().cloned())
    }

    /// With the keys of tags that the call names: `aws:TagKeys`, absent where it names none.
    #[must_use]
    pub fn tag_keys(mut self, keys: impl IntoIterator<Item = String>) -> Self {
        let keys: Vec<String> = keys.into_iter().collect();
        if !keys.is_empty() {
            self.0.insert("aws:TagKeys".to_owned(), keys);
        }
        self
    }
}

/// Decides who may do what. Kept by `api`; `daemon` hands it to every door.
pub trait Gatekeeper: Send + Sync {
    /// Refuses (`Denied`) with AWS's sentence.
    fn authorize<'a>(&'a self, caller: &'a Caller, action: &'a Action) -> Answer<'a, Granted<()>>;
}

/// Roles of every account. Kept by `store`. No region is asked for: IAM's nouns belong to the account.
pub trait Roles: Send + Sync {
    /// Refuses (`AlreadyExists`) a name that is there in any case of letters, and (`Quota`) one role more than `limit::ROLES`.
    fn create<'a>(&'a self, role: &'a Role, audit: &'a AuditRow) -> Answer<'a, Granted<()>>;

    /// By the exact name.
    fn get<'a>(&'a self, account: &'a AccountId, name: &'a RoleName) -> Answer<'a, Option<Role>>;

    /// Those under a path, by name (in the order of small letters).
    fn list<'a>(&'a self, account: &'a AccountId, path_prefix: &'a str, page: &'a PageRequest) -> Answer<'a, Page<Role>>;

    /// Writes `after` if the role is still exactly as `before`. Answers whether it was; if not, nothing was written: read again.
    /// Account and name stay.
    fn change<'a>(&'a self, before: &'a Role, after: &'a Role, audit: &'a AuditRow) -> Answer<'a, bool>;

    /// Takes the role away if it is still exactly so. Answers whether it was.
    fn remove<'a>(&'a self, role: &'a Role, audit: &'a AuditRow) -> Answer<'a, bool>;
}

/// Who pulls what, with which role.
#[derive(Clone, Copy, Debug)]
pub struct PullOrder<'a> {
    pub service: &'a ServiceArn,
    /// None where the service names none.
    pub role: Option<&'a RoleArn>,
    pub repository: &'a RepositoryKey,
}

/// Whether a service may pull its image with its access role. Kept by `api`, which evaluates policies.
pub trait AccessRoles: Send + Sync {
    /// Whether App Runner can take the role at all: it exists, and trusts App Runner's builds. Asked when a service is made or changed.
    /// Refuses (`Invalid`) with App Runner's sentence.
    fn may_assume<'a>(&'a self, role: &'a RoleArn, service: &'a str) -> Answer<'a, Granted<()>>;

    /// Whether a caller may take a role: its trust policy speaks for the caller, and nothing that limits the caller forbids it. `action` is
    /// `sts:AssumeRole` on the role, with what conditions may ask about it.
    fn may_take<'a>(&'a self, caller: &'a Caller, role: &'a Role, action: &'a Action) -> Answer<'a, bool>;

    /// As `may_assume`, and whether role and repository allow everything that a pull does. Asked at every deployment. Refuses (`Denied`) with a
    /// sentence that names role, action, resource, and the command that mends it.
    fn may_pull<'a>(&'a self, order: &'a PullOrder<'a>) -> Answer<'a, Granted<()>>;
}

/// What was done. Rows of changing calls arrive with their change; this port reads, and adds rows that change nothing else.
pub trait Audit: Send + Sync {
    fn append<'a>(&'a self, row: &'a AuditRow) -> Answer<'a, ()>;

    /// Adds them in this order, all or none.
    fn append_all<'a>(&'a self, rows: &'a [AuditRow]) -> Answer<'a, ()>;

    /// Adds a call that was denied or has failed, or one that only reads.
    fn record<'a>(&'a self, entry: &'a AuditEntry) -> Answer<'a, ()>;

    /// Newest first, by the order written. One call looks at a bounded number of rows, and says where to go on.
    fn look_up<'a>(&'a self, query: &'a AuditQuery) -> Answer<'a, AuditFound>;

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

    /// The caller a password stands for, a user by the name that it has now; `None` if it is not ours, was changed, or is expired, and where the user
    /// is gone.
    fn redeem<'a>(&'a self, password: &'a Secret) -> Answer<'a, Option<Caller>>;
}
