//! The six wishes that begin an operation on a service, and what the caller gets back.
//!
//! A wish is parsed: nothing re-checks its members. Whether it may begin is decided by `lifecycle::admit`.

use serde::{Deserialize, Serialize};

use crate::arn::ServiceArn;
use crate::configuration::{Configuration, SourceChange};
use crate::health::HealthChange;
use crate::instance_size::InstanceSize;
use crate::network::NetworkChange;
use crate::operation::OperationId;
use crate::refusal::Refusal;
use crate::role::RoleArn;
use crate::scaling_configuration::ScalingConfiguration;
use crate::service::Service;
use crate::service_name::ServiceName;
use crate::tag::Tags;

/// What a caller asks of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one at a time, for as long as a call takes")]
pub enum Wish {
    Create(CreateService),
    Update(UpdateService),
    Deploy { arn: ServiceArn },
    Pause { arn: ServiceArn },
    Resume { arn: ServiceArn },
    Delete { arn: ServiceArn },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateService {
    pub name: ServiceName,
    pub configuration: Configuration,
    pub tags: Tags,
}

/// Omitted members keep their value. Source: App Runner API Reference, "Omitted top-level objects keep their value".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateService {
    pub arn: ServiceArn,
    pub source: Option<SourceChange>,
    /// CPU and memory as sent; what is left out keeps its value, then the pair is checked.
    pub cpu: Option<String>,
    pub memory: Option<String>,
    pub health: Option<HealthChange>,
    pub scaling: Option<ScalingConfiguration>,
    pub observability_enabled: Option<bool>,
    /// The configuration named beside it: none where it is switched off, and none for the default one.
    pub observability_configuration: Option<String>,
    pub network: Option<NetworkChange>,
    pub instance_role: Option<RoleArn>,
}

/// A wish that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub view: ServiceView,
    /// Nothing if the service was already so (a pause of a paused service).
    pub operation: Option<OperationId>,
}

/// A service as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceView {
    pub service: Service,
    /// Host, and port unless it is 443; no scheme. Also of a service that is not publicly accessible, for which nothing answers there.
    pub url: String,
    /// The host alone: what a DNS record leads to.
    pub host: String,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The key after which the page begins; opaque to everyone but the one who made it.
    pub after: Option<String>,
    /// `None`: everything in one answer.
    pub items_max: Option<u32>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}

impl UpdateService {
    /// An update that changes nothing yet.
    pub const fn of(arn: ServiceArn) -> Self {
        Self {
            arn,
            source: None,
            cpu: None,
            memory: None,
            health: None,
            scaling: None,
            observability_enabled: None,
            observability_configuration: None,
            network: None,
            instance_role: None,
        }
    }

    /// The configuration after this update.
    ///
    /// # Errors
    /// A refusal where CPU and memory, one of them perhaps kept, do not go together, or the source is none.
    pub fn applied_to(&self, current: &Configuration) -> Result<Configuration, Refusal> {
        let size: InstanceSize = InstanceSize::parse(self.cpu.as_deref(), self.memory.as_deref(), current.size)?;
        let after = Configuration {
            source: self
                .source
                .as_ref()
                .map_or_else(|| Ok(current.source.clone()), |change| change.applied_to(&current.source, &self.arn.scope.account))?,
            size,
            health: self.health.as_ref().map_or_else(|| current.health.clone(), |change| change.applied_to(&current.health)),
            scaling: self.scaling.clone().unwrap_or_else(|| current.scaling.clone()),
            observability_enabled: self.observability_enabled.or(current.observability_enabled),
            // Both members are of one structure: what is said of the one replaces the other.
            observability_configuration: match self.observability_enabled {
                Some(_) => self.observability_configuration.clone(),
                None => current.observability_configuration.clone(),
            },
            network: self.network.as_ref().map_or_else(|| current.network.clone(), |change| change.applied_to(&current.network)),
            instance_role: self.instance_role.clone().or_else(|| current.instance_role.clone()),
        };
        after.refuse_secrets_without_role()?;
        Ok(after)
    }
}

/// Marks where a list of log lines or events goes on. Grows with every line; never reused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LogPosition(pub u64);
