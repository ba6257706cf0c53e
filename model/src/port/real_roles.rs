//! Roles of the real AWS that stand for roles of ours, because the operator said so. Kept by `outside`.

use crate::account::Region;
use crate::port::{Answer, Granted};
use crate::role::RoleArn;
use crate::role_credentials::RoleCredentials;

/// Takes real roles, with keys of the operator's.
pub trait RealRoles: Send + Sync {
    /// The real role that stands for one of ours, if one does.
    fn standing_for(&self, role: &RoleArn) -> Option<RoleArn>;

    /// Takes the real role that stands for `role`, in a session of this name (2 to 64 characters); each time anew. Refuses in a sentence: (`NotFound`)
    /// where none does, (`Denied`) where there are no keys or the real AWS says no, and otherwise where it does not answer.
    fn take<'a>(&'a self, role: &'a RoleArn, session: &'a str, region: &'a Region) -> Answer<'a, Granted<RoleCredentials>>;
}
