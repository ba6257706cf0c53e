//! Credentials of a role's session, as an SDK takes them from the door of its instance.
//!
//! Never prints a secret. Source: the container credential provider of the AWS SDKs.

use std::fmt;

use crate::role::RoleArn;
use crate::secret::Secret;
use crate::time::Timestamp;

/// What signs calls as a role, for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct RoleCredentials {
    pub role: RoleArn,
    /// `ASIA…`
    pub access_key_id: String,
    pub secret_access_key: Secret,
    pub session_token: Secret,
    pub expires_at: Timestamp,
}

impl fmt::Debug for RoleCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, access_key_id, expires_at, secret_access_key: _, session_token: _ } = self;
        let mut shown = f.debug_struct("RoleCredentials");
        shown.field("role", role).field("access_key_id", access_key_id).field("expires_at", expires_at);
        shown.finish_non_exhaustive()
    }
}
