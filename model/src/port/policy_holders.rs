//! Who has which policy: what users and roles say of themselves, asked from the policy's side. Kept by `store`, which keeps both.

use std::collections::BTreeMap;

use crate::account::AccountId;
use crate::policy_holder::{HolderFilter, PolicyHolder, PolicyUse};
use crate::port::Answer;
use crate::wish::{Page, PageRequest};

/// True at every moment: what `Users` and `Roles` have answered is counted here.
pub trait PolicyHolders: Send + Sync {
    /// How many of an account's users and roles have a policy, by its ARN; only that one where one is named. A policy that nobody has is left out.
    fn uses<'a>(&'a self, account: &'a AccountId, policy: Option<&'a str>) -> Answer<'a, BTreeMap<String, PolicyUse>>;

    /// Roles first, each kind by name (in the order of small letters), each once; no page repeats or loses one that stays.
    fn holders<'a>(
        &'a self,
        account: &'a AccountId,
        filter: &'a HolderFilter,
        page: &'a PageRequest,
    ) -> Answer<'a, Page<PolicyHolder>>;
}
