//! A key as IAM's operations find and write it.
//! Never prints a secret but in the one answer that gives it out. Source of truth: the IAM API reference, `AccessKey`; the words are IAM's own.

use super::user::Owner;
use crate::{call::Call, fault::Wrong};
use model::{
    caller::{AccessKey, KeyStatus},
    refusal::Refusal,
};

/// As IAM writes it.
pub const fn status(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "Active",
        KeyStatus::Inactive => "Inactive",
    }
}

/// The key of an owner.
///
/// # Errors
/// `NoSuchEntity`, also where it is another's.
pub async fn of_owner(call: &Call<'_>, owner: &Owner, id: &str) -> Result<AccessKey, Wrong> {
    let keys = call.ports.access_keys.of_principal(call.caller.account(), &owner.principal()).await?;
    let missing = || Refusal::not_found(format!("The Access Key with id {id} cannot be found."));
    Ok(keys.into_iter().find(|key| key.id == id).ok_or_else(missing)?)
}

/// Keeps a root from locking itself out: nobody else gives it a key, and there is no console here to sign in to, as there is on AWS.
///
/// # Errors
/// A refusal where `key` is the last that signs for a root.
pub async fn keep_one_of_root(call: &Call<'_>, owner: &Owner, key: &AccessKey) -> Result<(), Wrong> {
    match owner {
        Owner::User(_) => return Ok(()),
        Owner::Root if key.status == KeyStatus::Inactive => return Ok(()),
        Owner::Root => {}
    }
    let keys = call.ports.access_keys.of_principal(call.caller.account(), &owner.principal()).await?;
    if keys.iter().any(|other| other.id != key.id && other.status == KeyStatus::Active) {
        return Ok(());
    }
    let words = format!("{} is the last active key of the root user. Make another first: aws iam create-access-key.", key.id);
    Err(Refusal::invalid(words).into())
}
