//! Who has which policy, told from users and roles that are kept elsewhere: all of them are read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::account::AccountId;
use crate::policy_holder::{HolderFilter, HolderKind, HolderRelation, PolicyHolder, PolicyUse};
use crate::port::{Answer, PolicyHolders, Roles, Users};
use crate::testbed::ledger::page_by_key;
use crate::trouble::Trouble;
use crate::wish::{Page, PageRequest};

/// A look at users and roles from the side of their policies.
pub struct MemoryPolicyHolders {
    users: Arc<dyn Users>,
    roles: Arc<dyn Roles>,
}

/// What both kinds have in common.
struct Entity {
    holder: PolicyHolder,
    folded: String,
    path: String,
    attached: BTreeSet<String>,
    boundary: Option<String>,
}

impl Entity {
    fn has(&self, policy: &str, relation: HolderRelation) -> bool {
        match relation {
            HolderRelation::Attached => self.attached.contains(policy),
            HolderRelation::Bounded => self.boundary.as_deref() == Some(policy),
        }
    }
}

impl MemoryPolicyHolders {
    pub fn new(users: Arc<dyn Users>, roles: Arc<dyn Roles>) -> Self {
        Self { users, roles }
    }

    async fn entities(&self, account: &AccountId) -> Result<Vec<Entity>, Trouble> {
        let all = PageRequest { after: None, items_max: None };
        let roles = self.roles.list(account, "/", &all).await?.items.into_iter().map(|role| Entity {
            folded: role.name.folded(),
            holder: PolicyHolder { kind: HolderKind::Role, id: role.id, name: role.name.to_string() },
            path: role.path,
            attached: role.attached,
            boundary: role.boundary,
        });
        let users = self.users.list(account, "/", &all).await?.items.into_iter().map(|user| Entity {
            folded: user.name.folded(),
            holder: PolicyHolder { kind: HolderKind::User, id: user.id, name: user.name.to_string() },
            path: user.path,
            attached: user.attached,
            boundary: user.boundary,
        });
        Ok(roles.chain(users).collect())
    }
}

impl PolicyHolders for MemoryPolicyHolders {
    fn uses<'a>(&'a self, account: &'a AccountId, policy: Option<&'a str>) -> Answer<'a, BTreeMap<String, PolicyUse>> {
        Box::pin(async move {
            let mut uses: BTreeMap<String, PolicyUse> = BTreeMap::new();
            for entity in self.entities(account).await? {
                for arn in entity.attached {
                    uses.entry(arn).or_default().attached += 1;
                }
                if let Some(arn) = entity.boundary {
                    uses.entry(arn).or_default().bounding += 1;
                }
            }
            uses.retain(|arn, _| policy.is_none_or(|policy| policy == arn));
            Ok(uses)
        })
    }

    fn holders<'a>(
        &'a self,
        account: &'a AccountId,
        filter: &'a HolderFilter,
        page: &'a PageRequest,
    ) -> Answer<'a, Page<PolicyHolder>> {
        Box::pin(async move {
            let HolderFilter { policy, kind, relation, path_prefix } = filter;
            let relations = relation.map_or(vec![HolderRelation::Attached, HolderRelation::Bounded], |relation| vec![relation]);
            let mut found = self.entities(account).await?;
            found.retain(|entity| {
                kind.is_none_or(|kind| kind == entity.holder.kind)
                    && entity.path.starts_with(path_prefix.as_str())
                    && relations.iter().any(|relation| entity.has(policy, *relation))
            });
            found.sort_by(|a, b| (a.holder.kind, &a.folded).cmp(&(b.holder.kind, &b.folded)));
            let Page { items, next } =
                page_by_key(found, page, |entity| format!("{} {}", entity.holder.kind.as_str(), entity.folded));
            Ok(Page { items: items.into_iter().map(|entity| entity.holder).collect(), next })
        })
    }
}
