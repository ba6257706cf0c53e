//! What this version cannot honour: members that are refused by name, all of them at once.
//!
//! Better than a service that is not what was asked for. Source of truth: the App Runner API reference for the members.

use model::refusal::Refusal;

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
