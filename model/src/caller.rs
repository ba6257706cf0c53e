//! Who makes a call. Made by authentication at a door; carried by every commit of a changing call.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope};
use crate::limit::{OWN_SESSION_MAX, ROLE_SESSION_MAX};
use crate::role::RoleArn;
use crate::secret::Secret;
use crate::tag::Tags;
use crate::time::Timestamp;
use crate::user::UserArn;
use crate::web_identity::WebIdentity;

/// On whose behalf.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Principal {
    /// The account itself.
    Root,
    /// The platform, when it does by itself what somebody has asked it to do from then on. The name of the AWS service: `apprunner`.
    Service(String),
    /// Somebody who took a role, as long as the session lasts.
    AssumedRole(RoleSession),
    /// A user of the account.
    User(UserIdentity),
    /// Somebody whom an outside issuer vouches for, on the way to a role.
    WebIdentity(WebIdentity),
}

/// Which user calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserIdentity {
    /// As it was when the call was authenticated: users are renamed.
    pub arn: UserArn,
    /// `AIDA…`: it tells one that was made again from the old one.
    pub id: String,
}

/// A session of a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoleSession {
    pub role: RoleArn,
    /// Of the role as it was when the session began: it tells one that was made again from the old one.
    pub role_id: String,
    /// 2 to 64 characters, chosen by who took the role.
    pub name: String,
    pub expires_at: Timestamp,
    /// What bounds this session beside its role's policies: each is a policy document as it was sent, or the ARN of a managed policy (it begins
    /// with `arn:`). The session may do what its role may and one of these allows; an ARN that names no policy allows nothing.
    /// Empty: nothing but the role bounds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// Whose token the role was taken with; nothing where a key signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub federated: Option<WebIdentity>,
    /// What whoever took the role said of the session: conditions know them as its principal's tags, before the role's own of the same key.
    #[serde(default, skip_serializing_if = "has_none")]
    pub tags: Tags,
    /// When its credentials were made; nothing in those of before this was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
}

fn has_none(tags: &Tags) -> bool {
    tags.0.is_empty()
}

impl RoleSession {
    /// When a session began that does not say so, by its end: as early as it can be (`ROLE_SESSION_MAX`).
    pub fn began_at_the_earliest(expires_at: Timestamp) -> Timestamp {
        before(expires_at, ROLE_SESSION_MAX)
    }

    /// `arn:aws:sts::<account>:assumed-role/<role>/<session>`: without the role's path.
    pub fn arn(&self) -> String {
        format!("arn:aws:sts::{}:assumed-role/{}/{}", self.role.account(), self.role.name(), self.name)
    }

    /// `AROA…:<session>`.
    pub fn user_id(&self) -> String {
        format!("{}:{}", self.role_id, self.name)
    }
}

/// A session of the root's or of a user's own: whoever owns it, with other keys, for a while. A role's session says the same of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OwnSession {
    /// When its credentials were made.
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

impl OwnSession {
    /// One that does not say when it began: as early as it can be (`OWN_SESSION_MAX`).
    pub fn until(expires_at: Timestamp) -> Self {
        Self { issued_at: before(expires_at, OWN_SESSION_MAX), expires_at }
    }
}

fn before(end: Timestamp, longest: Duration) -> Timestamp {
    Timestamp::from_millis(end.millis().saturating_sub(i64::try_from(longest.as_millis()).expect("hours")))
}

/// An authenticated caller, in the region the call was signed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub scope: Scope,
    pub principal: Principal,
    pub access_key_id: String,
    /// Lower-case UUID, the one in the answer's `x-amzn-RequestId`.
    pub request_id: String,
    /// Nothing where the root or a user called with a key that lasts, and where somebody else called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_session: Option<OwnSession>,
    /// Nothing where the call came from inside, or through a door that does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// Where a call came from, for the audit log and for conditions of policies. Address and transport are what the connection is, or what the front door
