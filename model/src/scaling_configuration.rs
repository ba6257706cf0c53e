//! How many instances a service has and how many requests each takes at once.
//!
//! Source: App Runner API Reference.

use serde::{Deserialize, Serialize};

use crate::account::Scope;

/// An auto scaling configuration, pinned by a service at the moment it was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingConfiguration {
    pub name: String,
    pub revision: u32,
    /// 32 hexadecimal digits.
    pub id: String,
    /// Requests that one instance takes at once, 1 to 200: a hard limit.
    pub concurrency_max: u32,
    /// Instances always provisioned, 1 to 25.
    pub instances_min: u16,
    /// Most instances, at least 1.
    pub instances_max: u16,
}

impl Default for ScalingConfiguration {
    fn default() -> Self {
        Self {
            name: "DefaultConfiguration".to_owned(),
            revision: 1,
            id: "00000000000000000000000000000001".to_owned(),
            concurrency_max: 100,
            instances_min: 1,
            instances_max: 25,
        }
    }
}

impl ScalingConfiguration {
    /// The full `name/revision/id` ARN, which is what answers always carry.
    pub fn arn(&self, scope: &Scope) -> String {
        let Scope { account, region } = scope;
        format!("arn:aws:apprunner:{region}:{account}:autoscalingconfiguration/{}/{}/{}", self.name, self.revision, self.id)
    }
}
