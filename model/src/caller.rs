//! Who makes a call. Made by authentication at a door; carried by every commit of a changing call.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region, Scope};
use crate::secret::Secret;

/// On whose behalf.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Principal {
    /// The account itself.
    Root,
    /// The platform, when it does by itself what somebody has asked it to do from then on. The name of the AWS service: `apprunner`.
    Service(String),
}

/// An authenticated caller, in the region the call was signed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub scope: Scope,
    pub principal: Principal,
    pub access_key_id: String,
    /// Lower-case UUID, the one in the answer's `x-amzn-RequestId`.
    pub request_id: String,
}

impl Caller {
    /// The platform itself, on behalf of whoever owns what is in `scope`. It signs nothing, so it has no key.
    pub fn platform(scope: Scope, request_id: String) -> Self {
        Self { scope, principal: Principal::Service("apprunner".to_owned()), access_key_id: String::new(), request_id }
    }

    pub fn account(&self) -> &AccountId {
        &self.scope.account
    }

    pub fn region(&self) -> &Region {
        &self.scope.region
    }

    /// `arn:aws:iam::<account>:root`; of the platform itself the session of its service-linked role.
    pub fn arn(&self) -> String {
        match &self.principal {
            Principal::Root => format!("arn:aws:iam::{}:root", self.account()),
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
    pub principal: Principal,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).field("account", &self.account).finish_non_exhaustive()
    }
}