/// says of its own; the client's word for itself is proof of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The peer's, as text; nothing through a socket of this machine.
    pub address: Option<String>,
    /// What the client calls itself, cut.
    pub agent: Option<String>,
    /// Nothing where the door does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
}

/// How a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// Over TLS, as far as the front door: behind it is this machine.
    Tls,
    /// As it is.
    Plain,
}

impl Caller {
    /// The platform itself, on behalf of whoever owns what is in `scope`. It signs nothing, so it has no key.
    pub fn platform(scope: Scope, request_id: String) -> Self {
        Self {
            scope,
            principal: Principal::Service("apprunner".to_owned()),
            access_key_id: String::new(),
            request_id,
            own_session: None,
            origin: None,
        }
    }

    pub fn account(&self) -> &AccountId {
        &self.scope.account
    }

    pub fn region(&self) -> &Region {
        &self.scope.region
    }

    /// `arn:aws:iam::<account>:root`, or the user's, or the session's; of the platform itself that of its service-linked role, and of somebody with a
    /// token that of the provider, which has no name for each.
    pub fn arn(&self) -> String {
        match &self.principal {
            Principal::Root => format!("arn:aws:iam::{}:root", self.account()),
            Principal::AssumedRole(session) => session.arn(),
            Principal::User(user) => user.arn.to_string(),
            Principal::WebIdentity(identity) => identity.provider.clone(),
            // Source: App Runner Developer Guide, "Using service-linked roles". The session's name is unconfirmed.
            Principal::Service(name) => {
                format!("arn:aws:sts::{}:assumed-role/AWSServiceRoleForAppRunner/{name}", self.account())
            }
        }
    }

    /// STS's `UserId`: for root the account number. Source: STS API Reference, GetCallerIdentity.
    pub fn user_id(&self) -> String {
        match &self.principal {
            Principal::Root => self.account().to_string(),
            Principal::Service(name) => format!("{name}.amazonaws.com"),
            Principal::AssumedRole(session) => session.user_id(),
            Principal::User(user) => user.id.clone(),
            Principal::WebIdentity(identity) => identity.user_id(),
        }
    }
}

/// A key that signs calls.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// `AKIA` and 16 upper-case letters and digits.
    pub id: String,
    pub secret: Secret,
    pub account: AccountId,
    /// Whose it is: the root's or a user's. A user's ARN is that of when the key was made; the id holds.
    pub principal: Principal,
    #[serde(default)]
    pub status: KeyStatus,
    /// Nothing of a key that an earlier version made.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    #[serde(default)]
    pub origin: KeyOrigin,
}

/// Whether a key signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStatus {
    #[default]
    Active,
    Inactive,
}

/// Where a key comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyOrigin {
    /// Drawn here.
    #[default]
    Ours,
    /// Somebody had it already, and registered it here.
    Imported,
}

/// When a key last signed a call, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    pub at: Timestamp,
    pub region: Region,
    /// The signing name, such as `apprunner`.
    pub service: String,
}

impl AccessKey {
    /// An active key that was made here.
    pub fn new(id: impl Into<String>, secret: Secret, account: AccountId, principal: Principal) -> Self {
        let (status, origin) = (KeyStatus::Active, KeyOrigin::Ours);
        Self { id: id.into(), secret, account, principal, status, created_at: None, origin }
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).field("account", &self.account).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_without_the_path_of_its_role() {
        let role = RoleArn::parse("arn:aws:iam::000000000000:role/service-role/Deployer").unwrap();
        let id = "AROAEXAMPLEEXAMPLE123".to_owned();
        let session = RoleSession {
            role,
            role_id: id,
            name: "ci".to_owned(),
            expires_at: Timestamp::from_millis(1),
            policies: Vec::new(),
            federated: None,
            tags: Tags::default(),
            issued_at: None,
        };
        assert_eq!(session.arn(), "arn:aws:sts::000000000000:assumed-role/Deployer/ci");
        assert_eq!(session.user_id(), "AROAEXAMPLEEXAMPLE123:ci");
    }
}
