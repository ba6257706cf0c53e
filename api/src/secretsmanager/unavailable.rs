//! What this version cannot honour: refused by name, better than a secret that is not what was asked for.
//! Source of truth: the Secrets Manager API reference for the members.

use model::refusal::Refusal;

/// The key that AWS uses unless told: here values are sealed with the platform's own key, which it stands for.
const DEFAULT_KEY: &str = "alias/aws/secretsmanager";

/// Refuses another key than the default one.
pub fn kms_key(key: Option<&str>) -> Result<(), Refusal> {
    refuse(&[("KmsKeyId other than alias/aws/secretsmanager", key.is_some_and(|key| !key.is_empty() && key != DEFAULT_KEY))])
}

/// Refuses a call that says any of these.
pub fn refuse(members: &[(&str, bool)]) -> Result<(), Refusal> {
    let said: Vec<&str> = members.iter().filter(|(_, said)| *said).map(|(member, _)| *member).collect();
    if said.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Not available in this version of Outrunner: {}.", said.join(", "))))
}
