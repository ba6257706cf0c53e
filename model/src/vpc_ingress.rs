//! A VPC ingress connection: a private way to a service that is not publicly accessible. No way is opened in this version: each one fails.
//!
//! Its status is computed from what was asked and when, so that it is the same after any restart. Pure rules, which every keeper of the port
//! `VpcIngressConnections` uses inside its transaction. Source of truth: App Runner API Reference, `VpcIngressConnection`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::Scope;
use crate::arn::{ServiceArn, split};
use crate::limit;
use crate::refusal::{Refusal, RefusalKind};
use crate::service::{Phase, Service, Standing};
use crate::tag::{TagChange, Tags};
use crate::time::Timestamp;

/// `arn:aws:apprunner:<region>:<account>:vpcingressconnection/<name>/<id>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VpcIngressArn {
    pub scope: Scope,
    pub name: String,
    /// 32 hexadecimal digits.
    pub id: String,
}

/// The interface endpoint that it would lead from. Texts as sent: nobody looks whether there are such things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IngressVpc {
    pub vpc: Option<String>,
    pub endpoint: Option<String>,
}

/// One as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcIngress {
    pub scope: Scope,
    pub name: String,
    /// 32 hexadecimal digits.
    pub id: String,
    pub service: ServiceArn,
    pub from: IngressVpc,
    pub created_at: Timestamp,
    pub asked: IngressAsked,
    pub asked_at: Timestamp,
    pub tags: Tags,
}

/// What was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IngressAsked {
    Creation,
    Update,
    Deletion,
}

/// Where it stands. AVAILABLE and FAILED_DELETION do not occur in this version: no way is ever opened, and a row is always deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IngressStatus {
    PendingCreation,
    FailedCreation,
    PendingUpdate,
    FailedUpdate,
    PendingDeletion,
    Deleted,
}

/// What a caller asks of one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IngressChange {
    Update(IngressVpc),
    Delete,
}

/// What a list shows: never deleted ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngressFilter {
    pub service: Option<String>,
    pub endpoint: Option<String>,
}

impl VpcIngressArn {
    /// Parses the whole ARN; anything else is refused with a sentence that shows the form.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::read(text).ok_or_else(|| {
            Refusal::invalid(format!(
                "'{text}' is not the ARN of a VPC ingress connection. It has the form \
                 arn:aws:apprunner:<region>:<account>:vpcingressconnection/<name>/<id>."
            ))
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (region, account, resource) = split(text, "apprunner")?;
        let parts: Vec<&str> = resource.split('/').collect();
        let ["vpcingressconnection", name, id] = parts.as_slice() else { return None };
        let is_id = id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (is_id && is_name).then(|| Self { scope: Scope { account, region }, name: (*name).to_owned(), id: (*id).to_owned() })
    }

    /// The refusal of one that is not there. Exact text unconfirmed; the kind is confirmed.
    pub fn not_found(&self) -> Refusal {
        Refusal::not_found(format!("There is no VPC ingress connection with the provided ARN: {self}."))
    }
}

impl fmt::Display for VpcIngressArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { account, region } = &self.scope;
        write!(f, "arn:aws:apprunner:{region}:{account}:vpcingressconnection/{}/{}", self.name, self.id)
    }
}

impl VpcIngress {
    pub fn arn(&self) -> VpcIngressArn {
        VpcIngressArn { scope: self.scope.clone(), name: self.name.clone(), id: self.id.clone() }
    }

    /// Where it stands at a moment: what was asked is under way for a while, then it has failed, or is gone.
    pub fn status(&self, now: Timestamp) -> IngressStatus {
        let is_settled = now >= self.settled_at();
        match (self.asked, is_settled) {
            (IngressAsked::Creation, false) => IngressStatus::PendingCreation,
            (IngressAsked::Creation, true) => IngressStatus::FailedCreation,
            (IngressAsked::Update, false) => IngressStatus::PendingUpdate,
            (IngressAsked::Update, true) => IngressStatus::FailedUpdate,
            (IngressAsked::Deletion, false) => IngressStatus::PendingDeletion,
            (IngressAsked::Deletion, true) => IngressStatus::Deleted,
        }
    }

    fn settled_at(&self) -> Timestamp {
        self.asked_at.plus(limit::VPC_INGRESS_SETTLES)
    }

    /// Whose deletion was asked for until then is gone at a moment; a later one is still under way.
    pub fn gone_if_asked_until(now: Timestamp) -> Timestamp {
        let settles = i64::try_from(limit::VPC_INGRESS_SETTLES.as_millis()).expect("seconds");
        Timestamp::from_millis(now.millis() - settles)
    }

