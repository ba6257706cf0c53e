//! What this version cannot honour: members that are refused by name, all of them at once.
//!
//! Better than a service that is not what was asked for. Source of truth: the App Runner API reference for the members.

use crate::shape::apprunner as shape;
use model::refusal::Refusal;

/// Names what this version cannot honour of an `InstanceConfiguration`.
pub fn instance(instance: Option<&shape::InstanceConfiguration>, members: &mut Vec<&'static str>) {
    if instance.is_some_and(|instance| instance.instance_role_arn.is_some()) {
        members.push("InstanceConfiguration.InstanceRoleArn");
    }
}

/// Refuses a call that says any of these.
///
/// # Errors
/// A refusal that names every one of them.
pub fn refuse(members: &[&str]) -> Result<(), Refusal> {
    if members.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", members.join(", "))))
}
