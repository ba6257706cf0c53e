//! A key as IAM's operations find and write it.
//! Never prints a secret but in the one answer that gives it out. Source of truth: the IAM API reference, `AccessKey`; the words are IAM's own.

use super::user::Owner;
use crate::{call::Call, fault::Wrong};
use model::{
    caller::{AccessKey, KeyStatus},
    refusal::Refusal,
};
use tokio::sync::{Mutex, MutexGuard};

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

/// Held from the look at a root's keys to the change of one of them: two at once would each see the other's key, and leave none.
static KEYS_OF_ROOTS: Mutex<()> = Mutex::const_new(());

/// Keeps a root from locking itself out: nobody else gives it a key, and there is no console here to sign in to, as there is on AWS. What it answers is held
/// until the key is changed.
///
/// # Errors
/// A refusal where `key` is the last that signs for a root.
pub async fn keep_one_of_root(call: &Call<'_>, owner: &Owner, key: &AccessKey) -> Result<Option<MutexGuard<'static, ()>>, Wrong> {
    match owner {
        Owner::User(_) => return Ok(None),
        Owner::Root => {}
    }
    let held = KEYS_OF_ROOTS.lock().await;
    let keys = call.ports.access_keys.of_principal(call.caller.account(), &owner.principal()).await?;
    let mut active = keys.iter().filter(|kept| kept.status == KeyStatus::Active).peekable();
    if active.peek().is_none() || active.any(|other| other.id != key.id) {
        return Ok(Some(held));
    }
    let words = format!("{} is the last active key of the root user. Make another first: aws iam create-access-key.", key.id);
    Err(Refusal::invalid(words).into())
}
