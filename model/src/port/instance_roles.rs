//! What a service's instance role lets it read at a deployment, and where the values stay with their revision.

use std::collections::BTreeMap;

use crate::arn::ServiceArn;
use crate::port::{Answer, Granted};
use crate::revision::RevisionNumber;
use crate::role::RoleArn;
use crate::secret::Secret;
use crate::secret_reference::SecretReferences;
use crate::service::ServiceId;

/// Who reads which secrets, with which role.
#[derive(Clone, Copy, Debug)]
pub struct ReadOrder<'a> {
    pub service: &'a ServiceArn,
    pub role: &'a RoleArn,
    pub references: &'a SecretReferences,
}

/// Values of secret variables, and which versions they are of: `Debug` shows no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedSecrets {
    /// By the name of the variable.
    pub values: BTreeMap<String, Secret>,
    /// The same names, each with the secret's ARN and version: two resolutions are equal in these exactly if no secret has changed.
    pub versions: BTreeMap<String, String>,
}

/// Instance roles. Kept by `api`, which evaluates policies.
pub trait InstanceRoles: Send + Sync {
    /// Whether App Runner's tasks can take the role at all. Asked when a service is made or changed; `service` is its ARN as far as it is known.
    /// Refuses (`Invalid`) with App Runner's sentence.
    fn may_take<'a>(&'a self, role: &'a RoleArn, service: &'a str) -> Answer<'a, Granted<()>>;

    /// Reads every reference with the rights of the role. Asked at every deployment. Refuses with a sentence that names the variable, role, action,
    /// resource, and the command that mends it.
    fn resolve<'a>(&'a self, order: &'a ReadOrder<'a>) -> Answer<'a, Granted<ResolvedSecrets>>;
}

/// What was resolved for a revision: a restart or one instance more does not depend on the secret still being there. Kept by `store`, sealed.
pub trait RevisionSecrets: Send + Sync {
    /// Keeps them for a revision that a service is about to have, in place of what was kept for it before. Once the revision is written nothing changes;
    /// where nothing is being resolved, nothing is kept.
    ///
    /// They are there as long as the service can come back to the revision, and not longer.
    fn keep<'a>(&'a self, service: &'a ServiceId, revision: RevisionNumber, secrets: &'a ResolvedSecrets) -> Answer<'a, ()>;

    fn get<'a>(&'a self, service: &'a ServiceId, revision: RevisionNumber) -> Answer<'a, Option<ResolvedSecrets>>;
}