    /// When it was deleted, if it is.
    pub fn deleted_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.status(now) {
            IngressStatus::Deleted => Some(self.settled_at()),
            IngressStatus::PendingCreation
            | IngressStatus::FailedCreation
            | IngressStatus::PendingUpdate
            | IngressStatus::FailedUpdate
            | IngressStatus::PendingDeletion => None,
        }
    }

    pub fn is_there(&self, now: Timestamp) -> bool {
        self.deleted_at(now).is_none()
    }

    /// The same after a change. Source of the states: App Runner service model, `UpdateVpcIngressConnection` and `DeleteVpcIngressConnection`.
    ///
    /// # Errors
    /// A refusal where it is deleted (`NotFound`), or something is under way (`WrongState`).
    pub fn changed(&self, change: &IngressChange, now: Timestamp) -> Result<Self, Refusal> {
        let what = match change {
            IngressChange::Update(_) => "updated",
            IngressChange::Delete => "deleted",
        };
        let status = match self.status(now) {
            IngressStatus::Deleted => return Err(self.arn().not_found()),
            IngressStatus::FailedCreation | IngressStatus::FailedUpdate => None,
            IngressStatus::PendingCreation => Some("PENDING_CREATION"),
            IngressStatus::PendingUpdate => Some("PENDING_UPDATE"),
            IngressStatus::PendingDeletion => Some("PENDING_DELETION"),
        };
        if let Some(status) = status {
            return Err(Refusal::wrong_state(format!(
                "The VPC ingress connection cannot be {what} in the current state: {status}. Wait until that is over."
            )));
        }
        let (asked, from) = match change {
            IngressChange::Update(from) => (IngressAsked::Update, from.clone()),
            IngressChange::Delete => (IngressAsked::Deletion, self.from.clone()),
        };
        Ok(Self { asked, from, asked_at: now, ..self.clone() })
    }

    /// The same after a change of its tags. Our prefix means nothing here: it is for services.
    ///
    /// # Errors
    /// A refusal where it is deleted (`NotFound`), or would have too many tags (`Invalid`).
    pub fn retagged(&self, change: &TagChange, now: Timestamp) -> Result<Self, Refusal> {
        if !self.is_there(now) {
            return Err(self.arn().not_found());
        }
        Ok(Self { tags: self.tags.changed(change)?, ..self.clone() })
    }

    /// Whether a list with this filter shows it.
    pub fn is_listed(&self, filter: &IngressFilter, now: Timestamp) -> bool {
        let IngressFilter { service, endpoint } = filter;
        self.is_there(now)
            && service.as_ref().is_none_or(|service| *service == self.service.to_string())
            && endpoint.as_ref().is_none_or(|endpoint| self.from.endpoint.as_ref() == Some(endpoint))
    }
}

/// Whether this one may be made. `kept` is at least those of the scope that have its name or lead to its service, and `count` how many the scope has,
/// deleted ones included; `service` is the one that it leads to, if that is there. Which fault it is of a public
/// service, and that it must run, is (unconfirmed).
///
/// # Errors
/// A refusal where the service is not there (`NotFound`), public (`Invalid`), does not run (`WrongState`) or has one already (`Quota`), and where
/// the name is taken (`AlreadyExists`).
pub fn admit(
    kept: &[VpcIngress],
    count: usize,
    service: Option<&Service>,
    new: &VpcIngress,
    now: Timestamp,
) -> Result<(), Refusal> {
    // One of another region is not there for this call, nor for the policies that let it in.
    let Some(service) = service.filter(|service| service.scope == new.scope) else {
        return Err(Refusal::not_found(format!("Service with the provided ARN does not exist: {}.", new.service)));
    };
    match &service.phase {
        Phase::Still(Standing::Running { .. }) => {}
        Phase::Still(Standing::Paused { .. } | Standing::CreateFailed | Standing::DeleteFailed | Standing::Deleted { .. })
        | Phase::Moving { .. } => {
            return Err(Refusal::wrong_state(
                "A VPC ingress connection can only be created for a service in RUNNING state. Wait until the service runs.",
            ));
        }
    }
    if service.configuration.network.is_public() {
        return Err(Refusal::invalid(
            "The service is publicly accessible. Update it with NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible false first.",
        ));
    }
    let mut there = kept.iter().filter(|kept| kept.is_there(now));
    if there.clone().any(|kept| kept.name == new.name) {
        let words = format!(
            "A VPC ingress connection with the name '{}' exists already. Choose another name, or delete it first.",
            new.name
        );
        return Err(Refusal::new(RefusalKind::AlreadyExists, words));
    }
    if let Some(held) = there.find(|kept| kept.service == new.service) {
        let words = format!("The service has a VPC ingress connection already, and it can have one: {}.", held.arn());
        return Err(Refusal::new(RefusalKind::Quota, words));
    }
    if count >= limit::VPC_INGRESSES_KEPT {
        let words = "Too many VPC ingress connections were made and deleted within a day. Try again tomorrow.";
        return Err(Refusal::new(RefusalKind::Quota, words));
    }
    Ok(())
}

/// The refusal to delete a service that one leads to. The kind is (unconfirmed).
pub fn leads_here(held: &VpcIngressArn) -> Refusal {
    Refusal::wrong_state(format!("The service has a VPC ingress connection. Delete it first: {held}."))
}

#[cfg(test)]
mod tests;
